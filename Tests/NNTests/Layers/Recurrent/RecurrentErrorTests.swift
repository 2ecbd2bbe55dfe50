import Autograd
import NN
import Testing

private struct Reader: Module {
  let encoder: LSTM

  init(batchFirst: Bool = true) {
    var generator = RandomGenerator(seed: 0)
    encoder = LSTM(
      inputs: 3, hidden: 4, bidirectional: true, batchFirst: batchFirst, using: &generator)
  }

  func callAsFunction(
    _ x: Variable, lengths: Variable? = nil, state: LSTMState? = nil
  ) -> Variable {
    scope { encoder(x, lengths: lengths, state: state).outputs }
  }
}

private func zeros(_ sizes: Int...) -> Variable { Variable(Tensor.zeros(Shape(sizes))) }

@Suite struct RecurrentErrorTests {
  @Test func `An input of the wrong shape is an error with the layer's path`() async {
    let features = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Reader()(zeros(2, 5, 4)) }
    expect(
      features, says: "LSTM(3 → 4, bidirectional): the input float32 [2, 5, 4]",
      "[batch, steps, 3]", "(in encoder)")
    let noSteps = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Reader(batchFirst: false)(zeros(0, 2, 3)) }
    expect(noSteps, says: "[0, 2, 3]", "[steps, batch, 3] with at least one step", "(in encoder)")
  }

  @Test func `Lengths that do not fit are an error with the layer's path`() async {
    let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reader()(zeros(2, 5, 3), lengths: [4, 0])
    }
    expect(zero, says: "the length of sequence 1 is 0.0", "1...5", "(in encoder)")
    let long = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reader()(zeros(2, 5, 3), lengths: [6, 1])
    }
    expect(long, says: "the length of sequence 0 is 6", "1...5")
    let few = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reader()(zeros(2, 5, 3), lengths: [5])
    }
    expect(few, says: "the lengths float32 [1]", "are not 2 numbers")
    let parts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reader()(zeros(2, 5, 3), lengths: [5, 1.5])
    }
    expect(parts, says: "the length of sequence 1 is 1.5", "whole numbers")
  }

  @Test func `A state that does not fit is an error with the layer's path`() async {
    let layer = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let state = LSTMState(hidden: zeros(2, 2, 4), cell: zeros(1, 2, 4))
      _ = Reader()(zeros(2, 5, 3), state: state)
    }
    expect(layer, says: "a variable of the state", "[1, 2, 4], not [2, 2, 4]", "(in encoder)")
    let cell = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let cell = GRUCell(inputs: 3, hidden: 4, using: &generator)
      _ = cell(zeros(2, 3), HiddenState(hidden: zeros(1, 4)))
    }
    expect(cell, says: "GRUCell(3 → 4)", "[1, 4], not [2, 4]", "(in GRUCell)")
  }

  @Test func `A type that differs from the weights' is an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Reader()(Variable(Tensor.zeros([2, 5, 3], dtype: .float64)))
    }
    expect(result, says: "types differ", "float64", "float32", "(in encoder)")
  }

  @Test func `Cells that do not fit each other are an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let first = GRUCell(inputs: 3, hidden: 4, using: &generator)
      let second = GRUCell(inputs: 5, hidden: 4, using: &generator)
      _ = GRU(cells: [[first], [second]], dropout: Dropout(probability: 0, using: &generator))
    }
    expect(result, says: "layer 0 has 1 cells and puts out 4 features", "which take 5")
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = LSTMCell(inputs: 3, hidden: 4, using: &generator)(zeros(2, 4))
    }
    expect(input, says: "LSTMCell(3 → 4): the input float32 [2, 4]", "3 elements")
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTMCell(weights: GateWeights(input: zeros(8, 3), hidden: zeros(8, 3)))
    }
    expect(weights, says: "[8, 3] and the projection nil", "[4 · hidden, outputs]")
  }
}
