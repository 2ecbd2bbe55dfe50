import Autograd
import Oracles

// How the numbers of a sample become variables.

extension Tensor {
  /// The numbers of a naive array, rounded to a type.
  init(_ array: WideArray, as dtype: DType) {
    let shape = Shape(array.shape)
    self =
      dtype == .float32
      ? Tensor(array.elements.map { Float($0) }, shape: shape)
      : Tensor(array.elements.map { Double($0) }, shape: shape).converted(to: dtype)
  }

  /// The same numbers as a naive array.
  var wide: WideArray { WideArray(converting: doubles(), shape: Array(shape)) }
}

extension SampleInput {
  /// The input as a variable of the given type: a leaf, or a view of a larger one.
  func variable(_ dtype: DType) -> Variable {
    guard layout != .dense, values.rank > 0, values.count > 0 else {
      return Variable(Tensor(values, as: dtype), requiresGradient: isDifferentiable)
    }
    switch layout {
    case .transposed:
      let axes = Array((0..<values.rank).reversed())
      return embedded(values.permuted(axes), dtype).permuted(axes)
    case .reversed:
      let axes = Array(0..<values.rank)
      return embedded(values.flipped(axes), dtype).flipped(axes: axes)
    case .sliced:
      // Every other element of an array that is twice as long, and one more.
      let spread = WideArray(shape: values.shape.map { 2 * $0 + 1 }) { index in
        index.allSatisfy { $0 % 2 == 1 } ? values[index.map { $0 / 2 }] : 1e6
      }
      let steps = values.shape.map { _ in every(2, from: 1) }
      return subscripted(embedded(spread, dtype), by: steps)
    case .expanded:
      let row = values.selecting([0], axis: 0)
      return embedded(row, dtype).expanded(to: Shape(values.shape))
    case .dense: return Variable(Tensor(values, as: dtype))
    }
  }

  /// The array as a part of a larger one, so that it does not fit into a node and views of it have
  /// strides.
  private func embedded(_ array: WideArray, _ dtype: DType) -> Variable {
    let copies = max(2, 80 / max(1, array.count))
    let filler = WideArray(repeating: -1e6, shape: array.shape)
    let all = WideArray.stack(Array(repeating: filler, count: copies - 1) + [array])
    return Variable(Tensor(all, as: dtype), requiresGradient: isDifferentiable)[copies - 1]
  }

  private func subscripted(_ x: Variable, by indices: [AxisIndex]) -> Variable {
    switch indices.count {
    case 1: x[indices[0]]
    case 2: x[indices[0], indices[1]]
    case 3: x[indices[0], indices[1], indices[2]]
    case 4: x[indices[0], indices[1], indices[2], indices[3]]
    default: x[indices[0], indices[1], indices[2], indices[3], indices[4]]
    }
  }
}

/// An operation applied to a sample.
struct SampleRun {
  let inputs: [Variable]
  let result: Variable
  private let isDifferentiable: [Bool]

  init(_ operation: OperationCase, _ sample: OperationSample, _ dtype: DType = .float64) {
    inputs = sample.inputs.map { $0.variable(dtype) }
    isDifferentiable = sample.inputs.map(\.isDifferentiable)
    let all = sample.copies > 1 ? Array(repeating: inputs[0], count: sample.copies) : inputs
    result = operation.form(all, sample.integers)
  }

  /// The product of a cotangent with the Jacobian, one array for each input: zeros where nothing
  /// flows.
  func products(_ cotangent: WideArray) -> [WideArray] {
    let seed = Variable(Tensor(cotangent, as: result.dtype))
    return products(of: result, seed: seed).map { $0.value.wide }
  }

  /// The gradients of a variable by the inputs: zeros where nothing flows, and for constants.
  func products(
    of variable: Variable, seed: Variable? = nil, createGraph: Bool = false
  ) -> [Variable] {
    let all = gradients(
      of: variable, withRespectTo: inputs, seed: seed, createGraph: createGraph)
    return inputs.indices.map { i in
      if isDifferentiable[i], let gradient = all[i] { return gradient }
      return Variable(Tensor.zeros(inputs[i].shape, dtype: inputs[i].dtype))
    }
  }

  /// ⟨a, b⟩ over all inputs, as a graph.
  func inner(_ a: [Variable], _ b: [WideArray]) -> Variable {
    zip(a, b).reduce(Variable(Tensor.zeros([], dtype: result.dtype))) { sum, pair in
      sum + (pair.0 * Variable(Tensor(pair.1, as: pair.0.dtype))).sum()
    }
  }
}
