import Autograd

/// A multilayer perceptron: affine maps with an activation, and perhaps dropout, between them.
///
/// ```swift
/// let model = MLP(sizes: [784, 128, 64, 10], dropout: 0.2, using: &generator)
/// ```
public struct MLP: Layer {
  /// The affine maps.
  public let layers: [Linear]
  /// What follows each map but the last.
  public let activation: any Layer
  /// What follows each activation, or nil.
  public let dropout: Dropout?

  /// Creates the network.
  ///
  /// - Parameters:
  ///   - sizes: The numbers of features: of the input, after each hidden map, and of the output. At
  ///     least two, else it is an error.
  ///   - activation: What follows each map but the last; one with parameters is shared.
  ///   - dropout: The probability of dropping a hidden feature in training; 0 for no dropout.
  ///   - bias: Whether the maps have biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    sizes: [Int], activation: any Layer = ReLU(), dropout: Double = 0, bias: Bool = true,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    guard sizes.count >= 2 else {
      fatalError("MLP: the sizes \(sizes) do not name an input and an output")
    }
    layers = zip(sizes, sizes.dropFirst()).map { inputs, outputs in
      Linear(inputs: inputs, outputs: outputs, bias: bias, dtype: dtype, using: &generator)
    }
    self.activation = activation
    self.dropout = dropout == 0 ? nil : Dropout(probability: dropout, using: &generator)
  }

  /// The name with the sizes.
  public var label: String {
    let sizes = layers.prefix(1).map { $0.weight.shape[1] } + layers.map { $0.weight.shape[0] }
    return "MLP(\(sizes.map(String.init).joined(separator: " → ")))"
  }

  /// Maps features in the last axis: […, first size] becomes […, last size].
  public func forward(_ x: Variable) -> Variable {
    var result = x
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        result = activation(result)
        if let dropout { result = dropout(result) }
      }
      result = layer(result)
    }
    return result
  }
}
