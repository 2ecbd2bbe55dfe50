import Autograd

/// The axis of the classes: 1 where there is an axis of examples, else 0.
func classAxis(of scores: Variable, loss: String) -> Int {
  guard scores.rank > 0 else {
    fatalError("\(loss): a scalar has no classes; expected [examples, classes, …] or [classes]")
  }
  return scores.rank == 1 ? 0 : 1
}

/// Weights of classes, so shaped that they multiply scores along the axis of classes.
func aligned(_ weights: Variable, with scores: Variable, axis: Int, loss: String) -> Variable {
  guard weights.shape == [scores.shape[axis]] else {
    fatalError(
      "\(loss): the weights \(weights.shape) are not one for each of \(scores.shape[axis]) classes")
  }
  let others = [Int](repeating: 1, count: scores.rank - axis - 1)
  return weights.reshaped(to: Shape([weights.count] + others))
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
    ignoreIndex: Int?, loss: String
  ) {
    var expected = Array(scores.shape)
    expected.remove(at: axis)
    guard classIndices.dtype == .int64, classIndices.shape == Shape(expected) else {
      fatalError(
        "\(loss): the class indices are \(classIndices.dtype) \(classIndices.shape), not int64 "
          + "\(Shape(expected)) as the scores \(scores.shape) ask for; losses do not broadcast")
    }
    self.axis = axis
    if let ignoreIndex {
      let counted = classIndices .!= Variable(integerLiteral: Int64(ignoreIndex))
      isCounted = counted
      indices = select(counted, classIndices, 0)
    } else {
      isCounted = nil
      indices = classIndices
    }
    classWeights = weights.map { aligned($0, with: scores, axis: axis, loss: loss) }
    let flat = indices.reshaped(to: [indices.count])
    exampleWeights = weights.map {
      indexSelect($0, at: flat).reshaped(to: classIndices.shape)
    }
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
    if let isCounted { losses = select(isCounted, losses, 0) }
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
