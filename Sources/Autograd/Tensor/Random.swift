import Kernels

/// A generator of random numbers: a seed, a stream, and how far it has come.
///
/// It is counter-based (Philox 4x32-10; Salmon et al., SC'11): a number is a function of seed,
/// stream and place alone. So the same seed gives the same tensors on any machine and any number of
/// threads, a copy repeats the numbers of the original, and saving the value (it is `Codable`)
/// saves the state.
///
/// ```swift
/// var random = RandomGenerator(seed: 42)
/// let weights = Tensor.normal([784, 10], standardDeviation: 0.01, using: &random)
/// let order = (0..<1000).shuffled(using: &random)
/// ```
public struct RandomGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  /// The seed.
  public let seed: UInt64
  /// Which of the independent streams of the seed.
  public let stream: UInt64
  /// The blocks of four 32-bit words that have been used.
  public private(set) var counter: UInt64

  /// Creates a generator, by default at its beginning.
  ///
  /// - Parameters:
  ///   - seed: Equal seeds give equal numbers.
  ///   - stream: Streams of one seed are independent of each other.
  ///   - counter: How far it has come: the ``counter`` of one that it is to continue.
  public init(seed: UInt64, stream: UInt64 = 0, counter: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
    self.counter = counter
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 { words(count: 1)[0] }

  /// A new generator, independent of this one and of all others that are split off.
  public mutating func split() -> RandomGenerator {
    let words = words(count: 2)
    return RandomGenerator(seed: words[0], stream: words[1])
  }

  /// Words of 64 bits, two to a block.
  fileprivate mutating func words(count: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      guard let memory = buffer.baseAddress else { return }
      let offset = advance(by: count, perBlock: 2)
      memory.withMemoryRebound(to: UInt32.self, capacity: 2 * count) {
        k_random_words($0, Int64(2 * count), seed, stream, offset)
      }
    }
  }

  /// Marks the blocks for `count` numbers as used, and returns the first of them.
  fileprivate mutating func advance(by count: Int, perBlock: Int) -> UInt64 {
    if Context.isTracing {
      Recorder.fail(
        "compile: random numbers are drawn inside of the compiled function; they would be the same "
          + "at each call. Draw them outside and pass them in, or use a RandomSource")
    }
    let first = counter
    counter &+= UInt64((count + perBlock - 1) / perBlock)
    return first
  }

  /// A number in 0..<bound, all equally likely, from a random word (Lemire, arXiv:1805.10941).
  fileprivate mutating func number(below bound: UInt64, _ word: UInt64) -> UInt64 {
    var product = word.multipliedFullWidth(by: bound)
    // The low half tells how many words have led here; (2⁶⁴ mod bound) of them are too many.
    if product.low < bound {
      let surplus = (0 &- bound) % bound
      while product.low < surplus { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }
}

extension Tensor {
  /// Numbers that are uniform on the half-open range from `low` to `high`.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - low: The least possible number.
  ///   - high: The limit above; not below `low`, else it is an error.
  ///   - dtype: float32 (24 random bits each) or float64 (53); others are an error.
  ///   - generator: The source.
  public static func uniform(
    _ shape: Shape, low: Double = 0, high: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    requireFloatingPoint(dtype, operation: "uniform")
    guard low <= high, (high - low).isFinite else {
      fatalError("uniform: the range from \(low) to \(high) is empty or infinite")
    }
    let result = Tensor(uninitialized: shape, dtype: dtype)
    let offset = generator.advance(by: result.count, perBlock: 16 / dtype.size)
    k_random_uniform(
      dtype.kernelType, result.data, Int64(result.count), generator.seed, generator.stream, offset)
    if low == 0, high == 1 { return result }
    let scaled = Variable(result) * Variable(high - low) + Variable(low)
    if low == high { return scaled.value }
    // Rounding must not reach the limit.
    let last = dtype == .float32 ? Double(Float(high).nextDown) : high.nextDown
    return maximum(minimum(scaled, Variable(last)), Variable(low)).value
  }

  /// Numbers with the normal distribution.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - mean: The mean.
  ///   - standardDeviation: The standard deviation.
  ///   - dtype: float32 or float64; others are an error.
  ///   - generator: The source.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    let result = standardNormal(shape, dtype, "normal", &generator)
    return result.scaled(by: standardDeviation, around: mean)
  }

  /// Numbers with the normal distribution, of which those further than two standard deviations from
  /// the mean are drawn again.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - mean: The mean.
  ///   - standardDeviation: The standard deviation before those are drawn again.
  ///   - dtype: float32 or float64; others are an error.
  ///   - generator: The source.
  public static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) -> Tensor {
    let result = standardNormal(shape, dtype, "truncatedNormal", &generator)
    var rejected = Array(0..<result.count)
    var candidates = result
    while true {
      let values = candidates.doubles()
      var next: [Int] = []
      for (position, value) in zip(rejected, values) {
        if Swift.abs(value) > 2 {
          next.append(position)
        } else if dtype == .float32 {
          result.data.storeBytes(of: Float(value), toByteOffset: 4 * position, as: Float.self)
        } else {
          result.data.storeBytes(of: value, toByteOffset: 8 * position, as: Double.self)
        }
      }
      if next.isEmpty { return result.scaled(by: standardDeviation, around: mean) }
      rejected = next
      candidates = standardNormal([next.count], dtype, "truncatedNormal", &generator)
    }
  }

  /// Truth values that are true with the given probability, to within 2⁻²⁴.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - probability: From 0 (never) to 1 (always); others are an error.
  ///   - generator: The source.
  public static func bernoulli(
    _ shape: Shape, probability: Double, using generator: inout RandomGenerator
  ) -> Tensor {
    guard (0...1).contains(probability) else {
      fatalError("bernoulli: the probability \(probability) is not in 0...1")
    }
    return (Variable(uniform(shape, using: &generator)) .< Variable(probability)).value
  }

  /// Integers of a range, all equally likely.
  ///
  /// - Parameters:
  ///   - shape: The shape.
  ///   - range: From which numbers; not empty, else it is an error.
  ///   - generator: The source.
  /// - Returns: int64.
  public static func integers(
    _ shape: Shape, in range: Range<Int>, using generator: inout RandomGenerator
  ) -> Tensor {
    guard !range.isEmpty else { fatalError("integers: the range \(range) is empty") }
    let bound = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    let values = generator.words(count: shape.elementCount).map { word in
      range.lowerBound &+ Int(truncatingIfNeeded: generator.number(below: bound, word))
    }
    return Tensor(values, shape: shape)
  }

  /// The numbers 0..<count in random order (Fisher and Yates), as int64.
  ///
  /// - Parameters:
  ///   - count: How many; not negative, else it is an error.
  ///   - generator: The source.
  public static func permutation(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
    guard count >= 0 else { fatalError("permutation: the count \(count) is negative") }
    var order = Array(0..<count)
    for (last, word) in generator.words(count: count).enumerated() {
      order.swapAt(last, Int(generator.number(below: UInt64(last) + 1, word)))
    }
    return Tensor(order)
  }

  private static func standardNormal(
    _ shape: Shape, _ dtype: DType, _ operation: String, _ generator: inout RandomGenerator
  ) -> Tensor {
    requireFloatingPoint(dtype, operation: operation)
    let result = Tensor(uninitialized: shape, dtype: dtype)
    let offset = generator.advance(by: result.count, perBlock: 16 / dtype.size)
    k_random_normal(
      dtype.kernelType, result.data, Int64(result.count), generator.seed, generator.stream, offset)
    return result
  }

  private func scaled(by factor: Double, around mean: Double) -> Tensor {
    if factor == 1, mean == 0 { return self }
    return (Variable(self) * Variable(factor) + Variable(mean)).value
  }

  private static func requireFloatingPoint(_ dtype: DType, operation: String) {
    guard dtype.isFloatingPoint else {
      fatalError("\(operation): not defined for \(dtype); use float32 or float64")
    }
  }
}
