import Autograd
import NN
import Testing

@Suite struct TrajectoryTests {
  private let references: References

  init() throws { references = try References(topic: "optimizers") }

  private func snapshots(_ name: String) -> [Int] {
    switch name {
    case "lbfgs single": [1, 5, 20, 40]
    case let name where name.hasPrefix("lbfgs"): [1, 2, 4, 8]
    default: [1, 10, 50, 200]
    }
  }

  @Test(arguments: optimizerCases.map(\.name))
  func `An optimizer walks with its reference`(name: String) throws {
    let make = try #require(optimizerCases.first { $0.name == name }).make
    let problem = try OptimizerProblem(references)
    let optimizer = make(problem)
    let reference = try references(name)
    let expected = Variable(reference["after"]).unstacked()
    var step = 0
    for (snapshot, expected) in zip(snapshots(name), expected) {
      problem.train(optimizer, steps: snapshot - step)
      step = snapshot
      // A group keeps the order of its members.
      let order = problem.named.map(\.value)
      let values = order.flatMap { $0.value.doubles() }
      for (value, expected) in zip(values, expected.value.doubles()) {
        #expect(abs(value - expected) < 1e-10, "\(name), step \(step)")
      }
    }
    guard let averaging = optimizer as? AveragedParameters else { return }
    let own = problem.values
    let averages = averaging.withAverages { problem.values }
    for (value, expected) in zip(averages, Variable(reference["average"])[3].value.doubles()) {
      #expect(abs(value - expected) < 1e-10, "\(name), average")
    }
    #expect(problem.values == own)
  }

  @Test func `ASGD averages from the chosen step on`() throws {
    let problem = try OptimizerProblem(references)
    let optimizer = ASGD(
      problem.named, learningRate: 0.1, decay: 0.01, power: 0.6, averagingStart: 20,
      weightDecay: 0.01)
    problem.train(optimizer, steps: 200)
    let reference = try references("asgd average")
    expect(double(problem.values), equals: reference["after"].doubles(), within: 1e-10)
    let averages = optimizer.state.parameters.flatMap { $0.slots[0].value.doubles() }
    expect(double(averages), equals: reference["average"].doubles(), within: 1e-10)
  }
}
