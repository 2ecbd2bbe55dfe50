// Trigonometric and hyperbolic functions, of radians.

let sinPrimitive = Primitive.unary("sin", .sin) { s, g in g * cos(s[0]) }
let cosPrimitive = Primitive.unary("cos", .cos) { s, g in -g * sin(s[0]) }
let tanPrimitive = Primitive.unary("tan", .tan) { s, g in g * (1 + square(s.y)) }
let tanhPrimitive = Primitive.unary("tanh", .tanh) { s, g in g * (1 - square(s.y)) }

/// With r² = x² + y²: ∂/∂y = x / r² and ∂/∂x = −y / r², both 0 at the origin (as PyTorch).
let atan2Primitive = Primitive.binary(
  "atan2", .atan2,
  { s, g in g * overSquaredRadius(s[1], s) }, { s, g in -g * overSquaredRadius(s[0], s) })

private func overSquaredRadius(_ coordinate: Variable, _ s: Site) -> Variable {
  let squaredRadius = square(s[0]) + square(s[1])
  return select(squaredRadius .== 0, 0, coordinate / squaredRadius)
}

/// The sine.
public func sin(_ x: Variable) -> Variable { sinPrimitive(x) }

/// The cosine.
public func cos(_ x: Variable) -> Variable { cosPrimitive(x) }

/// The tangent.
public func tan(_ x: Variable) -> Variable { tanPrimitive(x) }

/// The hyperbolic tangent.
public func tanh(_ x: Variable) -> Variable { tanhPrimitive(x) }

/// The angle of the point (x, y), in −π...π; its derivatives at the origin are 0.
public func atan2(_ y: Variable, _ x: Variable) -> Variable { atan2Primitive(y, x) }
