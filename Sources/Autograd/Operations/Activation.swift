// Activation functions, and the error function they need.

let sigmoidPrimitive = Primitive.unary("sigmoid", .sigmoid) { s, g in g * s.y * (1 - s.y) }
let softplusPrimitive = Primitive.unary("softplus", .softplus) { s, g in g * sigmoid(s[0]) }
let erfPrimitive = Primitive.unary("erf", .erf) { s, g in
  1.128379167095512573896 * g * exp(-square(s[0]))
}

/// The derivative at 0 is 0; it is read from the result, so that x need not be kept.
let reluPrimitive = Primitive.unary(
  "relu", .relu, liveness: .selects { s, _ in logicalNot(s.y .<= 0) }
) { s, g in select(s.y .<= 0, 0, g) }

let geluPrimitive = Primitive.unary("gelu", .gelu) { s, g in g * geluDerivativePrimitive(s[0]) }

/// (x Φ(x))′ = Φ(x) + x φ(x); its own derivative is (2 − x²) φ(x).
let geluDerivativePrimitive = Primitive.unary("geluDerivative", .geluDerivative) { s, g in
  let square = square(s[0])
  return g * (2 - square) * (0.398942280401432677940 * exp(-0.5 * square))
}

/// y = x (1 + tanh u) / 2 with u = √(2/π) (x + 0.044715 x³).
let geluTanhPrimitive = Primitive.unary("geluTanh", .geluTanh) { s, g in
  let x = s[0]
  let t = tanh(0.797884560802865355880 * (x + 0.044715 * x * square(x)))
  let slope = 0.797884560802865355880 * (1 + 0.134145 * square(x))
  return g * (0.5 * (1 + t) + 0.5 * x * (1 - square(t)) * slope)
}

/// (x σ(x))′ = σ(x) (1 + x (1 − σ(x))).
let siluPrimitive = Primitive.unary("silu", .silu) { s, g in
  let sigma = sigmoid(s[0])
  return g * (sigma * (1 + s[0] * (1 - sigma)))
}

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Variable) -> Variable { sigmoidPrimitive(x) }

/// log(1 + eˣ) without overflow, divided by `beta` after multiplying x by it.
public func softplus(_ x: Variable, beta: Double = 1) -> Variable {
  beta == 1 ? softplusPrimitive(x) : softplusPrimitive(Variable(beta) * x) / Variable(beta)
}

/// log σ(x) = −softplus(−x), exact in both tails.
public func logSigmoid(_ x: Variable) -> Variable { -softplusPrimitive(-x) }

/// The error function 2/√π ∫₀ˣ e^(−t²) dt.
public func erf(_ x: Variable) -> Variable { erfPrimitive(x) }

/// The rectifier max(x, 0); its derivative at 0 is 0.
public func relu(_ x: Variable) -> Variable { reluPrimitive(x) }

/// x for x > 0, else `slope` · x.
public func leakyRelu(_ x: Variable, slope: Double = 0.01) -> Variable {
  select(x .> 0, x, Variable(slope) * x)
}

/// x for x > 0, else `alpha` (eˣ − 1).
public func elu(_ x: Variable, alpha: Double = 1) -> Variable {
  select(x .> 0, x, Variable(alpha) * expm1(x))
}

/// How ``gelu(_:approximation:)`` is computed.
public enum GeluApproximation: Sendable {
  /// x Φ(x), with the error function.
  case none
  /// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2.
  case tanh
}

/// The Gaussian error linear unit x Φ(x) (Hendrycks and Gimpel, arXiv:1606.08415).
public func gelu(_ x: Variable, approximation: GeluApproximation = .none) -> Variable {
  switch approximation {
  case .none: geluPrimitive(x)
  case .tanh: geluTanhPrimitive(x)
  }
}

/// x σ(x), also called swish (arXiv:1606.08415, arXiv:1710.05941).
public func silu(_ x: Variable) -> Variable { siluPrimitive(x) }
