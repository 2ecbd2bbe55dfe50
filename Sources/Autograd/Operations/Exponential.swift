// Roots, exponentials and logarithms.

let sqrtPrimitive = Primitive.unary("sqrt", .squareRoot) { s, g in g / (2 * s.y) }
let rsqrtPrimitive = Primitive.unary("rsqrt", .reciprocalSquareRoot) { s, g in -0.5 * g * s.y / s[0]
}
let expPrimitive = Primitive.unary("exp", .exp) { s, g in g * s.y }
let expm1Primitive = Primitive.unary("expm1", .expm1) { s, g in g * (s.y + 1) }
let logPrimitive = Primitive.unary("log", .log) { s, g in g / s[0] }
let log1pPrimitive = Primitive.unary("log1p", .log1p) { s, g in g / (1 + s[0]) }
let log2Primitive = Primitive.unary("log2", .log2) { s, g in g / (0.693147180559945309417 * s[0]) }
let log10Primitive = Primitive.unary("log10", .log10) { s, g in g / (2.302585092994045684018 * s[0])
}

/// ∂/∂a log(eᵃ + eᵇ) = eᵃ / (eᵃ + eᵇ) = σ(a − b), ½ where both are the same infinity.
let logAddExpPrimitive = Primitive.binary(
  "logAddExp", .logAddExp,
  { s, g in g * sigmoid(difference(s[0], s[1])) },
  { s, g in g * sigmoid(difference(s[1], s[0])) })

/// a − b, and 0 for equal infinities.
///
/// Equal finite numbers keep their derivatives.
private func difference(_ a: Variable, _ b: Variable) -> Variable {
  select(isInfinite(a) .& (a .== b), 0, a - b)
}

/// ∂(a log b)/∂a = log b, ∂/∂b = a / b; both 0 where a = 0 makes the value 0 whatever b is.
///
/// Only there: elsewhere a / b at a = 0 is 0 by itself, but not its derivative by a.
let xlogyPrimitive = Primitive.binary(
  "xlogy", .xLogY,
  { s, g in select((s[0] .== 0) .& (s[1] .<= 0), 0, g * log(s[1])) },
  { s, g in select((s[0] .== 0) .& (s[1] .<= 0), 0, g * s[0] / s[1]) })

/// The square root √x; its derivative at 0 is ∞.
public func sqrt(_ x: Variable) -> Variable { sqrtPrimitive(x) }

/// The reciprocal square root 1 / √x.
public func rsqrt(_ x: Variable) -> Variable { rsqrtPrimitive(x) }

/// The exponential eˣ.
public func exp(_ x: Variable) -> Variable { expPrimitive(x) }

/// eˣ − 1, exact near 0.
public func expm1(_ x: Variable) -> Variable { expm1Primitive(x) }

/// The natural logarithm.
public func log(_ x: Variable) -> Variable { logPrimitive(x) }

/// log(1 + x), exact near 0.
public func log1p(_ x: Variable) -> Variable { log1pPrimitive(x) }

/// The logarithm to base 2, exact at powers of two.
public func log2(_ x: Variable) -> Variable { log2Primitive(x) }

/// The logarithm to base 10.
public func log10(_ x: Variable) -> Variable { log10Primitive(x) }

/// log(eᵃ + eᵇ) without overflow.
public func logAddExp(_ a: Variable, _ b: Variable) -> Variable { logAddExpPrimitive(a, b) }

/// a log b, and 0 where a = 0 (unless b is NaN): the summand of entropies.
public func xlogy(_ a: Variable, _ b: Variable) -> Variable { xlogyPrimitive(a, b) }
