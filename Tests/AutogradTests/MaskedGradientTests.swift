import Autograd
import Testing

/// A function with a singularity that a selection discards: reverse mode meets 0 × ∞ there, and
/// most systems make NaN of it.
struct MaskedFunction: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let point: [Double]
  /// The first, second and third derivative of the sum of the results along (1, 1, …).
  let derivatives: [[Double]]
  /// The order from which on IEEE arithmetic gives NaN.
  var strictNaNFrom = 1
  let function: @Sendable (Variable) -> Variable

  init(
    _ name: String, at point: [Double], _ derivatives: [[Double]], strictNaNFrom: Int = 1,
    _ function: @escaping @Sendable (Variable) -> Variable
  ) {
    testDescription = name
    self.point = point
    self.derivatives = derivatives
    self.strictNaNFrom = strictNaNFrom
    self.function = function
  }

  func computedDerivatives() -> [[Double]] {
    let x = Variable(Tensor(point), requiresGradient: true)
    var y = function(x).sum()
    return (0..<3).map { _ in
      guard y.requiresGradient,
        let gradient = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
      else {
        y = Variable(Tensor(0.0))
        return point.map { _ in 0 }
      }
      y = gradient.sum()
      return gradient.value.doubles()
    }
  }
}

private let zeros: [[Double]] = [[0], [0], [0]]

private let maskedFunctions: [MaskedFunction] = [
  MaskedFunction("select(x > 0, √x, 0) at 0", at: [0], zeros) { select($0 .> 0, sqrt($0), 0) },
  MaskedFunction(
    "select(x > 0, √x, 0) at 0 and 4", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]
  ) { select($0 .> 0, sqrt($0), 0) },
  MaskedFunction("select(x < 1, x², √x) at 0", at: [0], [[0], [2], [0]]) {
    select($0 .< 1, square($0), sqrt($0))
  },
  MaskedFunction("norm at 0", at: [0, 0], [[0, 0], [0, 0], [0, 0]]) { norm($0) },
  MaskedFunction("norm of order 3 at 0", at: [0, 0], [[0, 0], [0, 0], [0, 0]]) {
    norm($0, order: 3)
  },
  MaskedFunction(
    "norm along rows, one of which is 0", at: [0, 0, 3, 4],
    [
      [0, 0, 0.6, 0.8], [0, 0, 0.032, -0.024], [0, 0, -0.01888, 0.01216],
    ]
  ) { norm($0.reshaped(2, 2), axis: 1) },
  MaskedFunction("maximum(√x, ε) at 0", at: [0], zeros) { maximum(sqrt($0), 0.1) },
  MaskedFunction("√maximum(x, ε) at 0", at: [0], zeros, strictNaNFrom: 4) {
    sqrt(maximum($0, 0.01))
  },
  MaskedFunction("minimum(1 / x, 3) at 0", at: [0], zeros) { minimum(1 / $0, 3) },
  MaskedFunction("clamp of 1 / x at 0", at: [0, 2], [[0, -0.25], [0, 0.25], [0, -0.375]]) {
    clamp(reciprocal($0), low: -10, high: 10)
  },
  MaskedFunction("select(x > 0, log x, 0) at 0", at: [0], zeros) { select($0 .> 0, log($0), 0) },
  MaskedFunction("x log x, 0 at 0", at: [0], zeros) { select($0 .> 0, $0 * log($0), 0) },
  MaskedFunction("xlogy(x, x + 1) at 0", at: [0], [[0], [2], [-3]], strictNaNFrom: 4) {
    xlogy($0, $0 + 1)
  },
  MaskedFunction("0^x at 2", at: [2], zeros, strictNaNFrom: 4) {
    pow(constant([0], []), $0)
  },
  MaskedFunction("x³ at 0", at: [0], [[0], [0], [6]], strictNaNFrom: 4) { pow($0, 3) },
  MaskedFunction("x⁰ at 0", at: [0], zeros, strictNaNFrom: 2) { pow($0, 0) },
  MaskedFunction(
    "2^x · x⁰ at 3", at: [3],
    [
      [5.545177444479562], [3.843624111345611], [2.6641972159114355],
    ], strictNaNFrom: 4
  ) { pow(2, $0) * pow($0, 0) },
  MaskedFunction("exp that overflows in the dead branch", at: [1000], [[1], [0], [0]]) {
    select($0 .< 80, exp($0), $0)
  },
  MaskedFunction("√x[1...] at 0", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]) {
    sqrt($0)[1...]
  },
  MaskedFunction("a slice in reverse of 1 / x", at: [1, 0], [[-1, 0], [2, 0], [-6, 0]]) {
    (1 / $0)[every(-1)][1...]
  },
  MaskedFunction("an element of log x", at: [0, 2], [[0, 0.5], [0, -0.25], [0, 0.25]]) {
    log($0)[1]
  },
  MaskedFunction("gather of √x", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]) {
    gather(sqrt($0), at: Variable([1] as [Int]), axis: 0)
  },
  MaskedFunction("the largest of √x", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]) {
    sqrt($0).max()
  },
  MaskedFunction(
    "the largest of the smallest of √x", at: [0, 4, 0, 0],
    [
      [0, 0.25, 0, 0], [0, -1 / 32, 0, 0], [0, 3 / 256, 0, 0],
    ]
  ) { sqrt($0).reshaped(2, 2).max(axis: 1).max() },
  MaskedFunction("topK of √x", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]) {
    sqrt($0).topK(1).values
  },
  MaskedFunction("maskedFilled √x", at: [0, 4], [[0, 0.25], [0, -1 / 32], [0, 3 / 256]]) {
    sqrt($0).maskedFilled($0 .== 0, with: 1)
  },
  MaskedFunction(
    "lowerTriangle of √x", at: [1, 0, 1, 1],
    [
      [0.5, 0, 0.5, 0.5], [-0.25, 0, -0.25, -0.25], [0.375, 0, 0.375, 0.375],
    ]
  ) { sqrt($0).reshaped(2, 2).lowerTriangle() },
  MaskedFunction(
    "transposed and summed before the selection", at: [0, 4],
    [
      [0, 0.25], [0, -1 / 32], [0, 3 / 256],
    ]
  ) { sqrt($0).reshaped(2, 1).transposed().sum(axis: 0)[1...] },
  MaskedFunction("relu(√x − 1) at 0", at: [0], zeros) { relu(sqrt($0) - 1) },
  MaskedFunction("standard deviation of equal numbers", at: [2, 2], [[0, 0], [0, 0], [0, 0]]) {
    $0.standardDeviation(axes: nil)
  },
  MaskedFunction("atan2 at the origin", at: [0], zeros, strictNaNFrom: 2) { atan2($0, $0) },
]

