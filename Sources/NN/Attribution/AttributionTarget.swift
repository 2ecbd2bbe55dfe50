import Autograd

/// Which number of a model's output an attribution explains, for each example.
public enum AttributionTarget {
  /// The sum of all outputs of the example.
  case output
  /// The score of one class for each example: int64 [examples], of outputs [examples, C, …]. Of
  /// more axes the sum counts.
  case classIndices(Variable)

  /// The explained number of each example, [examples].
  func scores(of output: Variable, operation: String) -> Variable {
    guard output.rank > 0 else {
      fatalError("\(operation): the model's output is a scalar; expected [examples, …]")
    }
    var chosen = output
    if case .classIndices(let indices) = self {
      guard output.rank > 1, indices.dtype == .int64, indices.shape == [output.shape[0]] else {
        fatalError(
          "\(operation): the class indices are \(describe(indices)), not int64 of one for each "
            + "example of the output \(output.shape), which must be [examples, classes, …]")
      }
      requireRange(ofIndices: indices, count: output.shape[1], operation: operation)
      let single = indices.reshaped(
        to: Shape([indices.count] + [Int](repeating: 1, count: output.rank - 1)))
      chosen = takeAlongAxis(output, at: single, axis: 1)
    }
    return chosen.rank == 1 ? chosen : chosen.sum(axes: Array(1..<chosen.rank))
  }
}

/// The gradient of the explained numbers by the input.
///
/// Examples do not mix in a model, so each example's is in its own place.
func inputGradient(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget, operation: String
) -> Variable {
  let leaf = Variable(x.value, requiresGradient: true)
  let scores = target.scores(of: model(leaf), operation: operation)
  guard scores.shape[0] == x.shape.first else {
    fatalError(
      "\(operation): the input \(x.shape) and the output have not one number of examples, along "
        + "their first axes")
  }
  return gradient(of: scores.sum(), withRespectTo: leaf)
}

/// A baseline of the input's shape, zeros if none is given.
func resolvedBaseline(_ given: Variable?, for x: Variable, operation: String) -> Variable {
  guard let given else { return Variable(Tensor.zeros(x.shape, dtype: x.dtype)) }
  requireEqual(x, given, operation: operation, names: ("input", "baseline"))
  return given.detached()
}
