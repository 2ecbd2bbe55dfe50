// The slope of each elementary function, in terms of x and of y = f(x).

extension Dual {
  package static func sqrt(_ x: Self) -> Self {
    let y = Base.sqrt(x.value)
    return Self(y, chain(0.5 / y, x.tangent))
  }

  package static func exp(_ x: Self) -> Self {
    let y = Base.exp(x.value)
    return Self(y, chain(y, x.tangent))
  }

  package static func expm1(_ x: Self) -> Self {
    Self(Base.expm1(x.value), chain(Base.exp(x.value), x.tangent))
  }

  package static func log(_ x: Self) -> Self {
    Self(Base.log(x.value), chain(1 / x.value, x.tangent))
  }

  package static func log1p(_ x: Self) -> Self {
    Self(Base.log1p(x.value), chain(1 / (1 + x.value), x.tangent))
  }

  package static func log2(_ x: Self) -> Self {
    Self(Base.log2(x.value), chain(1 / (x.value * Base.log(2)), x.tangent))
  }

  package static func log10(_ x: Self) -> Self {
    Self(Base.log10(x.value), chain(1 / (x.value * Base.log(10)), x.tangent))
  }

  package static func sin(_ x: Self) -> Self {
    Self(Base.sin(x.value), chain(Base.cos(x.value), x.tangent))
  }

  package static func cos(_ x: Self) -> Self {
    Self(Base.cos(x.value), chain(-Base.sin(x.value), x.tangent))
  }

  package static func tan(_ x: Self) -> Self {
    let y = Base.tan(x.value)
    return Self(y, chain(1 + y * y, x.tangent))
  }

  package static func asin(_ x: Self) -> Self {
    Self(Base.asin(x.value), chain(1 / cosineOfArcsine(x.value), x.tangent))
  }

  package static func acos(_ x: Self) -> Self {
    Self(Base.acos(x.value), chain(-1 / cosineOfArcsine(x.value), x.tangent))
  }

  /// √(1 − x²), without cancellation near ±1.
  private static func cosineOfArcsine(_ x: Base) -> Base { Base.sqrt((1 - x) * (1 + x)) }

  package static func atan(_ x: Self) -> Self {
    Self(Base.atan(x.value), chain(1 / (1 + x.value * x.value), x.tangent))
  }

  package static func sinh(_ x: Self) -> Self {
    Self(Base.sinh(x.value), chain(Base.cosh(x.value), x.tangent))
  }

  package static func cosh(_ x: Self) -> Self {
    Self(Base.cosh(x.value), chain(Base.sinh(x.value), x.tangent))
  }

  package static func tanh(_ x: Self) -> Self {
    Self(Base.tanh(x.value), chain(squaredSecant(x.value), x.tangent))
  }

  /// 1 − tanh²x = 4e/(1 + e)² with e = exp(∓2x): equal for both signs, so the branch has no kink,
  /// and accurate where 1 − y² cancels.
  private static func squaredSecant(_ x: Base) -> Base {
    let e = Base.exp(x < 0 ? 2 * x : -2 * x)
    let sum = 1 + e
    return 4 * e / (sum * sum)
  }

  package static func asinh(_ x: Self) -> Self {
    let slope = 1 / Base.sqrt(1 + x.value * x.value)
    return Self(Base.asinh(x.value), chain(slope, x.tangent))
  }

  package static func acosh(_ x: Self) -> Self {
    let slope = 1 / Base.sqrt((x.value - 1) * (x.value + 1))
    return Self(Base.acosh(x.value), chain(slope, x.tangent))
  }

  package static func atanh(_ x: Self) -> Self {
    let slope = 1 / ((1 - x.value) * (1 + x.value))
    return Self(Base.atanh(x.value), chain(slope, x.tangent))
  }

  package static func erf(_ x: Self) -> Self {
    Self(Base.erf(x.value), chain(errorDensity(x.value), x.tangent))
  }

  package static func erfc(_ x: Self) -> Self {
    Self(Base.erfc(x.value), chain(-errorDensity(x.value), x.tangent))
  }

  /// 2/√π · exp(−x²).
  private static func errorDensity(_ x: Base) -> Base {
    let scale = Base(2 / WideFloat.pi.squareRoot())
    return scale * Base.exp(-(x * x))
  }

  /// ∂y = x/(x² + y²), ∂x = −y/(x² + y²).
  package static func atan2(_ y: Self, _ x: Self) -> Self {
    let angle = Base.atan2(y.value, x.value)
    if y.value == 0 && x.value == 0 { return Self(angle, 0) }
    let square = x.value * x.value + y.value * y.value
    let left = chain(x.value / square, y.tangent)
    let right = chain(y.value / square, x.tangent)
    return Self(angle, left - right)
  }

  /// ∂x = y·x^(y−1), ∂y = x^y·ln x.
  package static func pow(_ x: Self, _ y: Self) -> Self {
    let power = Base.pow(x.value, y.value)
    let left: Base =
      x.value == 0 && y.value == 0
      ? 0 : chain(y.value * Base.pow(x.value, y.value - 1), x.tangent)
    let right: Base =
      x.value == 0 && y.value >= 0 ? 0 : chain(power * Base.log(x.value), y.tangent)
    return Self(power, left + right)
  }
}
