import Autograd

/// What follows a layer, for the size of its first weights.
public enum Nonlinearity: Sendable {
  /// Nothing.
  case linear
  /// σ(x).
  case sigmoid
  /// tanh x.
  case tanh
  /// max(x, 0).
  case relu
  /// max(x, slope · x).
  case leakyRelu(slope: Double)
  /// The scaled exponential linear unit.
  case selu

  /// The factor by which weights are larger than before nothing, as PyTorch's `calculate_gain`: 1,
  /// 1, 5/3, √2, √(2 / (1 + slope²)) and ¾.
  public var gain: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5 / 3
    case .relu: 2.0.squareRoot()
    case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 0.75
    }
  }
}

/// The number of connections that decides the size of weights.
public enum Fan: Sendable {
  /// Those that lead to an output, which keeps the size of activations.
  case input
  /// Those that start from an input, which keeps the size of gradients.
  case output
  /// The mean of both.
  case average

  /// The number for a weight of the given shape, [outputs, inputs, …] with the sizes of a kernel;
  /// below two axes stops with an error.
  public func callAsFunction(_ shape: Shape) -> Double {
    guard shape.rank >= 2 else {
      fatalError("Fan: the shape \(shape) has no inputs and outputs; use two axes or more")
    }
    let field = shape.dropFirst(2).reduce(1, *)
    switch self {
    case .input: return Double(shape[1] * field)
    case .output: return Double(shape[0] * field)
    case .average: return Double((shape[0] + shape[1]) * field) / 2
    }
  }
}

extension Initializer {
  /// The form of a distribution.
  public enum Distribution: Sendable {
    /// Uniform between two limits.
    case uniform
    /// Normal.
    case normal
    /// Normal within two standard deviations, widened so that the variance is kept.
    case truncatedNormal
  }

  /// Mean 0 and variance scale / fan, the family of all that follow.
  ///
  /// - Parameters:
  ///   - scale: Above 0, else stops with an error.
  ///   - fan: The number of connections.
  ///   - distribution: Its form.
  public static func varianceScaling(
    scale: Double = 1, fan: Fan = .input, distribution: Distribution = .truncatedNormal
  ) -> Initializer {
    guard scale > 0 else { fatalError("varianceScaling: the scale \(scale) must be above 0") }
    return Initializer { shape, dtype, generator in
      let deviation = (scale / Swift.max(fan(shape), 1)).squareRoot()
      let bound = 3.0.squareRoot() * deviation
      // The standard deviation of the standard normal distribution within ±2.
      let truncated = 0.87962566103423978
      let initializer: Initializer =
        switch distribution {
        case .uniform: .uniform(low: -bound, high: bound)
        case .normal: .normal(standardDeviation: deviation)
        case .truncatedNormal: .truncatedNormal(standardDeviation: deviation / truncated)
        }
      return initializer(shape, dtype: dtype, using: &generator)
    }
  }

  /// Uniform with the variance gain² · 2 / (inputs + outputs) (Glorot and Bengio, Understanding the
  /// difficulty of training deep feedforward neural networks, AISTATS 2010).
  public static func xavierUniform(gain: Double = 1) -> Initializer {
    varianceScaling(scale: gain * gain, fan: .average, distribution: .uniform)
  }

  /// Normal with the variance gain² · 2 / (inputs + outputs).
  ///
  /// See ``xavierUniform(gain:)``.
  public static func xavierNormal(gain: Double = 1) -> Initializer {
    varianceScaling(scale: gain * gain, fan: .average, distribution: .normal)
  }

  /// Uniform with the variance gain² / fan (He et al., arXiv:1502.01852).
  public static func kaimingUniform(
    for nonlinearity: Nonlinearity = .relu, fan: Fan = .input
  ) -> Initializer {
    varianceScaling(
      scale: nonlinearity.gain * nonlinearity.gain, fan: fan, distribution: .uniform)
  }

  /// Normal with the variance gain² / fan (He et al., arXiv:1502.01852).
  public static func kaimingNormal(
    for nonlinearity: Nonlinearity = .relu, fan: Fan = .input
  ) -> Initializer {
    varianceScaling(
      scale: nonlinearity.gain * nonlinearity.gain, fan: fan, distribution: .normal)
  }

  /// Uniform with the variance 1 / inputs (LeCun et al., Efficient BackProp, 1998).
  public static func lecunUniform() -> Initializer {
    varianceScaling(distribution: .uniform)
  }

  /// Truncated normal with the variance 1 / inputs, as Keras and JAX have it.
  public static func lecunNormal() -> Initializer { varianceScaling() }
}
