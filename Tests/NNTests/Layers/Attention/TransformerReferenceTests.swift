import Autograd
import NN
import Testing

/// Transformers against PyTorch's values and gradients in float64; names are equal, too.
@Suite struct TransformerReferenceTests {
  private let references: References
  private var generator = RandomGenerator(seed: 1)

  init() throws { references = try References(topic: "attention") }

  @Test mutating func `A layer of an encoder is PyTorch's`() throws {
    let layer = encoderLayer()
    try references("encoder layer").expectAll(of: layer, inputs: ["x"]) { $0($1[0]) }
    try references("encoder layer masked").expectAll(of: layer, inputs: ["x", "words"]) {
      $0($1[0], mask: AttentionMask(keys: $1[1], isCausal: true))
    }
    let plain = encoderLayer(bias: false)
    try references("encoder layer no bias").expectAll(of: plain, inputs: ["x"]) { $0($1[0]) }
    let normFirst = TransformerEncoderLayer(
      features: 4, heads: 2, feedForward: 5, dropout: 0, activation: GELU(), epsilon: 1e-3,
      normFirst: true, dtype: .float64, using: &generator)
    try references("encoder layer norm first").expectAll(of: normFirst, inputs: ["x", "words"]) {
      $0($1[0], mask: AttentionMask(keys: $1[1]))
    }
  }

  @Test mutating func `An encoder is PyTorch's`() throws {
    let encoder = TransformerEncoder(
      layers: [encoderLayer(heads: 1), encoderLayer(heads: 1)],
      norm: LayerNorm(shape: [4], dtype: .float64))
    try references("encoder").expectAll(of: encoder, inputs: ["x"]) { $0($1[0], mask: .causal) }
  }

  @Test mutating func `A layer of a decoder is PyTorch's`() throws {
    let layer = decoderLayer()
    try references("decoder layer").expectAll(of: layer, inputs: ["x", "memory"]) {
      $0($1[0], memory: $1[1])
    }
    let normFirst = TransformerDecoderLayer(
      features: 4, heads: 2, feedForward: 5, dropout: 0, activation: GELU(), normFirst: true,
      dtype: .float64, using: &generator)
    for (name, layer) in [("masked", layer), ("norm first", normFirst)] {
      try references("decoder layer \(name)").expectAll(
        of: layer, inputs: ["x", "memory", "keys"]
      ) {
        $0($1[0], memory: $1[1], mask: .causal, memoryMask: AttentionMask(keys: $1[2]))
      }
    }
  }

  @Test mutating func `A decoder is PyTorch's`() throws {
    let decoder = TransformerDecoder(layers: [decoderLayer(heads: 1), decoderLayer(heads: 1)])
    try references("decoder").expectAll(of: decoder, inputs: ["x", "memory"]) {
      $0($1[0], memory: $1[1])
    }
  }

  @Test mutating func `A transformer is PyTorch's`() throws {
    let transformer = Transformer(
      features: 4, heads: 2, encoderLayers: 1, decoderLayers: 1, feedForward: 5, dropout: 0,
      dtype: .float64, using: &generator)
    try references("transformer").expectAll(
      of: transformer, inputs: ["source", "target", "keys"]
    ) {
      let keys = AttentionMask(keys: $1[2])
      return $0($1[0], $1[1], sourceMask: keys, targetMask: .causal, memoryMask: keys)
    }
  }

  private mutating func encoderLayer(heads: Int = 2, bias: Bool = true) -> TransformerEncoderLayer {
    TransformerEncoderLayer(
      features: 4, heads: heads, feedForward: 5, dropout: 0, bias: bias, dtype: .float64,
      using: &generator)
  }

  private mutating func decoderLayer(heads: Int = 2) -> TransformerDecoderLayer {
    TransformerDecoderLayer(
      features: 4, heads: heads, feedForward: 5, dropout: 0, dtype: .float64, using: &generator)
  }
}
