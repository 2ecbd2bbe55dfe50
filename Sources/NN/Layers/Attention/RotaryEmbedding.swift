import Autograd

/// Positions as rotations: features are rotated in pairs by angles that grow with the position (Su
/// et al., arXiv:2104.09864).
///
/// At position p, pair i of E / 2 turns by the angle p · base^(−2i/E). The score of a query and a
/// key then depends on the distance of their positions alone.
///
/// Feature i is paired with feature i + E / 2, as in LLaMA's weights at Hugging Face and in
/// GPT-NeoX. Weights made for pairs of neighbours (the paper's, and Meta's own files) need their
/// rows in another order.
public struct RotaryEmbedding: Sendable {
  /// The base of the angles' geometric series.
  public let base: Double

  /// Creates the rotation.
  ///
  /// - Parameter base: The base of the angles' series; larger for longer contexts.
  public init(base: Double = 10_000) { self.base = base }

  /// The rotated features.
  ///
  /// - Parameters:
  ///   - x: Shape […, positions, features], features an even number; else stops with an error.
  ///   - offset: The position of the first row.
  public func callAsFunction(_ x: Variable, offset: Int = 0) -> Variable {
    guard x.rank >= 2, x.shape[x.rank - 1] % 2 == 0 else {
      fatalError(
        "RotaryEmbedding: \(describe(x)) is not […, positions, features] with an even number of "
          + "features\(location())")
    }
    let features = x.shape[x.rank - 1]
    let angles = positionAngles(
      from: offset, count: x.shape[x.rank - 2], features: features, base: base)
    let (cosine, sine) = (cos(angles).cast(to: x.dtype), sin(angles).cast(to: x.dtype))
    let halves = x.split(sizes: [features / 2, features / 2], axis: -1)
    return concatenate(
      [halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine], axis: -1)
  }
}

/// The angles p · base^(−2i/features) of positions and pairs of features: float64, of shape
/// [count, features / 2].
func positionAngles(from first: Int, count: Int, features: Int, base: Double) -> Variable {
  let positions = Tensor.range(from: Double(first), to: Double(first + count), dtype: .float64)
  let pairs = Variable(Tensor.range(to: Double(features / 2), dtype: .float64))
  let frequencies = pow(Variable(base), Variable(-2 / Double(features)) * pairs)
  return Variable(positions).unsqueezed(axis: 1) * frequencies
}
