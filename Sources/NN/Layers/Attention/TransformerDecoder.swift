import Autograd

/// A layer of a Transformer's decoder: self-attention, attention to the encoder's output, then a
/// network for each position by itself (Vaswani et al., arXiv:1706.03762).
///
///     x ← norm1(x + selfAttention(x))
///     x ← norm2(x + memoryAttention(x, memory))
///     x ← norm3(x + linear2(activation(linear1(x))))
///
/// With `normFirst` each part is x + f(norm(x)) instead.
///
/// It computes what PyTorch's `TransformerDecoderLayer(batch_first=True)` does, with variables of
/// the same names. Nothing is masked by itself: pass `.causal` for the usual decoder.
public struct TransformerDecoderLayer: Module {
  /// The attention of each position to all of the same sequence.
  public let selfAttention: MultiHeadAttention
  /// The attention of each position to the encoder's output.
  public let memoryAttention: MultiHeadAttention
  private let feedForward: FeedForward
  private let sublayers: [Sublayer]

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - features: The number of features of each position.
  ///   - heads: The number of heads of attention; divides the features.
  ///   - feedForward: The number of features between the two linear maps.
  ///   - dropout: The probability of a zero in training: of a weight of attention, behind the
  ///     activation, and at the end of each part.
  ///   - activation: What is between the linear maps, such as `ReLU()` or `GELU()`.
  ///   - epsilon: What the norms add to the variance.
  ///   - normFirst: Whether the norms come before the parts rather than after the sums.
  ///   - bias: Whether linear maps and norms have biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    features: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: any Layer = ReLU(), epsilon: Double = 1e-5, normFirst: Bool = false,
    bias: Bool = true, dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    selfAttention = MultiHeadAttention(
      features: features, heads: heads, bias: bias, dropout: dropout, dtype: dtype,
      using: &generator)
    memoryAttention = MultiHeadAttention(
      features: features, heads: heads, bias: bias, dropout: dropout, dtype: dtype,
      using: &generator)
    self.feedForward = FeedForward(
      features: features, hidden: feedForward, activation: activation, dropout: dropout,
      bias: bias, dtype: dtype, using: &generator)
    var sublayers: [Sublayer] = []
    for _ in 0..<3 {
      sublayers.append(
        Sublayer(
          features: features, dropout: dropout, epsilon: epsilon, normFirst: normFirst, bias: bias,
          dtype: dtype, using: &generator))
    }
    self.sublayers = sublayers
  }

  /// The parts under PyTorch's names: "self_attn", "multihead_attn", "linear1", "norm1"….
  public var members: [(name: String, value: Any)] {
    [("self_attn", selfAttention), ("multihead_attn", memoryAttention)] + feedForward.members
      + sublayers.members
  }

  /// The name with the number of features.
  public var label: String {
    "TransformerDecoderLayer(\(features)\(sublayers[0].normFirst ? ", norm first" : ""))"
  }

  private var features: Int { selfAttention.output.weight.shape[0] }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: Shape [batch, steps, features]; else stops with an error.
  ///   - memory: The encoder's output, of shape [batch, other steps, features]; else stops with an
  ///     error.
  ///   - mask: Which positions of x may attend to which.
  ///   - memoryMask: Which positions of x may attend to which of the memory.
  ///   - cache: What the self-attention has seen before, for going step by step.
  /// - Returns: The shape of x.
  public func callAsFunction(
    _ x: Variable, memory: Variable, mask: AttentionMask = .none,
    memoryMask: AttentionMask = .none, cache: KeyValueCache? = nil
  ) -> Variable {
    scope {
      requireSequence(x, "input", features: features, label: label)
      requireSequence(memory, "memory", features: features, label: label)
      var y = sublayers[0](x) { selfAttention($0, mask: mask, cache: cache) }
      y = sublayers[1](y) { memoryAttention($0, key: memory, mask: memoryMask) }
      return sublayers[2](y) { feedForward($0) }
    }
  }
}

/// Layers of a decoder one after the other, and a norm at the end if wanted.
///
/// PyTorch's `TransformerDecoder` starts with copies of one layer; here each has weights of its
/// own.
public struct TransformerDecoder: Module {
  /// The layers in the order in which they are applied.
  public let layers: [TransformerDecoderLayer]
  /// The norm at the end, or nil.
  public let norm: LayerNorm?

  /// Creates a decoder of layers.
  public init(layers: [TransformerDecoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
  }

  /// Applies the layers.
  ///
  /// - Parameters:
  ///   - x: Shape [batch, steps, features].
  ///   - memory: The encoder's output, of shape [batch, other steps, features].
  ///   - mask: Which positions of x may attend to which; `.causal` for the usual decoder.
  ///   - memoryMask: Which positions of x may attend to which of the memory.
  ///   - caches: What the layers have seen before, one cache for each; else stops with an error.
  /// - Returns: The shape of x.
  public func callAsFunction(
    _ x: Variable, memory: Variable, mask: AttentionMask = .none,
    memoryMask: AttentionMask = .none, caches: [KeyValueCache]? = nil
  ) -> Variable {
    scope {
      requireCaches(caches, layers: layers.count, label: label)
      var result = x
      for (index, layer) in layers.enumerated() {
        result = layer(
          result, memory: memory, mask: mask, memoryMask: memoryMask, cache: caches?[index])
      }
      return norm?(result) ?? result
    }
  }
}
