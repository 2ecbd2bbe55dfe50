import Autograd

// Losses between probabilities of two classes. Targets t lie between 0 and 1.

/// The binary cross-entropy −t log p − (1 − t) log(1 − p) of probabilities.
///
/// Logarithms are limited to −100 from below, as in PyTorch, so that the loss stays finite at p = 0
/// and p = 1; a limited logarithm has the derivative 0. Where logits are at hand,
/// ``binaryCrossEntropyWithLogits(_:_:positiveWeight:reduction:)`` is exact instead.
///
/// - Parameters:
///   - probability: p between 0 and 1, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - weights: The factor of each element, or of each class in the last axes; else stops with an
///     error. The mean is *not* divided by them.
///   - reduction: Mean, sum or none.
public func binaryCrossEntropy(
  _ probability: Variable, _ target: Variable, weights: Variable? = nil,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    probability, target, operation: "binaryCrossEntropy", names: ("probability", "target"))
  let logTrue = clamp(log(probability), low: -100)
  let logFalse = clamp(log1p(-probability), low: -100)
  var losses = -(target * logTrue + (1 - target) * logFalse)
  if let weights {
    requireWeights(weights, of: probability, operation: "binaryCrossEntropy", name: "weights")
    losses = losses * weights
  }
  return reduction(losses)
}

/// The binary cross-entropy of logits: (1 − t) x + (1 + (w − 1) t) log(1 + e⁻ˣ).
///
/// That is −w t log σ(x) − (1 − t) log(1 − σ(x)), without overflow or cancellation.
///
/// - Parameters:
///   - logit: x, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - positiveWeight: w, how much more an error on t = 1 counts: a scalar, or one for each class
///     in the last axes; else stops with an error. By default 1.
///   - weights: The factor of each element, or of each class in the last axes; else stops with an
///     error.
///   - reduction: Mean, sum or none; the mean is not divided by the weights.
public func binaryCrossEntropyWithLogits(
  _ logit: Variable, _ target: Variable, positiveWeight: Variable? = nil,
  weights: Variable? = nil, reduction: Reduction = .mean
) -> Variable {
  let name = "binaryCrossEntropyWithLogits"
  requireEqual(logit, target, operation: name, names: ("logit", "target"))
  var softplus = softplus(-logit)
  if let positiveWeight {
    requireWeights(positiveWeight, of: logit, operation: name, name: "positiveWeight")
    softplus = (1 + (positiveWeight - 1) * target) * softplus
  }
  var losses = (1 - target) * logit + softplus
  if let weights {
    requireWeights(weights, of: logit, operation: name, name: "weights")
    losses = losses * weights
  }
  return reduction(losses)
}

private func requireWeights(
  _ weights: Variable, of elements: Variable, operation: String, name: String
) {
  guard elements.shape.suffix(weights.rank).elementsEqual(weights.shape) else {
    fatalError(
      "\(operation): \(name) has the shape \(weights.shape), not that of the last axes of "
        + "\(elements.shape)\(location(of: weights, elements))")
  }
}
