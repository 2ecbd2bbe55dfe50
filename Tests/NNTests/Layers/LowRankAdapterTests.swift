import Autograd
import NN
import Testing

@Suite struct LowRankAdapterTests {
  private var generator = RandomGenerator(seed: 0)

  @Test mutating func `Only the correction trains, and it merges into one map`() {
    let linear = Linear(inputs: 4, outputs: 3, dtype: .float64, using: &generator)
    let x = numbers([5, 4])
    let before = linear(x).value.doubles()
    let adapter = LowRankAdapter(linear, rank: 2, alpha: 3, using: &generator)
    #expect(adapter(x).value.doubles() == before)
    #expect(adapter.namedParameters.map(\.name) == ["down.weight", "up.weight"])
    #expect(adapter.parameterCount == 2 * (4 + 3))
    let optimizer = SGD(adapter.namedParameters, learningRate: 0.1)
    for _ in 0..<3 {
      optimizer.zeroGradients()
      square(adapter(x)).mean().backward()
      optimizer.step()
    }
    let after = adapter(x).value.doubles()
    #expect(after != before)
    #expect(linear(x).value.doubles() == before)
    expect(adapter.merged()(x), equals: after)
    #expect(adapter.merged().parameters.count == 1)
    expectDerivatives(of: adapter, at: x)
  }

  @Test mutating func `The correction is scaled by alpha over the rank`() {
    let linear = Linear(weight: double([0, 0], [1, 2]))
    let adapter = LowRankAdapter(linear, rank: 1, alpha: 5, using: &generator)
    adapter.down.weight.assign(double([1, 2], [1, 2]))
    adapter.up.weight.assign(double([3], [1, 1]))
    expect(adapter(double([1, 1], [1, 2])), equals: [45])
    #expect(LowRankAdapter(linear, rank: 2, using: &generator).alpha == 2)
  }

  @Test func `A rank of 0 is an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = LowRankAdapter(Linear(weight: [[1, 2]]), rank: 0, using: &generator)
    }
    expect(result, says: "LowRankAdapter: the rank 0 is not positive")
  }
}
