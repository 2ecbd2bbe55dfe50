import Autograd
import NN
import Testing

@Suite struct SamplerTests {
  /// The share of each index among draws.
  private func shares(_ draws: [Int], of count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for draw in draws { result[draw] += 1 / Double(draws.count) }
    return result
  }

  /// Whether shares are as probable to within five standard deviations.
  private func expectShares(_ shares: [Double], _ probabilities: [Double], draws: Int) {
    for (share, p) in zip(shares, probabilities) {
      let deviation = (p * (1 - p) / Double(draws)).squareRoot()
      #expect(abs(share - p) <= 5 * deviation, "\(share), expected \(p)")
    }
  }

  @Test func `Permutations are uniform`() {
    var generator = RandomGenerator(seed: 1)
    let sampler = ShuffledSampler(count: 3, using: &generator)
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 { counts[sampler.indices(inEpoch: epoch), default: 0] += 1 }
    #expect(counts.count == 6)
    for count in counts.values { #expect(abs(count - 1000) < 150) }
  }

  @Test func `Samplers split off one generator are independent`() {
    var generator = RandomGenerator(seed: 1)
    let a = ShuffledSampler(count: 50, using: &generator)
    let b = ShuffledSampler(count: 50, using: &generator)
    #expect(a.indices(inEpoch: 0) != b.indices(inEpoch: 0))
    #expect(a.indices(inEpoch: 5) == a.indices(inEpoch: 5))
  }

  @Test func `With replacement, shares follow the weights`() {
    var generator = RandomGenerator(seed: 2)
    let sampler = WeightedSampler([1, 2, 0, 5], count: 40_000, using: &generator)
    let draws = sampler.indices(inEpoch: 0)
    #expect(draws.count == 40_000 && sampler.count == 40_000)
    let shares = shares(draws, of: 4)
    #expect(shares[2] == 0)
    expectShares(shares, [0.125, 0.25, 0, 0.625], draws: 40_000)
    #expect(sampler.indices(inEpoch: 0) == draws)
    #expect(sampler.indices(inEpoch: 1) != draws)
  }

  @Test func `Without replacement, each draw follows the weights of what is left`() {
    var generator = RandomGenerator(seed: 3)
    let weights = [1.0, 2, 0, 5]
    let sampler = WeightedSampler(weights, count: 2, replacing: false, using: &generator)
    let epochs = (0..<20_000).map { sampler.indices(inEpoch: $0) }
    #expect(epochs.allSatisfy { $0.count == 2 && $0[0] != $0[1] })
    let p = weights.map { $0 / 8 }
    expectShares(shares(epochs.map { $0[0] }, of: 4), p, draws: 20_000)
    let second = p.indices.map { j in
      p.indices.filter { $0 != j }.reduce(0) { $0 + p[$1] * p[j] / (1 - p[$1]) }
    }
    expectShares(shares(epochs.map { $0[1] }, of: 4), second, draws: 20_000)
  }

  @Test func `All examples above 0 can be drawn once, and extreme weights work`() {
    var generator = RandomGenerator(seed: 4)
    let all = WeightedSampler([1, 0, 3, 1e-300], count: 3, replacing: false, using: &generator)
    #expect(all.indices(inEpoch: 0).sorted() == [0, 2, 3])
    let one = WeightedSampler([0, 0, 1e-308, 0], count: 100, using: &generator)
    #expect(one.indices(inEpoch: 0) == [Int](repeating: 2, count: 100))
    let none = WeightedSampler([1], count: 0, using: &generator)
    #expect(none.indices(inEpoch: 0) == [])
  }

  @Test func `A loader draws by weights`() {
    var generator = RandomGenerator(seed: 5)
    let sampler = WeightedSampler([0, 1, 1], count: 7, using: &generator)
    let loader = DataLoader(Numbers(count: 3), batchSize: 4, sampler: sampler)
    let batches = Array(loader)
    #expect(batches.map(\.count) == [4, 3])
    #expect(batches.joined().allSatisfy { $0 != 0 })
  }

  @Test(arguments: [
    ([1, -1], 1, true, "the weight of example 1 is -1.0"), ([.nan], 1, true, "example 0 is nan"),
    ([1, .infinity], 1, true, "example 1 is inf"), ([0, 0], 1, true, "whose sum is 0.0"),
    ([], 0, true, "whose sum is 0.0"), ([1, 0, 2], 3, false, "only 2 weights are not 0"),
  ])
  func `Impossible weights stop with an error`(
    weights: [Double], count: Int, replacing: Bool, message: String
  ) async {
    // An exit test's captures travel as JSON, which has no NaN.
    let texts = weights.map { "\($0)" }
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [texts = texts as [String], count = count as Int, replacing = replacing as Bool] in
      var generator = RandomGenerator(seed: 0)
      _ = WeightedSampler(
        texts.map { Double($0) ?? 0 }, count: count, replacing: replacing, using: &generator)
    }
    expect(result, says: "WeightedSampler: ", message)
  }
}
