import Kernels
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@Suite struct BinaryTests {
  private static let special: [Double] = [
    0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 2.5, -2.5, 1e30, -1e30, .infinity, -.infinity, .nan,
    1e-40, -1e-40,
  ]

  /// C99's special cases (F.9.4.4), which libm has.
  @Test func powerOfSpecialValues() {
    for a in Self.special {
      for b in Self.special {
        let expected = pow(a, b)
        #expect(identical(binary(.power, [a], [b])[0], expected), "\(a) ^ \(b)")
        let narrow = Float(pow(Double(Float(a)), Double(Float(b))))
        #expect(identical(binary(.power, [Float(a)], [Float(b)])[0], narrow), "\(a) ^ \(b)")
      }
    }
  }

  #if arch(x86_64)
    @Test func powerIsAccurate() {
      var random = SplitMix(state: 30)
      let a = (0..<20_000).map { _ in Float.random(in: 0...20, using: &random) }
      let b = (0..<20_000).map { _ in Float.random(in: -30...30, using: &random) }
      let y = binary(.power, a, b)
      for i in y.indices {
        #expect(ulps(y[i], Reference.pow(Float80(a[i]), Float80(b[i]))) <= 0.51)
      }
    }

    /// Where the sum does not cancel; near a zero of the result, the error is that of its two
    /// parts.
    @Test func logAddExpIsAccurate() {
      var random = SplitMix(state: 31)
      let a = (0..<20_000).map { _ in Double.random(in: -700...700, using: &random) }
      let b = a.map { $0 + Double.random(in: -5...5, using: &random) }
      let y = binary(.logAddExp, a, b)
      for i in y.indices {
        let (low, high) = (Float80(min(a[i], b[i])), Float80(max(a[i], b[i])))
        let exact = high + Reference.log1p(Reference.exp(low - high))
        let error = (Float80(y[i]) - exact).magnitude
        #expect(error <= 4 * Float80(max(high.magnitude, 1)) * 0x1p-53)
      }
    }
  #endif

  @Test func logAddExpAtTheEnds() {
    let inf = Float.infinity
    let y = binary(.logAddExp, [-inf, inf, 3, -inf, inf, .nan], [-inf, 1, -inf, 2, -inf, 1])
    #expect(identical(y, [-inf, inf, 3, 2, inf, .nan]))
    #expect(binary(.logAddExp, [1], [Float.nan])[0].isNaN)
  }

  /// As CPython's float.__mod__ gives them.
  @Test func remainderIsPythons() {
    let inf = Double.infinity
    let a: [Double] = [7, -7, 7, -7, -1, 1, 1, inf, 5, 0, -6, 1e308, .nan]
    let b: [Double] = [3, 3, -3, -3, inf, inf, -inf, 2, 0, -3, 3, 1e-3, 1]
    let expected: [Double] = [
      1, 2, -2, -1, inf, 1, -inf, .nan, .nan, -0.0, 0, fmod(1e308, 1e-3), .nan,
    ]
    #expect(identical(binary(.remainder, a, b), expected))
    let narrow = binary(.remainder, a.map { Float($0) }, b.map { Float($0) })
    #expect(identical(Array(narrow[..<11]), expected[..<11].map { Float($0) }))
    let signs = binary(.remainder, [Int32(7), -7, 7, -7, 5, .min], [3, 3, -3, -3, 0, -1])
    #expect(signs == [1, 2, -2, -1, 0, 0])
    #expect(binary(.remainder, [UInt8(250), 7], [100, 0]) == [50, 0])
  }

  @Test func maximumAndMinimumKeepNaN() {
    let a: [Float] = [1, .nan, 2, -.infinity]
    let b: [Float] = [.nan, 1, 3, .infinity]
    #expect(identical(binary(.maximum, a, b), [.nan, .nan, 3, .infinity]))
    #expect(identical(binary(.minimum, a, b), [.nan, .nan, 2, -.infinity]))
    #expect(binary(.maximum, [Int64.min, 3], [5, -2]) == [5, 3])
    let (left, right): ([UInt8], [UInt8]) = ([0, 0, 1, 1], [0, 1, 0, 1])
    var out: [UInt8] = [7, 7, 7, 7]
    k_binary(.maximum, .bool, &out, left, 1, right, 1, 4)
    #expect(out == [0, 1, 1, 1])
    k_binary(.minimum, .bool, &out, left, 1, right, 1, 4)
    #expect(out == [0, 0, 0, 1])
  }

  @Test func xLogYIsZeroAtZero() {
    let x: [Double] = [0, 0, 0, 2, .nan, 1]
    let y = binary(.xLogY, x, [0, .infinity, .nan, 1, 1, -1])
    #expect(identical(y, [0, 0, .nan, 0, .nan, .nan]))
  }

  @Test func atan2HasAllQuadrants() {
    let pi = Double.pi
    let y = binary(.atan2, [0, -0.0, 0, 1, -1, .infinity], [1, -1, -1, 0, 0, -.infinity])
    #expect(identical(y, [0, -pi, pi, pi / 2, -pi / 2, 3 * pi / 4]))
  }

  @Test func integersWrap() {
    #expect(binary(.add, [Int32.max], [1]) == [.min])
    #expect(binary(.subtract, [Int64.min], [1]) == [.max])
    #expect(binary(.multiply, [Int64.max, 3], [2, -4]) == [-2, -12])
    #expect(binary(.multiply, [UInt8(16), 5], [17, 3]) == [16, 15])
  }

  @Test(arguments: [1, 5, 16, 40]) func stepsOfZeroRepeatAnOperand(count: Int) {
    let x = (0..<count).map { Float($0) + 0.5 }
    var out = x
    k_binary(.subtract, .float32, &out, x, 1, [Float(2)], 0, Int64(count))
    #expect(out == x.map { $0 - 2 })
    k_binary(.subtract, .float32, &out, [Float(2)], 0, x, 1, Int64(count))
    #expect(out == x.map { 2 - $0 })
    k_binary(.divide, .float32, &out, [Float(3)], 0, [Float(2)], 0, Int64(count))
    #expect(out == x.map { _ in 1.5 })
    k_binary(.atan2, .float32, &out, [Float(1)], 0, x, 1, Int64(count))
    #expect(out == x.map { atan2f(1, $0) })
  }

  /// Above 32 MiB results are written past the caches, in whole aligned vectors between two ends.
  @Test func largeResultsAreTheSame() {
    let count = 8_400_007
    var x = [Float](repeating: 0, count: count)
    k_ramp(.float32, &x, -3, 0.001, Int64(count))
    let part = 65_000
    for op in [KBinary.add, .divide] {
      let whole = binary(op, x, x)
      let scaled = binary(op, x, [Float(0.3)])
      for start in stride(from: 0, to: count, by: part) {
        let piece = Array(x[start..<min(start + part, count)])
        let range = start..<start + piece.count
        #expect(identicalBytes(whole[range], binary(op, piece, piece)))
        #expect(identicalBytes(scaled[range], binary(op, piece, [Float(0.3)])))
      }
    }
  }

  private func identicalBytes(_ a: ArraySlice<Float>, _ b: [Float]) -> Bool {
    a.withUnsafeBytes { left in
      b.withUnsafeBytes { memcmp(left.baseAddress!, $0.baseAddress!, left.count) == 0 }
    }
  }
}
