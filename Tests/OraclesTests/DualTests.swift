// Dual numbers against closed forms, in first, second and third order.
import Oracles
import Testing

private typealias Wide = WideFloat
private typealias Dual1 = Dual<WideFloat>
private typealias Dual2 = Dual<Dual1>
private typealias Dual3 = Dual<Dual2>

/// The first three derivatives of a function at x.
private func derivatives(_ f: (Dual3) -> Dual3, at x: WideFloat) -> [WideFloat] {
  let y = f(Dual3(Dual2(Dual1(x, 1), 1), 1))
  return [y.tangent.value.value, y.tangent.tangent.value, y.tangent.tangent.tangent]
}

private func isClose(_ a: WideFloat, _ b: WideFloat, _ tolerance: WideFloat = 16) -> Bool {
  WideFloat.abs(a - b) <= tolerance * WideFloat.ulpOfOne * max(1, WideFloat.abs(b))
}

/// A function of one number with the closed forms of its first three derivatives.
private struct ClosedForm: CustomTestStringConvertible {
  let testDescription: String
  let function: @Sendable (Dual3) -> Dual3
  let derivatives: @Sendable (WideFloat) -> [WideFloat]

  init(
    _ name: String, _ function: @escaping @Sendable (Dual3) -> Dual3,
    _ derivatives: @escaping @Sendable (WideFloat) -> [WideFloat]
  ) {
    testDescription = name
    self.function = function
    self.derivatives = derivatives
  }
}

private func powerRule(_ c: WideFloat, _ p: WideFloat, _ x: WideFloat) -> [WideFloat] {
  let first = c * p * Wide.pow(x, p - 1)
  let second = first * (p - 1) / x
  return [first, second, second * (p - 2) / x]
}

/// c/x, −c/x², 2c/x³: the derivatives of c·log x.
private func logarithmRule(_ c: WideFloat, _ x: WideFloat) -> [WideFloat] {
  [c / x, -c / (x * x), 2 * c / (x * x * x)]
}

private let closedForms: [ClosedForm] = [
  ClosedForm("sqrt", Dual3.sqrt) { powerRule(1, 0.5, $0) },
  ClosedForm("pow 2.5", { Dual3.pow($0, 2.5) }) { powerRule(1, 2.5, $0) },
  ClosedForm("reciprocal", Dual3.reciprocal) { powerRule(1, -1, $0) },
  ClosedForm("rsqrt", Dual3.rsqrt) { powerRule(1, -0.5, $0) },
  ClosedForm("square", Dual3.square) { powerRule(1, 2, $0) },
  ClosedForm("exp", Dual3.exp) { x in Array(repeating: Wide.exp(x), count: 3) },
  ClosedForm("expm1", Dual3.expm1) { x in Array(repeating: Wide.exp(x), count: 3) },
  ClosedForm("2^x", { Dual3.pow(2, $0) }) { x in
    let c = Wide.log(2)
    return [c, c * c, c * c * c].map { $0 * Wide.pow(2, x) }
  },
  ClosedForm("log", Dual3.log) { logarithmRule(1, $0) },
  ClosedForm("log1p", Dual3.log1p) { logarithmRule(1, 1 + $0) },
  ClosedForm("log2", Dual3.log2) { logarithmRule(1 / Wide.log(2), $0) },
  ClosedForm("log10", Dual3.log10) { logarithmRule(1 / Wide.log(10), $0) },
  ClosedForm("sin", Dual3.sin) { [Wide.cos($0), -Wide.sin($0), -Wide.cos($0)] },
  ClosedForm("cos", Dual3.cos) { [-Wide.sin($0), -Wide.cos($0), Wide.sin($0)] },
  ClosedForm("tan", Dual3.tan) { x in
    let (t, s) = (Wide.tan(x), 1 / Wide.square(Wide.cos(x)))
    return [s, 2 * t * s, 2 * s * (s + 2 * t * t)]
  },
  ClosedForm("sinh", Dual3.sinh) { [Wide.cosh($0), Wide.sinh($0), Wide.cosh($0)] },
  ClosedForm("cosh", Dual3.cosh) { [Wide.sinh($0), Wide.cosh($0), Wide.sinh($0)] },
  ClosedForm("tanh", Dual3.tanh) { x in
    let (t, s) = (Wide.tanh(x), 1 / Wide.square(Wide.cosh(x)))
    return [s, -2 * t * s, s * (6 * t * t - 2)]
  },
  ClosedForm("sigmoid", Dual3.sigmoid) { x in
    let y = Wide.sigmoid(x)
    let slope = y * (1 - y)
    return [slope, slope * (1 - 2 * y), slope * (1 - 6 * slope)]
  },
  ClosedForm("atan", Dual3.atan) { x in
    let d = 1 / (1 + x * x)
    return [d, -2 * x * d * d, (6 * x * x - 2) * d * d * d]
  },
  ClosedForm("asin", Dual3.asin) { x in
    let d = 1 / Wide.sqrt(1 - x * x)
    return [d, x * d * d * d, (1 + 2 * x * x) * Wide.pow(d, 5)]
  },
  ClosedForm("acos", Dual3.acos) { x in
    let d = 1 / Wide.sqrt(1 - x * x)
    return [-d, -x * d * d * d, -(1 + 2 * x * x) * Wide.pow(d, 5)]
  },
  ClosedForm("asinh", Dual3.asinh) { x in
    let d = 1 / Wide.sqrt(1 + x * x)
    return [d, -x * d * d * d, (2 * x * x - 1) * Wide.pow(d, 5)]
  },
  ClosedForm("acosh(1 + x)", { Dual3.acosh(1 + $0) }) { x in
    let z = 1 + x
    let d = 1 / Wide.sqrt(z * z - 1)
    return [d, -z * d * d * d, (2 * z * z + 1) * Wide.pow(d, 5)]
  },
  ClosedForm("atanh", Dual3.atanh) { x in
    let d = 1 / (1 - x * x)
    return [d, 2 * x * d * d, (6 * x * x + 2) * d * d * d]
  },
  ClosedForm("erf", Dual3.erf) { x in
    let d = 2 / WideFloat.pi.squareRoot() * Wide.exp(-x * x)
    return [d, -2 * x * d, (4 * x * x - 2) * d]
  },
  ClosedForm("erfc", Dual3.erfc) { x in
    let d = -2 / WideFloat.pi.squareRoot() * Wide.exp(-x * x)
    return [d, -2 * x * d, (4 * x * x - 2) * d]
  },
  ClosedForm("atan2(x, 2)", { Dual3.atan2($0, 2) }) { x in
    let d = 1 / (4 + x * x)
    return [2 * d, -4 * x * d * d, (12 * x * x - 16) * d * d * d]
  },
  ClosedForm("gelu", Dual3.gelu) { x in
    let density = Wide.exp(-x * x / 2) / Wide.sqrt(2 * WideFloat.pi)
    let tail = Wide.erfc(-x / Wide.sqrt(2)) / 2
    return [tail + x * density, (2 - x * x) * density, (x * x - 4) * x * density]
  },
]

