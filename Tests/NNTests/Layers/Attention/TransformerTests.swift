import Autograd
import NN
import Testing

@Suite struct TransformerTests {
  private var generator = RandomGenerator(seed: 4)

  @Test mutating func `The matrices of a transformer are drawn by Glorot's rule`() {
    let transformer = Transformer(
      features: 8, heads: 2, encoderLayers: 1, decoderLayers: 1, feedForward: 16,
      using: &generator)
    var drawn = 0
    for (name, parameter) in transformer.namedParameters where parameter.rank == 2 {
      let bound = (6 / Double(parameter.shape[0] + parameter.shape[1])).squareRoot()
      let largest = parameter.value.doubles().map(abs).max()!
      #expect(largest <= bound && largest > 0.85 * bound, "\(name)")
      drawn += 1
    }
    #expect(drawn == 10)
    #expect(transformer.namedParameters.last?.name == "decoder.norm.bias")
  }

  @Test mutating func `Layers start with weights of their own`() {
    let layers = (0..<2).map { _ in
      TransformerEncoderLayer(features: 4, heads: 2, feedForward: 8, using: &generator)
    }
    let weights = layers.map { $0.selfAttention.inputWeights[0].value.doubles() }
    #expect(weights[0] != weights[1])
  }

  @Test mutating func `Dropout acts in training only, from sources with paths`() {
    let encoder = TransformerEncoder(
      layers: [
        TransformerEncoderLayer(features: 4, heads: 2, feedForward: 8, using: &generator)
      ])
    let x = noise([1, 6, 4], 1, dtype: .float32)
    #expect(encoder(x).value.doubles() != encoder(x).value.doubles())
    encoder.evaluating { #expect(encoder(x).value.doubles() == encoder(x).value.doubles()) }
    #expect(
      encoder.namedRandomSources.map(\.name).sorted() == [
        "layers.0.dropout.random", "layers.0.dropout1.random", "layers.0.dropout2.random",
        "layers.0.self_attn.dropout.random",
      ])
  }

  @Test mutating func `An encoder without layers returns its input`() {
    let x = noise([1, 2, 4], 1)
    #expect(TransformerEncoder(layers: [])(x).isIdentical(to: x))
  }

  @Test mutating func `The layer fits into a sequence of layers and a summary`() {
    let model = Sequential {
      Linear(inputs: 3, outputs: 4, using: &generator)
      TransformerEncoderLayer(
        features: 4, heads: 2, feedForward: 8, activation: GELU(), normFirst: true,
        using: &generator)
    }
    let summary = model.summary(inputShape: [2, 5, 3])
    #expect(summary.rows.map(\.label).contains("TransformerEncoderLayer(4, norm first)"))
    let paths = summary.rows.map(\.path)
    #expect(paths.contains("1.self_attn.out_proj") && paths.contains("1.activation"))
    #expect(summary.trainedCount == model.parameterCount)
  }

  @Test mutating func `First and second derivatives of the layers`() {
    let encoder = TransformerEncoderLayer(
      features: 2, heads: 1, feedForward: 3, dropout: 0, activation: GELU(), epsilon: 0.1,
      normFirst: true, dtype: .float64, using: &generator)
    let x = noise([1, 3, 2], 1)
    let report = gradCheck({ encoder($0[0], mask: .causal) }, at: [x])
    #expect(report.passed, "\(report)")
    expectMixedDerivatives(of: encoder, at: [x]) { $0($1[0], mask: .causal) }
    let decoder = TransformerDecoderLayer(
      features: 2, heads: 1, feedForward: 3, dropout: 0, activation: GELU(), epsilon: 0.1,
      dtype: .float64, using: &generator)
    let memory = noise([1, 2, 2], 2)
    let both = gradCheck({ decoder($0[0], memory: $0[1], mask: .causal) }, at: [x, memory])
    #expect(both.passed, "\(both)")
    expectMixedDerivatives(of: decoder, at: [x, memory]) { $0($1[0], memory: $1[1]) }
  }
}
