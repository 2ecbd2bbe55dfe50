import Autograd

/// Examples drawn with given weights, anew for each epoch.
///
/// With replacement, each draw takes example i with probability wᵢ / Σw. Without, each draw takes
/// one of those that are left by the same rule, so that none occurs twice. (PyTorch:
/// `WeightedRandomSampler`.)
///
/// ```swift
/// // Both classes equally often, however rare one of them is:
/// let weights = labels.map { $0 == 1 ? 1 / Double(positives) : 1 / Double(negatives) }
/// let sampler = WeightedSampler(weights, using: &generator)
/// ```
public struct WeightedSampler: Sampler {
  /// The number of draws in an epoch.
  public let count: Int
  /// The weights of the examples, which need not sum to 1.
  public let weights: [Double]
  /// Whether an example may be drawn more than once.
  public let isReplacing: Bool
  private let source: EpochSource

  /// Creates the sampler with a source of randomness that is split off the generator.
  ///
  /// Stops with an error if a weight is negative or not finite, all are 0, their sum is not finite,
  /// or more examples are to be drawn without replacement than have a weight above 0.
  ///
  /// - Parameters:
  ///   - weights: One for each example; with 0 it is never drawn.
  ///   - count: The number of draws in an epoch; by default as many as there are examples.
  ///   - replacing: Whether an example may be drawn more than once.
  ///   - generator: The source.
  public init(
    _ weights: [Double], count: Int? = nil, replacing: Bool = true,
    using generator: inout RandomGenerator
  ) {
    let count = count ?? weights.count
    for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
      fatalError("WeightedSampler: the weight of example \(index) is \(weight)")
    }
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite, count >= 0 else {
      fatalError("WeightedSampler: \(count) draws by weights whose sum is \(total)")
    }
    let possible = weights.count { $0 > 0 }
    guard replacing || count <= possible else {
      fatalError(
        "WeightedSampler: \(count) draws without replacement, but only \(possible) weights are not 0"
      )
    }
    self.weights = weights
    self.count = count
    isReplacing = replacing
    source = EpochSource(splitOff: &generator)
  }

  /// The examples drawn in an epoch, in the order of the draws.
  public func indices(inEpoch epoch: Int) -> [Int] {
    var generator = source.generator(inEpoch: epoch)
    return isReplacing ? drawReplacing(&generator) : drawOnce(&generator)
  }

  /// By inversion of the cumulative distribution.
  private func drawReplacing(_ generator: inout RandomGenerator) -> [Int] {
    var cumulative: [Double] = []
    cumulative.reserveCapacity(weights.count)
    var sum = 0.0
    for weight in weights {
      sum += weight
      cumulative.append(sum)
    }
    // A draw must not round up to the sum itself, behind which there is no example.
    let last = sum.nextDown
    return Tensor.uniform([count], dtype: .float64, using: &generator).doubles().map {
      firstIndex(in: cumulative, above: min($0 * sum, last))
    }
  }

  /// The examples with the least exponential waiting times −log(u) / w (Efraimidis and Spirakis,
  /// Information Processing Letters 97, 2006).
  private func drawOnce(_ generator: inout RandomGenerator) -> [Int] {
    let candidates = weights.indices.filter { weights[$0] > 0 }
    let uniform = Tensor.uniform([candidates.count], dtype: .float64, using: &generator)
    let order = withoutRecording {
      // Of 1 − u, which is never 0.
      let times = -log(1 - Variable(uniform)) / Variable(candidates.map { weights[$0] })
      return times.argsort()
    }
    return order.array(of: Int.self).prefix(count).map { candidates[$0] }
  }
}

/// The first place whose number is above a bound, in ascending numbers; there must be one.
private func firstIndex(in numbers: [Double], above bound: Double) -> Int {
  var (low, high) = (0, numbers.count - 1)
  while low < high {
    let middle = (low + high) / 2
    if numbers[middle] > bound { high = middle } else { low = middle + 1 }
  }
  return low
}
