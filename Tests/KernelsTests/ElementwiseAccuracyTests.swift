#if arch(x86_64)
  import Kernels
  import Testing

  /// Bounds in units in the last place, for float32 and float64.
  private struct Bound: Sendable {
    var op: KUnary
    var name: String
    var float32: Float80
    var float64: Float80
    var reference: @Sendable (Float80) -> Float80
    /// What the bound grows by, per argument.
    var extra: @Sendable (Float80) -> Float80 = { _ in 0 }
  }

  private let bounds = [
    Bound(op: .squareRoot, name: "sqrt", float32: 0.5, float64: 0.5, reference: Reference.sqrt),
    Bound(op: .reciprocal, name: "1/x", float32: 0.5, float64: 0.5, reference: { 1 / $0 }),
    Bound(
      op: .reciprocalSquareRoot, name: "rsqrt", float32: 1.01, float64: 1.01,
      reference: { 1 / Reference.sqrt($0) }),
    Bound(op: .exp, name: "exp", float32: 1, float64: 1.1, reference: Reference.exp),
    Bound(op: .expm1, name: "expm1", float32: 1.6, float64: 2, reference: Reference.expm1),
    Bound(op: .log, name: "log", float32: 1, float64: 1, reference: Reference.log),
    Bound(op: .log1p, name: "log1p", float32: 1.5, float64: 1.5, reference: Reference.log1p),
    Bound(op: .log2, name: "log2", float32: 2, float64: 2, reference: Reference.log2),
    Bound(op: .log10, name: "log10", float32: 2, float64: 2, reference: Reference.log10),
    Bound(op: .sin, name: "sin", float32: 1, float64: 1, reference: Reference.sin),
    Bound(op: .cos, name: "cos", float32: 1, float64: 1, reference: Reference.cos),
    Bound(op: .tan, name: "tan", float32: 2.3, float64: 2.3, reference: Reference.tan),
    Bound(op: .tanh, name: "tanh", float32: 2.4, float64: 2.6, reference: Reference.tanh),
    Bound(op: .sigmoid, name: "sigmoid", float32: 2.4, float64: 2.4, reference: Reference.sigmoid),
    Bound(
      op: .softplus, name: "softplus", float32: 2, float64: 2, reference: Reference.softplus),
    Bound(
      op: .silu, name: "silu", float32: 2.5, float64: 2.6,
      reference: { $0 * Reference.sigmoid($0) }),
    Bound(op: .erf, name: "erf", float32: 1.6, float64: 2, reference: Reference.erf),
    Bound(
      op: .gelu, name: "gelu", float32: 5, float64: 6,
      reference: { 0.5 * $0 * Reference.erfc(-$0 * Float80(0.5).squareRoot()) }),
    // It vanishes near −0.75, where its two terms cancel.
    Bound(
      op: .geluDerivative, name: "gelu derivative", float32: 4, float64: 5,
      reference: { Reference.geluTerms($0).tail + Reference.geluTerms($0).slope },
      extra: { x in
        let (tail, slope) = Reference.geluTerms(x)
        let sum = abs(tail + slope)
        return sum == 0 ? 0 : 4 * (tail + abs(slope)) / sum
      }),
    // The exponent v of exp(v) is rounded before it is used, which costs |v| times its relative error.
    Bound(
      op: .geluTanh, name: "gelu (tanh)", float32: 4, float64: 4,
      reference: { $0 * Reference.sigmoid(Reference.geluExponent($0)) },
      extra: { 4 * min(abs(Reference.geluExponent($0)), 800) }),
  ]

  extension GlobalStateTests {
    @Suite struct ElementwiseAccuracyTests {
      @Test func float32() { check(Float.self, \.float32) }

      @Test func float64() { check(Double.self, \.float64) }

      private func check<T: Real>(_ type: T.Type, _ limit: KeyPath<Bound, Float80>) {
        let x = points(T.self)
        var table = "\(T.self): largest error in ulp by instruction set, and where\n"
        for bound in bounds {
          let exact = x.map { bound.reference(Float80($0)) }
          var measured: [UInt64] = []
          table += "  \(bound.name):"
          forEachInstructionSet { set in
            let y = unary(bound.op, x)
            let worst = Self.worst(y, exact, x, skipping: measured, bound.extra)
            let same = measured == y.map(\.bits)
            measured = y.map(\.bits)
            table += same ? " same bits;" : " \(Float(worst.error)) at \(worst.x);"
            #expect(worst.error <= bound[keyPath: limit], "\(bound.name)(\(worst.x)) on \(set)")
          }
          table += "\n"
        }
        print(table)
      }

      /// Elements with the bits of the set before need no second look.
      private static func worst<T: Real>(
        _ y: [T], _ exact: [Float80], _ x: [T], skipping known: [UInt64],
        _ extra: (Float80) -> Float80
      ) -> (error: Float80, x: T) {
        var worst = (error: Float80(0), x: T.zero)
        for i in y.indices where known.isEmpty || y[i].bits != known[i] {
          let error = ulps(y[i], exact[i]) - extra(Float80(x[i]))
          if error > worst.error { worst = (error, x[i]) }
        }
        return worst
      }
    }
  }

  /// |y - exact| in units in the last place of `exact` rounded; infinite where only one is not finite.
  func ulps<T: Real>(_ y: T, _ exact: Float80) -> Float80 {
    let rounded = T(exact)
    if identical(y, rounded) { return 0 }
    if y.isNaN || rounded.isNaN { return .infinity }
    // An overflow is right within an ulp of the largest number.
    if y.isInfinite || rounded.isInfinite {
      let largest = Float80(T.greatestFiniteMagnitude)
      let finite = y.isInfinite ? exact : Float80(y)
      return (y < 0) == (exact < 0) && finite.magnitude >= largest * (1 - Float80(T.ulpOfOne))
        ? 1 : .infinity
    }
    return (Float80(y) - exact).magnitude / Float80(rounded.ulp)
  }

  /// 160,000 arguments: all exponents, both signs, and the ranges where functions bend.
  private func points<T: Real>(_ type: T.Type) -> [T] {
    var random = SplitMix(state: 20)
    let widths: [T] = [0.01, 1, 3, 10, 50, 100, 800]
    return (0..<160_000).map { i in
      switch i % 4 {
      case 0: return T(bits: random.next())
      case 1: return T.random(in: -1...1, using: &random) * widths[(i / 4) % widths.count]
      case 2:
        // Next to multiples of a quarter turn, where sine or cosine nearly vanish.
        return T(Float80.pi / 2 * Float80(Int.random(in: -600_000...600_000, using: &random)))
      default:
        // Near 1, or a magnitude between 2^-60 and 2^20.
        if i % 8 == 3 { return 1 + T.random(in: -0.05...0.05, using: &random) }
        let exponent = T.Exponent(Int.random(in: -60...19, using: &random))
        let sign: FloatingPointSign = random.next() & 1 == 0 ? .plus : .minus
        return T(sign: sign, exponent: exponent, significand: T.random(in: 1..<2, using: &random))
      }
    }
  }
#endif
