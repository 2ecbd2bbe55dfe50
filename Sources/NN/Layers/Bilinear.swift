import Autograd

/// The bilinear map yₖ = aᵀ Wₖ b + cₖ of two inputs.
public struct Bilinear: Module {
  /// W, of shape [outputs, inputs of a, inputs of b].
  public let weight: Variable
  /// c, of shape [outputs], or nil.
  public let bias: Variable?

  /// Creates the map with weights and bias drawn from U(−1/√n, 1/√n) for the n inputs of a, as
  /// PyTorch does.
  ///
  /// - Parameters:
  ///   - inputs: The numbers of features of a and of b, at least 1.
  ///   - outputs: The number of features that come out, at least 1.
  ///   - bias: Whether there is a c.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: (Int, Int), outputs: Int, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    guard inputs.0 > 0, inputs.1 > 0, outputs > 0 else {
      fatalError("Bilinear: \(inputs) inputs and \(outputs) outputs; all must be at least 1")
    }
    let bound = 1 / Double(inputs.0).squareRoot()
    weight = uniformParameter([outputs, inputs.0, inputs.1], within: bound, dtype, &generator)
    self.bias = bias ? uniformParameter([outputs], within: bound, dtype, &generator) : nil
  }

  /// The name with the numbers of features.
  public var label: String {
    "Bilinear((\(weight.shape[1]), \(weight.shape[2])) → \(weight.shape[0])"
      + "\(bias == nil ? ", no bias" : ""))"
  }

  /// Maps the features in the last axes: […, inputs of a] and […, inputs of b] become […, outputs].
  ///
  /// Stops with an error if the last axes do not have so many elements, or the others differ.
  public func callAsFunction(_ a: Variable, _ b: Variable) -> Variable {
    scope {
      guard a.rank > 0, a.shape.dropLast().elementsEqual(b.shape.dropLast()),
        a.shape.last == weight.shape[1], b.shape.last == weight.shape[2]
      else {
        fatalError(
          "\(label): the inputs \(describe(a)) and \(describe(b)) are not […, \(weight.shape[1])] "
            + "and […, \(weight.shape[2])] with equal axes in front\(location(of: weight))")
      }
      let product = einsum("...i,oij,...j->...o", a, weight, b)
      guard let bias else { return product }
      return product + bias
    }
  }
}
