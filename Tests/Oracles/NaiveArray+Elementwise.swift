// Elementwise operations. Any scalar function is lifted by `map` and `combined(with:)`:
// `x.map(S.exp)`, `x.combined(with: y, S.atan2)`.

extension NaiveArray where Scalar: RealScalar {
  package static func + (_ a: Self, _ b: Self) -> Self { a.combined(with: b) { $0 + $1 } }
  package static func - (_ a: Self, _ b: Self) -> Self { a.combined(with: b) { $0 - $1 } }
  package static func * (_ a: Self, _ b: Self) -> Self { a.combined(with: b) { $0 * $1 } }
  package static func / (_ a: Self, _ b: Self) -> Self { a.combined(with: b) { $0 / $1 } }
  package static prefix func - (_ x: Self) -> Self { x.map { -$0 } }

  package static func + (_ a: Self, _ b: Scalar) -> Self { a.map { $0 + b } }
  package static func - (_ a: Self, _ b: Scalar) -> Self { a.map { $0 - b } }
  package static func * (_ a: Self, _ b: Scalar) -> Self { a.map { $0 * b } }
  package static func / (_ a: Self, _ b: Scalar) -> Self { a.map { $0 / b } }

  /// `self` limited to `[low, high]`; the derivative passes on the bounds.
  package func clamped(_ low: Scalar? = nil, _ high: Scalar? = nil) -> Self {
    map { Scalar.clamp($0, low, high) }
  }

  /// `self + weight·(other − self)`.
  package func lerp(to other: Self, weight: Self) -> Self { self + weight * (other - self) }

  /// `self + value·a·b`.
  package func addcmul(_ a: Self, _ b: Self, value: Scalar = 1) -> Self { self + a * b * value }

  /// `self + value·a/b`.
  package func addcdiv(_ a: Self, _ b: Self, value: Scalar = 1) -> Self { self + a / b * value }
}

extension NaiveArray {
  /// `value` where `mask` is true, else `self`; both broadcast.
  package func maskedFill(_ mask: NaiveArray<Bool>, _ value: Scalar) -> Self {
    combined(with: mask) { $1 ? value : $0 }
  }

  /// The elements where `mask` is true, as a vector; `mask` broadcasts.
  package func maskedSelect(_ mask: NaiveArray<Bool>) -> Self {
    let pairs = combined(with: mask) { ($0, $1) }
    return NaiveArray(pairs.elements.filter { $0.1 }.map { $0.0 })
  }
}

extension NaiveArray where Scalar == Bool {
  /// `a` where the mask is true, else `b`; all three broadcast.
  package func select<T>(_ a: NaiveArray<T>, _ b: NaiveArray<T>) -> NaiveArray<T> {
    let pairs = a.combined(with: b) { ($0, $1) }
    return combined(with: pairs) { $0 ? $1.0 : $1.1 }
  }
}
