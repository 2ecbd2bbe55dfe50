import Autograd

/// The variables that recurrent cells have in common: they map the input and the hidden state to
/// the gates, one gate below the other.
public struct GateWeights: Module {
  /// The weights of the input, of shape [gates · hidden, inputs].
  public let input: Variable
  /// The weights of the hidden state, of shape [gates · hidden, outputs].
  public let hidden: Variable
  /// The bias of the input, of shape [gates · hidden], or nil.
  public let inputBias: Variable?
  /// The bias of the hidden state, of shape [gates · hidden], or nil.
  public let hiddenBias: Variable?

  /// Creates the weights of given variables.
  ///
  /// - Parameters:
  ///   - input: Shape [gates · hidden, inputs].
  ///   - hidden: Shape [gates · hidden, outputs].
  ///   - inputBias: Shape [gates · hidden], or nil for none.
  ///   - hiddenBias: The same; there are both or none. Stops with an error for anything else.
  public init(
    input: Variable, hidden: Variable, inputBias: Variable? = nil, hiddenBias: Variable? = nil
  ) {
    let rows = input.shape.first ?? 0
    guard input.rank == 2, hidden.rank == 2, hidden.shape[0] == rows,
      (inputBias == nil) == (hiddenBias == nil),
      [inputBias, hiddenBias].allSatisfy({ $0 == nil || $0?.shape == [rows] })
    else {
      let biases = [inputBias, hiddenBias].map { $0?.shape.description ?? "nil" }
      fatalError(
        "GateWeights: the weights \(input.shape) and \(hidden.shape) and the biases \(biases[0]) "
          + "and \(biases[1]) do not have the same number of rows")
    }
    self.input = input
    self.hidden = hidden
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
  }

  /// Creates weights drawn from U(−1/√size, 1/√size), as PyTorch does.
  ///
  /// - Parameters:
  ///   - gates: How many gates there are.
  ///   - inputs: The number of features that go in.
  ///   - size: The number of features of a gate.
  ///   - outputs: The number of features of the hidden state.
  ///   - bias: Whether there are biases.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  init(
    gates: Int, inputs: Int, size: Int, outputs: Int, bias: Bool, dtype: DType,
    using generator: inout RandomGenerator
  ) {
    guard inputs > 0, size > 0, outputs > 0 else {
      fatalError(
        "a recurrent cell with \(inputs) inputs and \(size) hidden features, \(outputs) of which "
          + "come out; all must be at least 1")
    }
    let rows = gates * size
    let bound = 1 / Double(size).squareRoot()
    input = uniformParameter([rows, inputs], within: bound, dtype, &generator)
    hidden = uniformParameter([rows, outputs], within: bound, dtype, &generator)
    inputBias = bias ? uniformParameter([rows], within: bound, dtype, &generator) : nil
    hiddenBias = bias ? uniformParameter([rows], within: bound, dtype, &generator) : nil
  }

  /// The variables under PyTorch's names.
  public var members: [(name: String, value: Any)] {
    [
      ("weight_ih", input), ("weight_hh", hidden), ("bias_ih", inputBias as Any),
      ("bias_hh", hiddenBias as Any),
    ]
  }

  /// The sum of the biases, for cells that add both at the same place.
  var bias: Variable? {
    guard let inputBias, let hiddenBias else { return nil }
    return inputBias + hiddenBias
  }
}
