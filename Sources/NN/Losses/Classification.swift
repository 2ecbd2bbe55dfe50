import Autograd

// Losses of probabilities for C classes. As in PyTorch the classes lie along axis 1 of [examples,
// C, …], or along the only axis of [C].

/// The cross-entropy −log softmax(x)ᵢ of logits x and the right classes i.
///
/// ```swift
/// let loss = crossEntropy(model(images), classIndices: labels)      // [64, 10] and int64 [64]
/// ```
///
/// - Parameters:
///   - logits: x, of shape [examples, C, …] or [C].
///   - classIndices: i, int64, of the shape without the axis of classes, from 0 up to but without
///     C; else stops with an error.
///   - weights: How much an example of each class counts, shape [C]; the mean is divided by the sum
///     of the examples' weights.
///   - ignoreIndex: Examples with this index do not count; it may lie outside of the classes.
///   - labelSmoothing: ε from 0 to 1: the target is 1 − ε for the right class and ε / C for all
///     (Szegedy et al., arXiv:1512.00567).
///   - reduction: Mean, sum or none.
public func crossEntropy(
  _ logits: Variable, classIndices: Variable, weights: Variable? = nil, ignoreIndex: Int? = nil,
  labelSmoothing: Double = 0, reduction: Reduction = .mean
) -> Variable {
  let axis = classAxis(of: logits, operation: "crossEntropy")
  requireSmoothing(labelSmoothing)
  let targets = ClassTargets(
    classIndices, for: logits, axis: axis, weights: weights, ignoreIndex: ignoreIndex,
    operation: "crossEntropy")
  return targets.crossEntropy(
    of: logits, labelSmoothing: labelSmoothing, reduction: reduction)
}

/// The cross-entropy −Σ tᵢ log softmax(x)ᵢ of logits x and target probabilities t.
///
/// - Parameters:
///   - logits: x, of shape [examples, C, …] or [C].
///   - probabilities: t, of the same shape and type; else stops with an error. Where t is 0 the
///     summand is 0, even for a logit of −∞.
///   - weights: The factor of each class, shape [C]; the mean is *not* divided by them.
///   - labelSmoothing: ε from 0 to 1: the target is (1 − ε) t + ε / C.
///   - reduction: Mean over the examples, sum or none.
public func crossEntropy(
  _ logits: Variable, probabilities: Variable, weights: Variable? = nil,
  labelSmoothing: Double = 0, reduction: Reduction = .mean
) -> Variable {
  requireEqual(logits, probabilities, operation: "crossEntropy", names: ("logits", "probabilities"))
  let axis = classAxis(of: logits, operation: "crossEntropy")
  requireSmoothing(labelSmoothing)
  let count = Double(logits.shape[axis])
  var target = probabilities
  if labelSmoothing != 0 {
    target = Variable(1 - labelSmoothing) * target + Variable(labelSmoothing / count)
  }
  return reduction(
    crossEntropies(
      logSoftmax(logits, axis: axis), target, weights: weights, axis: axis,
      operation: "crossEntropy"))
}

/// The negative log-likelihood −lᵢ of log-probabilities l and the right classes i.
///
/// - Parameters:
///   - logProbabilities: l, of shape [examples, C, …] or [C].
///   - classIndices: i, int64, of the shape without the axis of classes, from 0 up to but without
///     C; else stops with an error.
///   - weights: How much an example of each class counts, shape [C]; the mean is divided by the sum
///     of the examples' weights.
///   - ignoreIndex: Examples with this index do not count; it may lie outside of the classes.
///   - reduction: Mean, sum or none.
public func negativeLogLikelihood(
  _ logProbabilities: Variable, classIndices: Variable, weights: Variable? = nil,
  ignoreIndex: Int? = nil, reduction: Reduction = .mean
) -> Variable {
  let operation = "negativeLogLikelihood"
  let targets = ClassTargets(
    classIndices, for: logProbabilities,
    axis: classAxis(of: logProbabilities, operation: operation),
    weights: weights, ignoreIndex: ignoreIndex, operation: operation)
  return targets.loss(of: logProbabilities, labelSmoothing: 0, reduction: reduction)
}

private func requireSmoothing(_ smoothing: Double) {
  guard (0...1).contains(smoothing) else {
    fatalError("crossEntropy: label smoothing is \(smoothing); it must lie in 0...1")
  }
}
