import Autograd

/// One step of a simple recurrent network: h′ = tanh(W x + U h + b), or with the rectifier in place
/// of tanh (Elman, Cognitive Science 14, 1990).
public struct RNNCell: RecurrentCell {
  /// The function that makes the state of the sum.
  public enum Activation: Sendable {
    /// The hyperbolic tangent.
    case tanh
    /// The rectifier max(x, 0).
    case relu
  }

  /// The weights of the input and of the state.
  public let weights: GateWeights
  /// The function that makes the state of the sum.
  public let activation: Activation

  /// Creates a cell with weights drawn from U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the state, which come out.
  ///   - activation: The function that makes the state of the sum.
  ///   - bias: Whether there are biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, activation: Activation = .tanh, bias: Bool = true,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    weights = GateWeights(
      gates: 1, inputs: inputs, size: hidden, outputs: hidden, bias: bias, dtype: dtype,
      using: &generator)
    self.activation = activation
  }

  /// Creates a cell with given weights; stops with an error if those of the hidden state are not
  /// [hidden, hidden].
  public init(weights: GateWeights, activation: Activation = .tanh) {
    guard weights.hidden.shape[0] == weights.hidden.shape[1] else {
      fatalError(
        "RNNCell: the weights of the hidden state \(weights.hidden.shape) are not [hidden, hidden]")
    }
    self.weights = weights
    self.activation = activation
  }

  /// The number of features of an input.
  public var inputSize: Int { weights.input.shape[1] }

  /// The features of the state.
  public var stateSizes: [Int] { [weights.hidden.shape[1]] }

  /// The variables under PyTorch's names.
  public var members: [(name: String, value: Any)] { weights.members }

  /// The name with the numbers of features and the activation.
  public var label: String { "RNNCell(\(inputSize) → \(stateSizes[0]), \(activation))" }

  /// W x + b.
  public func project(_ x: Variable) -> Variable { linear(x, weights.input, bias: weights.bias) }

  /// The state after a step.
  public func step(_ projection: Variable, from state: HiddenState) -> HiddenState {
    let sum = projection + linear(state.hidden, weights.hidden)
    switch activation {
    case .tanh: return HiddenState(hidden: tanh(sum))
    case .relu: return HiddenState(hidden: relu(sum))
    }
  }
}
