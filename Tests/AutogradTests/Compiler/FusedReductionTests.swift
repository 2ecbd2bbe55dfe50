import Testing

@testable import Autograd

/// Reductions that run with the program that computes what they reduce.
@Suite(.serialized) struct FusedReductionTests {
  /// The operations of each instruction of a plan.
  private func operations(
    _ x: Variable, _ function: @escaping (Variable) -> Variable
  ) -> [[String]] {
    compile(function).plan(for: x).instructions.map(\.operations)
  }

  @Test func `A sum over everything needs no memory for what it adds`() {
    let x = numbers([5000], seed: 1)
    let plan = compile { (tanh($0) * $0).sum() }.plan(for: x)
    #expect(plan.instructions.map(\.operations) == [["tanh", "multiply", "sum"]])
    #expect(plan.arenaBytes == 0)
  }

  @Test func `Too little to be worth it stays apart`() {
    #expect(operations(numbers([1000], seed: 1)) { exp($0 + 1).sum() }.count == 2)
    #expect(operations(numbers([500, 100], seed: 1)) { exp($0 + 1).sum(axes: [1]) }.count == 2)
  }

  @Test func `Columns are reduced apart, rows with the program`() {
    let x = numbers([20, 300], seed: 1)
    #expect(operations(x) { exp($0 + 1).sum(axes: [0]) }.count == 2)
    #expect(operations(x) { exp($0 + 1).sum(axes: [1]) } == [["add", "exp", "sum"]])
  }

  @Test(arguments: [4096, 5000, 65_537, 300_001], [DType.float32, .float64])
  func `Sums have the bits of eager ones`(count: Int, dtype: DType) {
    let x = numbers([count], seed: 3).cast(to: dtype)
    expectSameBitsOnThreads(x) { x in
      let y = sigmoid(x) * x - 0.5
      return [y.sum(), y.mean(), y + 1]
    }
    expectSameBitsOnThreads(x) { x in
      let y = exp(-x)
      return [y, y.max(), (y * 2).sum()]
    }
  }

  @Test(arguments: [[17, 256], [3, 1500], [40, 257], [5, 3, 1024]])
  func `Rows have the bits of eager ones`(shape: [Int]) {
    let x = numbers(Shape(shape), seed: 4)
    let bias = numbers([shape.last!], seed: 8)
    expectSameBitsOnThreads(x) { x in
      let y = tanh(x + bias)
      return [y.sum(axes: [-1]), (y * y).max(axes: [-1]), y]
    }
    expectSameBitsOnThreads(x) { x in
      [(x * (x + 1)).sum(axes: [-1], keepingAxes: true) - x]
    }
  }

  @Test func `Gradients that share the program`() {
    let leaf = numbers([70_000], seed: 5, requiresGradient: true)
    expectSameBitsOnThreads(numbers([70_000], seed: 6)) { x in
      let value = (tanh(2 * leaf + 1) * sigmoid(leaf) - leaf * x).sum()
      return [value, gradient(of: value, withRespectTo: leaf)]
    }
  }

  @Test func `What reads the reduction comes after it`() {
    let x = numbers([4096], seed: 6)
    expectSameBitsOnThreads(x) { x in
      let y = square(x)
      let mean = y.mean()
      return [y - mean, (y - mean).sum(), mean]
    }
  }
}
