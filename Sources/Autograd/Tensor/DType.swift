import Kernels

/// The type of the elements of a ``Tensor`` or ``Variable``.
///
/// Types never mix silently: an operation on float32 and float64 stops with an error that names
/// both. Literals and Swift scalars adapt to the other operand.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  /// IEEE 754 binary32, the default.
  case float32
  /// IEEE 754 binary64.
  case float64
  /// 32-bit two's complement integer.
  case int32
  /// 64-bit two's complement integer, the type of indices.
  case int64
  /// 8-bit unsigned integer.
  case uint8
  /// Truth value, one byte of 0 or 1.
  case bool

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .uint8, .bool: 1
    }
  }

  /// Whether the type is float32 or float64: only these can require gradients.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Whether the type is int32, int64 or uint8.
  public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }

  /// Whether a whole number can be written as a literal of the type.
  func canHold(_ whole: Int64) -> Bool {
    switch self {
    case .float32, .float64, .int64: true
    case .int32: Int32(exactly: whole) != nil
    case .uint8: UInt8(exactly: whole) != nil
    case .bool: false
    }
  }

  /// The type's name, for example "float32".
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// The kernels number the types alike.
  var kernelType: KType { unsafeBitCast(rawValue, to: KType.self) }
}

/// A Swift type whose values a ``Tensor`` can hold: `Float`, `Double`, `Int32`, `Int64`, `Int`,
/// `UInt8`, `Bool`.
public protocol TensorScalar: BitwiseCopyable, Sendable {
  /// The element type that stores values of this Swift type.
  static var dtype: DType { get }
}

extension Float: TensorScalar {
  /// float32.
  public static var dtype: DType { .float32 }
}

extension Double: TensorScalar {
  /// float64.
  public static var dtype: DType { .float64 }
}

extension Int32: TensorScalar {
  /// int32.
  public static var dtype: DType { .int32 }
}

extension Int64: TensorScalar {
  /// int64.
  public static var dtype: DType { .int64 }
}

extension Int: TensorScalar {
  /// int64, which is what `Int` is on every supported platform.
  public static var dtype: DType { .int64 }
}

extension UInt8: TensorScalar {
  /// uint8.
  public static var dtype: DType { .uint8 }
}

extension Bool: TensorScalar {
  /// bool.
  public static var dtype: DType { .bool }
}
