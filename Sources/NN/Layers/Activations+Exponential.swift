import Autograd

// Smooth and exponential relatives of the rectifier as layers.

/// x for x > 0, else alpha (eˣ − 1) (Clevert, Unterthiner and Hochreiter, arXiv:1511.07289).
public struct ELU: Layer {
  /// The negative of the limit for x → −∞.
  public let alpha: Double

  /// Creates the layer.
  public init(alpha: Double = 1) { self.alpha = alpha }

  /// The name with alpha.
  public var label: String { "ELU(alpha: \(alpha))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { elu(x, alpha: alpha) }
}

/// The exponential linear unit that keeps mean 0 and variance 1 (Klambauer et al.,
/// arXiv:1706.02515).
public struct SELU: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { selu(x) }
}

/// x for x > 0, else alpha (e^(x / alpha) − 1) (Barron, arXiv:1704.07483).
public struct CELU: Layer {
  /// The negative of the limit for x → −∞; positive.
  public let alpha: Double

  /// Creates the layer.
  public init(alpha: Double = 1) { self.alpha = alpha }

  /// The name with alpha.
  public var label: String { "CELU(alpha: \(alpha))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { celu(x, alpha: alpha) }
}

/// The Gaussian error linear unit x Φ(x) (Hendrycks and Gimpel, arXiv:1606.08415).
public struct GELU: Layer {
  /// How Φ is computed.
  public let approximation: GeluApproximation

  /// Creates the layer.
  public init(approximation: GeluApproximation = .none) { self.approximation = approximation }

  /// The name with the approximation.
  public var label: String { "GELU(approximation: \(approximation))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { gelu(x, approximation: approximation) }
}

/// x σ(x), also called swish (arXiv:1710.05941).
public struct SiLU: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { silu(x) }
}

/// x min(max(x + 3, 0), 6) / 6, straight lines in the place of the sigmoid in ``SiLU``
/// (arXiv:1905.02244).
public struct Hardswish: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { hardswish(x) }
}

/// x tanh(log(1 + eˣ)) (Misra, arXiv:1908.08681).
public struct Mish: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { mish(x) }
}

/// log(1 + e^(βx)) / β, a smooth rectifier.
public struct Softplus: Layer {
  /// How sharp the bend at 0 is.
  public let beta: Double

  /// Creates the layer.
  public init(beta: Double = 1) { self.beta = beta }

  /// The name with beta.
  public var label: String { "Softplus(beta: \(beta))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { softplus(x, beta: beta) }
}
