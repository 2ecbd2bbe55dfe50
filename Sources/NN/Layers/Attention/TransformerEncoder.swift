import Autograd

/// A layer of a Transformer's encoder: self-attention, then a network for each position by itself
/// (Vaswani et al., arXiv:1706.03762).
///
///     x ← norm1(x + selfAttention(x))
///     x ← norm2(x + linear2(activation(linear1(x))))
///
/// With `normFirst` each part is x + f(norm(x)) instead, which trains more easily (Xiong et al.,
/// arXiv:2002.04745). With a causal mask it is a layer of a language model such as GPT.
///
/// It computes what PyTorch's `TransformerEncoderLayer(batch_first=True)` does, with variables of
/// the same names.
public struct TransformerEncoderLayer: Layer {
  /// The attention of each position to all.
  public let selfAttention: MultiHeadAttention
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
    self.feedForward = FeedForward(
      features: features, hidden: feedForward, activation: activation, dropout: dropout,
      bias: bias, dtype: dtype, using: &generator)
    var sublayers: [Sublayer] = []
    for _ in 0..<2 {
      sublayers.append(
        Sublayer(
          features: features, dropout: dropout, epsilon: epsilon, normFirst: normFirst, bias: bias,
          dtype: dtype, using: &generator))
    }
    self.sublayers = sublayers
  }

  /// The parts under PyTorch's names: "self_attn", "linear1", "linear2", "norm1", "norm2"….
  public var members: [(name: String, value: Any)] {
    [("self_attn", selfAttention)] + feedForward.members + sublayers.members
  }

  /// The name with the number of features.
  public var label: String {
    "TransformerEncoderLayer(\(features)\(sublayers[0].normFirst ? ", norm first" : ""))"
  }

  private var features: Int { selfAttention.output.weight.shape[0] }

  /// Applies the layer without a mask.
  public func forward(_ x: Variable) -> Variable { encode(x, .none, nil) }

  /// Applies the layer.
  ///
  /// - Parameters:
  ///   - x: Shape [batch, steps, features]; else stops with an error.
  ///   - mask: Which positions may attend to which.
  ///   - cache: What the self-attention has seen before, for going step by step.
  /// - Returns: The shape of x.
  public func callAsFunction(
    _ x: Variable, mask: AttentionMask, cache: KeyValueCache? = nil
  ) -> Variable {
    scope { encode(x, mask, cache) }
  }

  private func encode(_ x: Variable, _ mask: AttentionMask, _ cache: KeyValueCache?) -> Variable {
    requireSequence(x, "input", features: features, label: label)
    let attended = sublayers[0](x) { selfAttention($0, mask: mask, cache: cache) }
    return sublayers[1](attended) { feedForward($0) }
  }
}

/// Layers of an encoder one after the other, and a norm at the end if wanted.
///
/// ```swift
/// let encoder = TransformerEncoder(
///   layers: (0..<6).map { _ in
///     TransformerEncoderLayer(features: 512, heads: 8, normFirst: true, using: &generator)
///   }, norm: LayerNorm(shape: [512]))
/// let memory = encoder(x, mask: AttentionMask(keys: isWord))
/// ```
///
/// PyTorch's `TransformerEncoder` starts with copies of one layer; here each has weights of its
/// own.
public struct TransformerEncoder: Layer {
  /// The layers in the order in which they are applied.
  public let layers: [TransformerEncoderLayer]
  /// The norm at the end, or nil.
  public let norm: LayerNorm?

  /// Creates an encoder of layers.
  public init(layers: [TransformerEncoderLayer], norm: LayerNorm? = nil) {
    self.layers = layers
    self.norm = norm
  }

  /// Applies the layers without a mask.
  public func forward(_ x: Variable) -> Variable { encode(x, .none, nil) }

  /// Applies the layers.
  ///
  /// - Parameters:
  ///   - x: Shape [batch, steps, features].
  ///   - mask: Which positions may attend to which, in all layers.
  ///   - caches: What the layers have seen before, one cache for each; else stops with an error.
  /// - Returns: The shape of x.
  public func callAsFunction(
    _ x: Variable, mask: AttentionMask, caches: [KeyValueCache]? = nil
  ) -> Variable {
    scope { encode(x, mask, caches) }
  }

  private func encode(
    _ x: Variable, _ mask: AttentionMask, _ caches: [KeyValueCache]?
  ) -> Variable {
    requireCaches(caches, layers: layers.count, label: label)
    var result = x
    for (index, layer) in layers.enumerated() {
      result = layer(result, mask: mask, cache: caches?[index])
    }
    return norm?(result) ?? result
  }
}
