import Autograd

/// The affine map y = x Wᵀ + b.
public struct Linear: Layer {
  /// W, of shape [outputs, inputs].
  public let weight: Variable
  /// b, of shape [outputs], or nil.
  public let bias: Variable?

  /// Creates the map with weights and bias drawn from U(−1/√inputs, 1/√inputs), as PyTorch does.
  ///
  /// This is the initialisation of He et al. (arXiv:1502.01852) for a leaky rectifier of slope √5.
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in, at least 1.
  ///   - outputs: The number of features that come out, at least 1.
  ///   - bias: Whether there is a b.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, outputs: Int, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    guard inputs > 0, outputs > 0 else {
      fatalError("Linear: \(inputs) inputs and \(outputs) outputs; both must be at least 1")
    }
    let bound = 1 / Double(inputs).squareRoot()
    weight = uniformParameter([outputs, inputs], within: bound, dtype, &generator)
    self.bias = bias ? uniformParameter([outputs], within: bound, dtype, &generator) : nil
  }

  /// Creates the map with given variables.
  ///
  /// - Parameters:
  ///   - weight: Shape [outputs, inputs]; else stops with an error.
  ///   - bias: Shape [outputs], or nil for none; else stops with an error.
  public init(weight: Variable, bias: Variable? = nil) {
    guard weight.rank == 2, bias == nil || bias?.shape == [weight.shape[0]] else {
      fatalError(
        "Linear: the weight \(weight.shape) and the bias \(bias?.shape ?? []) are not "
          + "[outputs, inputs] and [outputs]")
    }
    self.weight = weight
    self.bias = bias
  }

  /// The name with the numbers of features.
  public var label: String {
    "Linear(\(weight.shape[1]) → \(weight.shape[0])\(bias == nil ? ", no bias" : ""))"
  }

  /// Maps features in the last axis: […, inputs] becomes […, outputs].
  ///
  /// Stops with an error if the last axis of x does not have `inputs` elements. The error names the
  /// path of the layer once ``Module/namedParameters`` of the model were asked for, as optimizers
  /// need them.
  public func forward(_ x: Variable) -> Variable {
    guard x.rank > 0, x.shape[x.rank - 1] == weight.shape[1] else {
      fatalError(
        "\(label): the input \(describe(x)) does not have \(weight.shape[1]) elements in its last "
          + "axis, which the weight \(weight.shape) takes\(location(of: weight))")
    }
    return linear(x, weight, bias: bias)
  }
}
