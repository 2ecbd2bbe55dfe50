import Autograd
import NN
import Testing

@testable import Demos

@Suite struct LinearRegressionTests {
  private func result(
    _ table: RegressionTable, optimizer: OptimizerChoice = .sgd, rate: Double = 0.01,
    epochs: Int = 200
  ) throws -> LinearRegression {
    var generator = RandomGenerator(seed: 1)
    return try LinearRegression(
      table, optimizer: optimizer, rate: rate, epochs: epochs, using: &generator)
  }

  @Test(arguments: OptimizerChoice.allCases)
  func `The textbook's line is found`(optimizer: OptimizerChoice) throws {
    var generator = RandomGenerator(seed: 1)
    let rate = optimizer == .sgd ? 0.01 : 0.05
    let result = try result(
      .textbook(using: &generator), optimizer: optimizer, rate: rate)
    #expect(result.isSolved)
    #expect(abs(result.weights[0] - 2) < 0.1)
    #expect(abs(result.weights[1] - 3) < 0.05)
    #expect(result.heldOutR2 > 0.97)
    #expect(result.losses.count == 200)
    #expect(result.losses[199] < result.losses[0])
  }

  @Test func `Cars stop as least squares say`() throws {
    let result = try result(.cars(), epochs: 400)
    #expect(result.isSolved)
    #expect(result.heldOutR2 > 0.3)
    #expect(zip(result.weights, result.exactWeights).allSatisfy { abs($0 - $1) < 0.5 })
  }

  @Test func `Least squares on all cars give the known line`() throws {
    let cars = try RegressionTable.cars()
    let weights = try leastSquares(cars.columns, cars.answers, names: cars.names)
    #expect(abs(weights[0] - 3.932408759124) < 1e-9)
    #expect(abs(weights[1] + 17.579094890511) < 1e-9)
  }

  @Test func `Several columns have a weight each`() throws {
    let rows = (0..<60).map { (Double($0 % 7), Double($0 % 11) * 100) }
    let table = RegressionTable(
      title: "two", names: ["a", "b"], target: "y", columns: [rows.map(\.0), rows.map(\.1)],
      answers: rows.map { 5 * $0.0 - 0.25 * $0.1 + 7 })
    let result = try result(table, epochs: 300)
    #expect(result.isSolved)
    #expect(result.heldOutR2 > 0.999)
    for (weight, expected) in zip(result.exactWeights, [5, -0.25, 7]) {
      #expect(abs(weight - expected) < 1e-9)
    }
  }

  @Test(arguments: [
    ("a,y\n1,2\n", "x", "t.csv: no column 'x'; the columns are 'a', 'y'"),
    ("a,y\nred,2\nblue,3\n", "y", "t.csv: no column of numbers to predict 'y' from"),
    ("a,y\n", "y", "t.csv: no rows below the header"),
    ("a,y\n1,2\n", "y", "t.csv: rows with all values: 1, too few for 2 weights"),
    ("a,y\n1,2\n,3\n2,3\n", "y", "t.csv: rows with all values: 2, too few for 2 weights"),
    (
      "a;y\n1;2\n", "y",
      "t.csv: no column 'y'; the columns are 'a;y'; they must be separated by commas"
    ),
  ])
  func `Tables that cannot be used say why`(text: String, target: String, message: String) throws {
    let csv = try CSV(parsing: text, name: "t.csv")
    let error = #expect(throws: DemoFailure.self) {
      _ = try RegressionTable(csv, target: target)
    }
    #expect(error?.description == message)
  }

  @Test func `Constant and dependent columns are named`() throws {
    func failure(_ other: (Double) -> Double) -> String? {
      let x = (0..<40).map(Double.init)
      let table = RegressionTable(
        title: "t", names: ["a", "b"], target: "y", columns: [x, x.map(other)], answers: x)
      let error = #expect(throws: DemoFailure.self) { _ = try result(table) }
      return error?.description
    }
    #expect(failure { _ in 4 } == "the column 'b' is constant in the rows to learn from")
    #expect(
      failure { $0 * 1e300 } == "the column 'b' has numbers that are too large to square")
    #expect(
      failure { 3 - 2 * $0 } == "the column 'b' is a combination of others; leave it out")
  }

  @Test func `What of a file is not used is known`() throws {
    let rows = (0..<12).map { "\($0),\(["red", "blue"][$0 % 2]),\($0 < 2 ? "NA" : "\($0 * $0)")\n" }
    let csv = try CSV(parsing: "a,color,y\n" + rows.joined(), name: "t.csv")
    let table = try RegressionTable(csv, target: "y")
    #expect(
      table.omissions == ["columns without numbers: color", "rows with missing values: 2"])
    #expect(try RegressionTable.cars().omissions.isEmpty)
  }

  @Test(arguments: [
    (1, [1]), (3, [1, 2, 3]), (5, [1, 2, 3, 5]), (1000, [1, 250, 500, 750, 1000]),
  ])
  func `No epoch is reported twice`(count: Int, epochs: [Int]) {
    #expect(reportedEpochs(of: count) == epochs)
  }

  @Test func `A rate that is too high is a failure, not a result`() throws {
    var generator = RandomGenerator(seed: 1)
    let table = RegressionTable.textbook(using: &generator)
    #expect(throws: DemoFailure.self) { _ = try result(table, rate: 1e6) }
    #expect(try !result(table, rate: 1e-6).isSolved)
  }
}
