import Foundation
import Testing

@testable import Autograd

@Suite struct RandomTests {
  @Test func philoxKnownAnswers() {
    // Random123's known answers for philox4x32-10 with counter and key 0: 6627e8d5 e169c58d
    // bc57ac4c 9b00dbd8.
    var random = RandomGenerator(seed: 0)
    #expect(random.next() == 0xe169_c58d_6627_e8d5)
    #expect(random.counter == 1)
  }

  @Test func seedsAndStreams() {
    var a = RandomGenerator(seed: 7)
    var copy = a
    var other = RandomGenerator(seed: 7, stream: 1)
    let x = Tensor.uniform([5], using: &a).doubles()
    #expect(Tensor.uniform([5], using: &copy).doubles() == x)
    #expect(Tensor.uniform([5], using: &other).doubles() != x)
    #expect(Tensor.uniform([5], using: &a).doubles() != x)
  }

  @Test func splitsDiffer() {
    var random = RandomGenerator(seed: 7)
    var first = random.split()
    var second = random.split()
    let words = [random.next(), first.next(), second.next()]
    #expect(Set(words).count == 3)
  }

  @Test func worksWithTheStandardLibrary() {
    var random = RandomGenerator(seed: 3)
    let order = (0..<100).shuffled(using: &random)
    #expect(order.sorted() == Array(0..<100))
    #expect(order != Array(0..<100))
  }

  /// The mean and the variance.
  private func moments(_ x: Tensor) -> (Double, Double) {
    let values = x.doubles()
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, square)
  }

  @Test(arguments: [DType.float32, .float64]) func uniformMoments(_ dtype: DType) {
    var random = RandomGenerator(seed: 1)
    let x = Tensor.uniform([100, 1000], low: -1, high: 3, dtype: dtype, using: &random)
    let (mean, variance) = moments(x)
    // Five standard errors: 4 / √12 / √10⁵, and of the variance.
    #expect(Swift.abs(mean - 1) < 5 * 0.00365)
    #expect(Swift.abs(variance - 16.0 / 12) < 5 * 0.0038)
    #expect(x.doubles().allSatisfy { $0 >= -1 && $0 < 3 })
    #expect(x.dtype == dtype)
  }

  @Test func uniformNeverReachesItsLimit() {
    var random = RandomGenerator(seed: 1)
    let x = Tensor.uniform([10_000], low: 1, high: Double(Float(1).nextUp), using: &random)
    #expect(x.doubles().allSatisfy { $0 == 1 })
    #expect(Tensor.uniform([2], low: 5, high: 5, using: &random).doubles() == [5, 5])
  }

  @Test(arguments: [DType.float32, .float64]) func normalMoments(_ dtype: DType) {
    var random = RandomGenerator(seed: 2)
    let x = Tensor.normal([100_000], mean: 3, standardDeviation: 2, dtype: dtype, using: &random)
    let (mean, variance) = moments(x)
    #expect(Swift.abs(mean - 3) < 5 * 2 / 316.0)
    #expect(Swift.abs(variance - 4) < 5 * 4 * 0.00447)
    let inside = x.doubles().filter { Swift.abs($0 - 3) < 2 }.count
    #expect(Swift.abs(Double(inside) / 100_000 - 0.682689) < 5 * 0.00147)
  }

  @Test(arguments: [DType.float32, .float64]) func truncatedNormalIsWithinTwo(_ dtype: DType) {
    var random = RandomGenerator(seed: 4)
    let x = Tensor.truncatedNormal(
      [100_000], mean: 1, standardDeviation: 0.5, dtype: dtype, using: &random)
    #expect(x.doubles().allSatisfy { $0 >= 0 && $0 <= 2 })
    let (mean, variance) = moments(x)
    // The variance of the standard one is 1 − 4 φ(2) / (2 Φ(2) − 1) = 0.773741.
    #expect(Swift.abs(mean - 1) < 5 * 0.44 / 316)
    #expect(Swift.abs(variance - 0.25 * 0.773741) < 5 * 0.0007)
  }

  @Test func bernoulliFrequencies() {
    var random = RandomGenerator(seed: 5)
    let x = Tensor.bernoulli([100_000], probability: 0.3, using: &random)
    #expect(x.dtype == .bool)
    #expect(Swift.abs(moments(x).0 - 0.3) < 5 * 0.00145)
    #expect(moments(Tensor.bernoulli([1000], probability: 1, using: &random)).0 == 1)
    #expect(moments(Tensor.bernoulli([1000], probability: 0, using: &random)).0 == 0)
  }

  @Test func integersAreUniform() {
    var random = RandomGenerator(seed: 6)
    let x = Tensor.integers([60_000], in: -2..<4, using: &random).array(of: Int.self)
    var counts: [Int: Int] = [:]
    for value in x { counts[value, default: 0] += 1 }
    #expect(counts.keys.sorted() == [-2, -1, 0, 1, 2, 3])
    // χ² with 5 degrees of freedom: 20.5 has the probability 0.001.
    let deviation = counts.values.reduce(0.0) {
      $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000
    }
    #expect(deviation < 20.5)
    let wide = Tensor.integers([100], in: Int.min..<Int.max, using: &random).array(of: Int.self)
    #expect(wide.contains { $0 < 0 } && wide.contains { $0 > 0 })
  }

  @Test func permutations() {
    var random = RandomGenerator(seed: 8)
    let order = Tensor.permutation(50, using: &random).array(of: Int.self)
    #expect(order.sorted() == Array(0..<50))
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      counts[Tensor.permutation(3, using: &random).array(of: Int.self), default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { Swift.abs($0 - 1000) < 150 })
    #expect(Tensor.permutation(0, using: &random).shape == [0])
  }

  @Test func theStateCanBeSaved() throws {
    var random = RandomGenerator(seed: 9, stream: 2)
    _ = random.next()
    let saved = random
    #expect(random == saved)
    let next = random.next()
    #expect(random != saved)
    random = saved
    #expect(random.next() == next)
    let text = try JSONEncoder().encode(saved)
    var restored = try JSONDecoder().decode(RandomGenerator.self, from: text)
    #expect(restored.next() == next)
  }
}
