import Autograd
import NN
import Testing

@Suite struct MultiHeadAttentionTests {
  private var generator = RandomGenerator(seed: 5)

  @Test mutating func `Weights start as PyTorch's do`() {
    let attention = MultiHeadAttention(features: 8, heads: 2, using: &generator)
    #expect(
      attention.namedParameters.map(\.name) == [
        "in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias",
      ])
    // √(6 / (24 + 8)) and 1 / √8.
    expectRange(attention.inputWeights[0], 0.4330127)
    expectRange(attention.output.weight, 0.3535534)
    #expect(attention.inputBias?.value.doubles().allSatisfy { $0 == 0 } == true)
    #expect(attention.output.bias?.value.doubles().allSatisfy { $0 == 0 } == true)
    #expect(attention.label == "MultiHeadAttention(8, 2 heads)")
  }

  private func expectRange(_ weight: Variable, _ bound: Double) {
    let largest = weight.value.doubles().map(abs).max()!
    #expect(largest <= bound && largest > 0.9 * bound)
  }

  @Test mutating func `Shared heads have fewer weights and a smaller cache`() {
    let attention = MultiHeadAttention(
      features: 8, heads: 4, keyValueHeads: 2, using: &generator)
    #expect(attention.inputWeights[0].shape == [16, 8])
    #expect(attention.inputBias?.shape == [16])
    #expect(attention.label == "MultiHeadAttention(8, 4 heads, 2 of keys and values)")
    let cache = KeyValueCache()
    let y = attention(Variable(Tensor.zeros([3, 5, 8])), cache: cache)
    #expect(y.shape == [3, 5, 8] && y.dtype == .float32)
    #expect(cache.keys?.shape == [3, 2, 5, 2])
    #expect(cache.count == 5)
  }

  @Test mutating func `A query without keys gets zeros, and finite gradients`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, dtype: .float64, using: &generator)
    let x = noise([2, 3, 4], 1)
    x.requiresGradient = true
    let keys: Variable = [[false, false, false], [true, true, false]]
    let (output, weights) = attention.outputAndWeights(x, mask: AttentionMask(keys: keys))
    #expect(weights[0].value.doubles().allSatisfy { $0 == 0 })
    #expect(output[0].value.doubles().allSatisfy { $0 == 0 }, "the bias is 0")
    expect(weights[1].sum(axis: -1), equals: [1, 1, 1, 1, 1, 1])
    expect(
      attention(x, mask: AttentionMask(keys: keys)), equals: output.value.doubles())
    for slope in gradients(of: square(output).sum(), withRespectTo: [x] + attention.parameters) {
      #expect(slope?.value.doubles().allSatisfy(\.isFinite) == true)
    }
    let slope = gradient(of: square(output).sum(), withRespectTo: x)
    #expect(slope[0].value.doubles().allSatisfy { $0 == 0 })
  }

  @Test mutating func `The parts of a mask are combined`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, dtype: .float64, using: &generator)
    let x = noise([1, 3, 4], 1)
    let pairs: Variable = [[true, true, true], [false, true, true], [true, false, true]]
    let mask = AttentionMask(pairs: pairs, keys: [[true, true, false]], isCausal: true)
    let isUsed = attention.outputAndWeights(x, mask: mask).weights .> 0
    let expected = [true, false, false, false, true, false, true, false, false]
    #expect(isUsed.array(of: Bool.self) == expected + expected)
    let biased = AttentionMask(
      pairs: double([0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 3]), keys: [[true, false, true]],
      isCausal: true)
    let used = attention.outputAndWeights(x, mask: biased).weights .> 0
    let rest = [true, false, false, true, false, false, true, false, true]
    #expect(used.array(of: Bool.self) == rest + rest)
  }

  @Test mutating func `Dropout acts on the weights of attention, and in training only`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, dropout: 0.5, dtype: .float64, using: &generator)
    let x = noise([2, 6, 4], 1)
    let weights = attention.outputAndWeights(x).weights.value.doubles()
    #expect(weights.contains(0))
    #expect(attention(x).value.doubles() != attention(x).value.doubles())
    attention.evaluating {
      let (output, weights) = attention.outputAndWeights(x)
      #expect(!weights.value.doubles().contains(0))
      expect(attention(x), equals: output.value.doubles())
    }
  }

  @Test mutating func `One query and one key`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, rotary: RotaryEmbedding(), dtype: .float64, using: &generator)
    let (output, weights) = attention.outputAndWeights(noise([1, 1, 4], 1), mask: .causal)
    #expect(weights.value.doubles() == [1, 1])
    #expect(output.shape == [1, 1, 4])
    #expect(attention(Variable(Tensor.zeros([0, 3, 4], dtype: .float64))).shape == [0, 3, 4])
  }

  @Test mutating func `First and second derivatives`() {
    let attention = MultiHeadAttention(
      features: 4, heads: 2, keyValueHeads: 1, rotary: RotaryEmbedding(), dtype: .float64,
      using: &generator)
    let mask = AttentionMask(keys: [[true, true, false]], isCausal: true)
    let report = gradCheck({ attention($0[0], mask: mask) }, at: [noise([1, 3, 4], 1)])
    #expect(report.passed, "\(report)")
    expectMixedDerivatives(of: attention, at: [noise([1, 3, 4], 1)]) { $0($1[0], mask: mask) }
    let pairs = noise([2, 3], 4)
    let cross = gradCheck(
      { attention($0[0], key: $0[1], mask: AttentionMask(pairs: $0[2])) },
      at: [noise([1, 2, 4], 2), noise([1, 3, 4], 3), pairs])
    #expect(cross.passed, "\(cross)")
  }
}
