import Autograd

/// A recurrent network with long short-term memory; see ``LSTMCell`` and ``Recurrent``.
public typealias LSTM = Recurrent<LSTMCell>
/// A recurrent network of gated units; see ``GRUCell`` and ``Recurrent``.
public typealias GRU = Recurrent<GRUCell>
/// A simple recurrent network; see ``RNNCell`` and ``Recurrent``.
public typealias RNN = Recurrent<RNNCell>

/// A recurrent network: a cell goes along sequences, in one direction or both, in one layer or
/// several.
///
/// ```swift
/// let lstm = LSTM(inputs: 8, hidden: 16, layers: 2, bidirectional: true, using: &generator)
/// let (outputs, state) = lstm(x, lengths: [5, 3])  // x: [2, 5, 8]
/// outputs.shape       // [2, 5, 32]
/// state.hidden.shape  // [4, 2, 16]
/// ```
///
/// It computes what PyTorch's `LSTM`, `GRU` and `RNN` do, with variables of the same names
/// ("weight_ih_l0", "bias_hh_l1_reverse"), and with lengths what they do for packed sequences.
/// Batches come first in shapes unless `batchFirst` is false; in PyTorch it is the other way round.
///
/// The products of the inputs of all steps with their weights are one matrix product.
public struct Recurrent<Cell: RecurrentCell>: Module {
  /// The cells: for each layer that which goes forward and, if there is one, that which goes
  /// backward.
  public let cells: [[Cell]]
  /// Whether shapes are [batch, steps, features] rather than [steps, batch, features].
  public let batchFirst: Bool
  /// What is applied to the outputs of each layer but the last.
  public let dropout: Dropout

  /// Creates a network of given cells.
  ///
  /// - Parameters:
  ///   - cells: For each layer one cell, or one for each direction. Each layer takes the outputs of
  ///     all cells of the layer before; stops with an error if they do not fit.
  ///   - dropout: What is applied to the outputs of each layer but the last.
  ///   - batchFirst: Whether shapes are [batch, steps, features] rather than
  ///     [steps, batch, features].
  public init(cells: [[Cell]], dropout: Dropout, batchFirst: Bool = true) {
    guard let directions = cells.first?.count, 1...2 ~= directions else {
      fatalError("Recurrent: there are no cells, or more than two in a layer")
    }
    for (layer, (before, cells)) in zip(cells, cells.dropFirst()).enumerated() {
      let outputs = before.reduce(0) { $0 + $1.stateSizes[0] }
      guard cells.count == directions, cells.allSatisfy({ $0.inputSize == outputs }) else {
        fatalError(
          "Recurrent: layer \(layer) has \(directions) cells and puts out \(outputs) features, but "
            + "layer \(layer + 1) has \(cells.count) cells, which take "
            + cells.map { "\($0.inputSize)" }.joined(separator: " and "))
      }
    }
    self.cells = cells
    self.dropout = dropout
    self.batchFirst = batchFirst
  }

  /// Creates a network of cells of your own.
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go into the first layer.
  ///   - layers: The number of layers, at least 1.
  ///   - bidirectional: Whether a second cell goes backward.
  ///   - dropout: The probability with which outputs of each layer but the last become 0.
  ///   - batchFirst: Whether shapes are [batch, steps, features] rather than
  ///     [steps, batch, features].
  ///   - generator: The source of randomness.
  ///   - makeCell: Makes a cell for a number of inputs.
  public init(
    inputs: Int, layers: Int = 1, bidirectional: Bool = false, dropout: Double = 0,
    batchFirst: Bool = true, using generator: inout RandomGenerator,
    makeCell: (_ inputs: Int, _ generator: inout RandomGenerator) -> Cell
  ) {
    guard layers > 0 else {
      fatalError("Recurrent: there are \(layers) layers; at least 1 is needed")
    }
    var cells: [[Cell]] = []
    for _ in 0..<layers {
      let inputs = cells.last?.reduce(0) { $0 + $1.stateSizes[0] } ?? inputs
      cells.append((0..<(bidirectional ? 2 : 1)).map { _ in makeCell(inputs, &generator) })
    }
    self.init(
      cells: cells, dropout: Dropout(probability: dropout, using: &generator),
      batchFirst: batchFirst)
  }

