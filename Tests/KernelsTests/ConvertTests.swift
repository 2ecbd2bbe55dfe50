import Kernels
import Testing

@Suite struct ConvertTests {
  private func convert<From: Element, To: Element>(_ x: [From], to zero: To) -> [To] {
    var out = [To](repeating: zero, count: x.count)
    k_convert(To.kernelType, &out, From.kernelType, x, Int64(x.count))
    return out
  }

  @Test func floatsToIntegersTruncateAndSaturate() {
    let x: [Double] = [
      1.9, -1.9, -0.0, .nan, .infinity, -.infinity, 3e9, -3e9, 1e19, -1e19, 300, 255.9, -0.9,
      9007199254740994, 2147483647.5, -2147483648.5,
    ]
    let y = x + x + x
    let int32 = y.map { $0.isNaN ? 0 : Int32(max(min($0, 2147483647), -2147483648)) }
    let int64 = y.map { $0.isNaN ? 0 : $0 >= 0x1p63 ? .max : $0 <= -0x1p63 ? .min : Int64($0) }
    let uint8 = y.map { $0.isNaN ? 0 : UInt8(max(min($0, 255), 0)) }
    #expect(convert(y, to: Int32(7)) == int32)
    #expect(convert(y, to: Int64(7)) == int64)
    #expect(convert(y, to: UInt8(7)) == uint8)
    let narrow = y.map { Float($0) }
    let narrow32 = narrow.map {
      $0.isNaN ? 0 : $0 >= 0x1p31 ? .max : $0 <= -0x1p31 ? .min : Int32($0)
    }
    let narrow64 = narrow.map {
      $0.isNaN ? 0 : $0 >= 0x1p63 ? .max : $0 <= -0x1p63 ? .min : Int64($0)
    }
    #expect(convert(narrow, to: Int32(7)) == narrow32)
    #expect(convert(narrow, to: Int64(7)) == narrow64)
    let narrow8 = narrow.map { $0.isNaN ? 0 : UInt8(max(min($0, 255), 0)) }
    #expect(convert(narrow, to: UInt8(7)) == narrow8)
  }

  @Test func betweenFloats() {
    let x: [Double] = [0.1, -0.0, .nan, 1e300, -1e300, 1e-46, 1e-40, .infinity]
    #expect(identical(convert(x, to: Float(7)), x.map { Float($0) }))
    let y: [Float] = [0.1, -0.0, .nan, Float.leastNonzeroMagnitude, .infinity]
    #expect(identical(convert(y, to: 7.0), y.map { Double($0) }))
    #expect(identical(convert(y, to: Float(7)), y))
  }

  @Test func integersWrapAndRound() {
    let x: [Int64] = [0, -1, 300, 1 << 40, .min, .max, 1 << 53 + 1, 16_777_217]
    #expect(convert(x, to: Int32(7)) == x.map { Int32(truncatingIfNeeded: $0) })
    #expect(convert(x, to: UInt8(7)) == x.map { UInt8(truncatingIfNeeded: $0) })
    #expect(convert(x, to: Float(7)) == x.map { Float($0) })
    #expect(convert(x, to: 7.0) == x.map { Double($0) })
    let y: [Int32] = [0, -1, .min, .max, 300, 16_777_217]
    #expect(convert(y, to: Int64(7)) == y.map { Int64($0) })
    #expect(convert(y, to: UInt8(7)) == y.map { UInt8(truncatingIfNeeded: $0) })
    #expect(convert(y, to: Float(7)) == y.map { Float($0) })
    #expect(convert(y, to: 7.0) == y.map { Double($0) })
    let z: [UInt8] = [0, 1, 127, 128, 255]
    #expect(convert(z, to: Int32(7)) == z.map { Int32($0) })
    #expect(convert(z, to: Int64(7)) == z.map { Int64($0) })
    #expect(convert(z, to: Float(7)) == z.map { Float($0) })
    #expect(convert(z, to: 7.0) == z.map { Double($0) })
  }

  @Test func anythingToBoolIsWhetherItIsNotZero() {
    func truth<T: Element>(_ x: [T]) -> [UInt8] {
      var out = [UInt8](repeating: 7, count: x.count)
      k_convert(.bool, &out, T.kernelType, x, Int64(x.count))
      return out
    }
    #expect(truth([0, -0.0, 0.1, Float.nan]) == [0, 0, 1, 1])
    #expect(truth([0, -0.0, Double.leastNonzeroMagnitude, Double.nan]) == [0, 0, 1, 1])
    #expect(truth([0, 256, Int32(-1)]) == [0, 1, 1])
    #expect(truth([0, 1 << 40, Int64(-1)]) == [0, 1, 1])
    #expect(truth([0, 2, UInt8(255)]) == [0, 1, 1])
    var back = [Float](repeating: 7, count: 2)
    k_convert(.float32, &back, .bool, [UInt8(0), 1], 2)
    #expect(back == [0, 1])
  }

  @Test(arguments: [0, 1, 17, 100_000]) func fillAndRamp(count: Int) {
    var bytes = [UInt8](repeating: 7, count: count)
    k_fill(.uInt8, &bytes, [UInt8(9)], Int64(count))
    #expect(bytes == [UInt8](repeating: 9, count: count))
    var doubles = [Double](repeating: 7, count: count)
    k_fill(.float64, &doubles, [0.1], Int64(count))
    #expect(doubles == [Double](repeating: 0.1, count: count))
    k_ramp(.float64, &doubles, 0.5, 0.1, Int64(count))
    #expect(doubles == (0..<count).map { 0.5 + Double($0) * 0.1 })
    var floats = [Float](repeating: 7, count: count)
    k_ramp(.float32, &floats, 0.5, 0.1, Int64(count))
    #expect(floats == (0..<count).map { Float(0.5 + Double($0) * 0.1) })
    var integers = [Int32](repeating: 7, count: count)
    k_fill(.int32, &integers, [Int32(-4)], Int64(count))
    #expect(integers == [Int32](repeating: -4, count: count))
    k_ramp(.int32, &integers, 3, -2, Int64(count))
    #expect(integers == (0..<count).map { 3 - 2 * Int32($0) })
    var wide = [Int64](repeating: 7, count: count)
    k_ramp(.int64, &wide, -1, 5, Int64(count))
    #expect(wide == (0..<count).map { -1 + 5 * Int64($0) })
    k_ramp(.uInt8, &bytes, 250, 1, Int64(count))
    #expect(bytes == (0..<count).map { UInt8(truncatingIfNeeded: 250 + $0) })
  }
}
