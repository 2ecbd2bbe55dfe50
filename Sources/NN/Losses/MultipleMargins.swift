import Autograd

// Losses of scores for C classes, of which one or several are right. As in PyTorch the classes lie
// along the last axis.

/// The multi-class margin loss Σⱼ max(0, m − sᵢ + sⱼ)^p / C over j ≠ i, of scores s and the right
/// classes i.
///
/// - Parameters:
///   - scores: s, of shape [examples, C] or [C]; else stops with an error.
///   - classIndices: i, int64, of shape [examples] or [], from 0 up to but without C; else stops
///     with an error.
///   - power: p, 1 or 2; else stops with an error.
///   - margin: m, by how much the right class should win.
///   - weights: The factor of each right class, shape [C]; the mean is *not* divided by them.
///   - reduction: Mean over the examples, sum or none.
public func multiMargin(
  _ scores: Variable, classIndices: Variable, power: Int = 1, margin: Double = 1,
  weights: Variable? = nil, reduction: Reduction = .mean
) -> Variable {
  let axis = classAxis(of: scores, operation: "multiMargin")
  guard scores.rank <= 2 else {
    fatalError("multiMargin: the scores \(scores.shape) are not [examples, classes] or [classes]")
  }
  guard power == 1 || power == 2 else {
    fatalError("multiMargin: the power is \(power); it must be 1 or 2")
  }
  let count = scores.shape[axis]
  requireShape(ofIndices: classIndices, for: scores, axis: axis, operation: "multiMargin")
  requireRange(ofIndices: classIndices, count: count, operation: "multiMargin")
  let right = gather(scores, at: classIndices.unsqueezed(axis: axis), axis: axis)
  let excess = relu(Variable(margin) - right + scores)
  let isRight = oneHot(classIndices, count: count, dtype: .bool)
  var losses = select(isRight, 0, power == 2 ? square(excess) : excess).mean(axis: axis)
  if let weights {
    requireClassWeights(weights, count: count, operation: "multiMargin")
    losses = losses * pickedWeights(weights, at: classIndices)
  }
  return reduction(losses)
}

/// The multi-label margin loss Σᵢⱼ max(0, 1 − sᵢ + sⱼ) / C over all pairs of a right class i and a
/// wrong class j.
///
/// - Parameters:
///   - scores: s, of shape [examples, C] or [C]; else stops with an error.
///   - target: 1 for each right class and 0 for the others, of the same shape and type; else stops
///     with an error. (PyTorch takes lists of the right classes that end with −1.)
///   - reduction: Mean over the examples, sum or none.
public func multiLabelMargin(
  _ scores: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(scores, target, operation: "multiLabelMargin", names: ("scores", "target"))
  let axis = classAxis(of: scores, operation: "multiLabelMargin")
  guard scores.rank <= 2 else {
    fatalError(
      "multiLabelMargin: the scores \(scores.shape) are not [examples, classes] or [classes]")
  }
  let isRight = target .!= 0
  // Right classes along the axis before the last, wrong ones along the last.
  let excess = relu(1 - scores.unsqueezed(axis: -1) + scores.unsqueezed(axis: -2))
  let isPair = isRight.unsqueezed(axis: -1) .& .!isRight.unsqueezed(axis: -2)
  return reduction(select(isPair, excess, 0).sum(axis: -1).mean(axis: axis))
}

/// The multi-label soft margin loss: the mean over the classes of the binary cross-entropy of
/// logits x and targets t.
///
/// - Parameters:
///   - logits: x, of shape [examples, …, C] or [C].
///   - target: t, 1 for each right class and 0 for the others, of the same shape and type; else
///     stops with an error that names both.
///   - weights: The factor of each class, shape [C]; else stops with an error.
///   - reduction: Mean over the examples, sum or none.
public func multiLabelSoftMargin(
  _ logits: Variable, _ target: Variable, weights: Variable? = nil, reduction: Reduction = .mean
) -> Variable {
  requireEqual(logits, target, operation: "multiLabelSoftMargin", names: ("logits", "target"))
  if let weights {
    requireClassWeights(weights, count: logits.shape.last ?? 1, operation: "multiLabelSoftMargin")
  }
  let losses = binaryCrossEntropyWithLogits(logits, target, weights: weights, reduction: .none)
  return reduction(losses.mean(axis: -1))
}
