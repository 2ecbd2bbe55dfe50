import Kernels
import Testing

@testable import Autograd

/// Elementwise operations on the blocks of matrix products, on every path that a product can take.
@Suite(.serialized) struct EpilogueTests {
  /// m, n, k: a dot product, few rows, few columns, direct, with several chunks of k, packed with one
  /// chunk and with two.
  static let sizes = [
    (1, 1, 5), (1, 40, 30), (3, 700, 20), (40, 2, 30), (700, 3, 600), (5, 6, 7), (64, 64, 64),
    (150, 600, 530), (130, 530, 64), (300, 1100, 40), (60, 70, 0),
    (40, 700, 530),
  ]

  /// A dense layer and the step of its weights, one array of which is overwritten.
  private func agrees(_ m: Int, _ n: Int, _ k: Int, _ dtype: DType) -> Bool {
    func leaf(_ shape: Shape, _ seed: UInt64) -> Variable {
      Variable(numbers(shape, seed: seed).cast(to: dtype).value, requiresGradient: true)
    }
    let leaves = (0..<2).map { _ in [leaf([n, k], 1), leaf([n], 2), leaf([m, 1], 3)] }
    let residual = leaf([m, n], 4).detached()
    func step(_ leaves: [Variable], _ x: Variable, returnsProduct: Bool) -> [Variable] {
      let product = linear(x, leaves[0])
      let y = tanh(product + leaves[1]) * leaves[2] + residual
      let loss = square(y).sum() * 0.1
      let slopes = gradients(of: loss, withRespectTo: leaves)
      withoutRecording {
        for (leaf, slope) in zip(leaves, slopes) { leaf.assign(leaf * 0.9 - 0.01 * slope!) }
      }
      return [loss, y] + (returnsProduct ? [product] : [])
    }
    for returnsProduct in [false, true] {
      let compiled = PlanCache(poisons: true) {
        step(leaves[1], $0[0], returnsProduct: returnsProduct)
      }
      for call in 0..<3 {
        let x = leaf([m, k], UInt64(10 + call)).detached()
        let expected = step(leaves[0], x, returnsProduct: returnsProduct)
        let results = compiled([x])
        for (a, b) in zip(expected + leaves[0], results + leaves[1])
        where !hasSameBits(a.value, b.value) {
          return false
        }
      }
    }
    return true
  }

  @Test(arguments: sizes) func `Blocks of every path have the bits of eager operations`(
    _ m: Int, _ n: Int, _ k: Int
  ) {
    let before = k_thread_count()
    defer { k_set_thread_count(before) }
    for (threads, dtype) in [(1, DType.float32), (2, .float64), (3, .float32), (8, .float32)] {
      k_set_thread_count(Int32(threads))
      #expect(agrees(m, n, k, dtype))
    }
  }

  @Test(arguments: [(3, 4, 5), (2, 70, 90), (33, 32, 40), (1, 1, 3)])
  func `Batches have the bits of eager operations`(_ m: Int, _ n: Int, _ k: Int) {
    let (a, b) = (numbers([6, m, k], seed: 1), numbers([6, k, n], seed: 2))
    let bias = numbers([n], seed: 3)
    let before = k_thread_count()
    defer { k_set_thread_count(before) }
    for threads: Int32 in [1, 2, 3, 8] {
      k_set_thread_count(threads)
      func f(_ x: [Variable]) -> [Variable] { [sigmoid(matmul(x[0], x[1]) * 0.5 + bias)] }
      let compiled = PlanCache(poisons: true, f)
      _ = compiled([a, b])
      #expect(hasSameBits(compiled([a, b])[0].value, f([a, b])[0].value))
    }
  }

  @Test func `Each product has its own part of what follows`() {
    let f = compile { x, y in [relu(matmul(x, y) + 1), tanh(matmul(y, x))] }
    let x = numbers([20, 20], seed: 1)
    let plan = f.plan(for: x, numbers([20, 20], seed: 2))
    #expect(
      plan.instructions.map(\.operations) == [["matmul", "add", "relu"], ["matmul", "tanh"]])
  }

  @Test func `What reads other elements of the product waits for it`() {
    let f = compile { x in
      let y = matmul(x, x)
      return y + y.transposed()
    }
    let plan = f.plan(for: numbers([4, 4], seed: 1))
    #expect(plan.instructions.map(\.operations) == [["matmul"], ["add"]])
  }

  @Test func `An update in place waits for a product that reads the old value`() {
    let leaves = (0..<2).map { _ in numbers([40, 40], seed: 1, requiresGradient: true) }
    func step(_ leaf: Variable, _ x: Variable) -> [Variable] {
      withoutRecording { leaf.assign(leaf - 0.1 * matmul(x, leaf)) }
      return [leaf]
    }
    let compiled = PlanCache(poisons: true) { step(leaves[1], $0[0]) }
    for call in 0..<3 {
      let x = numbers([40, 40], seed: UInt64(call + 5))
      let expected = step(leaves[0], x)
      #expect(hasSameBits(compiled([x])[0].value, expected[0].value))
    }
  }

  /// Convolutions with several blocks of one image and several images in a block, with gaps, groups
  /// of few channels, and none.
  @Test(arguments: [
    (2, 3, 20, 40, 1, 1), (5, 4, 6, 9, 1, 1), (2, 4, 12, 11, 2, 1), (3, 6, 6, 10, 1, 6),
    (2, 3, 1, 2, 1, 1),
  ])
  func `Convolutions and pools have the bits of eager operations`(
    _ batch: Int, _ inputs: Int, _ outputs: Int, _ size: Int, _ stride: Int, _ groups: Int
  ) {
    let before = k_thread_count()
    defer { k_set_thread_count(before) }
    for (threads, dtype) in [(1, DType.float32), (2, .float64), (3, .float32), (8, .float32)] {
      k_set_thread_count(Int32(threads))
      func array(_ shape: Shape, _ seed: UInt64) -> Variable {
        Variable(numbers(shape, seed: seed).cast(to: dtype).value, requiresGradient: true)
      }
      let (w, v) = (array([inputs, inputs, 1, 1], 1), array([outputs, inputs / groups, 2, 2], 2))
      let bias = array([outputs], 3)
      func step(_ x: [Variable]) -> [Variable] {
        let h = relu(conv2d(x[0], w, stride: [1, 1]))
        let y = relu(conv2d(h, v, bias: bias, stride: [stride, stride], groups: groups))
        let pooled = size > 4 ? maxPool2d(y, size: [2, 2]) : y
        return [pooled]
          + gradients(of: square(pooled).sum(), withRespectTo: [w, v, bias])
          .map { $0! }
      }
      let compiled = PlanCache(poisons: true, step)
      for call in 0..<3 {
        let x = array([batch, inputs, size, size], UInt64(10 + call)).detached()
        for (a, b) in zip(step([x]), compiled([x])) {
          #expect(hasSameBits(a.value, b.value))
        }
      }
    }
  }

  @Test func `Convolutions and gradients of pools take on what follows`() {
    let w = Variable(numbers([4, 2, 3, 3], seed: 1).value, requiresGradient: true)
    let f = compile { x in
      gradient(of: maxPool2d(relu(conv2d(x, w)), size: [2, 2]).sum(), withRespectTo: w)
    }
    let names = f.plan(for: numbers([2, 2, 20, 20], seed: 2)).instructions.map(\.operations)
    #expect(names.contains { $0.starts(with: ["convolution", "relu"]) })
    #expect(names.contains { $0.starts(with: ["scatterToMaxima", "select"]) })
  }
}
