import Autograd

/// Which examples an epoch visits, and in which order: a function of the epoch's number alone.
///
/// So an epoch that was interrupted can be taken up anywhere, without a saved state.
public protocol Sampler: Sendable {
  /// The number of examples in an epoch.
  var count: Int { get }

  /// The numbers of the examples in the order of an epoch, which counts from 0.
  ///
  /// Equal epochs have equal orders.
  func indices(inEpoch epoch: Int) -> [Int]
}

/// All examples in their own order.
public struct SequentialSampler: Sampler {
  /// The number of examples.
  public let count: Int

  /// Creates the sampler.
  public init(count: Int) { self.count = count }

  /// 0, 1, 2 and so on.
  public func indices(inEpoch epoch: Int) -> [Int] { Array(0..<count) }
}

/// All examples in an order drawn anew for each epoch.
public struct ShuffledSampler: Sampler {
  /// The number of examples.
  public let count: Int
  private let source: EpochSource

  /// Creates the sampler with a source of randomness that is split off the generator.
  public init(count: Int, using generator: inout RandomGenerator) {
    self.count = count
    source = EpochSource(splitOff: &generator)
  }

  /// A permutation.
  public func indices(inEpoch epoch: Int) -> [Int] {
    var generator = source.generator(inEpoch: epoch)
    return Tensor.permutation(count, using: &generator).array(of: Int.self)
  }
}

/// Randomness of which every epoch has its own.
struct EpochSource: Sendable {
  private let base: RandomGenerator

  init(splitOff generator: inout RandomGenerator) { base = generator.split() }

  /// The same numbers for the same epoch, whenever it is asked for.
  func generator(inEpoch epoch: Int) -> RandomGenerator {
    RandomGenerator(seed: base.seed, stream: base.stream &+ UInt64(epoch))
  }
}