  /// The variables of the cells under PyTorch's names, such as "weight_ih_l0_reverse".
  public var members: [(name: String, value: Any)] {
    var members: [(name: String, value: Any)] = []
    for (layer, directions) in cells.enumerated() {
      for (direction, cell) in directions.enumerated() {
        let suffix = "_l\(layer)\(direction == 1 ? "_reverse" : "")"
        members += cell.members.map { ($0.name + suffix, $0.value) }
      }
    }
    return members + [("dropout", dropout)]
  }

  /// The name with the numbers of features and whatever is not usual.
  public var label: String {
    var name = "\(Cell.self)"
    if name.hasSuffix("Cell") { name.removeLast(4) }
    let first = cells[0][0]
    var parts = ["\(first.inputSize) → \(first.stateSizes[0])"]
    if cells.count > 1 { parts.append("\(cells.count) layers") }
    if cells[0].count == 2 { parts.append("bidirectional") }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension Recurrent where Cell == LSTMCell {
  /// Creates a network with long short-term memory, with weights drawn from
  /// U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the memory of each cell.
  ///   - layers: The number of layers, at least 1.
  ///   - projection: The number of features that come out of a cell, or nil for as many as the
  ///     memory has.
  ///   - bidirectional: Whether a second cell goes backward; its outputs follow those of the first.
  ///   - bias: Whether there are biases.
  ///   - dropout: The probability with which outputs of each layer but the last become 0.
  ///   - batchFirst: Whether shapes are [batch, steps, features] rather than
  ///     [steps, batch, features].
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, layers: Int = 1, projection: Int? = nil, bidirectional: Bool = false,
    bias: Bool = true, dropout: Double = 0, batchFirst: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    self.init(
      inputs: inputs, layers: layers, bidirectional: bidirectional, dropout: dropout,
      batchFirst: batchFirst, using: &generator
    ) { inputs, generator in
      LSTMCell(
        inputs: inputs, hidden: hidden, projection: projection, bias: bias, dtype: dtype,
        using: &generator)
    }
  }
}

extension Recurrent where Cell == GRUCell {
  /// Creates a network of gated units, with weights drawn from U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the state of each cell.
  ///   - layers: The number of layers, at least 1.
  ///   - bidirectional: Whether a second cell goes backward; its outputs follow those of the first.
  ///   - bias: Whether there are biases.
  ///   - dropout: The probability with which outputs of each layer but the last become 0.
  ///   - batchFirst: Whether shapes are [batch, steps, features] rather than
  ///     [steps, batch, features].
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, layers: Int = 1, bidirectional: Bool = false, bias: Bool = true,
    dropout: Double = 0, batchFirst: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    self.init(
      inputs: inputs, layers: layers, bidirectional: bidirectional, dropout: dropout,
      batchFirst: batchFirst, using: &generator
    ) { inputs, generator in
      GRUCell(inputs: inputs, hidden: hidden, bias: bias, dtype: dtype, using: &generator)
    }
  }
}

extension Recurrent where Cell == RNNCell {
  /// Creates a simple recurrent network, with weights drawn from U(−1/√hidden, 1/√hidden).
  ///
  /// - Parameters:
  ///   - inputs: The number of features that go in.
  ///   - hidden: The number of features of the state of each cell.
  ///   - layers: The number of layers, at least 1.
  ///   - activation: The function that makes the state of the sum.
  ///   - bidirectional: Whether a second cell goes backward; its outputs follow those of the first.
  ///   - bias: Whether there are biases.
  ///   - dropout: The probability with which outputs of each layer but the last become 0.
  ///   - batchFirst: Whether shapes are [batch, steps, features] rather than
  ///     [steps, batch, features].
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, hidden: Int, layers: Int = 1, activation: RNNCell.Activation = .tanh,
    bidirectional: Bool = false, bias: Bool = true, dropout: Double = 0, batchFirst: Bool = true,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    self.init(
      inputs: inputs, layers: layers, bidirectional: bidirectional, dropout: dropout,
      batchFirst: batchFirst, using: &generator
    ) { inputs, generator in
      RNNCell(
        inputs: inputs, hidden: hidden, activation: activation, bias: bias, dtype: dtype,
        using: &generator)
    }
  }
}
