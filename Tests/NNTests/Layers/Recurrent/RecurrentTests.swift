import Autograd
import NN
import Testing

@Suite struct RecurrentTests {
  private var generator = RandomGenerator(seed: 3)

  @Test mutating func `Shapes and names of a deep LSTM in both directions`() {
    let lstm = LSTM(inputs: 8, hidden: 16, layers: 2, bidirectional: true, using: &generator)
    let (outputs, state) = lstm(noise([2, 5, 8], 1, dtype: .float32), lengths: [5, 3])
    #expect(outputs.shape == [2, 5, 32])
    #expect(state.hidden.shape == [4, 2, 16])
    #expect(state.cell.shape == [4, 2, 16])
    #expect(outputs.dtype == .float32)
    #expect(lstm.label == "LSTM(8 → 16, 2 layers, bidirectional)")
    #expect(GRU(inputs: 2, hidden: 3, using: &generator).label == "GRU(2 → 3)")
    let shapes = Dictionary(
      uniqueKeysWithValues: lstm.namedParameters.map { ($0.name, $0.value.shape) })
    #expect(shapes.count == 16)
    #expect(shapes["weight_ih_l0"] == [64, 8])
    #expect(shapes["weight_hh_l0_reverse"] == [64, 16])
    #expect(shapes["weight_ih_l1"] == [64, 32])
    #expect(shapes["bias_hh_l1_reverse"] == [64])
  }

  @Test mutating func `Weights are uniform within one over the root of the hidden features`() {
    let lstm = LSTM(inputs: 9, hidden: 16, projection: 4, dtype: .float64, using: &generator)
    for (name, parameter) in lstm.namedParameters {
      let values = parameter.value.doubles()
      #expect(values.allSatisfy { abs($0) <= 0.25 }, "\(name)")
      #expect(values.contains { abs($0) > 0.2 }, "\(name)")
    }
  }

  @Test mutating func `A layer does what its cell does step by step`() {
    let gru = GRU(inputs: 2, hidden: 3, dtype: .float64, using: &generator)
    let x = noise([4, 5, 2], 1)
    let (outputs, last) = gru(x)
    var state: HiddenState?
    for step in 0..<5 {
      state = gru.cells[0][0](x[0..., step], state)
      expect(outputs[0..., step], equals: state!.hidden.value.doubles())
    }
    expect(last.hidden[0], equals: state!.hidden.value.doubles())
  }

  @Test mutating func `Going on from the final state is going on`() {
    let lstm = LSTM(inputs: 2, hidden: 3, layers: 2, dtype: .float64, using: &generator)
    let x = noise([2, 6, 2], 1)
    let (whole, end) = lstm(x)
    let (first, middle) = lstm(x[0..., 0..<4])
    let (second, last) = lstm(x[0..., 4..<6], state: middle)
    expect(concatenate([first, second], axis: 1), equals: whole.value.doubles())
    expect(last.cell, equals: end.cell.value.doubles())
  }

  @Test mutating func `Each sequence is as if it were alone, whatever follows its end`() {
    let lstm = LSTM(
      inputs: 2, hidden: 3, layers: 2, bidirectional: true, dtype: .float64, using: &generator)
    var values = noise([3, 4, 2], 1).value.doubles()
    for index in 2 * 2..<8 { values[index] = .nan }
    values[19] = .infinity
    let x = double(values, [3, 4, 2], requiresGradient: true)
    let (outputs, state) = lstm(x, lengths: [2, 4, 1])
    for (row, length) in [2, 4, 1].enumerated() {
      let (alone, last) = lstm(x[row..<row + 1, 0..<length])
      expect(outputs[row, 0..<length], equals: alone.value.doubles())
      #expect(outputs[row, length...].value.doubles().allSatisfy { $0 == 0 })
      expect(state.hidden[0..., row], equals: last.hidden.value.doubles())
      expect(state.cell[0..., row], equals: last.cell.value.doubles())
    }
    let leaves = [x] + lstm.parameters
    for slope in gradients(of: square(outputs).sum(), withRespectTo: leaves) {
      #expect(slope?.value.doubles().allSatisfy(\.isFinite) == true)
    }
  }

  @Test mutating func `Lengths that are all equal change nothing`() {
    let gru = GRU(inputs: 2, hidden: 3, bidirectional: true, dtype: .float64, using: &generator)
    let x = noise([2, 3, 2], 1)
    expect(gru(x, lengths: [3, 3]).outputs, equals: gru(x).outputs.value.doubles())
  }

  @Test mutating func `A batch without sequences has outputs without sequences`() {
    let lstm = LSTM(inputs: 2, hidden: 3, bidirectional: true, using: &generator)
    let (outputs, state) = lstm(Variable(Tensor.zeros([0, 4, 2])))
    #expect(outputs.shape == [0, 4, 6])
    #expect(state.cell.shape == [2, 0, 3])
  }

  @Test mutating func `Dropout acts between layers, and in training only`() {
    let gru = GRU(inputs: 2, hidden: 40, layers: 2, dropout: 0.5, using: &generator)
    let x = noise([1, 3, 2], 1, dtype: .float32)
    #expect(gru(x).outputs.value.doubles() != gru(x).outputs.value.doubles())
    let plain = GRU(cells: gru.cells, dropout: Dropout(probability: 0, using: &generator))
    gru.evaluating {
      #expect(gru(x).outputs.value.doubles() == plain(x).outputs.value.doubles())
    }
    #expect(gru.namedRandomSources.map(\.name) == ["dropout.random"])
    let single = GRU(inputs: 2, hidden: 40, dropout: 0.5, using: &generator)
    #expect(single(x).outputs.value.doubles() == single(x).outputs.value.doubles())
  }

  @Test mutating func `Cells of one's own make layers`() {
    let network = Recurrent(
      inputs: 2, layers: 2, bidirectional: true, using: &generator
    ) { inputs, _ in Average(inputSize: inputs) }
    let (outputs, state) = network(double([1, 2, 3, 4, 5, 6], [1, 3, 2]))
    #expect(network.label == "Average(2 → 1, 2 layers, bidirectional)")
    #expect(outputs.shape == [1, 3, 2])
    // Sums of the inputs are 3, 7 and 11; halves of state and input, forward and backward.
    let forward = [1.5, 4.25, 7.625]
    let backward = [4.625, 6.25, 5.5]
    let sums = zip(forward, backward).map { $0 + $1 }
    let first = sums[0] / 2
    let second = (first + sums[1]) / 2
    expect(state.hidden[2], equals: [(second + sums[2]) / 2])
  }

  @Test mutating func `The summary counts the work of all steps`() {
    let lstm = LSTM(inputs: 2, hidden: 3, using: &generator)
    let summary = lstm.summary { _ = lstm(Variable(Tensor.zeros([5, 4, 2]))) }
    #expect(summary.rows.map(\.label) == ["LSTM(2 → 3)"])
    #expect(summary.rows[0].parameterCount == lstm.parameterCount)
    #expect(summary.multiplyAdds == 5 * 4 * 12 * (2 + 3))
    #expect(summary.rows[0].outputShapes == [[5, 4, 3], [1, 5, 3], [1, 5, 3]])
  }
}

/// h′ = (h + Σ x) / 2.
private struct Average: RecurrentCell {
  let inputSize: Int
  let stateSizes = [1]

  func project(_ x: Variable) -> Variable { x.sum(axis: -1, keepingAxes: true) }

  func step(_ projection: Variable, from state: HiddenState) -> HiddenState {
    HiddenState(hidden: (state.hidden + projection) / 2)
  }
}
