import NN
import Testing

@testable import Demos

@Suite struct BinaryTests {
  @Test(arguments: [0, 1, 2] as [UInt64])
  func `Nine tenths of the cells are told apart`(seed: UInt64) throws {
    let result = try Binary(.breastCancer(), rate: 0.005, epochs: 60, seed: seed)
    #expect(result.confusion.accuracy >= 0.9)
    #expect(result.ranking.value >= 0.97)
    #expect(result.confusion.rows.joined().reduce(0, +) == 569 - result.trainingCount)
    #expect(result.model.parameterCount == 187)
  }

  @Test func `Without training they are not`() throws {
    #expect(try Binary(.breastCancer(), rate: 1e-9, epochs: 1, seed: 1).confusion.accuracy < 0.9)
  }

  @Test(arguments: ["1,2", "0,0", "1,0.5"])
  func `Answers other than 0 and 1 are refused`(pair: String) throws {
    let answers = pair.split(separator: ",")
    let rows = (0..<20).map { "\($0),\(answers[$0 % 2])\n" }
    let csv = try CSV(parsing: "a,y\n" + rows.joined(), name: "t.csv")
    let error = try #require(throws: DemoFailure.self) {
      try Binary(RegressionTable(csv, target: "y"), rate: 0.01, epochs: 1, seed: 0)
    }
    #expect(error.description == "t.csv: the column 'y' is not one of both 0 and 1")
  }

  @Test func `A confusion matrix reads as a table`() {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.update(prediction: .init([0, 1, 1] as [Int]), target: .init([0, 0, 1] as [Int]))
    #expect(
      matrix.text(classes: ["no", "yes"]) == """
        Actual classes below each other, predicted ones side by side:
                no  yes
           no    1    1
          yes    0    1

        """)
  }
}

@Suite struct RegressionTests {
  @Test func `The network predicts as well as the linear fit`() throws {
    let result = try Regression(.diabetes(), Regression.Settings(), seed: 0)
    let (network, linear) = (result.quality(of: result.network), result.quality(of: result.linear))
    #expect(network.r2 > 0.45)
    #expect(network.r2 > linear.r2 - 0.05)
    // scikit-learn's cross-validated linear regression reaches 0.49, whatever the folds.
    #expect(abs(linear.r2 - 0.49) < 0.02)
    #expect(result.histories.count == 5)
  }

  @Test func `Too much regularization costs quality`() throws {
    var settings = Regression.Settings()
    (settings.l1, settings.epochs) = (1, 10)
    let result = try Regression(.diabetes(), settings, seed: 0)
    #expect(result.quality(of: result.network).r2 < 0.2)
  }

  /// The coefficients of scikit-learn's LinearRegression and its R² on all rows.
  @Test func `Least squares on all rows give the known fit`() throws {
    let table = try RegressionTable.diabetes()
    let scales = try zip(table.columns, table.names).map { try Standardization($0, name: $1) }
    let weights = try leastSquares(
      zip(scales, table.columns).map { $0($1) }, table.answers, names: table.names)
    let slopes = zip(weights, scales).map { $0 / $1.deviation }
    #expect(abs(slopes[1] - -22.8596481) < 1e-5)
    #expect(abs(slopes[2] - 5.60296209) < 1e-6)
    #expect(abs(slopes[8] - 68.4831250) < 1e-5)
    #expect(abs(weights[10] - 152.13348416) < 1e-6)
  }

  /// One standardized column: the weight is the correlation, divided by 1 + λ.
  @Test func `Ridge shrinks weights but not the constant`() throws {
    let x = [-1.0, -1, 1, 1]
    let weights = try leastSquares([x], [1, 3, 5, 7], names: ["x"], ridge: 0.5)
    #expect(abs(weights[0] - 2 / 1.5) < 1e-12)
    #expect(abs(weights[1] - 4) < 1e-12)
  }
}

@Suite struct TableTests {
  @Test func `The cells are those of scikit-learn`() throws {
    let table = try RegressionTable.breastCancer()
    #expect(table.answers.count == 569)
    #expect(table.answers.reduce(0, +) == 212)
    #expect(
      table.names == [
        "radius", "texture", "smoothness", "compactness", "concavity", "concave_points",
        "symmetry", "fractal_dimension",
      ])
    #expect((table.columns[0].reduce(0, +) / 569).fixed(6) == "14.127292")
    #expect((table.columns[1].reduce(0, +) / 569).fixed(6) == "19.289649")
    #expect(table.omissions.isEmpty)
  }

  @Test func `The people with diabetes are those of scikit-learn`() throws {
    let table = try RegressionTable.diabetes()
    #expect(table.answers.count == 442)
    #expect(table.names == ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"])
    #expect((table.columns[2].reduce(0, +) / 442).fixed(6) == "26.375792")
    #expect((table.columns[8].reduce(0, +) / 442).fixed(6) == "4.641411")
    #expect((table.answers.reduce(0, +) / 442).fixed(6) == "152.133484")
  }
}
