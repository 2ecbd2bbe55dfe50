@testable import Autograd

/// Random numbers for the structure of programs (Steele, Lea and Flood, OOPSLA 2014, "SplitMix").
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A program that is a function of its seed: operations of all kinds on variables used many times,
/// gradients, and updates of leaves.
struct RandomProgram {
  let seed: UInt64
  let leaves: [Variable]
  private let shapes: [Shape]
  /// Larger results go no further.
  private let limit: Int

  /// One program in twenty has values of so many elements that several threads share the work and that
  /// reductions run with what they reduce.
  init(seed: UInt64) {
    self.seed = seed
    var random = SplitMix(state: seed)
    let isLarge = seed % 20 == 19
    let shapes: [Shape] =
      isLarge
      ? [[], [700], [1, 700], [100, 1], [100, 700], [4, 25, 700], [9000], [20, 300]]
      : [[], [3], [4, 3], [1, 3], [4, 1], [2, 4, 3], [40], [4, 40], [600]]
    leaves = (0..<2).map { index in
      numbers(
        shapes.randomElement(using: &random)!, seed: seed &* 3 + UInt64(index),
        requiresGradient: true)
    }
    self.shapes = shapes
    limit = isLarge ? 150_000 : 5000
  }

  func arguments(call: Int) -> [Variable] {
    var random = SplitMix(state: seed &+ 77)
    return (0..<2).map { index in
      numbers(
        shapes.randomElement(using: &random)!,
        seed: seed &* 7 + UInt64(10 * call + index))
    }
  }

  func callAsFunction(_ arguments: [Variable]) -> [Variable] {
    var random = SplitMix(state: seed &+ 1)
    var pool = arguments + leaves
    for _ in 0..<Int.random(in: 3...24, using: &random) {
      let x = pool.randomElement(using: &random)!
      let y = pool.randomElement(using: &random)!
      if let result = apply(Int.random(in: 0..<30, using: &random), x, y, &random),
        result.count <= limit
      {
        pool.append(result)
      }
    }
    let means = pool.filter { $0.count > 0 }.map { tanh($0).mean() }
    let loss = means.dropFirst().reduce(means[0]) { $0 + $1 }
    let isTwice = Bool.random(using: &random)
    let slopes = gradients(of: loss, withRespectTo: leaves, createGraph: isTwice)
    var results = [loss, pool.randomElement(using: &random)!, pool[pool.count - 1]]
    results += slopes.compactMap { $0 }
    if isTwice, let slope = slopes.compactMap({ $0 }).first(where: { $0.requiresGradient }) {
      let second = gradients(of: square(slope).sum(), withRespectTo: leaves)
      results += second.compactMap { $0 }
    }
    if Bool.random(using: &random) { update(slopes, &random) }
    return results
  }

  private func update(_ slopes: [Variable?], _ random: inout SplitMix) {
    withoutRecording {
      for (leaf, slope) in zip(leaves, slopes) {
        guard let slope else { continue }
        if Bool.random(using: &random) { leaf.gradient = slope }
        leaf.assign(leaf - 0.1 * slope)
        if Bool.random(using: &random) { leaf.assign(0.5 * leaf + 0.01) }
      }
    }
  }

