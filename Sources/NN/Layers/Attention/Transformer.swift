import Autograd

/// An encoder and a decoder: from one sequence to another (Vaswani et al., arXiv:1706.03762).
///
/// ```swift
/// let transformer = Transformer(features: 64, heads: 4, using: &generator)
/// let y = transformer(
///   source, target, sourceMask: AttentionMask(keys: isWord), targetMask: .causal,
///   memoryMask: AttentionMask(keys: isWord))
/// ```
///
/// It computes what PyTorch's `Transformer(batch_first=True)` does, with variables of the same
/// names. As there, it has neither embeddings nor positions nor a map to words, and nothing is
/// masked by itself. To decode step by step call ``encoder`` once, and ``decoder`` with caches for
/// each step.
public struct Transformer: Module {
  /// What reads the source.
  public let encoder: TransformerEncoder
  /// What writes the target.
  public let decoder: TransformerDecoder

  /// Creates a transformer of given parts.
  public init(encoder: TransformerEncoder, decoder: TransformerDecoder) {
    self.encoder = encoder
    self.decoder = decoder
  }

  /// Creates a transformer with a norm at the end of each half, and with all matrices drawn by
  /// Glorot and Bengio's rule.
  ///
  /// - Parameters:
  ///   - features: The number of features of each position.
  ///   - heads: The number of heads of attention; divides the features.
  ///   - encoderLayers: The number of layers of the encoder.
  ///   - decoderLayers: The number of layers of the decoder.
  ///   - feedForward: The number of features between the two linear maps of a layer.
  ///   - dropout: The probability of a zero in training.
  ///   - activation: What is between the linear maps, such as `ReLU()` or `GELU()`.
  ///   - epsilon: What the norms add to the variance.
  ///   - normFirst: Whether the norms come before the parts rather than after the sums.
  ///   - bias: Whether linear maps and norms have biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    features: Int = 512, heads: Int = 8, encoderLayers: Int = 6, decoderLayers: Int = 6,
    feedForward: Int = 2048, dropout: Double = 0.1, activation: any Layer = ReLU(),
    epsilon: Double = 1e-5, normFirst: Bool = false, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    func norm() -> LayerNorm {
      LayerNorm(shape: [features], epsilon: epsilon, bias: bias, dtype: dtype)
    }
    encoder = TransformerEncoder(
      layers: (0..<encoderLayers).map { _ in
        TransformerEncoderLayer(
          features: features, heads: heads, feedForward: feedForward, dropout: dropout,
          activation: activation, epsilon: epsilon, normFirst: normFirst, bias: bias, dtype: dtype,
          using: &generator)
      }, norm: norm())
    decoder = TransformerDecoder(
      layers: (0..<decoderLayers).map { _ in
        TransformerDecoderLayer(
          features: features, heads: heads, feedForward: feedForward, dropout: dropout,
          activation: activation, epsilon: epsilon, normFirst: normFirst, bias: bias, dtype: dtype,
          using: &generator)
      }, norm: norm())
    for parameter in parameters where parameter.rank == 2 {
      parameter.assign(glorotUniform(parameter.shape, dtype, &generator))
    }
  }

  /// What the decoder makes of the target and of the encoded source.
  ///
  /// - Parameters:
  ///   - source: Shape [batch, steps, features].
  ///   - target: Shape [batch, other steps, features].
  ///   - sourceMask: Which positions of the source may attend to which.
  ///   - targetMask: Which positions of the target may attend to which; `.causal` as a rule.
  ///   - memoryMask: Which positions of the target may attend to which of the source.
  /// - Returns: The shape of the target. Stops with an error if shapes do not fit.
  public func callAsFunction(
    _ source: Variable, _ target: Variable, sourceMask: AttentionMask = .none,
    targetMask: AttentionMask = .none, memoryMask: AttentionMask = .none
  ) -> Variable {
    scope {
      decoder(
        target, memory: encoder(source, mask: sourceMask), mask: targetMask, memoryMask: memoryMask)
    }
  }
}
