import Testing

@testable import Autograd

/// Parts of joined and placed arrays, which a plan computes where they belong.
@Suite(.serialized) struct PartTests {
  private func operations(
    _ x: Variable, _ function: @escaping (Variable) -> [Variable]
  ) -> [String] {
    compile(function).plan(for: x).instructions.flatMap(\.operations)
  }

  @Test func `Joined parts need no copies`() {
    let x = numbers([40, 300], seed: 1)
    for axis in [0, 1] {
      let function = { (x: Variable) in
        [square(concatenate([exp(x), tanh(x), x + 1], axis: axis))]
      }
      #expect(!operations(x, function).contains("concatenate"))
      expectSameBitsOnThreads(x, function)
    }
  }

  @Test func `A part that is not computed, or is needed elsewhere, is copied`() {
    let x = numbers([40, 300], seed: 1)
    for axis in [0, 1] {
      expectSameBitsOnThreads(x) { x in
        let y = exp(x)
        return [concatenate([x, y, y, -y], axis: axis) * 2, y]
      }
      // In two places of one array, and in two arrays.
      expectSameBitsOnThreads(x) { x in
        let (y, z) = (exp(x), tanh(x))
        let pairs = concatenate([z, x], axis: axis) + concatenate([x, z], axis: axis)
        return [concatenate([y, y], axis: axis) * 2, pairs]
      }
      expectSameBitsOnThreads(x) { x in
        let parts = [exp(x), x.transposed(), sin(x)].map { $0[..<40, ..<40] }
        return [concatenate(parts, axis: axis)]
      }
    }
  }

  @Test func `Parts of parts`() {
    let x = numbers([8, 128], seed: 3)
    let weights = numbers([256, 16], seed: 4)
    expectSameBitsOnThreads(x) { x in
      var rows: [Variable] = []
      var y = x
      for _ in 0..<4 {
        // Both the row and the whole are read.
        let row = concatenate([tanh(y), sigmoid(y)], axis: 1)
        rows.append(row)
        y = y + matmul(row, weights).sum(axes: [1], keepingAxes: true)
      }
      let all = stack(rows, axis: 0)
      return [all * 2, matmul(concatenate(rows, axis: 0), weights), y]
    }
  }

  @Test func `Products, reductions and single numbers are parts, too`() {
    let x = numbers([64, 64], seed: 5)
    expectSameBitsOnThreads(x) { x in
      let product = relu(matmul(x, x) + 1)
      let sums = x.sum(axes: [1], keepingAxes: true)
      return [
        concatenate([product, softmax(x, axis: 1), matmul(x, x)], axis: 0) + 1,
        concatenate([product, sums, sums * 2], axis: 1) + 1,
        stack([x.sum(), x.sum() * 2, exp(x[0, 0])]) * 3,
      ]
    }
  }

  @Test func `A part that is summed on the way`() {
    expectSameBitsOnThreads(numbers([64, 256], seed: 5)) { x in
      let (y, z) = (exp(x), tanh(x))
      return [
        concatenate([y, x], axis: 1) + 1, y.sum(axes: [1]),
        concatenate([z, x], axis: 0) + 1, z.max(),
      ]
    }
    let leaf = numbers([64, 300], seed: 5, requiresGradient: true)
    let bias = numbers([256], seed: 6, requiresGradient: true)
    expectSameBitsOnThreads(numbers([1], seed: 6)) { x in
      let value = tanh(leaf[..., ..<256] * x + bias.sum()).sum()
      return gradients(of: value, withRespectTo: [leaf, bias]).map { $0! }
    }
  }

  @Test func `Overlapping slices leave their cotangents in place`() {
    for shape: Shape in [[10_000], [100, 100], [20, 30, 40]] {
      let leaf = numbers(shape, seed: 6, requiresGradient: true)
      expectSameBitsOnThreads(numbers([1], seed: 6)) { x in
        let (left, right) = (leaf[..., ..<(-1)], leaf[..., 1...])
        return [gradient(of: (x * right * exp(left)).sum(), withRespectTo: leaf)]
      }
    }
    let leaf = numbers([50, 60], seed: 7, requiresGradient: true)
    expectSameBitsOnThreads(numbers([1], seed: 6)) { x in
      let (a, b) = (leaf[3..<40, 5...], leaf[10..<47, ..<55])
      return [gradient(of: (x * exp(a) * b).sum(), withRespectTo: leaf)]
    }
  }

  @Test func `Rows, steps and removed axes`() {
    let leaf = numbers([12, 70], seed: 8, requiresGradient: true)
    expectSameBitsOnThreads(numbers([1], seed: 6)) { x in
      let rows = (exp(leaf[every(2)]) * leaf[every(2, from: 1)]).sum()
      let value = exp(leaf[3]).sum() + rows + square(leaf[..., 4]).sum()
      return [gradient(of: value * x.sum(), withRespectTo: leaf)]
    }
  }

  @Test func `A leaf is not overwritten early`() {
    let x = numbers([64, 32], seed: 9)
    func trained(_ isCompiled: Bool) -> [Tensor] {
      let leaf = Variable(x.value)
      let body = { () -> Variable in
        let old = leaf * 1
        leaf.assign(concatenate([exp(old[..<32]), old[32...] * 2], axis: 0))
        return (old * leaf).sum()
      }
      let step = compile(body)
      let losses = (0..<3).map { _ in isCompiled ? step().value : body().value }
      return losses + [leaf.value]
    }
    #expect(zip(trained(false), trained(true)).allSatisfy { hasSameBits($0, $1) })
  }
}
