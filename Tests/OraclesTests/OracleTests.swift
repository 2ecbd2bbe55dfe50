// The drivers, error measures and samples.
import Oracles
import Testing

/// x²y + sin y, elementwise.
private struct Polynomial: NaiveFunction {
  func callAsFunction<S: RealScalar>(_ inputs: [NaiveArray<S>]) -> NaiveArray<S> {
    let (x, y) = (inputs[0], inputs[1])
    return x * x * y + y.map(S.sin)
  }
}

/// Σ xᵢ³ / 6 + x₀x₁.
private struct Cubic: NaiveFunction {
  func callAsFunction<S: RealScalar>(_ inputs: [NaiveArray<S>]) -> NaiveArray<S> {
    let x = inputs[0]
    let sixth: S = 1 / 6
    return (x * x * x * sixth).sum() + x.select(0, axis: 0) * x.select(1, axis: 0)
  }
}

struct OracleTests {
  private let x = WideArray([1, 2])
  private let y = WideArray(repeating: 0, shape: [2])

  @Test func firstDerivatives() {
    let (value, tangent) = Oracle.jvp(
      Polynomial(), at: [x, y], direction: [WideArray([1, 1]), WideArray([1, 0])])
    #expect(value.elements == [0, 0])
    #expect(tangent.elements == [2, 0])
    let products = Oracle.gradient(Polynomial(), at: [x, y], cotangent: WideArray([3, -1]))
    #expect(products[0].elements == [0, 0])
    #expect(products[1].elements == [6, -5])
    let jacobian = Oracle.jacobian(Polynomial(), at: [x, y])
    #expect(jacobian[1].shape == [2, 2] && jacobian[1].elements == [2, 0, 0, 5])
  }

  @Test func secondDerivatives() {
    let point = WideArray([2, 3, 5])
    let u = WideArray([1, -1, 2])
    let product = Oracle.hessianVectorProduct(Cubic(), at: [point], direction: [u])
    let expected = WideArray([1, -2, 10])
    #expect(scaledError(product[0], expected) <= 4 * WideFloat.ulpOfOne)
    let bend = Oracle.secondDirectional(Cubic(), at: [point], direction: [u])
    #expect(scaledError(bend, WideArray(scalar: 23)) <= 4 * WideFloat.ulpOfOne)
  }

  @Test func adjointErrorSeesSmallFaults() {
    var random = SplitMix64(seed: 1)
    let x = random.array([500])
    let u = random.array([500])
    let v = random.array([500])
    let exact = x.map { 1 - WideFloat.square(WideFloat.tanh($0)) }
    let forward = exact * u
    let right = exact * v
    #expect(adjointError(cotangent: v, tangent: forward, products: [right], direction: [u]) < 1e-15)
    let wrong = right * (1 + 1e-6)
    #expect(adjointError(cotangent: v, tangent: forward, products: [wrong], direction: [u]) > 1e-9)
    let narrow = right.sum()
    #expect(
      adjointError(cotangent: v, tangent: forward, products: [narrow], direction: [u]) == .infinity)
  }

  @Test func unitsInTheLastPlace() {
    #expect(ulpDistance(1.0, 1.0 + 0x1p-52) == 1)
    #expect(ulpDistance(Float(-0.0), 0) == 0)
    #expect(ulpDistance(-Float.leastNonzeroMagnitude, .leastNonzeroMagnitude) == 2)
    #expect(ulpDistance(Float.greatestFiniteMagnitude, .infinity) == 1)
    #expect(ulpDistance(Double.nan, .nan) == 0 && ulpDistance(Double.nan, 1) == .max)
    #expect(ulpDistance(-Double.infinity, .infinity) == 0xffe0_0000_0000_0000)
    #expect(ulpError(Float(1), exact: 1 + 0x1p-24) == 0.5)
    #expect(ulpError(Float.infinity, exact: 1e39) == 0)
    #expect(ulpError(Float.infinity, exact: 1) == .infinity)
    #expect(ulpError(Float(0), exact: 0x1p-150) == 0.5)
    #expect(ulpError(Double.nan, exact: .nan) == 0)
  }

  @Test func scaledErrors() {
    let e = WideArray([1, -4, .nan, .infinity])
    #expect(scaledError(e, e) == 0)
    #expect(scaledError(WideArray([1.5, -4, .nan, .infinity]), e) == 0.125)
    #expect(scaledError(WideArray([1, -4, 0, .infinity]), e) == .infinity)
    #expect(scaledError(WideArray([1, -4, .nan, -.infinity]), e) == .infinity)
    #expect(scaledError(WideArray([1]), WideArray([1, 1])) == .infinity)
    #expect(scaledError(WideArray([0.5]), WideArray([0]), scale: 2) == 0.25)
  }

  @Test func splitMixSequence() {
    // The published first outputs for seed 1234567.
    var random = SplitMix64(seed: 1_234_567)
    let first = (0..<3).map { _ in random.next() }
    #expect(
      first == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test(arguments: SampleDomain.allCases)
  func samplesLieInTheirDomain(_ domain: SampleDomain) {
    var random = SplitMix64(seed: 7)
    let sample = random.array([10, 20], domain)
    let isInside: (WideFloat) -> Bool =
      switch domain {
      case .any: { WideFloat.abs($0) <= 3 }
      case .positive: { $0 > 0.09 && $0 <= 3 }
      case .notSmall: { WideFloat.abs($0) >= 0.5 && WideFloat.abs($0) <= 3 }
      case .unit: { $0 > 0 && $0 < 1 }
      case .withTies: { [-1, -0.5, 0, 0.5, 1].contains($0) }
      case .integers: { $0 == WideFloat.round($0) && WideFloat.abs($0) <= 4 }
      case .distinct: { WideFloat.abs($0) <= 25 }
      }
    #expect(sample.elements.allSatisfy(isInside))
    #expect(sample.elements.allSatisfy { WideFloat(Float($0)) == $0 })
    let isVaried = domain == .distinct ? 200 : 5
    #expect(Set(sample.elements).count >= isVaried)
    var again = SplitMix64(seed: 7)
    #expect(again.array([10, 20], domain).elements == sample.elements)
  }
}
