import Kernels

/// A Swift type that kernels know.
protocol Element: BitwiseCopyable, Equatable, Sendable {
  static var kernelType: KType { get }
}
extension Float: Element { static var kernelType: KType { .float32 } }
extension Double: Element { static var kernelType: KType { .float64 } }
extension Int32: Element { static var kernelType: KType { .int32 } }
extension Int64: Element { static var kernelType: KType { .int64 } }
extension UInt8: Element { static var kernelType: KType { .uInt8 } }

/// A float type whose bits can be chosen at random and whose results are checked in Float80.
protocol Real: Element, BinaryFloatingPoint where RawSignificand: FixedWidthInteger {
  init(bits: UInt64)
  /// Distinguishes what `==` does not: zeros, NaN.
  var bits: UInt64 { get }
}
extension Float: Real {
  init(bits: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  var bits: UInt64 { UInt64(bitPattern) }
}
extension Double: Real {
  init(bits: UInt64) { self.init(bitPattern: bits) }
  var bits: UInt64 { bitPattern }
}

func unary<T: Element>(_ op: KUnary, _ x: [T]) -> [T] {
  var out = x
  k_unary(op, T.kernelType, &out, x, Int64(x.count))
  return out
}

/// An operand of one element is repeated.
func binary<T: Element>(_ op: KBinary, _ a: [T], _ b: [T]) -> [T] {
  let count = max(a.count, b.count)
  var out = a.count == count ? a : b
  k_binary(
    op, T.kernelType, &out, a, a.count == count ? 1 : 0, b, b.count == count ? 1 : 0, Int64(count))
  return out
}

func compare<T: Element>(_ op: KCompare, _ a: [T], _ b: [T]) -> [UInt8] {
  let count = max(a.count, b.count)
  var out = [UInt8](repeating: 7, count: count)
  k_compare(
    op, T.kernelType, &out, a, a.count == count ? 1 : 0, b, b.count == count ? 1 : 0, Int64(count))
  return out
}

/// The same number to the last bit, but any NaN is any NaN.
func identical<T: Real>(_ a: T, _ b: T) -> Bool { a.isNaN ? b.isNaN : a.bits == b.bits }

func identical<T: Real>(_ a: [T], _ b: [T]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { identical($0, $1) }
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
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
