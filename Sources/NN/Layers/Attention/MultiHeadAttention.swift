import Autograd

/// Attention by several heads, each of which looks at the whole in its own way (Vaswani et al.,
/// arXiv:1706.03762).
///
///     headₕ = softmax(Qₕ Kₕᵀ / √d) Vₕ    with Q = query W_Qᵀ + b_Q, K and V likewise
///     y = [head₁ … headₙ] Wₒᵀ + bₒ
///
/// ```swift
/// let attention = MultiHeadAttention(features: 64, heads: 8, using: &generator)
/// let y = attention(x, mask: .causal)         // self-attention, x: [batch, steps, 64]
/// let z = attention(y, key: memory)           // attention to another sequence
/// ```
///
/// It computes what PyTorch's `MultiheadAttention(batch_first=True)` does, with variables of the
/// same names. Two things differ: in an ``AttentionMask`` true means that a query *may* attend, and
/// a query that may attend to nothing gets zeros (before Wₒ), not NaN.
///
/// With fewer `keyValueHeads`, groups of query heads share one head of keys and values (Ainslie et
/// al., arXiv:2305.13245), which makes a ``KeyValueCache`` smaller.
public struct MultiHeadAttention: Layer {
  /// The number of heads of queries, which divides the features.
  public let heads: Int
  /// The number of heads of keys and values, which divides that of queries.
  public let keyValueHeads: Int
  /// W_Q, W_K and W_V: one variable with all rows if all inputs have the same features, else three.
  public let inputWeights: [Variable]
  /// b_Q, b_K and b_V one after the other, or nil.
  public let inputBias: Variable?
  /// Wₒ and bₒ.
  public let output: Linear
  /// What is applied to the weights of attention.
  public let dropout: Dropout
  /// What tells queries and keys their positions, or nil.
  public let rotary: RotaryEmbedding?

  /// Creates the layer with weights drawn as in PyTorch: W of the inputs by Glorot and Bengio's
  /// rule, Wₒ from U(−1/√features, 1/√features), biases 0.
  ///
  /// - Parameters:
  ///   - features: The number of features of queries, and of what comes out.
  ///   - heads: The number of heads; divides the features, else stops with an error.
  ///   - keyValueHeads: The number of heads of keys and values, which divides that of queries; nil
  ///     for as many.
  ///   - keyFeatures: The number of features of keys; nil for as many as queries have.
  ///   - valueFeatures: The number of features of values; nil for as many as queries have.
  ///   - bias: Whether there are biases.
  ///   - dropout: The probability with which a weight of attention becomes 0 in training.
  ///   - rotary: What tells queries and keys their positions, or nil.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    features: Int, heads: Int, keyValueHeads: Int? = nil, keyFeatures: Int? = nil,
    valueFeatures: Int? = nil, bias: Bool = true, dropout: Double = 0,
    rotary: RotaryEmbedding? = nil, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    let keyValueHeads = keyValueHeads ?? heads
    guard features > 0, heads > 0, features % heads == 0 else {
      fatalError(
        "MultiHeadAttention: \(features) features cannot be shared evenly by \(heads) heads")
    }
    guard keyValueHeads > 0, heads % keyValueHeads == 0 else {
      fatalError(
        "MultiHeadAttention: \(heads) heads cannot share \(keyValueHeads) heads of keys and values "
          + "evenly")
    }
    let rows = [features, features / heads * keyValueHeads, features / heads * keyValueHeads]
    let columns = [features, keyFeatures ?? features, valueFeatures ?? features]
    let isPacked = columns.allSatisfy { $0 == features }
    let shapes = isPacked ? [[rows.reduce(0, +), features]] : zip(rows, columns).map { [$0, $1] }
    var weights: [Variable] = []
    for shape in shapes { weights.append(glorotUniform(Shape(shape), dtype, &generator)) }
    inputWeights = weights
    inputBias =
      bias
      ? Variable(Tensor.zeros([rows.reduce(0, +)], dtype: dtype), requiresGradient: true) : nil
    output = Linear(
      inputs: features, outputs: features, bias: bias, dtype: dtype, using: &generator)
    output.bias?.assign(Variable(Tensor.zeros([features], dtype: dtype)))
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.dropout = Dropout(probability: dropout, using: &generator)
    self.rotary = rotary
  }

  /// The variables under PyTorch's names: "in_proj_weight" or "q_proj_weight"…, "in_proj_bias",
  /// "out_proj.weight", "out_proj.bias".
  public var members: [(name: String, value: Any)] {
    let names =
      inputWeights.count == 1
      ? ["in_proj_weight"] : ["q_proj_weight", "k_proj_weight", "v_proj_weight"]
    return zip(names, inputWeights).map { ($0, $1) } + [
      ("in_proj_bias", inputBias as Any), ("out_proj", output), ("dropout", dropout),
    ]
  }

  /// The name with the numbers of features and heads.
  public var label: String {
    let groups = keyValueHeads == heads ? "" : ", \(keyValueHeads) of keys and values"
    return "MultiHeadAttention(\(output.weight.shape[0]), \(heads) heads\(groups))"
  }
}

/// A matrix drawn from U(−a, a) with a = √(6 / (rows + columns)) (Glorot and Bengio, AISTATS 2010).
func glorotUniform(
  _ shape: Shape, _ dtype: DType, _ generator: inout RandomGenerator
) -> Variable {
  uniformParameter(
    shape, within: (6 / Double(shape[0] + shape[1])).squareRoot(), dtype, &generator)
}
