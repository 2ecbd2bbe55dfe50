import Kernels
import Testing

/// Values at zeros, infinities, NaN and the ends of the range: C99 Annex F, and limits where it is
/// silent.
@Suite struct ElementwiseEdgeTests {
  @Test func float32() { check(Float.self) }

  @Test func float64() { check(Double.self) }

  private func check<T: Real>(_ type: T.Type) {
    let inf = T.infinity
    let nan = T.nan
    let tiny = T.leastNonzeroMagnitude
    let huge = T.greatestFiniteMagnitude
    let cases: [(KUnary, [(x: T, y: T)])] = [
      (.negate, [(0, -0.0), (-0.0, 0), (inf, -inf), (nan, nan)]),
      (.absolute, [(-0.0, 0), (-inf, inf), (-tiny, tiny)]),
      (.sign, [(-3, -1), (tiny, 1), (0, 0), (inf, 1), (-inf, -1)]),
      (.square, [(-inf, inf), (huge, inf), (tiny, 0)]),
      (.floor, [(-0.5, -1), (2.5, 2), (-0.0, -0.0), (-inf, -inf), (huge, huge), (-tiny, -1)]),
      (.ceil, [(-0.5, -0.0), (2.5, 3), (-2.5, -2), (tiny, 1), (inf, inf)]),
      (.round, [(0.5, 0), (1.5, 2), (2.5, 2), (-2.5, -2), (-0.5, -0.0), (huge, huge), (inf, inf)]),
      (.truncate, [(-0.9, -0.0), (2.9, 2), (-2.9, -2), (-inf, -inf), (huge, huge)]),
      (.squareRoot, [(0, 0), (-0.0, -0.0), (inf, inf), (-1, nan)]),
      (.reciprocalSquareRoot, [(0, inf), (-0.0, -inf), (inf, 0), (-1, nan), (4, 0.5)]),
      (.reciprocal, [(0, inf), (-0.0, -inf), (inf, 0), (-inf, -0.0)]),
      (.exp, [(0, 1), (-0.0, 1), (inf, inf), (-inf, 0), (huge, inf), (-huge, 0), (tiny, 1)]),
      (.expm1, [(0, 0), (-0.0, -0.0), (inf, inf), (-inf, -1), (tiny, tiny), (-tiny, -tiny)]),
      (.log, [(1, 0), (0, -inf), (-0.0, -inf), (inf, inf), (-1, nan), (-inf, nan)]),
      (.log1p, [(0, 0), (-0.0, -0.0), (-1, -inf), (-2, nan), (inf, inf), (tiny, tiny)]),
      (.log2, [(1, 0), (0, -inf), (8, 3), (0.125, -3), (inf, inf), (-1, nan)]),
      (.log10, [(1, 0), (0, -inf), (inf, inf), (-1, nan), (1000, 3)]),
      (.sin, [(0, 0), (-0.0, -0.0), (inf, nan), (-inf, nan), (tiny, tiny), (-tiny, -tiny)]),
      (.cos, [(0, 1), (-0.0, 1), (inf, nan), (tiny, 1)]),
      (.tan, [(0, 0), (-0.0, -0.0), (inf, nan), (-tiny, -tiny)]),
      (.tanh, [(0, 0), (-0.0, -0.0), (inf, 1), (-inf, -1), (30, 1), (-30, -1), (tiny, tiny)]),
      (.sigmoid, [(0, 0.5), (inf, 1), (-inf, 0), (huge, 1), (-huge, 0)]),
      (.softplus, [(inf, inf), (-inf, 0), (huge, huge), (-huge, 0)]),
      (.relu, [(inf, inf), (-inf, 0), (-tiny, 0), (tiny, tiny)]),
      (.gelu, [(0, 0), (inf, inf), (-inf, -0.0), (huge, huge), (-huge, -0.0)]),
      (.geluDerivative, [(0, 0.5), (-0.0, 0.5), (inf, 1), (huge, 1), (-inf, -0.0), (-huge, -0.0)]),
      (.geluTanh, [(0, 0), (inf, inf), (-inf, -0.0), (huge, huge), (-huge, -0.0)]),
      (.silu, [(0, 0), (inf, inf), (-inf, -0.0), (huge, huge), (-huge, -0.0)]),
      (.erf, [(0, 0), (-0.0, -0.0), (inf, 1), (-inf, -1), (9, 1), (-9, -1), (huge, 1)]),
    ]
    for (op, values) in cases {
      for (x, expected) in values {
        let y = unary(op, [x])[0]
        #expect(identical(y, expected), "op \(op.rawValue) at \(x): \(y) is not \(expected)")
      }
      #expect(unary(op, [nan])[0].isNaN, "op \(op.rawValue) loses NaN")
    }
  }

  @Test func logarithmIsExactAtPowersOfTwo() {
    let floats = (-149...127).map { Float(sign: .plus, exponent: $0, significand: 1) }
    #expect(unary(.log2, floats) == (-149...127).map(Float.init))
    let doubles = (-1074...1023).map { Double(sign: .plus, exponent: $0, significand: 1) }
    #expect(unary(.log2, doubles) == (-1074...1023).map(Double.init))
  }

  @Test func exponentialReachesSubnormalsAndBothEnds() {
    let tiny = Float.leastNonzeroMagnitude
    let narrow = unary(.exp, [Float(-103), -104, 88.5, 89])
    #expect(narrow == [tiny, 0, 2.723088e38, .infinity])
    let ends = unary(.exp, [-745.0, -746, 709.5, 710])
    #expect(ends == [Double.leastNonzeroMagnitude, 0, 1.3549863193146328e308, .infinity])
    let tail = unary(.sigmoid, [Float(-100)])[0]
    #expect(tail > 0 && tail < Float.leastNormalMagnitude)
  }

  /// Angles beyond the reach of the vector reduction; the values are from 60-digit arithmetic.
  @Test func hugeAngles() {
    func near<T: Real>(_ y: T, _ exact: T) -> Bool { (y - exact).magnitude <= exact.ulp }
    #expect(near(unary(.sin, [1e22])[0], -0.8522008497671888))
    #expect(near(unary(.sin, [-1e22])[0], 0.8522008497671888))
    #expect(near(unary(.cos, [1e22])[0], 0.52321478539513894))
    #expect(near(unary(.tan, [1e22])[0], -1.6287782256068989))
    #expect(near(unary(.sin, [Float(1e30)])[0], -0.79116344))
  }

  @Test func integers() {
    #expect(unary(.negate, [Int32(5), .min]) == [-5, .min])
    #expect(unary(.absolute, [Int64(-5), .min, 7]) == [5, .min, 7])
    #expect(unary(.sign, [Int32(-5), 0, .max]) == [-1, 0, 1])
    #expect(unary(.sign, [UInt8(0), 200]) == [0, 1])
    #expect(unary(.square, [Int32(65536), -3]) == [0, 9])
    #expect(unary(.square, [UInt8(20), 3]) == [144, 9])
    #expect(unary(.negate, [UInt8(1), 0]) == [255, 0])
  }
}
