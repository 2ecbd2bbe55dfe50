import Autograd
import NN
import Testing

@Suite struct PositionTests {
  @Test func `Rotations keep lengths, and scores depend on distances alone`() {
    let rotary = RotaryEmbedding()
    let (query, key) = (noise([1, 8], 1), noise([1, 8], 2))
    func score(_ i: Int, _ j: Int) -> Double {
      (rotary(query, offset: i) * rotary(key, offset: j)).sum().item()
    }
    #expect(abs(score(7, 4) - score(103, 100)) < 1e-12)
    #expect(abs(score(7, 4) - score(7, 5)) > 1e-3)
    expect(rotary(query), equals: query.value.doubles())
    let turned = rotary(query, offset: 50)
    expect(square(turned).sum(), equals: [square(query).sum().item()])
  }

  @Test func `Positions go on from an offset`() {
    var generator = RandomGenerator(seed: 0)
    let x = noise([2, 5, 4], 1)
    let waves = SinusoidalPositionalEncoding()
    expect(
      waves(x[0..., 3..<5], offset: 3), equals: waves(x)[0..., 3..<5].value.doubles())
    let learned = LearnedPositionalEncoding(
      positions: 6, features: 4, dtype: .float64, using: &generator)
    expect(
      learned(x[0..., 3..<5], offset: 3), equals: learned(x)[0..., 3..<5].value.doubles())
    expect(
      RotaryEmbedding()(x[0..., 3..<5], offset: 3),
      equals: RotaryEmbedding()(x)[0..., 3..<5].value.doubles())
    #expect(waves(x.cast(to: .float32)).dtype == .float32)
    #expect(RotaryEmbedding()(x.cast(to: .float32)).dtype == .float32)
  }

  @Test func `Learned positions that are used get gradients`() {
    var generator = RandomGenerator(seed: 0)
    let layer = LearnedPositionalEncoding(
      positions: 3, features: 2, dtype: .float64, using: &generator)
    #expect(layer.namedParameters.map(\.name) == ["weight"])
    layer(noise([4, 2, 2], 1)).sum().backward()
    expect(layer.weight.gradient, equals: [4, 4, 4, 4, 0, 0])
  }

  @Test func `Linear biases have the paper's slopes`() {
    let biases = alibi(heads: 8, queries: 2, keys: 3, dtype: .float64)
    #expect(biases.shape == [1, 8, 2, 3])
    for head in 0..<8 {
      let slope = 1 / Double(1 << (head + 1))
      expect(biases[0, head], equals: [-slope, 0, -slope, -2 * slope, -slope, 0])
    }
    // 2^(−2), 2^(−4), 2^(−6), 2^(−8) of 4 heads, then 2^(−1) and 2^(−3) of 8.
    let six = alibi(heads: 6, queries: 1, keys: 2, dtype: .float64)
    expect(six[0..., 0..., 0, 0], equals: [2, 4, 6, 8, 1, 3].map { -1 / Double(1 << $0) })
  }
}
