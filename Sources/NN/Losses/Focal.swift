import Autograd

// Focal losses: the cross-entropy times (1 − p)^γ of the right class's probability p, so that
// examples that are right already count less. Lin et al., arXiv:1708.02002.

/// The focal loss of logits x and targets t for two classes: the binary cross-entropy times
/// (1 − q)^γ, with the probability q = t σ(x) + (1 − t) σ(−x) of being right.
///
/// - Parameters:
///   - logit: x, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - gamma: γ, how much less sure examples count; 0 for the binary cross-entropy. Not below 0,
///     else stops with an error.
///   - alpha: The weight of targets 1, if 1 − α is that of targets 0; nil for no weights.
///   - reduction: Mean, sum or none; the mean is not divided by the weights.
public func binaryFocal(
  _ logit: Variable, _ target: Variable, gamma: Double = 2, alpha: Double? = 0.25,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(logit, target, operation: "binaryFocal", names: ("logit", "target"))
  requireGamma(gamma, operation: "binaryFocal")
  let crossEntropy = binaryCrossEntropyWithLogits(logit, target, reduction: .none)
  // By two sigmoids, because 1 − σ(x) cancels.
  let doubt = (1 - target) * sigmoid(logit) + target * sigmoid(-logit)
  var losses = power(doubt, gamma) * crossEntropy
  if let alpha {
    losses = losses * (Variable(alpha) * target + Variable(1 - alpha) * (1 - target))
  }
  return reduction(losses)
}

/// The focal loss −(1 − pᵢ)^γ log pᵢ with p = softmax(x), of logits x and the right classes i.
///
/// - Parameters:
///   - logits: x, of shape [examples, C, …] or [C].
///   - classIndices: i, int64, of the shape without the axis of classes, from 0 up to but without
///     C; else stops with an error.
///   - gamma: γ, how much less sure examples count; 0 for the cross-entropy. Not below 0, else
///     stops with an error.
///   - weights: How much an example of each class counts, shape [C]; the mean is divided by the sum
///     of the examples' weights.
///   - ignoreIndex: Examples with this index do not count; it may lie outside of the classes.
///   - reduction: Mean, sum or none.
public func focal(
  _ logits: Variable, classIndices: Variable, gamma: Double = 2, weights: Variable? = nil,
  ignoreIndex: Int? = nil, reduction: Reduction = .mean
) -> Variable {
  let axis = classAxis(of: logits, operation: "focal")
  requireGamma(gamma, operation: "focal")
  let targets = ClassTargets(
    classIndices, for: logits, axis: axis, weights: weights, ignoreIndex: ignoreIndex,
    operation: "focal")
  let focused = focusedLogProbabilities(logits, axis: axis, gamma: gamma)
  return targets.loss(of: focused, labelSmoothing: 0, reduction: reduction)
}

/// The focal loss −Σ tᵢ (1 − pᵢ)^γ log pᵢ with p = softmax(x), of logits x and target
/// probabilities t.
///
/// - Parameters:
///   - logits: x, of shape [examples, C, …] or [C].
///   - probabilities: t, of the same shape and type; else stops with an error. Where t is 0 the
///     summand is 0, even for a logit of −∞.
///   - gamma: γ, how much less sure examples count; 0 for the cross-entropy. Not below 0, else
///     stops with an error.
///   - weights: The factor of each class, shape [C]; the mean is *not* divided by them.
///   - reduction: Mean over the examples, sum or none.
public func focal(
  _ logits: Variable, probabilities: Variable, gamma: Double = 2, weights: Variable? = nil,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(logits, probabilities, operation: "focal", names: ("logits", "probabilities"))
  let axis = classAxis(of: logits, operation: "focal")
  requireGamma(gamma, operation: "focal")
  let focused = focusedLogProbabilities(logits, axis: axis, gamma: gamma)
  return reduction(
    crossEntropies(focused, probabilities, weights: weights, axis: axis, operation: "focal"))
}

/// (1 − p)^γ log p of p = softmax(x); 1 − p = −(e^(log p) − 1) does not cancel.
private func focusedLogProbabilities(_ logits: Variable, axis: Int, gamma: Double) -> Variable {
  let logProbabilities = logSoftmax(logits, axis: axis)
  return power(-expm1(logProbabilities), gamma) * logProbabilities
}

/// x^γ, whose derivatives at x = 0 are 0: there the cross-entropy is 0, of any power.
private func power(_ x: Variable, _ gamma: Double) -> Variable {
  gamma == 0 ? 1 : select(x .== 0, 0, pow(x, Variable(gamma)))
}

private func requireGamma(_ gamma: Double, operation: String) {
  guard gamma >= 0 else { fatalError("\(operation): gamma is \(gamma); it must not be below 0") }
}
