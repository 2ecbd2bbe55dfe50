// Activations and the composite scalar functions, on one number.

extension RealScalar {
  package static func square(_ x: Self) -> Self { x * x }
  package static func reciprocal(_ x: Self) -> Self { 1 / x }
  package static func rsqrt(_ x: Self) -> Self { 1 / sqrt(x) }

  /// `x` limited to `[low, high]`; NaN goes through.
  package static func clamp(_ x: Self, _ low: Self?, _ high: Self?) -> Self {
    if let low, x < low { return low }
    if let high, x > high { return high }
    return x
  }

  /// `a − b·floor(a/b)`: the sign is that of `b`, as in Python.
  package static func remainder(_ a: Self, _ b: Self) -> Self {
    let rest = fmod(a, b)
    let differs = rest != 0 && (rest < 0) != (b < 0)
    return differs ? rest + b : rest
  }

  /// `log(exp a + exp b)`.
  package static func logAddExp(_ a: Self, _ b: Self) -> Self {
    if a == b && a.isInfinite { return average(ofEqual: [a, b]) }
    return a >= b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b))
  }

  /// `x·log y`, and 0 where `x` is 0, also at `y = 0`.
  package static func xlogy(_ x: Self, _ y: Self) -> Self {
    if y.isNaN { return y }
    let singular = y <= 0 || y.isInfinite
    return x == 0 && singular ? 0 : x * log(y)
  }

  package static func relu(_ x: Self) -> Self { x <= 0 ? 0 : x }

  package static func leakyRelu(_ x: Self, slope: Double = 0.01) -> Self {
    x > 0 ? x : constant(slope) * x
  }

  /// `x` above 0, else `α(exp x − 1)`; the slope at 0 is `α`.
  package static func elu(_ x: Self, alpha: Double = 1) -> Self {
    x > 0 ? x : constant(alpha) * expm1(x)
  }

  /// `λ·elu(x)` with `λ = 1.0507…` and `α = 1.6732…`.
  package static func selu(_ x: Self) -> Self {
    constant(1.0507009873554805) * elu(x, alpha: 1.6732632423543772)
  }

  /// `x` above 0, else `α(exp(x/α) − 1)`; the slope at 0 is 1.
  package static func celu(_ x: Self, alpha: Double) -> Self {
    x > 0 ? x : constant(alpha) * expm1(x / constant(alpha))
  }

  /// `x` between the limits; the slope at both is 0.
  package static func hardtanh(_ x: Self, _ low: Double, _ high: Double) -> Self {
    if x <= constant(low) { return constant(low) }
    return x >= constant(high) ? constant(high) : x
  }

  /// `x` moved towards 0 by 1/2, and 0 within ±1/2.
  package static func softshrink(_ x: Self) -> Self {
    if x > 0.5 { return x - 0.5 }
    if x < -0.5 { return x + 0.5 }
    return x.isNaN ? x : 0
  }

  /// `1/(1 + exp(−x))`, from the side on which exp does not overflow.
  package static func sigmoid(_ x: Self) -> Self {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
  }

  package static func silu(_ x: Self) -> Self { x * sigmoid(x) }

  /// `log(1 + exp(βx))/β`, without a threshold.
  package static func softplus(_ x: Self, beta: Double = 1) -> Self {
    let z = constant(beta) * x
    let y = z > 0 ? z + log1p(exp(-z)) : log1p(exp(z))
    return y / constant(beta)
  }

  package static func logSigmoid(_ x: Self) -> Self { -softplus(-x) }

  /// `x·Φ(x)`, with the tail function so that nothing cancels far left.
  package static func gelu(_ x: Self) -> Self {
    let root = Self(WideFloat(2).squareRoot())
    return 0.5 * x * erfc(-x / root)
  }

  /// `x/2·(1 + tanh(√(2/π)(x + 0.044715x³)))`.
  package static func geluTanh(_ x: Self) -> Self {
    let scale = Self((2 / WideFloat.pi).squareRoot())
    let cubic = constant(0.044715) * x * x * x
    let inner = scale * (x + cubic)
    return 0.5 * x * (1 + tanh(inner))
  }
}
