import Autograd

// Noise against overfitting: in training only; evaluating, these layers return x.

/// Zeros for a random part of the elements in training, the others scaled so that the expectation
/// stays (Srivastava et al., JMLR 15, 2014; arXiv:1207.0580).
public struct Dropout: Layer {
  /// The probability of a zero.
  public let probability: Double
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - probability: Of a zero, in 0...1, else it is an error.
  ///   - generator: The source of randomness.
  public init(probability: Double = 0.5, using generator: inout RandomGenerator) {
    self.probability = checked(probability, "Dropout")
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the probability.
  public var label: String { "Dropout(\(probability))" }

  /// Drops elements of x, of any shape.
  public func forward(_ x: Variable) -> Variable {
    guard mode.isTraining else { return x }
    return dropout(x, probability: probability) {
      random.mask($0, probability: probability)
    }
  }
}

/// Zeros for a random part of the channels in training, the others scaled so that the expectation
/// stays (Tompson et al., arXiv:1411.4280).
///
/// Neighbouring places of a channel tell much of each other, so dropping them one by one hides
/// little.
public struct SpatialDropout: Layer {
  /// The probability of a channel of zeros.
  public let probability: Double
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - probability: Of a channel of zeros, in 0...1, else it is an error.
  ///   - generator: The source of randomness.
  public init(probability: Double = 0.5, using generator: inout RandomGenerator) {
    self.probability = checked(probability, "SpatialDropout")
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the probability.
  public var label: String { "SpatialDropout(\(probability))" }

  /// Drops channels of x, of shape [N, C, …] with one spatial axis or more; else stops with an
  /// error.
  public func forward(_ x: Variable) -> Variable {
    let axes = Array(spatialAxes(of: x, for: label))
    guard mode.isTraining else { return x }
    return dropout(x, probability: probability, sharedAxes: axes) {
      random.mask($0, probability: probability)
    }
  }
}

/// Dropout for networks of ``SELU``: dropped elements go to its limit, and mean and variance stay 0
/// and 1 (Klambauer et al., arXiv:1706.02515).
public struct AlphaDropout: Layer {
  /// The probability of being dropped.
  public let probability: Double
  /// Whether whole channels are dropped, as PyTorch's FeatureAlphaDropout does.
  public let dropsChannels: Bool
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - probability: Of being dropped, in 0...1, else it is an error.
  ///   - dropsChannels: Whether whole channels of [N, C, …] are dropped instead of elements.
  ///   - generator: The source of randomness.
  public init(
    probability: Double = 0.5, dropsChannels: Bool = false, using generator: inout RandomGenerator
  ) {
    self.probability = checked(probability, "AlphaDropout")
    self.dropsChannels = dropsChannels
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the probability.
  public var label: String {
    "AlphaDropout(\(probability)\(dropsChannels ? ", channels" : ""))"
  }

  /// Drops elements of x, of any shape, or channels of x, of shape [N, C, …].
  public func forward(_ x: Variable) -> Variable {
    let axes = dropsChannels ? Array(spatialAxes(of: x, for: label)) : []
    guard mode.isTraining else { return x }
    return alphaDropout(x, probability: probability, sharedAxes: axes) {
      random.mask($0, probability: probability)
    }
  }
}

/// A probability that was found to be one.
func checked(_ probability: Double, _ layer: String) -> Double {
  guard (0...1).contains(probability) else {
    fatalError("\(layer): the probability \(probability) is not in 0...1")
  }
  return probability
}
