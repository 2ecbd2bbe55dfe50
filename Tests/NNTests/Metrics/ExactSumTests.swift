import Autograd
import NN
import Testing

/// Sums that are exact until they are rounded once.
@Suite struct ExactSumTests {
  private func sum(_ values: [Double]) -> Double {
    var statistics = RunningStatistics()
    for value in values { statistics.update(value) }
    return statistics.sum
  }

  @Test func `Nothing is lost where magnitudes differ`() {
    #expect(sum([1e300, 1, -1e300]) == 1)
    #expect(sum([1e16, 1, 1, -1e16]) == 2)
    #expect(sum([Double](repeating: 0.1, count: 10)) == 1)
    #expect(
      sum([.greatestFiniteMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude])
        == .greatestFiniteMagnitude)
    #expect(sum([]) == 0)
    #expect(sum([-3, -4.5]) == -7.5)
  }

  @Test func `Least numbers count`() {
    let least = Double.leastNonzeroMagnitude
    #expect(sum([least]) == least)
    #expect(sum([1, least, -1]) == least)
    #expect(sum([-least, -least]) == -2 * least)
    #expect(sum([.leastNormalMagnitude, -least]) == .leastNormalMagnitude - least)
  }

  @Test func `Ties are rounded to even, and what is above a tie up`() {
    let unit = 0x1p-52
    #expect(sum([1, unit / 2]) == 1)
    #expect(sum([1 + unit, unit / 2]) == 1 + 2 * unit)
    #expect(sum([1, unit / 2, 0x1p-1074]) == 1 + unit)
    #expect(sum([1, unit / 2, -0x1p-1074]) == 1)
    #expect(sum([-1, -unit / 2, -0x1p-300]) == -1 - unit)
  }

  @Test func `Sums beyond the largest number, infinities and NaN`() {
    let largest = Double.greatestFiniteMagnitude
    #expect(sum([largest, largest]) == .infinity)
    #expect(sum([-largest, -largest]) == -.infinity)
    #expect(sum([.infinity, 1, -largest]) == .infinity)
    #expect(sum([.infinity, -.infinity]).isNaN)
    #expect(sum([1, .nan]).isNaN)
  }

  @Test func `Random sums of all magnitudes have one value in all orders`() {
    var generator = RandomGenerator(seed: 3)
    for _ in 0..<50 {
      var values = (0..<200).map { _ in
        let bits = UInt64.random(in: 0...UInt64.max, using: &generator)
        return Double(bitPattern: bits & ~(1 << 62))  // finite, of either sign
      }
      // Most of it cancels.
      values += values.dropLast().map { -$0 }
      let last = values[199]
      #expect(sum(values) == last)
      values.shuffle(using: &generator)
      #expect(sum(values) == last)
    }
  }

  @Test func `Carries wait long, but not for ever`() {
    let count = 1 << 20 + 5
    let exact = Int128(count) * Int128(0.1.significandBitPattern | 1 << 52)
    let total = sum([Double](repeating: 0.1, count: count))
    #expect(total == Double(exact) * 0x1p-56)
  }

  @Test func `Integers of 106 bits are summed without rounding`() {
    var generator = RandomGenerator(seed: 5)
    for _ in 0..<20 {
      let wholes = (0..<100).map { _ in
        Int64.random(in: -(1 << 53)...(1 << 53), using: &generator)
      }
      let shifts = (0..<100).map { _ in Int.random(in: 0...50, using: &generator) }
      let exact = zip(wholes, shifts).reduce(Int128(0)) { $0 + Int128($1.0) << Int128($1.1) }
      let values = zip(wholes, shifts).map {
        Double($0) * Double(sign: .plus, exponent: $1, significand: 1)
      }
      #expect(sum(values) == Double(exact))
    }
  }
}
