// Dual numbers a + b·ε with ε² = 0: f(a + b·ε) = f(a) + f′(a)·b·ε exactly, without a step size.
// They nest: over Dual<Base> the same rules give second directional derivatives, and so on.
//
// Conventions where the derivative is not unique or not finite (PyTorch's):
//
//   abs, sign            abs′(0) = 0, sign′ = 0 everywhere
//   floor ceil trunc round   0 everywhere
//   relu, leakyRelu, elu     relu′(0) = 0, leakyRelu′(0) = its slope, elu′(0) = α
//   max, min of two      at a tie, half to each; NaN goes through with its own derivative
//   amax, amin           split evenly among all ties
//   clamp                1 inside and on the bounds, 0 outside
//   fmod, remainder      ∂a = 1, ∂b = −quotient, also at the jumps
//   pow(x, y)            ∂x = 0 where x = y = 0; ∂y = 0 where x = 0 and y ≥ 0
//   sqrt, log, rsqrt     ±inf at 0
//   atan2                0 at the origin
//   xlogy                constant 0 where x = 0 and (y ≤ 0 or y = inf)
//   vector norm, std     0 where the norm, or the deviation, is 0
//   maxPool2d            all to the first of the ties
//   sort, topK           each output follows the element it came from; ties keep their order
//
// Not PyTorch's: sign(NaN) is NaN, NumPy's choice (PyTorch: 0); NaN is last in both directions of
// sort and topK (PyTorch: first when descending); binary cross-entropy has slope 0 where its
// logarithm is cut off at −100.
//
// A tangent that is zero with all *its* derivatives is a structural zero: the value does not depend
// on the seeded variable. It stays zero even against an infinite slope (sqrt at 0), as in reverse
// mode, where the elements of an elementwise operation never meet. Numbers that are merely zero in
// value are not masked, so Hessians at stationary points are right.

/// A number and its derivative along one direction.
package struct Dual<Base: RealScalar>: RealScalar {
  package var value: Base
  package var tangent: Base

  package init(_ value: Base, _ tangent: Base) {
    self.value = value
    self.tangent = tangent
  }

  package init(_ value: WideFloat) { self.init(Base(value), 0) }
  package init(floatLiteral value: Base.FloatLiteralType) {
    self.init(Base(floatLiteral: value), 0)
  }
  package init(integerLiteral value: Base.IntegerLiteralType) {
    self.init(Base(integerLiteral: value), 0)
  }

  package var primal: WideFloat { value.primal }
  package var isIdenticallyZero: Bool { value.isIdenticallyZero && tangent.isIdenticallyZero }

  package static func == (_ a: Self, _ b: Self) -> Bool { a.value == b.value }
  package static func < (_ a: Self, _ b: Self) -> Bool { a.value < b.value }

  /// `slope·tangent`, where a structural zero stays zero.
  static func chain(_ slope: @autoclosure () -> Base, _ tangent: Base) -> Base {
    tangent.isIdenticallyZero ? 0 : slope() * tangent
  }
}

// MARK: - Arithmetic

extension Dual {
  package static func + (_ a: Self, _ b: Self) -> Self {
    Self(a.value + b.value, a.tangent + b.tangent)
  }

  package static func - (_ a: Self, _ b: Self) -> Self {
    Self(a.value - b.value, a.tangent - b.tangent)
  }

  package static prefix func - (_ x: Self) -> Self { Self(-x.value, -x.tangent) }

  package static func * (_ a: Self, _ b: Self) -> Self {
    let left = chain(b.value, a.tangent)
    let right = chain(a.value, b.tangent)
    return Self(a.value * b.value, left + right)
  }

  /// (a/b)′ = (a′ − (a/b)·b′) / b.
  package static func / (_ a: Self, _ b: Self) -> Self {
    let quotient = a.value / b.value
    let numerator = a.tangent - chain(quotient, b.tangent)
    let tangent = numerator.isIdenticallyZero ? 0 : numerator / b.value
    return Self(quotient, tangent)
  }
}

// MARK: - Piecewise functions

extension Dual {
  package static func abs(_ x: Self) -> Self {
    Self(Base.abs(x.value), chain(Base.sign(x.value), x.tangent))
  }

  package static func sign(_ x: Self) -> Self { Self(Base.sign(x.value), 0) }
  package static func floor(_ x: Self) -> Self { Self(Base.floor(x.value), 0) }
  package static func ceil(_ x: Self) -> Self { Self(Base.ceil(x.value), 0) }
  package static func trunc(_ x: Self) -> Self { Self(Base.trunc(x.value), 0) }
  package static func round(_ x: Self) -> Self { Self(Base.round(x.value), 0) }

  package static func fmod(_ a: Self, _ b: Self) -> Self {
    let remainder = Base.fmod(a.value, b.value)
    let tangent = a.tangent - chain(Base.trunc(a.value / b.value), b.tangent)
    return Self(remainder, tangent)
  }

  package static func average(ofEqual ties: [Self]) -> Self {
    var sum: Base = 0
    for tie in ties { sum = sum + tie.tangent }
    return Self(Base.average(ofEqual: ties.map(\.value)), sum / Base(ties.count))
  }
}
