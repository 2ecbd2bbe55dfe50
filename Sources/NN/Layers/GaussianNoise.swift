import Autograd

// Normal noise in training; evaluating, these layers return x.

/// Normal noise with mean 0 that is added in training, as in Keras.
public struct GaussianNoise: Layer {
  /// The standard deviation of the noise.
  public let standardDeviation: Double
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - standardDeviation: Of the noise, at least 0, else it is an error.
  ///   - generator: The source of randomness.
  public init(standardDeviation: Double, using generator: inout RandomGenerator) {
    guard standardDeviation >= 0 else {
      fatalError("GaussianNoise: the standard deviation \(standardDeviation) is negative")
    }
    self.standardDeviation = standardDeviation
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the standard deviation.
  public var label: String { "GaussianNoise(\(standardDeviation))" }

  /// Adds noise to each element of x, of any shape.
  public func forward(_ x: Variable) -> Variable {
    guard mode.isTraining else { return x }
    return x + noise(for: x, mean: 0, standardDeviation, random)
  }
}

/// Normal noise with mean 1 that is multiplied by in training, with the variance of ``Dropout``:
/// p / (1 − p) (Srivastava et al., JMLR 15, 2014, section 10), as in Keras.
public struct GaussianDropout: Layer {
  /// The probability p of the dropout that the noise is as strong as.
  public let probability: Double
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - probability: p, at least 0 and below 1, else it is an error.
  ///   - generator: The source of randomness.
  public init(probability: Double = 0.5, using generator: inout RandomGenerator) {
    guard probability < 1 else {
      fatalError("GaussianDropout: the probability \(probability) is not below 1")
    }
    self.probability = checked(probability, "GaussianDropout")
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the probability.
  public var label: String { "GaussianDropout(\(probability))" }

  /// Multiplies each element of x, of any shape, by noise.
  public func forward(_ x: Variable) -> Variable {
    guard mode.isTraining else { return x }
    let deviation = (probability / (1 - probability)).squareRoot()
    return x * noise(for: x, mean: 1, deviation, random)
  }
}

private func noise(
  for x: Variable, mean: Double, _ deviation: Double, _ random: RandomSource
) -> Variable {
  let (shape, dtype) = (x.shape, x.dtype)
  return random.draw {
    Tensor.normal(
      shape, mean: mean, standardDeviation: deviation, dtype: dtype, using: &$0)
  }
}