@Suite struct MaskedGradientTests {
  @Test(arguments: maskedFunctions)
  func discardedSingularitiesHaveZeroDerivatives(_ function: MaskedFunction) {
    for (order, pair) in zip(function.computedDerivatives(), function.derivatives).enumerated() {
      expectClose(pair.0, pair.1, 1e-13, "\(function.testDescription), order \(order + 1)")
    }
  }

  @Test(arguments: maskedFunctions)
  func strictGradientsFollowIEEE(_ function: MaskedFunction) {
    let derivatives = withStrictGradients { function.computedDerivatives() }
    for (order, elements) in derivatives.enumerated() {
      #expect(
        elements.contains(where: \.isNaN) == (order + 1 >= function.strictNaNFrom),
        "\(function.testDescription), order \(order + 1): \(elements)")
    }
  }

  /// A cotangent that happens to be 0 is no mask: at the minimum of ½(eˣ − 1)² the second
  /// derivative is 1.
  @Test func zeroCotangentsKeepTheirDerivatives() {
    let function = MaskedFunction("", at: [0], []) { 0.5 * square(exp($0) - 1) }
    #expect(function.computedDerivatives() == [[0], [1], [3]])
  }

  /// ∂²xʸ/∂x∂y at y = 0 is 1/x, and ∂²(x log y)/∂x∂y at x = 0 is 1/y, although ∂/∂x and ∂/∂y are 0
  /// there.
  @Test func mixedDerivativesWhereTheFirstIsZero() {
    let x = Variable(Tensor(2.0), requiresGradient: true)
    let zero = Variable(Tensor(0.0), requiresGradient: true)
    let power = gradient(of: pow(x, zero), withRespectTo: x, createGraph: true)
    #expect(power.item() == 0)
    #expect(gradient(of: power, withRespectTo: zero).item() == 0.5)
    let slope = gradient(of: xlogy(zero, x), withRespectTo: x, createGraph: true)
    #expect(slope.item() == 0)
    #expect(gradient(of: slope, withRespectTo: zero).item() == 0.5)
  }

  @Test func limitsAtInfinity() {
    let infinity = Variable(Tensor([-Double.infinity, .infinity]))
    #expect(silu(infinity).array(of: Double.self) == [0, .infinity])
    #expect(gelu(infinity).array(of: Double.self) == [0, .infinity])
    #expect(gelu(infinity, approximation: .tanh).array(of: Double.self) == [0, .infinity])
  }
}
