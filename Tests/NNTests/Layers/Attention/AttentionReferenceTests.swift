import Autograd
import NN
import Testing

/// Attention and positions against PyTorch's values and gradients in float64; names are equal, too.
@Suite struct AttentionReferenceTests {
  private let references: References
  private var generator = RandomGenerator(seed: 1)
  private let attention: MultiHeadAttention

  init() throws {
    references = try References(topic: "attention")
    attention = MultiHeadAttention(features: 4, heads: 2, dtype: .float64, using: &generator)
  }

  @Test mutating func `Self-attention is PyTorch's`() throws {
    try references("self").expectAll(of: attention, inputs: ["x"]) { $0($1[0]) }
    let plain = MultiHeadAttention(
      features: 4, heads: 1, bias: false, dtype: .float64, using: &generator)
    try references("self no bias").expectAll(of: plain, inputs: ["x"]) { $0($1[0]) }
    try references("self causal keys").expectAll(of: attention, inputs: ["x", "words"]) {
      $0($1[0], mask: AttentionMask(keys: $1[1], isCausal: true))
    }
  }

  @Test func `Attention to another sequence is PyTorch's`() throws {
    try references("cross").expectAll(of: attention, inputs: ["x", "memory"]) {
      $0($1[0], key: $1[1])
    }
    try references("cross pairs").expectAll(
      of: attention, inputs: ["x", "memory", "pairs", "keys"]
    ) {
      $0($1[0], key: $1[1], mask: AttentionMask(pairs: $1[2], keys: $1[3]))
    }
    try references("cross heads").expectAll(of: attention, inputs: ["x", "memory", "pairs"]) {
      $0($1[0], key: $1[1], mask: AttentionMask(pairs: $1[2]))
    }
  }

  @Test func `Masks of numbers are PyTorch's`() throws {
    try references("cross bias").expectAll(
      of: attention, inputs: ["x", "memory", "pairs", "keys"]
    ) {
      $0($1[0], key: $1[1], mask: AttentionMask(pairs: $1[2], keys: $1[3]))
    }
    let reference = try references("cross infinite bias")
    try reference.expectAll(of: attention, inputs: ["x", "memory"]) {
      $0($1[0], key: $1[1], mask: AttentionMask(pairs: Variable(reference["pairs"])))
    }
  }

  @Test mutating func `Queries, keys and values of different sizes are PyTorch's`() throws {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, keyFeatures: 3, valueFeatures: 2, dtype: .float64, using: &generator)
    try references("three sizes").expectAll(of: attention, inputs: ["x", "keys", "values"]) {
      $0($1[0], key: $1[1], value: $1[2])
    }
  }

  @Test func `Weights of attention are PyTorch's`() throws {
    try references("weights").expectAll(of: attention, inputs: ["x", "memory", "pairs"]) {
      let (output, weights) = $0.outputAndWeights(
        $1[0], key: $1[1], mask: AttentionMask(pairs: $1[2]))
      return joined([output, weights])
    }
    try references("averaged weights").expectAll(of: attention, inputs: ["x", "memory"]) {
      let (output, weights) = $0.outputAndWeights($1[0], key: $1[1])
      return joined([output, weights.mean(axis: 1)])
    }
  }

  @Test mutating func `Heads that share keys and values are PyTorch's`() throws {
    let attention = MultiHeadAttention(
      features: 8, heads: 4, keyValueHeads: 2, bias: false, dtype: .float64, using: &generator)
    attention.output.weight.assign(Variable(Tensor.identity(8, dtype: .float64)))
    let reference = try references("grouped")
    let x = reference.leaf("x")
    let parts = ["q", "k", "v"].map { Variable(reference[$0]) }
    attention.inputWeights[0].assign(concatenate(parts))
    let y = attention(x, mask: .causal)
    reference.expect(y.value, equals: "value")
    let slopes = gradients(
      of: y, withRespectTo: [x, attention.inputWeights[0]], seed: Variable(reference["cotangent"]))
    reference.expect(slopes[0]!.value, equals: "gradient x")
    for (slope, name) in zip(slopes[1]!.split(sizes: [8, 4, 4]), ["q", "k", "v"]) {
      reference.expect(slope.value, equals: "gradient \(name)")
    }
  }

  @Test func `Rotations of positions are products of complex numbers`() throws {
    for (name, offset) in [("rotary", 0), ("rotary offset", 5)] {
      let reference = try references(name)
      let x = reference.leaf("x")
      reference.expect(RotaryEmbedding()(x, offset: offset), gradientsBy: ["x": x])
    }
  }

  @Test func `Sines and cosines of positions are those of the tutorial`() throws {
    let reference = try references("sinusoidal")
    let x = reference.leaf("x")
    reference.expect(SinusoidalPositionalEncoding()(x), gradientsBy: ["x": x])
  }
}
