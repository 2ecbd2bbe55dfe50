// Reproducible inputs. Every number is exact in Float, so that float, double and wide runs of one
// sample start from the same point.

/// The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014): the same sequence for one seed everywhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A uniform number in `low ..< high`, a multiple of (high − low)/2²⁰.
  package mutating func uniform(_ low: Float, _ high: Float) -> Float {
    let fraction = Float(next() >> 44) / 1_048_576
    return low + (high - low) * fraction
  }

  /// A uniform integer in the range.
  package mutating func integer(in range: Range<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}

/// Where the elements of a sample lie.
package enum SampleDomain: Sendable, CaseIterable {
  /// (−3, 3).
  case any
  /// (0.1, 3).
  case positive
  /// Magnitude in (0.5, 3), either sign: safe to divide by, away from kinks at 0.
  case notSmall
  /// (0.01, 0.99): probabilities.
  case unit
  /// One of −1, −0.5, 0, 0.5, 1: ties and kinks.
  case withTies
  /// An integer in −4 ... 4.
  case integers
  /// Multiples of 1/4 without repetition, in random order: no ties for order and extremes.
  case distinct
}

extension SplitMix64 {
  /// A random array.
  package mutating func array(_ shape: [Int], _ domain: SampleDomain = .any) -> WideArray {
    let count = shape.reduce(1, *)
    if domain == .distinct { return distinctArray(count, shape) }
    return WideArray((0..<count).map { _ in WideFloat(number(domain)) }, shape: shape)
  }

  private mutating func number(_ domain: SampleDomain) -> Float {
    switch domain {
    case .any, .distinct: uniform(-3, 3)
    case .positive: uniform(0.1, 3)
    case .notSmall: uniform(0.5, 3) * (next() & 1 == 0 ? 1 : -1)
    case .unit: uniform(0.01, 0.99)
    case .withTies: Float(integer(in: -2..<3)) / 2
    case .integers: Float(integer(in: -4..<5))
    }
  }

  private mutating func distinctArray(_ count: Int, _ shape: [Int]) -> WideArray {
    let places = (0..<count).shuffled(using: &self)
    return WideArray(places.map { WideFloat($0 - count / 2) / 4 }, shape: shape)
  }

  /// Random indices in the range.
  package mutating func indices(_ shape: [Int], in range: Range<Int>) -> NaiveArray<Int> {
    NaiveArray(shape: shape) { _ in integer(in: range) }
  }

  /// Random booleans.
  package mutating func mask(_ shape: [Int]) -> NaiveArray<Bool> {
    NaiveArray(shape: shape) { _ in next() & 1 == 0 }
  }
}

/// Numbers at which formulas break: zeros, subnormals, extremes, infinities and NaN, of Float.
package let specialValues: [WideFloat] = [
  0, -0.0, 0x1p-149, -0x1p-149, 0x1p-126, 1e-20, -1e-20, 0.5, 1, -1, 88, -88, 104, -104, 1e20,
  -1e20, 0x1.fffffep127, -0x1.fffffep127, .infinity, -.infinity, .nan,
]
