import Autograd
import NN
import Testing

/// Step by step is the same as all at once.
@Suite struct KeyValueCacheTests {
  private var generator = RandomGenerator(seed: 2)

  @Test mutating func `Attention step by step is causal attention`() {
    let attention = MultiHeadAttention(
      features: 8, heads: 4, keyValueHeads: 2, rotary: RotaryEmbedding(), dtype: .float64,
      using: &generator)
    let x = noise([2, 6, 8], 1)
    let cache = KeyValueCache()
    // A part of several steps, then single steps.
    var parts = [attention(x[0..., 0..<3], mask: .causal, cache: cache)]
    for step in 3..<6 {
      parts.append(attention(x[0..., step..<step + 1], mask: .causal, cache: cache))
    }
    #expect(cache.count == 6)
    expect(
      concatenate(parts, axis: 1), equals: attention(x, mask: .causal).value.doubles())
  }

  @Test mutating func `Masks of keys and biases hold for all positions seen`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, dtype: .float64, using: &generator)
    let x = noise([2, 4, 4], 1)
    let keys: Variable = [[false, true, true, true], [true, true, false, true]]
    let whole = AttentionMask(
      pairs: alibi(heads: 2, queries: 4, keys: 4, dtype: .float64), keys: keys, isCausal: true)
    let cache = KeyValueCache()
    let parts = (0..<4).map { step in
      let mask = AttentionMask(
        pairs: alibi(heads: 2, queries: 1, keys: step + 1, dtype: .float64),
        keys: keys[0..., 0...step], isCausal: true)
      return attention(x[0..., step..<step + 1], mask: mask, cache: cache)
    }
    expect(concatenate(parts, axis: 1), equals: attention(x, mask: whole).value.doubles())
  }

  @Test mutating func `An encoder of causal layers goes step by step`() {
    let encoder = TransformerEncoder(
      layers: (0..<2).map { _ in
        TransformerEncoderLayer(
          features: 4, heads: 2, feedForward: 8, normFirst: true, dtype: .float64,
          using: &generator)
      }, norm: LayerNorm(shape: [4], dtype: .float64))
    let x = noise([2, 5, 4], 1)
    encoder.evaluating {
      let caches = encoder.layers.map { _ in KeyValueCache() }
      let steps = (0..<5).map {
        encoder(x[0..., $0..<$0 + 1], mask: .causal, caches: caches)
      }
      expect(concatenate(steps, axis: 1), equals: encoder(x, mask: .causal).value.doubles())
    }
  }

  @Test mutating func `A decoder goes step by step, and gradients are the same`() {
    let layer = TransformerDecoderLayer(
      features: 4, heads: 2, feedForward: 8, dropout: 0, dtype: .float64, using: &generator)
    let decoder = TransformerDecoder(layers: [layer])
    let (x, memory) = (noise([1, 3, 4], 1), noise([1, 2, 4], 2))
    let caches = [KeyValueCache()]
    let steps = (0..<3).map {
      decoder(x[0..., $0..<$0 + 1], memory: memory, mask: .causal, caches: caches)
    }
    let stepwise = concatenate(steps, axis: 1)
    let whole = decoder(x, memory: memory, mask: .causal)
    expect(stepwise, equals: whole.value.doubles())
    let parameters = decoder.parameters
    let seed = noise(whole.shape, 3)
    let a = gradients(of: stepwise, withRespectTo: parameters, seed: seed)
    let b = gradients(of: whole, withRespectTo: parameters, seed: seed)
    for (a, b) in zip(a, b) { expect(a, equals: b!.value.doubles(), within: 1e-10) }
  }
}
