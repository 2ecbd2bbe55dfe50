import Kernels
import Testing

@testable import Autograd

/// Whether two tensors are the same in shape, type and every bit.
func hasSameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  guard a.shape == b.shape, a.dtype == b.dtype else { return false }
  func bytes(_ tensor: Tensor) -> [UInt8] {
    let dense = tensor.contiguous()
    return withExtendedLifetime(dense) {
      Array(UnsafeRawBufferPointer(start: dense.data, count: dense.count * dense.dtype.size))
    }
  }
  return bytes(a) == bytes(b)
}

/// A float32 leaf of numbers without a pattern.
func numbers(_ shape: Shape, seed: UInt64, requiresGradient: Bool = false) -> Variable {
  var generator = RandomGenerator(seed: seed)
  return Variable(Tensor.normal(shape, using: &generator), requiresGradient: requiresGradient)
}

/// Compares three calls of a function with those of its plan, with and without fusion, freed memory
/// filled with signalling NaN.
func expectSameBits(
  _ arguments: [[Variable]], sourceLocation: SourceLocation = #_sourceLocation,
  _ function: @escaping ([Variable]) -> [Variable]
) {
  for fuses in [true, false] {
    let compiled = PlanCache(fuses: fuses, poisons: true, function)
    for (call, arguments) in arguments.enumerated() {
      for (number, pair) in zip(function(arguments), compiled(arguments)).enumerated() {
        #expect(
          hasSameBits(pair.0.value, pair.1.value),
          "call \(call), result \(number), \(fuses ? "fused" : "not fused")",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// Compares results and gradients of a function, eager and compiled, on several numbers of threads.
func expectSameBitsOnThreads(
  _ x: Variable, sourceLocation: SourceLocation = #_sourceLocation,
  _ function: @escaping (Variable) -> [Variable]
) {
  let before = k_thread_count()
  defer { k_set_thread_count(before) }
  for threads: Int32 in [1, 2, 3, 8] {
    k_set_thread_count(threads)
    let calls = [[x], [x * 2]]
    expectSameBits(calls, sourceLocation: sourceLocation) { function($0[0]) }
  }
}

@Suite struct CompileTests {
  private func arguments(_ shapes: Shape...) -> [[Variable]] {
    (0..<3).map { call in
      shapes.enumerated().map { numbers($1, seed: UInt64(10 * call + $0)) }
    }
  }

  @Test func `Elementwise chains with all ways of broadcasting`() {
    for shape in [[], [1], [7], [3, 5], [3, 64], [600], [40, 100], [2, 3, 4, 5], [0, 3]] as [Shape]
    {
      expectSameBits(arguments(shape)) { v in
        let y = tanh(v[0] * 2 + 1) * sigmoid(v[0]) - v[0]
        return [y, select(y .> 0, y, 0.5), y.cast(to: .float64), exp(y) .< 1]
      }
    }
    let pairs: [(Shape, Shape)] = [
      ([3, 5], [5]), ([3, 64], [64]), ([3, 64], [3, 1]), ([2, 3, 4, 5], [3, 1, 1]),
      ([2, 3, 40], [3, 1]), ([5, 1], [1, 7]), ([50, 1], [1, 70]), ([4, 5], []), ([4, 5], [1, 1]),
    ]
    for (a, b) in pairs {
      expectSameBits(arguments(a, b)) { v in
        let y = (v[0] + v[1]) * maximum(v[0], v[1])
        return [y, abs(y) / (v[1] * v[1] + 1)]
      }
    }
  }

  @Test func `Views are read where they lie`() {
    expectSameBits(arguments([6, 8])) { v in
      let x = v[0] * 2
      let turned = x.transposed() + 1
      let part = x[1..<4, 2...] * x[1..<4, 2...]
      let flat = x.reshaped(to: [48])
      return [
        turned, part, flat, x.windows(axis: 1, size: 3) * 1.5, flat.flipped(), x.sum(axis: 0),
        matmul(x.transposed(), x), x.detached(), x[2],
      ]
    }
  }

  @Test func `Reductions, products, softmax and indexing`() {
    expectSameBits(arguments([4, 6, 5], [5, 3])) { v in
      let x = v[0]
      let indices = Variable([3, 0, 0] as [Int])
      return [
        x.sum(), x.sum(axes: [0, 2]), x.max(axis: 1), x.mean(axes: [1, 2]), x.variance(axis: 2),
        matmul(x, v[1]), softmax(x, axis: 1), logSoftmax(x, axis: -1), logSumExp(x, axis: 0),
        indexSelect(x, at: indices, axis: 1), x.cumulativeSum(axis: 1), x.argmax(axis: 2),
        x.sorted(axis: 1).values, layerNorm(x, normalizedAxes: 1),
        concatenate([x, x * 2], axis: 1), x.padded([(1, 1), (0, 2), (0, 0)]),
      ]
    }
  }

  @Test func `Results may be arguments, constants, leaves, views and one another`() {
    let leaf = numbers([4], seed: 1)
    expectSameBits(arguments([4])) { v in
      let y = v[0] * 2
      return [v[0], y, y, y[1...], leaf, Variable(Tensor.ones([2])), leaf[..<2], y.reshaped(2, 2)]
    }
  }

  @Test func `Gradients of all orders`() {
    let weight = numbers([4, 4], seed: 2, requiresGradient: true)
    expectSameBits(arguments([3, 4])) { v in
      let y = tanh(matmul(v[0], weight)).sum()
      let first = gradient(of: y, withRespectTo: weight, createGraph: true)
      let second = gradient(of: square(first).sum(), withRespectTo: weight)
      return [y, first, second]
    }
  }

  @Test func `A fresh result does not change an older one`() {
    let double = compile { (v: [Variable]) in [v[0] * 2] }
    _ = double([numbers([300], seed: 1)])
    let second = double([numbers([300], seed: 2)])[0]
    let before = second.value
    let third = double([numbers([300], seed: 3)])[0]
    #expect(hasSameBits(before, second.value))
    #expect(!hasSameBits(third.value, second.value))
  }

  @Test func `New shapes and types are recorded anew`() {
    var recordings = 0
    let function = compile { (v: [Variable]) in
      recordings += 1
      return [v[0].sum()]
    }
    for shape in [[2], [3], [2], [3, 1], [2]] as [Shape] {
      let x = numbers(shape, seed: 1)
      #expect(hasSameBits(function([x])[0].value, x.sum().value))
    }
    #expect(recordings == 3)
    _ = function([numbers([2], seed: 1).cast(to: .float64)])
    #expect(recordings == 4)
  }
}

@Suite struct CompiledFunctionTests {
  @Test func `Functions of none to three variables and of arrays`() {
    let (x, y, z) = (numbers([4], seed: 1), numbers([4], seed: 2), numbers([4], seed: 3))
    let none = compile { x * 2 }
    let one = compile { x in x * 2 }
    let two = compile { x, y in [x * y, x + y] }
    let three = compile { x, y, z in x * y + z }
    let list = compile { (all: [Variable]) in all.reduce(0) { $0 + $1 } }
    for _ in 0..<2 {
      #expect(hasSameBits(none().value, (x * 2).value))
      #expect(hasSameBits(one(x).value, (x * 2).value))
      #expect(hasSameBits(two(x, y)[1].value, (x + y).value))
      #expect(hasSameBits(three(x, y, z).value, (x * y + z).value))
      #expect(hasSameBits(list([x, y, z]).value, (0 + x + y + z).value))
    }
  }

  @Test func `Several calls at once are several calls`() {
    func make() -> (Variable, () -> Variable) {
      let w = numbers([40], seed: 1, requiresGradient: true)
      return (
        w,
        {
          let loss = square(w - 1).sum()
          loss.backward()
          withoutRecording { w.assign(w - 0.01 * w.gradient!) }
          return loss
        }
      )
    }
    let ((w, step), (v, other)) = (make(), make())
    let compiled = compile(other)
    var loss = step()
    for _ in 1..<7 { loss = step() }
    #expect(hasSameBits(compiled.run(times: 7).value, loss.value))
    #expect(hasSameBits(v.value, w.value))
    #expect(hasSameBits(v.gradient!.value, w.gradient!.value))
    let sum = compile { x, y in x + y }
    let batches = (1...3).map { [numbers([3], seed: $0), numbers([3], seed: $0 + 9)] }
    #expect(hasSameBits(sum.run(batches: batches)!.value, (batches[2][0] + batches[2][1]).value))
    #expect(sum.run(batches: [])?.shape == nil)
  }

  @Test func `A compiled function within another one is a part of it`() {
    let inner = compile { x in tanh(x) * 2 }
    let outer = compile { x in inner(inner(x)) + 1 }
    let x = numbers([5], seed: 1)
    for _ in 0..<3 { #expect(hasSameBits(outer(x).value, (tanh(tanh(x) * 2) * 2 + 1).value)) }
  }

  @Test func `The plan tells what it fuses and how much memory it takes`() {
    let function = compile { x in (tanh(x * 2 + 1) * sigmoid(x) - x).sum() }
    let plan = function.plan(for: numbers([300], seed: 1), isTimed: true)
    #expect(
      plan.instructions.map(\.operations) == [
        ["multiply", "add", "tanh", "sigmoid", "multiply", "subtract"], ["sum"],
      ])
    #expect(plan.recordedCount == 7)
    #expect(plan.operationCount == 7)
    #expect(plan.arenaBytes == 1216)
    #expect(plan.instructions.allSatisfy { $0.nanoseconds != nil })
    #expect(plan.description.contains("→ float32 [300]"))
  }

  @Test func `Equal values are computed once, and constants beforehand`() {
    let function = compile { x in
      let weights = exp(Variable(Tensor.range(to: 300)) / 300) / 2
      return tanh(x * weights) + tanh(x * weights) * 1
    }
    let plan = function.plan(for: numbers([300], seed: 1))
    #expect(plan.instructions.map(\.operations) == [["multiply", "tanh", "add"]])
  }

  @Test func `Small values are not fused`() {
    let function = compile { x in tanh(x * 2 + 1) }
    let plan = function.plan(for: numbers([100], seed: 1))
    #expect(plan.instructions.map(\.operations) == [["multiply"], ["add"], ["tanh"]])
  }
}
