// Elementwise operations on what is the same all along an axis: numbers and rows that were expanded,
// above all constants and what a function of expanded points has in common.

extension PlanGraph {
  /// Computes elementwise values that repeat along an axis once, and shows them expanded.
  ///
  /// Only what other elementwise operations read: anyone else gets the elements in memory.
  mutating func narrowRepeatedValues() {
    let isNarrowable = narrowableValues()
    let old = self
    var number = [Int](repeating: -1, count: old.values.count)
    values = []
    for (index, value) in old.values.enumerated() {
      values.append(value)
      replaceInputs(of: values.count - 1, number)
      if isNarrowable[index] { narrowLast() }
      number[index] = values.count - 1
    }
    results = results.map { number[$0] }
    assignments = assignments.map { ($0.leaf, number[$0.value]) }
    gradients = gradients.map { ($0.leaf, $0.value.map { number[$0] }) }
  }

  /// Elementwise values that elementwise operations alone read.
  private func narrowableValues() -> [Bool] {
    var isNarrowable = values.indices.map { step(of: $0) != nil && values[$0].count > 1 }
    for index in needed { isNarrowable[index] = false }
    let isLive = liveValues()
    for index in values.indices where isLive[index] && step(of: index) == nil {
      for input in values[index].inputs { isNarrowable[input] = false }
    }
    return isNarrowable
  }

  /// Replaces the last value by one of a narrower shape and a view of that, if it repeats.
  private mutating func narrowLast() {
    let value = values[values.count - 1]
    guard case .operation(var operation) = value.source else { return }
    var shape = value.shape
    var strides = shape.rowMajorStrides
    let all = operation.inputs.map { self.strides(of: $0, in: value.shape) ?? strides }
    for axis in 0..<shape.rank where shape[axis] > 1 && all.allSatisfy({ $0[axis] == 0 }) {
      shape[axis] = 1
      strides[axis] = 0
    }
    if shape == value.shape { return }
    values.removeLast()
    operation.inputs = zip(operation.inputs, all).map { input, strides in
      if values[input].count == 1 { return input }
      values.append(
        PlanValue(
          source: .view(of: input, offset: 0), shape: shape, dtype: values[input].dtype,
          strides: StridedLayout(shape, strides: strides).normalizedStrides))
      return values.count - 1
    }
    let own = shape.rowMajorStrides
    for axis in 0..<shape.rank where strides[axis] != 0 { strides[axis] = own[axis] }
    values.append(PlanValue(source: .operation(operation), shape: shape, dtype: value.dtype))
    values.append(
      PlanValue(
        source: .view(of: values.count - 1, offset: 0), shape: value.shape, dtype: value.dtype,
        strides: strides))
  }
}
