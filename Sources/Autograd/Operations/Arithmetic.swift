// Sums, products, quotients and powers, element by element, with NumPy's broadcasting.
//
// In a rule, `s` is the site (inputs s[0], s[1], result s.y) and `g` the cotangent of the result.

let addPrimitive = Primitive.binary("add", .add, liveness: .linear, .cotangent, .cotangent)
let subtractPrimitive = Primitive.binary(
  "subtract", .subtract, liveness: .linear, .cotangent, { _, g in -g })
let multiplyPrimitive = Primitive.binary(
  "multiply", .multiply, { s, g in g * s[1] }, { s, g in g * s[0] })
let dividePrimitive = Primitive.binary(
  "divide", .divide, { s, g in g / s[1] }, { s, g in -g * s.y / s[1] })
let negatePrimitive = Primitive.unary("negate", .negate, liveness: .linear) { _, g in -g }
let squarePrimitive = Primitive.unary("square", .square) { s, g in 2 * g * s[0] }
let reciprocalPrimitive = Primitive.unary("reciprocal", .reciprocal) { s, g in -g * square(s.y) }
let absPrimitive = Primitive.unary("abs", .absolute) { s, g in g * sign(s[0]) }

/// ∂aᵇ/∂a = b aᵇ⁻¹, 0 for b = 0; ∂aᵇ/∂b = aᵇ log a, 0 for a = 0 and b ≥ 0 (as PyTorch).
let powPrimitive = Primitive.binary(
  "pow", .power,
  { s, g in
    let power = pow(s[0], s[1] - 1)
    // 0 · ∞ at a = 0. Elsewhere b aᵇ⁻¹ is 0 for b = 0 by itself, but not its derivative by b, which
    // is 1 / a.
    return select((s[1] .== 0) .& isInfinite(power), 0, g * s[1] * power)
  },
  { s, g in select((s[0] .== 0) .& (s[1] .>= 0), 0, g * s.y * log(s[0])) })

/// a mod b = a − ⌊a / b⌋ b; ∂/∂b = −⌊a / b⌋.
///
/// The quotient is found from the result, because rounding may lift a / b to the next integer: 1
/// mod 0.1 is 1 − 9 · 0.1, but 1 / 0.1 is 10.
let remainderPrimitive = Primitive.binary(
  "remainder", .remainder, .cotangent,
  { s, g in
    let multiple = select(s[1] .== 0, s[0], s[0] - s.y)
    return -g * round(multiple / s[1])
  })

extension Variable {
  /// The sum a + b, element by element.
  public static func + (a: Variable, b: Variable) -> Variable { addPrimitive(a, b) }

  /// The difference a − b, element by element.
  public static func - (a: Variable, b: Variable) -> Variable { subtractPrimitive(a, b) }

  /// The product a · b, element by element; for the matrix product see ``matmul(_:_:)``.
  public static func * (a: Variable, b: Variable) -> Variable { multiplyPrimitive(a, b) }

  /// The quotient a / b, element by element, for floating-point types.
  public static func / (a: Variable, b: Variable) -> Variable { dividePrimitive(a, b) }

  /// The negative −x.
  public static prefix func - (x: Variable) -> Variable { negatePrimitive(x) }

  /// The variable itself.
  public static prefix func + (x: Variable) -> Variable { x }

  /// Replaces the handle by the sum: `a = a + b`.
  public static func += (a: inout Variable, b: Variable) { a = a + b }

  /// Replaces the handle by the difference: `a = a - b`.
  public static func -= (a: inout Variable, b: Variable) { a = a - b }

  /// Replaces the handle by the product: `a = a * b`.
  public static func *= (a: inout Variable, b: Variable) { a = a * b }

  /// Replaces the handle by the quotient: `a = a / b`.
  public static func /= (a: inout Variable, b: Variable) { a = a / b }
}

/// The square x².
public func square(_ x: Variable) -> Variable { squarePrimitive(x) }

/// The reciprocal 1 / x.
public func reciprocal(_ x: Variable) -> Variable { reciprocalPrimitive(x) }

/// The absolute value |x|; its derivative at 0 is 0.
public func abs(_ x: Variable) -> Variable { absPrimitive(x) }

/// The power aᵇ, element by element.
///
/// The derivative by the base is 0 where b = 0; by the exponent it is 0 where a = 0 and b ≥ 0.
public func pow(_ a: Variable, _ b: Variable) -> Variable {
  // x² is the power that people write most, and a product gives the same bits.
  if b.literal == 2 { return square(a) }
  return powPrimitive(a, b)
}

/// The remainder a − ⌊a / b⌋ b, which has the sign of b (Python's %).
///
/// Integer types are allowed; the remainder by 0 is then 0.
public func remainder(_ a: Variable, _ b: Variable) -> Variable { remainderPrimitive(a, b) }

/// The linear interpolation a + w (b − a).
public func lerp(_ a: Variable, _ b: Variable, _ weight: Variable) -> Variable {
  a + weight * (b - a)
}

/// The sum c + scale · a · b, element by element (PyTorch's `addcmul`).
public func addcmul(_ c: Variable, _ a: Variable, _ b: Variable, scale: Double = 1) -> Variable {
  c + (scale == 1 ? a * b : Variable(scale) * a * b)
}

/// The sum c + scale · a / b, element by element (PyTorch's `addcdiv`).
public func addcdiv(_ c: Variable, _ a: Variable, _ b: Variable, scale: Double = 1) -> Variable {
  c + (scale == 1 ? a / b : Variable(scale) * a / b)
}
