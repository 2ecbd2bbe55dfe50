import Autograd
import NN
import Testing

/// First and second derivatives of recurrent cells and layers against differences.
@Suite struct RecurrentGradientTests {
  /// Weights of the input and of the hidden state, then the biases.
  private static func weights(gates: Int, outputs: Int) -> [Variable] {
    [
      noise([2 * gates, 1], 1), noise([2 * gates, outputs], 2), noise([2 * gates], 3),
      noise([2 * gates], 4),
    ]
  }

  private static func gateWeights(_ x: [Variable]) -> GateWeights {
    GateWeights(input: x[0], hidden: x[1], inputBias: x[2], hiddenBias: x[3])
  }

  @Test func `A GRU by its inputs, its state and all weights`() {
    let inputs = Self.weights(gates: 3, outputs: 2) + [noise([2, 3, 1], 5), noise([1, 2, 2], 6)]
    let report = gradCheck(
      { x in
        var generator = RandomGenerator(seed: 0)
        let gru = GRU(
          cells: [[GRUCell(weights: Self.gateWeights(x))]],
          dropout: Dropout(probability: 0, using: &generator))
        let (outputs, state) = gru(
          x[4], lengths: [2, 3], state: HiddenState(hidden: x[5]))
        return joined([outputs, state.hidden])
      }, at: inputs)
    #expect(report.passed, "\(report)")
  }

  @Test func `An LSTM with a projection by its inputs, its state and all weights`() {
    let inputs =
      Self.weights(gates: 4, outputs: 1) + [
        noise([1, 2], 7), noise([1, 3, 1], 5), noise([1, 1, 1], 6), noise([1, 1, 2], 8),
      ]
    let report = gradCheck(
      { x in
        var generator = RandomGenerator(seed: 0)
        let cell = LSTMCell(weights: Self.gateWeights(x), projection: x[4])
        let lstm = LSTM(cells: [[cell]], dropout: Dropout(probability: 0, using: &generator))
        let (outputs, state) = lstm(x[5], state: LSTMState(hidden: x[6], cell: x[7]))
        return joined([outputs] + state.variables)
      }, at: inputs)
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: [RNNCell.Activation.tanh, .relu])
  func `An RNN in both directions by its inputs and all weights`(activation: RNNCell.Activation) {
    let inputs =
      Self.weights(gates: 1, outputs: 2) + Self.weights(gates: 1, outputs: 2).map { 0.5 * $0 }
      + [noise([1, 3, 1], 5)]
    let report = gradCheck(
      { x in
        var generator = RandomGenerator(seed: 0)
        let cells = [Array(x[..<4]), Array(x[4..<8])].map {
          RNNCell(weights: Self.gateWeights($0), activation: activation)
        }
        let rnn = RNN(cells: [cells], dropout: Dropout(probability: 0, using: &generator))
        return rnn(x[8]).outputs
      }, at: inputs)
    #expect(report.passed, "\(report)")
  }
}
