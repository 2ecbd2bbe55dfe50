import Kernels
import Testing

@testable import Autograd

/// Batch norm and group norm in one pass against compositions of means and products.
@Suite(.serialized) struct ChannelNormalizationTests {
  private func random(_ shape: Shape, _ seed: UInt64, _ dtype: DType = .float64) -> Variable {
    var generator = RandomGenerator(seed: seed)
    return Variable(
      Tensor.normal(shape, dtype: dtype, using: &generator), requiresGradient: true)
  }

  /// x as [batch, groups, channels of a group, length], or [batch, channels, length] for batch norm.
  private func composed(_ x: [Variable], groups: Int) -> Variable {
    let (batch, channels) = (x[0].shape[0], x[0].shape[1])
    let grouped =
      groups == 0
      ? x[0].reshaped(batch, channels, -1) : x[0].reshaped(batch, groups, channels / groups, -1)
    let axes = groups == 0 ? [0, 2] : [2, 3]
    let deviation = grouped - grouped.mean(axes: axes, keepingAxes: true)
    let variance = square(deviation).mean(axes: axes, keepingAxes: true)
    var y = (deviation * rsqrt(variance + 1e-5)).reshaped(batch, channels, -1)
    if x.count > 1 { y = y * x[1].unsqueezed(axis: 1) }
    if x.count > 2 { y = y + x[2].unsqueezed(axis: 1) }
    return y.reshaped(to: x[0].shape)
  }

  private func fused(_ x: [Variable], groups: Int) -> Variable {
    let weight = x.count > 1 ? x[1] : nil
    let bias = x.count > 2 ? x[2] : nil
    return groups == 0
      ? batchNorm(x[0], weight: weight, bias: bias).output
      : groupNorm(x[0], groups: groups, weight: weight, bias: bias)
  }

  /// The value, the first and the second derivatives of a weighted sum.
  private func derivatives(_ x: [Variable], _ f: ([Variable]) -> Variable) -> [Variable] {
    let y = f(x)
    let first = gradients(
      of: (y * random(y.shape, 7, y.dtype).detached()).sum(), withRespectTo: x, createGraph: true
    ).map { $0! }
    let slope = first.reduce(Variable(0)) { sum, g in
      sum + (g * random(g.shape, 8, g.dtype).detached()).sum()
    }
    return [y] + first + gradients(of: slope, withRespectTo: x).compactMap { $0 }
  }

  @Test(
    arguments: [[1, 4, 16], [3, 4, 17], [2, 6, 5, 7], [5, 2, 33, 20], [2, 4, 520]], [0, 1, 2, -1])
  func agreesWithTheComposition(_ sizes: [Int], _ groups: Int) {
    let groups = groups < 0 ? sizes[1] : groups
    let x = [random(Shape(sizes), 1), random([sizes[1]], 2), random([sizes[1]], 3)]
    for count in 1...3 {
      let inputs = Array(x.prefix(count))
      #expect(channelNorm(x[0], groups: groups, weight: nil, bias: nil, epsilon: 1) != nil)
      let all = derivatives(inputs) { fused($0, groups: groups) }
      let expected = derivatives(inputs) { composed($0, groups: groups) }
      #expect(all.count == expected.count)
      for (index, (a, b)) in zip(all, expected).enumerated() {
        let scale = Swift.max(1, abs(b).max().item())
        #expect(abs(a - b).max().item() <= 1e-11 * scale, "\(count) inputs, result \(index)")
      }
    }
  }

  @Test func statisticsAndTheirDerivatives() {
    let x = random([3, 2, 20], 1)
    let result = batchNorm(x)
    let (mean, variance) = (x.mean(axes: [0, 2]), x.variance(axes: [0, 2], correction: 0))
    expectClose(result.mean.value.doubles(), mean.value.doubles(), 1e-14)
    expectClose(result.variance.value.doubles(), variance.value.doubles(), 1e-14)
    func slopes(_ mean: Variable, _ variance: Variable) -> [Double] {
      let sum = (square(mean) * constant([1, 2]) + mean * variance).sum()
      let first = gradient(of: sum, withRespectTo: x, createGraph: true)
      let second = gradient(of: square(first).sum(), withRespectTo: x)
      return first.value.doubles() + second.value.doubles()
    }
    expectClose(slopes(result.mean, result.variance), slopes(mean, variance), 1e-12)
  }

  @Test func compiledBitsAreTheSame() {
    let x = [random([4, 6, 40], 1), random([6], 2), random([6], 3)]
    for groups in [0, 3] {
      func results(_ x: [Variable]) -> [Variable] {
        let y = fused(x, groups: groups)
        return [y] + gradients(of: (y * y * y).sum(), withRespectTo: x).map { $0! }
      }
      let step = compile { (a: Variable, b: Variable, c: Variable) in results([a, b, c]) }
      let eager = results(x).map { $0.array(of: Double.self) }
      for _ in 0..<2 {
        #expect(step(x[0], x[1], x[2]).map { $0.array(of: Double.self) } == eager)
      }
    }
  }

  @Test func sameBitsOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      let tests = ChannelNormalizationTests()
      let x = [tests.random([8, 12, 30, 31], 1, .float32), tests.random([12], 2, .float32)]
      for groups in [0, 4] {
        requireSameBitsOnAnyNumberOfThreads {
          let y = tests.fused(x, groups: groups)
          let all = gradients(of: (y * y * y).sum(), withRespectTo: x)
          return ([y] + all.map { $0! }).map { $0.array(of: Float.self).map(\.bitPattern) }
        }
      }
    }
  }

  @Test func aChannelWithNaNSpoilsNoOther() {
    var values = [Double](repeating: 1, count: 64)
    values[3] = .nan
    values[40] = 2
    let y = batchNorm(constant(values, [2, 2, 16])).output.value.doubles()
    #expect(y[0].isNaN && y[33].isNaN)
    #expect(y[16].isFinite && y[63].isFinite)
  }
}
