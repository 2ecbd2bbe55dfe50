import Autograd

// How a cell goes along the sequences of a batch.

extension Recurrent {
  /// Goes along the sequences.
  ///
  /// With lengths, what is in x behind the end of a sequence has no influence. Outputs there are 0;
  /// the final state is that at the end of each sequence, and the backward direction begins there
  /// (PyTorch's `pack_padded_sequence` and `pad_packed_sequence`, in any order of lengths).
  ///
  /// - Parameters:
  ///   - x: Shape [batch, steps, inputs], or [steps, batch, inputs] if not ``batchFirst``, with at
  ///     least one step; else stops with an error.
  ///   - lengths: The number of steps of each sequence: whole numbers in 1...steps, of any type and
  ///     of shape [batch]; else stops with an error. Nil if all sequences have all steps.
  ///   - state: Where each cell starts, its variables of the shapes [cells, batch, size]; zeros if
  ///     nil. The cells are in the order of the layers, forward before backward.
  /// - Returns: The outputs of the last layer, of shape [batch, steps, outputs] (the axes as in x),
  ///   those of the forward direction followed by those of the backward one; and where each cell
  ///   ended, as in `state`.
  public func callAsFunction(
    _ x: Variable, lengths: Variable? = nil, state: Cell.State? = nil
  ) -> (outputs: Variable, state: Cell.State) {
    scope {
      requireInput(x)
      var sequence = batchFirst ? x.transposed(0, 1) : x
      let (steps, batch) = (sequence.shape[0], sequence.shape[1])
      var isRunning: [Variable]?
      if let lengths {
        let mask = runningMask(lengths, steps: steps, batch: batch)
        isRunning = mask.unstacked()
        // What is not a part of the sequences may be anything, even NaN.
        sequence = select(mask, sequence, 0)
      }
      var starts = startingStates(state, batch: batch, dtype: x.dtype)[...]
      var ends: [Cell.State] = []
      for (layer, directions) in cells.enumerated() {
        if layer > 0 { sequence = dropout(sequence) }
        var outputs: [Variable] = []
        for (direction, cell) in directions.enumerated() {
          let (output, end) = sweep(
            cell, sequence, from: starts.removeFirst(), isReversed: direction == 1, isRunning)
          outputs.append(output)
          ends.append(end)
        }
        sequence = concatenate(outputs, axis: -1)
      }
      let variables = cells[0][0].stateSizes.indices.map { index in
        stack(ends.map { $0.variables[index] })
      }
      return (batchFirst ? sequence.transposed(0, 1) : sequence, Cell.State(variables: variables))
    }
  }

  /// The outputs of one cell for all steps, and its last state.
  ///
  /// - Parameters:
  ///   - x: Shape [steps, batch, inputs].
  ///   - isRunning: For each step which sequences have not ended, shape [batch, 1].
  private func sweep(
    _ cell: Cell, _ x: Variable, from start: Cell.State, isReversed: Bool, _ isRunning: [Variable]?
  ) -> (Variable, Cell.State) {
    let projections = cell.project(x).unstacked()
    var state = start
    var outputs: [Variable] = []
    for index in projections.indices {
      let index = isReversed ? projections.count - 1 - index : index
      let next = cell.step(projections[index], from: state)
      if let isRunning = isRunning?[index] {
        let kept = zip(next.variables, state.variables).map { select(isRunning, $0, $1) }
        state = Cell.State(variables: kept)
        outputs.append(select(isRunning, next.hidden, 0))
      } else {
        state = next
        outputs.append(next.hidden)
      }
    }
    return (stack(isReversed ? outputs.reversed() : outputs), state)
  }

  /// Where each cell starts, from variables of the shape [cells, batch, size].
  private func startingStates(_ state: Cell.State?, batch: Int, dtype: DType) -> [Cell.State] {
    let cells = cells.flatMap { $0 }
    guard let state else { return cells.map { $0.zeroState(batch: [batch], dtype: dtype) } }
    cells[0].requireState(state, batch: [cells.count, batch], label: label)
    let parts = state.variables.map { $0.unstacked() }
    return cells.indices.map { index in Cell.State(variables: parts.map { $0[index] }) }
  }

  private func requireInput(_ x: Variable) {
    let features = cells[0][0].inputSize
    guard x.rank == 3, x.shape[2] == features, x.shape[batchFirst ? 1 : 0] > 0 else {
      let axes = batchFirst ? "batch, steps" : "steps, batch"
      fatalError(
        "\(label): the input \(describe(x)) is not [\(axes), \(features)] with at least one step"
          + location())
    }
  }

  /// Which sequences have not ended at each step: shape [steps, batch, 1].
  private func runningMask(_ lengths: Variable, steps: Int, batch: Int) -> Variable {
    guard lengths.shape == [batch], lengths.dtype != .bool else {
      fatalError(
        "\(label): the lengths \(describe(lengths)) are not \(batch) numbers, one for each sequence"
          + location())
    }
    check(lengths) { [label] lengths in
      for (index, length) in lengths.value.doubles().enumerated()
      where Int(exactly: length).map({ 1...steps ~= $0 }) != true {
        fatalError(
          "\(label): the length of sequence \(index) is \(length), but lengths are whole numbers in "
            + "1...\(steps), the number of steps\(location())")
      }
    }
    let positions = Variable(Tensor.range(to: Double(steps), dtype: .int64))
    return (positions.unsqueezed(axis: 1) .< lengths.cast(to: .int64)).unsqueezed(axis: 2)
  }
}
