import Autograd

// Positions as vectors that are added to the inputs of attention, which knows no order by itself.

/// Adds sines and cosines of the positions (Vaswani et al., arXiv:1706.03762).
///
/// Position p adds sin(p / base^(2i/E)) to feature 2i and cos(p / base^(2i/E)) to feature 2i + 1.
public struct SinusoidalPositionalEncoding: Layer {
  /// The base of the wavelengths' geometric series.
  public let base: Double

  /// Creates the layer.
  public init(base: Double = 10_000) { self.base = base }

  /// Adds the encoding of the positions 0, 1, ….
  ///
  /// - Parameter x: Shape […, positions, features], features an even number; else stops with an
  ///   error.
  public func forward(_ x: Variable) -> Variable { encoded(x, offset: 0) }

  /// Adds the encoding of the positions `offset`, `offset` + 1, …; see ``forward(_:)``.
  public func callAsFunction(_ x: Variable, offset: Int) -> Variable {
    scope { encoded(x, offset: offset) }
  }

  private func encoded(_ x: Variable, offset: Int) -> Variable {
    guard x.rank >= 2, x.shape[x.rank - 1] % 2 == 0 else {
      fatalError(
        "\(label): the input \(describe(x)) is not […, positions, features] with an even number of "
          + "features\(location())")
    }
    let (positions, features) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let angles = positionAngles(from: offset, count: positions, features: features, base: base)
    let waves = stack([sin(angles), cos(angles)], axis: -1).reshaped(positions, features)
    return x + waves.cast(to: x.dtype)
  }
}

/// Adds a learned vector for each position (Gehring et al., arXiv:1705.03122).
public struct LearnedPositionalEncoding: Layer {
  /// The vectors, of shape [positions, features].
  public let weight: Variable

  /// Creates vectors with the normal distribution of standard deviation 0.02, as GPT-2 does.
  ///
  /// - Parameters:
  ///   - positions: The greatest number of positions.
  ///   - features: The number of features.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    positions: Int, features: Int, dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    weight = Variable(
      Tensor.normal(
        [positions, features], standardDeviation: 0.02, dtype: dtype, using: &generator),
      requiresGradient: true)
  }

  /// The name with the sizes.
  public var label: String {
    "LearnedPositionalEncoding(\(weight.shape[0]) positions, \(weight.shape[1]))"
  }

  /// Adds the vectors of the positions 0, 1, ….
  ///
  /// - Parameter x: Shape […, positions, features], with no more positions than there are vectors;
  ///   else stops with an error.
  public func forward(_ x: Variable) -> Variable { encoded(x, offset: 0) }

  /// Adds the vectors of the positions `offset`, `offset` + 1, …; see ``forward(_:)``.
  public func callAsFunction(_ x: Variable, offset: Int) -> Variable {
    scope { encoded(x, offset: offset) }
  }

  private func encoded(_ x: Variable, offset: Int) -> Variable {
    guard x.rank >= 2, x.shape[x.rank - 1] == weight.shape[1], offset >= 0,
      offset + x.shape[x.rank - 2] <= weight.shape[0]
    else {
      fatalError(
        "\(label): the input \(describe(x)) at position \(offset) is not […, positions, features] "
          + "within \(weight.shape)\(location())")
    }
    return x + weight[offset..<offset + x.shape[x.rank - 2]]
  }
}
