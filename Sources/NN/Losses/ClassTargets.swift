import Autograd

/// The axis of the classes: 1 where there is an axis of examples, else 0.
func classAxis(of scores: Variable, operation: String) -> Int {
  guard scores.rank > 0 else {
    fatalError(
      "\(operation): a scalar has no classes; expected [examples, classes, …] or [classes]")
  }
  return scores.rank == 1 ? 0 : 1
}

/// There is one weight for each class.
func requireClassWeights(_ weights: Variable, count: Int, operation: String) {
  guard weights.shape == [count] else {
    fatalError(
      "\(operation): the weights \(weights.shape) are not one for each of \(count) classes"
        + location(of: weights))
  }
}

/// Weights of classes, so shaped that they multiply scores along the axis of classes.
func aligned(_ weights: Variable, with scores: Variable, axis: Int, operation: String) -> Variable {
  requireClassWeights(weights, count: scores.shape[axis], operation: operation)
  let others = [Int](repeating: 1, count: scores.rank - axis - 1)
  return weights.reshaped(to: Shape([weights.count] + others))
}

/// The weight of each example's class, in the shape of the indices.
func pickedWeights(_ weights: Variable, at indices: Variable) -> Variable {
  indexSelect(weights, at: indices.reshaped(to: [indices.count])).reshaped(to: indices.shape)
}

/// −Σ tᵢ lᵢ over the classes; where t is 0 the summand is 0, even for l = −∞.
func crossEntropies(
  _ logProbabilities: Variable, _ target: Variable, weights: Variable?, axis: Int, operation: String
) -> Variable {
  var summands = select(target .== 0, 0, target * logProbabilities)
  if let weights {
    summands = summands * aligned(weights, with: logProbabilities, axis: axis, operation: operation)
  }
  return -summands.sum(axis: axis)
}

/// Class indices are int64 of the scores' shape without the axis of classes.
func requireShape(ofIndices indices: Variable, for scores: Variable, axis: Int, operation: String) {
  var expected = Array(scores.shape)
  expected.remove(at: axis)
  guard indices.dtype == .int64, indices.shape == Shape(expected) else {
    var hint = ""
    if indices.shape == Shape(expected) {
      hint = "; cast(to: .int64) converts them"
    } else if indices.shape == Shape(expected + [1]) {
      hint = "; squeezed(axis: -1) removes the last axis"
    }
    fatalError(
      "\(operation): the class indices are \(indices.dtype) \(indices.shape), not int64 "
        + "\(Shape(expected)) as the scores \(scores.shape) ask for\(hint)"
        + location(of: scores))
  }
}

/// Class indices lie in 0..<count; `canIgnore` says whether the loss has an index to ignore.
func requireRange(
  ofIndices indices: Variable, count: Int, operation: String, canIgnore: Bool = false
) {
  check(indices) { indices in
    guard let (label, position) = firstInvalidIndex(indices, below: count) else { return }
    fail(label, at: position, of: indices.shape, count, operation, canIgnore)
  }
}

private func fail(
  _ label: Int, at position: Int, of shape: Shape, _ count: Int, _ operation: String,
  _ canIgnore: Bool
) -> Never {
  var rest = position
  var place: [Int] = []
  for size in shape.reversed() {
    place.insert(rest % size, at: 0)
    rest /= size
  }
  let hint = label < 0 && canIgnore ? "; ignoreIndex: \(label) would leave such examples out" : ""
  fatalError(
    "\(operation): the label \(label) at \(Shape(place)) is not one of the \(count) classes "
      + "0..<\(count)\(hint)")
}

/// The right classes of examples, and how much each example counts.
struct ClassTargets {
  private let axis: Int
  /// The indices, 0 where an example does not count.
  private let indices: Variable
  /// Which examples count; nil if all do.
  private let isCounted: Variable?
  /// The weight of each class, aligned with the scores.
  private let classWeights: Variable?
  /// The weight of each example.
  private let exampleWeights: Variable?

  init(
    _ classIndices: Variable, for scores: Variable, axis: Int, weights: Variable?,
    ignoreIndex: Int?, operation: String
  ) {
    requireShape(ofIndices: classIndices, for: scores, axis: axis, operation: operation)
    self.axis = axis
    if let ignoreIndex {
      let counted = classIndices .!= Variable(integerLiteral: Int64(ignoreIndex))
      isCounted = counted
      indices = select(counted, classIndices, 0)
    } else {
      isCounted = nil
      indices = classIndices
    }
    requireRange(
      ofIndices: indices, count: scores.shape[axis], operation: operation, canIgnore: true)
    classWeights = weights.map { aligned($0, with: scores, axis: axis, operation: operation) }
    exampleWeights = weights.map { [indices] in pickedWeights($0, at: indices) }
  }

  /// The cross-entropy of logits.
  func crossEntropy(
    of logits: Variable, labelSmoothing: Double, reduction: Reduction
  ) -> Variable {
    if labelSmoothing != 0 {
      let logProbabilities = logSoftmax(logits, axis: axis)
      return loss(of: logProbabilities, labelSmoothing: labelSmoothing, reduction: reduction)
    }
    let losses = crossEntropies(logits, at: indices, axis: axis)
    return reduced(exampleWeights.map { losses * $0 } ?? losses, reduction)
  }

  /// The loss of log-probabilities.
  func loss(
    of logProbabilities: Variable, labelSmoothing: Double, reduction: Reduction
  ) -> Variable {
    let picked = gather(logProbabilities, at: indices.unsqueezed(axis: axis), axis: axis)
    var losses = -picked.squeezed(axis: axis)
    if let exampleWeights { losses = losses * exampleWeights }
    if labelSmoothing != 0 {
      let weighted = classWeights.map { logProbabilities * $0 } ?? logProbabilities
      let share = Variable(labelSmoothing / Double(logProbabilities.shape[axis]))
      losses = Variable(1 - labelSmoothing) * losses - share * weighted.sum(axis: axis)
    }
    return reduced(losses, reduction)
  }

  /// The loss from those of the examples.
  private func reduced(_ losses: Variable, _ reduction: Reduction) -> Variable {
    let losses = isCounted.map { select($0, losses, 0) } ?? losses
    guard case .mean = reduction, let total = totalWeight(as: losses.dtype) else {
      return reduction(losses)
    }
    return losses.sum() / total
  }

  /// By what the sum of the losses is divided for their mean; nil if each example counts once.
  private func totalWeight(as dtype: DType) -> Variable? {
    guard let isCounted else { return exampleWeights?.sum() }
    return (exampleWeights.map { select(isCounted, $0, 0) } ?? isCounted.cast(to: dtype)).sum()
  }
}
