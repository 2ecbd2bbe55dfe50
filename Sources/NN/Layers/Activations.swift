import Autograd

// The activation functions as layers: element by element, any shape, no parameters.

/// The rectifier max(x, 0).
public struct ReLU: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { relu(x) }
}

/// x for x > 0, else slope · x.
public struct LeakyReLU: Layer {
  /// The slope for negative x.
  public let slope: Double

  /// Creates the layer.
  public init(slope: Double = 0.01) { self.slope = slope }

  /// The name with the slope.
  public var label: String { "LeakyReLU(slope: \(slope))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { leakyRelu(x, slope: slope) }
}

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

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ).
public struct Sigmoid: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { sigmoid(x) }
}

/// The hyperbolic tangent.
public struct Tanh: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { tanh(x) }
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

/// eˣ / Σ eˣ along one axis.
public struct Softmax: Layer {
  /// The axis along which the results add up to 1.
  public let axis: Int

  /// Creates the layer.
  public init(axis: Int = -1) { self.axis = axis }

  /// The name with the axis.
  public var label: String { "Softmax(axis: \(axis))" }

  /// Applies the function along the axis.
  public func forward(_ x: Variable) -> Variable { softmax(x, axis: axis) }
}
