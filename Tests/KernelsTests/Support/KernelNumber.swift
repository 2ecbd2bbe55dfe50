import Kernels

/// An element with the arithmetic that kernels promise: integers wrap.
protocol KernelNumber: Element, Comparable {
  init(small: Int)
  var isNaN: Bool { get }
  func plus(_ other: Self) -> Self
  func times(_ other: Self) -> Self
}

extension KernelNumber where Self: BinaryFloatingPoint {
  init(small: Int) { self = Self(small) / 8 }
  func plus(_ other: Self) -> Self { self + other }
  func times(_ other: Self) -> Self { self * other }
}

extension KernelNumber where Self: FixedWidthInteger {
  init(small: Int) { self.init(truncatingIfNeeded: small &* 0x0123_4567_89AB_CDEF) }
  var isNaN: Bool { false }
  func plus(_ other: Self) -> Self { self &+ other }
  func times(_ other: Self) -> Self { self &* other }
}

extension Float: KernelNumber {}
extension Double: KernelNumber {}
extension Int32: KernelNumber {}
extension Int64: KernelNumber {}
extension UInt8: KernelNumber {}

let kernelNumbers: [any KernelNumber.Type] = [
  Float.self, Double.self, Int32.self, Int64.self, UInt8.self,
]

/// Numbers from -64 to 63, eighths of them for floats.
func randomNumbers<Number: KernelNumber>(_ count: Int, _ draw: inout Draw) -> [Number] {
  (0..<count).map { _ in Number(small: draw(128) - 64) }
}

/// Whether all bits agree, except that NaN is NaN.
func haveSameBits<Number: KernelNumber>(_ a: [Number], _ b: [Number]) -> Bool {
  guard a.count == b.count else { return false }
  return zip(a, b).allSatisfy { x, y in
    if x.isNaN || y.isNaN { return x.isNaN && y.isNaN }
    return withUnsafeBytes(of: x) { x in withUnsafeBytes(of: y) { y in x.elementsEqual(y) } }
  }
}
