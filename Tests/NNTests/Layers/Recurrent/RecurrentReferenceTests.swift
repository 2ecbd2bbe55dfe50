import Autograd
import NN
import Testing

/// Recurrent cells and layers against PyTorch's values and gradients in float64; names are equal,
/// too.
@Suite struct RecurrentReferenceTests {
  private let references: References
  private var generator = RandomGenerator(seed: 1)

  init() throws { references = try References(topic: "recurrent") }

  @Test mutating func `Cells are PyTorch's`() throws {
    for (name, activation) in [("tanh", RNNCell.Activation.tanh), ("relu", .relu)] {
      let cell = RNNCell(
        inputs: 3, hidden: 4, activation: activation, dtype: .float64, using: &generator)
      try references("RNNCell \(name)").expectAll(of: cell, inputs: ["x", "h"]) { cell, inputs in
        cell(inputs[0], HiddenState(hidden: inputs[1])).hidden
      }
    }
    let plain = RNNCell(inputs: 3, hidden: 4, bias: false, dtype: .float64, using: &generator)
    try references("RNNCell no bias").expectAll(of: plain, inputs: ["x", "h"]) { cell, inputs in
      cell(inputs[0], HiddenState(hidden: inputs[1])).hidden
    }
    for (name, bias) in [("GRUCell", true), ("GRUCell no bias", false)] {
      let cell = GRUCell(inputs: 3, hidden: 4, bias: bias, dtype: .float64, using: &generator)
      try references(name).expectAll(of: cell, inputs: ["x", "h"]) { cell, inputs in
        cell(inputs[0], HiddenState(hidden: inputs[1])).hidden
      }
    }
    let lstm = LSTMCell(inputs: 3, hidden: 4, dtype: .float64, using: &generator)
    try references("LSTMCell").expectAll(of: lstm, inputs: ["x", "h", "c"]) { cell, inputs in
      joined(cell(inputs[0], LSTMState(hidden: inputs[1], cell: inputs[2])).variables)
    }
    try references("LSTMCell zero state").expectAll(of: lstm, inputs: ["x"]) { cell, inputs in
      joined(cell(inputs[0]).variables)
    }
  }

  @Test mutating func `A layer of RNN, GRU and LSTM is PyTorch's`() throws {
    for batchFirst in [true, false] {
      let name = batchFirst ? "plain" : "steps first"
      try expect(
        "RNN \(name)",
        RNN(inputs: 2, hidden: 3, batchFirst: batchFirst, dtype: .float64, using: &generator))
      try expect(
        "GRU \(name)",
        GRU(inputs: 2, hidden: 3, batchFirst: batchFirst, dtype: .float64, using: &generator))
      try expect(
        "LSTM \(name)",
        LSTM(inputs: 2, hidden: 3, batchFirst: batchFirst, dtype: .float64, using: &generator))
    }
    try expect(
      "RNN relu",
      RNN(
        inputs: 2, hidden: 3, activation: .relu, bidirectional: true, dtype: .float64,
        using: &generator))
  }

  @Test mutating func `One sequence of one step is PyTorch's`() throws {
    try expect("RNN one step", RNN(inputs: 2, hidden: 3, dtype: .float64, using: &generator))
    try expect("GRU one step", GRU(inputs: 2, hidden: 3, dtype: .float64, using: &generator))
    try expect("LSTM one step", LSTM(inputs: 2, hidden: 3, dtype: .float64, using: &generator))
  }

  @Test mutating func `Sequences of different lengths are PyTorch's packed sequences`() throws {
    let lengths: Variable = [2, 4, 1]
    try expect(
      "RNN lengths", RNN(inputs: 2, hidden: 3, dtype: .float64, using: &generator), lengths)
    try expect(
      "GRU lengths", GRU(inputs: 2, hidden: 3, dtype: .float64, using: &generator), lengths)
    try expect(
      "LSTM lengths", LSTM(inputs: 2, hidden: 3, dtype: .float64, using: &generator), lengths)
  }

  @Test(arguments: [nil, [2, 4, 1]] as [[Int]?])
  func `Layers in both directions that start from a state are PyTorch's`(lengths: [Int]?) throws {
    var generator = RandomGenerator(seed: 1)
    let name = lengths == nil ? "deep" : "deep lengths"
    let lengths = lengths.map { Variable($0) }
    try expect(
      "RNN \(name)",
      RNN(
        inputs: 2, hidden: 3, layers: 2, bidirectional: true, bias: false, dtype: .float64,
        using: &generator), lengths, states: ["h"])
    try expect(
      "GRU \(name)",
      GRU(
        inputs: 2, hidden: 3, layers: 2, bidirectional: true, bias: false, dtype: .float64,
        using: &generator), lengths, states: ["h"])
    try expect(
      "LSTM \(name)",
      LSTM(
        inputs: 2, hidden: 3, layers: 2, bidirectional: true, bias: false, dtype: .float64,
        using: &generator), lengths, states: ["h", "c"])
  }

  @Test mutating func `An LSTM with a projection is PyTorch's`() throws {
    let lstm = LSTM(
      inputs: 2, hidden: 3, layers: 2, projection: 2, bidirectional: true, batchFirst: false,
      dtype: .float64, using: &generator)
    try expect("LSTM projection", lstm, states: ["h", "c"])
    try expect("LSTM projection lengths", lstm, [4, 1, 3], states: ["h", "c"])
  }

  /// Compares all outputs and final states.
  private func expect<Cell: RecurrentCell>(
    _ name: String, _ layer: Recurrent<Cell>, _ lengths: Variable? = nil, states: [String] = []
  ) throws {
    try references(name).expectAll(of: layer, inputs: ["x"] + states) { layer, inputs in
      let start = states.isEmpty ? nil : Cell.State(variables: Array(inputs.dropFirst()))
      let (outputs, state) = layer(inputs[0], lengths: lengths, state: start)
      return joined([outputs] + state.variables)
    }
  }
}