  /// A product with a matrix made of y, and elementwise operations behind it.
  private func layer(_ x: Variable, _ y: Variable, _ random: inout SplitMix) -> Variable? {
    let k = x.shape[x.rank - 1]
    guard k > 0, y.count > 0, y.count % k == 0 else { return nil }
    let n = y.count / k
    guard x.count / k * n <= limit else { return nil }
    let isTransposed = Bool.random(using: &random)
    let weight = y.reshaped(to: isTransposed ? [n, k] : [k, n])
    let product = matmul(x, weight, transposingSecond: isTransposed)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return relu(product + weight.flattened()[0..<n])
    case 1: return product * sigmoid(product)
    case 2: return matmul(x * 0.5, weight, transposingSecond: isTransposed) + product
    case 3: return select(product .> 0, product.flattened().reshaped(to: product.shape), 0.1)
    case 4:
      return product.rank == 2 && product.shape[0] == n ? product + product.transposed() : product
    default: return tanh(product).expanded(to: Shape([2] + product.shape)) - product
    }
  }

  /// A convolution or a pool, and elementwise operations behind it.
  private func spatial(_ x: Variable, _ y: Variable, _ random: inout SplitMix) -> Variable? {
    let kind = Int.random(in: 0..<6, using: &random)
    if x.rank == 2 {
      let image = x.reshaped(to: Shape([1, 1] + x.shape))
      guard y.count >= 9, x.shape[0] >= 2, x.shape[1] >= 2 else { return nil }
      let filter = y.flattened()[0..<9].reshaped(1, 1, 3, 3)
      switch kind {
      case 0, 1: return relu(conv2d(image, filter, padding: 1) + 0.1)[0, 0]
      case 2: return tanh(conv2d(image, filter, stride: 2, padding: 1))[0, 0]
      case 3: return maxPool2d(relu(image), size: 2)[0, 0] * 2
      case 4: return averagePool2d(image, size: 3, stride: 2, padding: 1)[0, 0]
      default: return relu(maxPool2d(conv2d(image, filter, padding: 1), size: 2))[0, 0]
      }
    }
    let (channels, length) = (x.shape[1], x.shape[2])
    guard y.count >= 3 * channels, length >= 2 else { return nil }
    let outputs = min(4, y.count / (3 * channels))
    let filter = y.flattened()[0..<(3 * channels * outputs)].reshaped(outputs, channels, 3)
    switch kind {
    case 0, 1: return sigmoid(conv1d(x, filter, bias: y.flattened()[0..<outputs], padding: 1))
    case 2: return conv1d(x, filter, padding: 1) * 0.5 + x.mean()
    case 3: return maxPool1d(x, size: 2) - 1
    case 4: return averagePool1d(tanh(x), size: 2)
    default: return conv1d(x * 2, filter, stride: 2, padding: 1)
    }
  }

  private func apply(
    _ kind: Int, _ x: Variable, _ y: Variable, _ random: inout SplitMix
  ) -> Variable? {
    let axis = x.rank > 0 ? Int.random(in: 0..<x.rank, using: &random) : 0
    let fits = x.shape.broadcast(with: y.shape).map { $0.elementCount <= limit } ?? false
    let hasSquare = x.rank >= 2 && x.count / x.shape[x.rank - 1] * x.shape[x.rank - 2] <= limit
    switch kind {
    case 0: return tanh(x)
    case 1: return sigmoid(x) * 2 - x
    case 2: return log(square(x) + 1)
    case 3: return relu(x)
    case 4: return sqrt(abs(x) + 0.25)
    case 5: return sin(x)
    case 6: return fits ? x + y : nil
    case 7: return fits ? x * y : nil
    case 8: return fits ? x / (square(y) + 1) : nil
    case 9: return fits ? select(x .> y, x, y * 0.5) : nil
    case 10: return fits ? maximum(x, y) : nil
    case 11: return x.rank >= 2 ? x.transposed() : nil
    case 12: return x.flattened()
    case 13: return x.rank > 0 && x.shape[axis] > 1 ? x.chunked(into: 2, axis: axis)[1] : nil
    case 14: return x.expanded(to: Shape([2] + x.shape))
    case 15: return x.rank > 0 ? x.flipped(axes: [axis]) : nil
    case 16: return x.rank > 0 ? x.sum(axis: axis, keepingAxes: true) : nil
    case 17: return x.rank > 0 ? x.max(axis: axis) : nil
    case 18: return hasSquare ? matmul(x, x.transposed()) : nil
    case 19: return x.rank > 0 ? softmax(x, axis: axis) : nil
    case 20: return x.rank > 0 ? x.cumulativeSum(axis: axis) : nil
    case 21: return x.rank > 0 ? concatenate([x, x * 0.5], axis: axis) : nil
    case 22: return x.rank > 0 ? indexSelect(x, at: Variable([0, 0] as [Int]), axis: axis) : nil
    case 23, 24, 25: return x.rank >= 2 ? layer(x, y, &random) : nil
    case 26: return hasSquare ? matmul(x, x, transposingSecond: true) : nil
    case 27, 28: return x.rank == 2 || x.rank == 3 ? spatial(x, y, &random) : nil
    default: return x.cast(to: .float64).cast(to: .float32) * 1 + x.detached()
    }
  }
}