struct DualTests {
  @Test(arguments: closedForms)
  private func agreesWithClosedForm(_ form: ClosedForm) {
    for x: WideFloat in [0.0625, 0.3125, 0.5, 0.71875, 0.9375] {
      for (actual, expected) in zip(derivatives(form.function, at: x), form.derivatives(x)) {
        #expect(isClose(actual, expected, 64), "at \(x)")
      }
    }
  }

  @Test func squareRootOfAProductByHand() {
    // f = √(xy) at (4, 9), along (1, 0): f = 6, f′ = y/(2f) = 3/4, f″ = −y²/(4f³) = −3/32.
    let x = Dual2(Dual1(4, 1), 1)
    let y = Dual2.sqrt(x * 9)
    #expect(y.value.value == 6)
    #expect(y.value.tangent == 0.75 && y.tangent.value == 0.75)
    #expect(y.tangent.tangent == -0.09375)
  }

  @Test func mixedSecondDerivative() {
    // ∂²/∂x∂y of x³y² = 6x²y: 6·4·3 at (2, 3).
    let x = Dual2(Dual1(2, 1), 0)
    let y = Dual2(3, Dual1(1, 0))
    #expect((x * x * x * y * y).tangent.tangent == 72)
  }

  @Test func hessianAtAStationaryPoint() {
    // 0.5(exp x − 1)² has slope 0 and curvature 1 at 0.
    let result = derivatives({ 0.5 * Dual3.square(Dual3.expm1($0)) }, at: 0)
    #expect(result == [0, 1, 3])
  }

  @Test func tanhKeepsItsSlopeFarOut() {
    let slope = derivatives(Dual3.tanh, at: 20)[0]
    let expected = 1 / Wide.square(Wide.cosh(20))
    #expect(isClose(slope / expected, 1))
    #expect(derivatives(Dual3.tanh, at: 0) == [1, 0, -2])
    #expect(derivatives(Dual3.tanh, at: .infinity)[0] == 0)
  }

  @Test func comparesByValue() {
    #expect(Dual1(1, 5) == Dual1(1, 7))
    #expect(Dual1(1, 5) < Dual1(2, 0))
    #expect(Dual1(0, 1).isIdenticallyZero == false)
    #expect(Dual1(0, 0).isIdenticallyZero)
  }
}
