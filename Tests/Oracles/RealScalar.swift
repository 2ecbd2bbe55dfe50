// The arithmetic that every reference implementation is written in. One generic text of an
// operation runs on Float, on Double, on the widest hardware float, and on dual numbers over any of
// them, so that a derivative is never a second formula that could share a mistake with the first.

/// The widest hardware float: 64 significant bits on x86-64, else 53.
#if arch(x86_64) && !os(Windows) && !os(Android)
  package typealias WideFloat = Float80
#else
  package typealias WideFloat = Double
#endif

/// A real number with the elementary functions: a hardware float, or a dual number over one.
package protocol RealScalar: Comparable, Sendable, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral
{
  /// The constant nearest to `value`: all its derivatives are zero.
  init(_ value: WideFloat)

  /// The number without its derivatives.
  var primal: WideFloat { get }

  /// Whether the number and all its derivatives are zero, so that it is a structural zero.
  var isIdenticallyZero: Bool { get }

  static func + (_ a: Self, _ b: Self) -> Self
  static func - (_ a: Self, _ b: Self) -> Self
  static func * (_ a: Self, _ b: Self) -> Self
  static func / (_ a: Self, _ b: Self) -> Self
  static prefix func - (_ x: Self) -> Self

  static func abs(_ x: Self) -> Self
  /// −1, 0 or 1; NaN for NaN.
  static func sign(_ x: Self) -> Self
  static func floor(_ x: Self) -> Self
  static func ceil(_ x: Self) -> Self
  static func trunc(_ x: Self) -> Self
  /// The nearest integer, halves to even.
  static func round(_ x: Self) -> Self
  /// `a − b·trunc(a/b)`, without rounding: the sign is that of `a`.
  static func fmod(_ a: Self, _ b: Self) -> Self
  /// One of several equal numbers, with the mean of their derivatives: the rule at ties.
  static func average(ofEqual ties: [Self]) -> Self

  static func sqrt(_ x: Self) -> Self
  static func exp(_ x: Self) -> Self
  static func expm1(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func log1p(_ x: Self) -> Self
  static func log2(_ x: Self) -> Self
  static func log10(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func tan(_ x: Self) -> Self
  static func asin(_ x: Self) -> Self
  static func acos(_ x: Self) -> Self
  static func atan(_ x: Self) -> Self
  static func sinh(_ x: Self) -> Self
  static func cosh(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func asinh(_ x: Self) -> Self
  static func acosh(_ x: Self) -> Self
  static func atanh(_ x: Self) -> Self
  static func erf(_ x: Self) -> Self
  static func erfc(_ x: Self) -> Self
  static func atan2(_ y: Self, _ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self
}

extension RealScalar {
  /// The constant `value`.
  package init(_ value: Int) { self.init(WideFloat(value)) }

  /// The constant `value`, for the hyperparameters of operations.
  package static func constant(_ value: Double) -> Self { Self(WideFloat(value)) }

  /// The same number as a constant: all its derivatives are zero.
  package var detached: Self { Self(primal) }

  package var isNaN: Bool { primal.isNaN }
  package var isFinite: Bool { primal.isFinite }
  package var isInfinite: Bool { primal.isInfinite }

  /// The larger of two numbers; NaN if one is; at a tie, the mean derivative.
  package static func max(_ a: Self, _ b: Self) -> Self {
    if a.isNaN { return a }
    if b.isNaN { return b }
    if a == b { return average(ofEqual: [a, b]) }
    return a > b ? a : b
  }

  /// The smaller of two numbers; NaN if one is; at a tie, the mean derivative.
  package static func min(_ a: Self, _ b: Self) -> Self {
    if a.isNaN { return a }
    if b.isNaN { return b }
    if a == b { return average(ofEqual: [a, b]) }
    return a < b ? a : b
  }
}
