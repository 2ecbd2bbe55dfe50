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
///   - reduction: Mean, sum or none.
public func binaryCrossEntropy(
  _ probability: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(probability, target, loss: "binaryCrossEntropy", names: ("probability", "target"))
  let logTrue = clamp(log(probability), low: -100)
  let logFalse = clamp(log1p(-probability), low: -100)
  return reduction(-(target * logTrue + (1 - target) * logFalse))
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
///   - reduction: Mean, sum or none; the mean is not divided by the weights.
public func binaryCrossEntropyWithLogits(
  _ logit: Variable, _ target: Variable, positiveWeight: Variable? = nil,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(logit, target, loss: "binaryCrossEntropyWithLogits", names: ("logit", "target"))
  var softplus = softplus(-logit)
  if let positiveWeight {
    guard logit.shape.suffix(positiveWeight.rank).elementsEqual(positiveWeight.shape) else {
      fatalError(
        "binaryCrossEntropyWithLogits: the positive weight \(positiveWeight.shape) is not that of the "
          + "last axes of the logits \(logit.shape)")
    }
    softplus = (1 + (positiveWeight - 1) * target) * softplus
  }
  return reduction((1 - target) * logit + softplus)
}
