import Autograd

/// The random numbers of a layer that draws some at each call, such as ``Dropout``.
///
/// The layer stores it as a property, so that ``Module/namedRandomSources`` finds it, and a saved
/// training can go on with the numbers it would have drawn.
public final class RandomSource {
  /// The generator, which moves on with each number.
  public var generator: RandomGenerator

  /// Creates a source, independent of all others that come from the generator.
  public init(splitFrom generator: inout RandomGenerator) { self.generator = generator.split() }

  /// A constant of random numbers, drawn anew at each call of a compiled function.
  ///
  /// ```swift
  /// let noise = random.draw { Tensor.normal(shape, using: &$0) }
  /// ```
  ///
  /// - Parameter make: Draws them; of the same shape and type each time.
  public func draw(_ make: @escaping (inout RandomGenerator) -> Tensor) -> Variable {
    recomputed { [self] in make(&generator) }
  }

  /// A mask that is true with the given probability.
  func mask(_ shape: Shape, probability: Double) -> Variable {
    draw { Tensor.bernoulli(shape, probability: probability, using: &$0) }
  }
}

extension Module {
  /// The sources of random numbers below the module with their paths, each once.
  public var namedRandomSources: [(name: String, source: RandomSource)] {
    ModuleWalk(self).randomSources.map { ($0.path, $0.source) }
  }
}
