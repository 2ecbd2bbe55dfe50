import Autograd

/// One step of a gated recurrent unit (Cho et al., arXiv:1406.1078).
///
///     r = σ(Wᵣ x + Uᵣ h + bᵣ)
///     z = σ(W_z x + U_z h + b_z)
///     n = tanh(Wₙ x + bₙ + r (Uₙ h + dₙ))
///     h′ = (1 − z) n + z h
///
/// The gates r, z and n lie below each other in this order. The reset gate r acts after the product
/// with Uₙ, as in PyTorch and cuDNN, not before it as in the paper.
public struct GRUCell: RecurrentCell {
  /// The weights of the three gates.
  public let weights: GateWeights

  /// Creates a cell with weights drawn from U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the state, which come out.
  ///   - bias: Whether there are biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    weights = GateWeights(
      gates: 3, inputs: inputs, size: hidden, outputs: hidden, bias: bias, dtype: dtype,
      using: &generator)
  }

  /// Creates a cell with given weights; stops with an error if those of the hidden state are not
  /// [3 · hidden, hidden].
  public init(weights: GateWeights) {
    guard weights.hidden.shape[0] == 3 * weights.hidden.shape[1] else {
      fatalError(
        "GRUCell: the weights of the hidden state \(weights.hidden.shape) are not "
          + "[3 · hidden, hidden]")
    }
    self.weights = weights
  }

  /// The number of features of an input.
  public var inputSize: Int { weights.input.shape[1] }

  /// The features of the state.
  public var stateSizes: [Int] { [weights.hidden.shape[1]] }

  /// The variables under PyTorch's names.
  public var members: [(name: String, value: Any)] { weights.members }

  /// The name with the numbers of features.
  public var label: String { "GRUCell(\(inputSize) → \(stateSizes[0]))" }

  /// W x and its bias, of all gates.
  public func project(_ x: Variable) -> Variable {
    linear(x, weights.input, bias: weights.inputBias)
  }

  /// The state after a step.
  public func step(_ projection: Variable, from state: HiddenState) -> HiddenState {
    let ofInput = projection.chunked(into: 3, axis: -1)
    let ofState = linear(state.hidden, weights.hidden, bias: weights.hiddenBias)
      .chunked(into: 3, axis: -1)
    let reset = sigmoid(ofInput[0] + ofState[0])
    let update = sigmoid(ofInput[1] + ofState[1])
    let candidate = tanh(ofInput[2] + reset * ofState[2])
    return HiddenState(hidden: lerp(candidate, state.hidden, update))
  }
}
