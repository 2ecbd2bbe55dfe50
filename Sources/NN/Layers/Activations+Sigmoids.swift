import Autograd

// Sigmoids and what shrinks towards 0, as layers.

/// The logistic function σ(x) = 1 / (1 + e⁻ˣ).
public struct Sigmoid: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { sigmoid(x) }
}

/// log σ(x), exact in both tails.
public struct LogSigmoid: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { logSigmoid(x) }
}

/// min(max(x + 3, 0), 6) / 6, straight lines in the place of a sigmoid.
public struct Hardsigmoid: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { hardsigmoid(x) }
}

/// The hyperbolic tangent.
public struct Tanh: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { tanh(x) }
}

/// x limited to a range; the derivative at both ends is 0.
public struct Hardtanh: Layer {
  /// The lower limit.
  public let low: Double
  /// The upper limit, above the lower one.
  public let high: Double

  /// Creates the layer.
  public init(low: Double = -1, high: Double = 1) {
    self.low = low
    self.high = high
  }

  /// The name with the limits.
  public var label: String { "Hardtanh(low: \(low), high: \(high))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { hardtanh(x, low: low, high: high) }
}

/// x / (1 + |x|), a sigmoid with heavy tails.
public struct Softsign: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { softsign(x) }
}

/// x where |x| > lambda, else 0.
public struct Hardshrink: Layer {
  /// What |x| has to exceed; not negative.
  public let lambda: Double

  /// Creates the layer.
  public init(lambda: Double = 0.5) { self.lambda = lambda }

  /// The name with lambda.
  public var label: String { "Hardshrink(lambda: \(lambda))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { hardshrink(x, lambda: lambda) }
}

/// x moved towards 0 by lambda, and 0 where |x| ≤ lambda.
public struct Softshrink: Layer {
  /// How far x is moved; not negative.
  public let lambda: Double

  /// Creates the layer.
  public init(lambda: Double = 0.5) { self.lambda = lambda }

  /// The name with lambda.
  public var label: String { "Softshrink(lambda: \(lambda))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { softshrink(x, lambda: lambda) }
}

/// x − tanh x.
public struct Tanhshrink: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { tanhshrink(x) }
}
