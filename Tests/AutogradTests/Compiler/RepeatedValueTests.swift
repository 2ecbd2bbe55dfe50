import Testing

@testable import Autograd

/// Values that repeat along an axis are computed once in a plan.
@Suite(.serialized) struct RepeatedValueTests {
  private func plan(
    _ x: Variable, _ function: @escaping (Variable) -> Variable
  ) -> PlanDescription {
    compile(function).plan(for: x)
  }

  @Test func `What is the same in all rows is computed for one`() {
    let weights = numbers([300, 400], seed: 2)
    func function(_ x: Variable) -> Variable {
      (exp(x.expanded(to: [300, 400])) + 1) * weights
    }
    let plan = plan(numbers([400], seed: 1), function)
    #expect(plan.instructions.map(\.operations) == [["exp", "add"], ["multiply"]])
    #expect(plan.instructions[0].shape == [1, 400])
    expectSameBitsOnThreads(numbers([400], seed: 1)) { [function($0)] }
    expectSameBitsOnThreads(numbers([300, 1], seed: 1)) { [function($0)] }
    expectSameBitsOnThreads(numbers([1], seed: 1)) { [function($0)] }
  }

  @Test func `A function of a number is a number`() {
    let weights = numbers([5000], seed: 2)
    let plan = plan(numbers([], seed: 1)) {
      (weights * sigmoid($0.expanded(to: [5000])) * 2).sum()
    }
    #expect(plan.instructions.map(\.operations) == [["sigmoid"], ["multiply", "multiply", "sum"]])
  }

  @Test func `Products with ones that were expanded disappear`() {
    let leaf = numbers([5000], seed: 1, requiresGradient: true)
    let plan = plan(leaf) { _ in gradient(of: (tanh(leaf) * leaf).sum(), withRespectTo: leaf) }
    // The cotangent of the sum is 1 for each.
    #expect(
      plan.instructions.map(\.operations) == [["tanh", "square", "subtract", "multiply", "add"]])
  }

  @Test func `Expanded constants take no memory of their own`() {
    let x = numbers([100_000], seed: 1)
    func function(_ x: Variable) -> Variable {
      x * (-Variable(3.0).cast(to: .float32)).expanded(to: [100_000])
    }
    #expect(plan(x, function).instructions.map(\.operations) == [["multiply"]])
    expectSameBitsOnThreads(x) { [function($0)] }
  }

  @Test func `What others than elementwise operations read is computed in full`() {
    let function = { (x: Variable) in exp(x.expanded(to: [300, 400])).sum(axes: [0]) }
    let plan = plan(numbers([400], seed: 1), function)
    #expect(plan.instructions[0].shape == [300, 400])
    expectSameBitsOnThreads(numbers([400], seed: 1)) {
      [function($0), square($0.expanded(to: [3, 400]))]
    }
  }

  @Test func `Types, conditions and middle axes`() {
    let weights = numbers([7, 5, 33], seed: 5)
    expectSameBitsOnThreads(numbers([7, 1, 33], seed: 4)) { x in
      let all = x.expanded(to: [7, 5, 33])
      let chosen = select(all .> 0, exp(all), -all)
      return [chosen * weights, (all.cast(to: .float64) + 1).cast(to: .float32) * weights]
    }
  }
}
