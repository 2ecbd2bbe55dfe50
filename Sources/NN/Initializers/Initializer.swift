import Autograd

/// How parameters get their first values: a function from a shape to a tensor.
///
/// ```swift
/// var generator = RandomGenerator(seed: 0)
/// let weight = Initializer.kaimingNormal(for: .relu)([64, 32], using: &generator)
/// model.initialize(with: .xavierUniform(), using: &generator) { $1.rank >= 2 }
/// ```
///
/// The same seed gives the same values.
public struct Initializer: Sendable {
  private let make: @Sendable (Shape, DType, inout RandomGenerator) -> Tensor

  /// Creates an initializer from any function of shape, type and generator.
  public init(_ make: @escaping @Sendable (Shape, DType, inout RandomGenerator) -> Tensor) {
    self.make = make
  }

  /// Values for a parameter.
  ///
  /// - Parameters:
  ///   - shape: The shape. Those that an initializer is not defined for stop with an error.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public func callAsFunction(
    _ shape: Shape, dtype: DType = .float32, using generator: inout RandomGenerator
  ) -> Tensor { make(shape, dtype, &generator) }

  /// Zeros.
  public static let zeros = constant(0)

  /// Ones.
  public static let ones = constant(1)

  /// One number everywhere.
  public static func constant(_ value: Double) -> Initializer {
    Initializer { shape, dtype, _ in Tensor.full(value, shape, dtype: dtype) }
  }

  /// Uniform from `low` up to but without `high`.
  public static func uniform(low: Double = 0, high: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.uniform(shape, low: low, high: high, dtype: dtype, using: &generator)
    }
  }

  /// The normal distribution.
  public static func normal(
    mean: Double = 0, standardDeviation: Double = 1
  ) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.normal(
        shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype, using: &generator)
    }
  }

  /// The normal distribution within two standard deviations from the mean.
  ///
  /// PyTorch's `trunc_normal_` cuts at −2 and 2 by default, whatever the standard deviation is.
  ///
  /// - Parameters:
  ///   - mean: The mean.
  ///   - standardDeviation: Before the cut; after it, it is 0.8796 times as large.
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 1
  ) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.truncatedNormal(
        shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype, using: &generator)
    }
  }
}

extension Module {
  /// Gives parameters new values, in the order of ``Module/namedParameters``.
  ///
  /// - Parameters:
  ///   - initializer: How.
  ///   - generator: The source of randomness.
  ///   - isIncluded: Which parameters, by path and variable; by default all.
  public func initialize(
    with initializer: Initializer, using generator: inout RandomGenerator,
    where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
  ) {
    for (name, parameter) in namedParameters where isIncluded(name, parameter) {
      parameter.assign(
        Variable(initializer(parameter.shape, dtype: parameter.dtype, using: &generator)))
    }
  }
}
