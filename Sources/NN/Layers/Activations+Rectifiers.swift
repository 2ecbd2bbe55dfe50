import Autograd

// Rectifiers as layers: x above 0, and something else below.

/// The rectifier max(x, 0).
public struct ReLU: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { relu(x) }
}

/// The rectifier with a limit, min(max(x, 0), 6).
public struct ReLU6: Layer {
  /// Creates the layer.
  public init() {}

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { relu6(x) }
}

/// x for x > 0, else slope · x (Maas, Hannun and Ng, Rectifier nonlinearities improve neural network
/// acoustic models, ICML 2013).
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

/// x for x > 0, else a learned slope times x (He et al., arXiv:1502.01852).
public struct PReLU: Layer {
  /// The slopes for negative x, of shape [channels].
  public let weight: Variable

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: The number of channels with a slope each, in axis 1; 1 for a single slope.
  ///   - slope: The initial slope.
  ///   - dtype: float32 or float64.
  public init(channels: Int = 1, slope: Double = 0.25, dtype: DType = .float32) {
    guard channels > 0 else { fatalError("PReLU: \(channels) channels; there must be at least 1") }
    weight = Variable(Tensor.full(slope, [channels], dtype: dtype), requiresGradient: true)
  }

  /// The name with the number of slopes.
  public var label: String { "PReLU(\(weight.count))" }

  /// Maps x of shape [N, C, …], or of any shape for a single slope, to the same shape.
  ///
  /// Stops with an error if there are slopes for another number of channels.
  public func forward(_ x: Variable) -> Variable { prelu(x, slope: weight) }
}

/// x for x > 0, else a slope times x that is random in training and the mean of its range in
/// evaluation (Xu et al., arXiv:1505.00853).
public struct RReLU: Layer {
  /// The least slope and the limit above.
  public let low, high: Double
  let mode = Mode()
  let random: RandomSource

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - low: The least slope.
  ///   - high: The limit above; not below `low`, else it is an error.
  ///   - generator: The source of randomness.
  public init(
    low: Double = 1.0 / 8, high: Double = 1.0 / 3, using generator: inout RandomGenerator
  ) {
    guard low <= high else { fatalError("RReLU: low \(low) is above high \(high)") }
    self.low = low
    self.high = high
    random = RandomSource(splitFrom: &generator)
  }

  /// The name with the range.
  public var label: String { "RReLU(low: \(low), high: \(high))" }

  /// Applies the function to each element, in training with a slope for each.
  public func forward(_ x: Variable) -> Variable {
    guard mode.isTraining else { return leakyRelu(x, slope: (low + high) / 2) }
    let (shape, dtype) = (x.shape, x.dtype)
    let slopes = random.draw { [low, high] in
      Tensor.uniform(shape, low: low, high: high, dtype: dtype, using: &$0)
    }
    return rrelu(x, slopes: slopes)
  }
}

/// x above a limit, else a fixed value.
public struct Threshold: Layer {
  /// What x has to exceed.
  public let limit: Double
  /// The result where x does not.
  public let value: Double

  /// Creates the layer.
  public init(limit: Double, value: Double) {
    self.limit = limit
    self.value = value
  }

  /// The name with the numbers.
  public var label: String { "Threshold(limit: \(limit), value: \(value))" }

  /// Applies the function to each element.
  public func forward(_ x: Variable) -> Variable { threshold(x, limit: limit, value: value) }
}
