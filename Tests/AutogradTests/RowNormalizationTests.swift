import Kernels
import Testing

@testable import Autograd

/// Layer norm and RMS norm against compositions of means and products.
@Suite(.serialized) struct RowNormalizationTests {
  private func random(_ shape: Shape, _ seed: UInt64, _ dtype: DType = .float64) -> Variable {
    var generator = RandomGenerator(seed: seed)
    return Variable(
      Tensor.normal(shape, dtype: dtype, using: &generator), requiresGradient: true)
  }

  private func composed(
    _ x: Variable, _ weight: Variable?, _ bias: Variable?, isCentered: Bool
  ) -> Variable {
    let deviation = isCentered ? x - x.mean(axis: -1, keepingAxes: true) : x
    let variance = square(deviation).mean(axis: -1, keepingAxes: true)
    var y = deviation * rsqrt(variance + Variable(1e-5))
    if let weight { y = y * weight }
    if let bias { y = y + bias }
    return y
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
    return [y] + first + gradients(of: slope, withRespectTo: x).map { $0 ?? Variable(0) }
  }

  /// Rows and their sizes: parts of vectors, whole blocks of sums and more, several chunks of rows.
  @Test(arguments: [
    [1, 1], [3, 2], [2, 31], [33, 32], [70, 33], [5, 100], [2, 257], [3, 512], [2, 1030],
  ]) func agreesWithTheComposition(_ sizes: [Int]) {
    let x = random(Shape(sizes), 1)
    let (weight, bias) = (random([sizes[1]], 2), random([sizes[1]], 3))
    for isCentered in [true, false] {
      for count in 1...3 {
        let inputs = Array([x, weight, bias].prefix(isCentered ? count : Swift.min(count, 2)))
        let all = derivatives(inputs) { x in
          isCentered
            ? layerNorm(
              x[0], weight: x.count > 1 ? x[1] : nil, bias: x.count > 2 ? x[2] : nil)
            : rmsNorm(x[0], weight: x.count > 1 ? x[1] : nil, epsilon: 1e-5)
        }
        let expected = derivatives(inputs) { x in
          composed(
            x[0], x.count > 1 ? x[1] : nil, x.count > 2 ? x[2] : nil, isCentered: isCentered)
        }
        for (index, (a, b)) in zip(all, expected).enumerated() {
          let scale = Swift.max(1, abs(b).max().item())
          #expect(abs(a - b).max().item() <= 1e-11 * scale, "\(count) inputs, result \(index)")
        }
      }
    }
  }

  @Test func biasWithoutWeight() {
    let (x, bias) = (random([3, 5], 1), random([5], 2))
    let y = layerNorm(x, bias: bias)
    let all = gradients(of: (y * random([3, 5], 3).detached()).sum(), withRespectTo: [x, bias])
    expectClose(
      all[1]!.value.doubles(), random([3, 5], 3).sum(axis: 0).value.doubles(), 1e-14)
    #expect(all[0]!.shape == [3, 5])
  }

  @Test func stridedRows() {
    let x = random([6, 4], 1)
    let y = layerNorm(x.transposed(), weight: random([12], 2)[every(2)])
    let z = layerNorm(x.transposed().copied(), weight: random([12], 2)[every(2)].copied())
    #expect(y.value.doubles() == z.value.doubles())
  }

  @Test func sameBitsOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      let tests = RowNormalizationTests()
      let (x, weight, bias) = (
        tests.random([700, 130], 1, .float32), tests.random([130], 2, .float32),
        tests.random([130], 3, .float32)
      )
      requireSameBitsOnAnyNumberOfThreads {
        let y = layerNorm(x, weight: weight, bias: bias)
        let all = gradients(of: (y * y).sum(), withRespectTo: [x, weight, bias])
        return ([y] + all.map { $0! }).map { $0.array(of: Float.self).map(\.bitPattern) }
      }
    }
  }

  @Test func extremes() {
    let rows = layerNorm(
      constant([.nan, 0, 1, .infinity, 0, 1, 1e-300, -1e-300, 0, 1e8, 1e8 + 1, 1e8 + 2], [4, 3]))
    let y = rows.value.doubles()
    let areNaN = y[0..<6].allSatisfy { $0.isNaN }
    let areTiny = y[6..<9].allSatisfy { Swift.abs($0) < 1e-290 }
    #expect(areNaN && areTiny)
    expectClose(Array(y[9...]), [-1.224735686, 0, 1.224735686], 1e-8)
    #expect(layerNorm(Variable(Tensor.zeros([0, 3]))).shape == [0, 3])
    #expect(layerNorm(Variable(Tensor.zeros([3, 0]))).shape == [3, 0])
    let empty = Variable(Tensor.zeros([0, 3]), requiresGradient: true)
    let weight = Variable(Tensor.ones([3]), requiresGradient: true)
    let slope = gradient(of: layerNorm(empty, weight: weight).sum(), withRespectTo: weight)
    #expect(slope.array(of: Float.self) == [0, 0, 0])
  }
}
