import Autograd
import NN
import Testing

private struct Model: Module {
  let layers: [TransformerDecoderLayer]

  init() {
    var generator = RandomGenerator(seed: 0)
    layers = (0..<2).map { _ in
      TransformerDecoderLayer(features: 4, heads: 2, feedForward: 5, using: &generator)
    }
  }

  func callAsFunction(
    _ x: Variable, _ memory: Variable, _ mask: AttentionMask = .none,
    cache: KeyValueCache? = nil
  ) -> Variable {
    scope { layers[1](x, memory: memory, mask: mask, cache: cache) }
  }
}

private func zeros(_ sizes: Int...) -> Variable { Variable(Tensor.zeros(Shape(sizes))) }

private let memory = Tensor.zeros([2, 5, 4])

@Suite struct AttentionErrorTests {
  @Test func `Inputs of the wrong shape are an error with the layer's path`() async {
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Model()(zeros(2, 3, 5), Variable(memory))
    }
    expect(
      input, says: "TransformerDecoderLayer(4): the input float32 [2, 3, 5]", "[batch, steps, 4]",
      "(in layers.1)")
    let memoryBatch = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Model()(zeros(3, 3, 4), Variable(memory)) }
    expect(
      memoryBatch, says: "MultiHeadAttention(4, 2 heads)", "[3, 3, 4]", "[2, 5, 4]", "same batch",
      "(in layers.1.multihead_attn)")
    let key = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let attention = MultiHeadAttention(
        features: 4, heads: 2, keyFeatures: 3, using: &generator)
      _ = attention(zeros(2, 3, 4), key: zeros(2, 3, 4))
    }
    expect(key, says: "the key float32 [2, 3, 4] is not [batch, steps, 3]")
  }

  @Test func `Masks that do not fit are an error with the layer's path`() async {
    let keys = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let mask = AttentionMask(keys: [[true, true]])
      _ = Model()(zeros(2, 3, 4), Variable(memory), mask)
    }
    expect(
      keys, says: "the mask of keys bool [1, 2]", "not bool [2, 3]", "(in layers.1.self_attn)")
    let numbers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Model()(zeros(2, 3, 4), Variable(memory), AttentionMask(keys: zeros(2, 3)))
    }
    expect(numbers, says: "the mask of keys float32 [2, 3]", "not bool [2, 3]")
    let pairs = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Model()(zeros(2, 3, 4), Variable(memory), AttentionMask(pairs: zeros(2, 3, 3)))
    }
    expect(
      pairs, says: "the mask of pairs float32 [2, 3, 3]", "[3, 3]", "[2, 2, 3, 3]",
      "(in layers.1.self_attn)")
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let mask = AttentionMask(pairs: Variable(Tensor.zeros([3, 3], dtype: .float64)))
      _ = Model()(zeros(2, 3, 4), Variable(memory), mask)
    }
    expect(type, says: "the mask of pairs float64 [3, 3]", "bool or float32")
  }

  @Test func `Heads that do not divide the features are an error`() async {
    let heads = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = MultiHeadAttention(features: 6, heads: 4, using: &generator)
    }
    expect(heads, says: "MultiHeadAttention: 6 features", "4 heads")
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = MultiHeadAttention(features: 8, heads: 4, keyValueHeads: 3, using: &generator)
    }
    expect(groups, says: "3 heads of keys and values")
  }

  @Test func `Caches that do not fit are an error`() async {
    let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (model, cache) = (Model(), KeyValueCache())
      _ = model(zeros(2, 1, 4), Variable(memory), .causal, cache: cache)
      _ = model(zeros(1, 1, 4), Variable(memory)[..<1], .causal, cache: cache)
    }
    expect(batch, says: "KeyValueCache", "[1, 2, 1, 2]", "[2, 2, 1, 2]", "(in layers.1.self_attn)")
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let decoder = TransformerDecoder(layers: Model().layers)
      _ = decoder(zeros(2, 1, 4), memory: Variable(memory), caches: [KeyValueCache()])
    }
    expect(count, says: "TransformerDecoder: there are 1 caches for 2 layers")
  }

  @Test func `Positions that do not fit are an error`() async {
    let rotary = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RotaryEmbedding()(zeros(2, 3))
    }
    expect(rotary, says: "RotaryEmbedding: float32 [2, 3]", "even number")
    let waves = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SinusoidalPositionalEncoding()(zeros(4))
    }
    expect(waves, says: "float32 [4]", "even number")
    let learned = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let layer = LearnedPositionalEncoding(positions: 4, features: 2, using: &generator)
      _ = layer(zeros(1, 3, 2), offset: 2)
    }
    expect(learned, says: "[1, 3, 2] at position 2", "within [4, 2]")
    let biases = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = alibi(heads: 2, queries: 3, keys: 2)
    }
    expect(biases, says: "alibi: 2 heads, 3 queries and 2 keys")
  }
}
