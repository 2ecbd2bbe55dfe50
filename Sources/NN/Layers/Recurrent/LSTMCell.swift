import Autograd

/// The state of an ``LSTMCell``: what it has put out, and what it keeps to itself.
public struct LSTMState: RecurrentState {
  /// What the cell has put out, shape […, outputs].
  public let hidden: Variable
  /// The memory c, shape […, hidden].
  public let cell: Variable

  /// Creates a state.
  public init(hidden: Variable, cell: Variable) {
    self.hidden = hidden
    self.cell = cell
  }

  /// The hidden state and the memory.
  public var variables: [Variable] { [hidden, cell] }

  /// Creates a state of the hidden state and the memory.
  public init(variables: [Variable]) { self.init(hidden: variables[0], cell: variables[1]) }
}

/// One step of a long short-term memory (Hochreiter and Schmidhuber, Neural Computation 9, 1997;
/// with the forget gate of Gers, Schmidhuber and Cummins, Neural Computation 12, 2000).
///
///     i = σ(Wᵢ x + Uᵢ h + bᵢ)      f = σ(W_f x + U_f h + b_f)
///     g = tanh(W_g x + U_g h + b_g)  o = σ(Wₒ x + Uₒ h + bₒ)
///     c′ = f c + i g
///     h′ = o tanh(c′)
///
/// With a projection (Sak, Senior and Beaufays, arXiv:1402.1128) h′ = P (o tanh(c′)). The gates lie
/// below each other in this order, and each has two biases, one with W and one with U, as in
/// PyTorch.
public struct LSTMCell: RecurrentCell {
  /// The weights of the four gates.
  public let weights: GateWeights
  /// P, of shape [outputs, hidden], or nil.
  public let projection: Variable?

  /// Creates a cell with weights drawn from U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the memory.
  ///   - projection: The number of features that come out, or nil for as many as the memory has.
  ///   - bias: Whether there are biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, projection: Int? = nil, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    weights = GateWeights(
      gates: 4, inputs: inputs, size: hidden, outputs: projection ?? hidden, bias: bias,
      dtype: dtype, using: &generator)
    guard let projection else {
      self.projection = nil
      return
    }
    self.projection = uniformParameter(
      [projection, hidden], within: 1 / Double(hidden).squareRoot(), dtype, &generator)
  }

  /// Creates a cell with given variables; stops with an error if their shapes do not fit.
  public init(weights: GateWeights, projection: Variable? = nil) {
    let (rows, outputs) = (weights.hidden.shape[0], weights.hidden.shape[1])
    guard rows % 4 == 0, projection?.shape ?? [rows / 4, rows / 4] == [outputs, rows / 4] else {
      fatalError(
        "LSTMCell: the weights of the hidden state \(weights.hidden.shape) and the projection "
          + "\(projection?.shape.description ?? "nil") are not [4 · hidden, outputs] and "
          + "[outputs, hidden]")
    }
    self.weights = weights
    self.projection = projection
  }

  /// The number of features of an input.
  public var inputSize: Int { weights.input.shape[1] }

  /// The features of the hidden state and of the memory.
  public var stateSizes: [Int] { [weights.hidden.shape[1], weights.hidden.shape[0] / 4] }

  /// The variables under PyTorch's names.
  public var members: [(name: String, value: Any)] {
    weights.members + [("weight_hr", projection as Any)]
  }

  /// The name with the numbers of features.
  public var label: String { "LSTMCell(\(inputSize) → \(stateSizes[0]))" }

  /// W x and both biases, of all gates.
  public func project(_ x: Variable) -> Variable { linear(x, weights.input, bias: weights.bias) }

  /// The state after a step.
  public func step(_ projection: Variable, from state: LSTMState) -> LSTMState {
    let gates = projection + linear(state.hidden, weights.hidden)
    let parts = gates.chunked(into: 4, axis: -1)
    let (input, forget) = (sigmoid(parts[0]), sigmoid(parts[1]))
    let (candidate, output) = (tanh(parts[2]), sigmoid(parts[3]))
    let cell = forget * state.cell + input * candidate
    let hidden = output * tanh(cell)
    return LSTMState(
      hidden: self.projection.map { linear(hidden, $0) } ?? hidden, cell: cell)
  }
}
