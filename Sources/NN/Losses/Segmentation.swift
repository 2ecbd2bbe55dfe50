import Autograd

// Losses of how well two sets overlap, such as a predicted and a true area of an image. The sums go
// over all axes but the first, so each example has its own loss.

/// The dice loss 1 − (2 Σ t p + s) / (Σ t + Σ p + s) of probabilities p and targets t.
///
/// Without anything predicted or true it is 0: for s = 0, too, where the derivative is then 0.
/// Milletari, Navab and Ahmadi, arXiv:1606.04797.
///
/// ```swift
/// // [examples, classes, height, width], a loss for each class of each image:
/// let loss = dice(p.flattened(from: 0, to: 1), t.flattened(from: 0, to: 1))
/// ```
///
/// - Parameters:
///   - probability: p between 0 and 1, of shape [examples, …]; else stops with an error.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - smoothing: s, which keeps the slopes within 2 / s where there is next to nothing; not below
///     0, else stops with an error.
///   - reduction: Mean over the examples, sum or none.
public func dice(
  _ probability: Variable, _ target: Variable, smoothing: Double = 1, reduction: Reduction = .mean
) -> Variable {
  reduction(
    overlapLoss(
      probability, target, alpha: 0.5, beta: 0.5, smoothing: 0.5 * smoothing, operation: "dice"))
}

/// The Tversky loss 1 − (T + s) / (T + α P + β N + s), with T = Σ t p, P = Σ (1 − t) p for what is
/// wrongly predicted and N = Σ t (1 − p) for what is missed.
///
/// α = β = ½ is ``dice(_:_:smoothing:reduction:)`` with twice the smoothing. Without anything
/// predicted or true the loss is 0. Salehi, Erdogmus and Gholipour, arXiv:1706.05721.
///
/// - Parameters:
///   - probability: p between 0 and 1, of shape [examples, …]; else stops with an error.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - alpha: α, how much false positives cost.
///   - beta: β, how much false negatives cost.
///   - smoothing: s, not below 0, else stops with an error.
///   - reduction: Mean over the examples, sum or none.
public func tversky(
  _ probability: Variable, _ target: Variable, alpha: Double = 0.5, beta: Double = 0.5,
  smoothing: Double = 1, reduction: Reduction = .mean
) -> Variable {
  reduction(
    overlapLoss(
      probability, target, alpha: alpha, beta: beta, smoothing: smoothing, operation: "tversky"))
}

private func overlapLoss(
  _ probability: Variable, _ target: Variable, alpha: Double, beta: Double, smoothing: Double,
  operation: String
) -> Variable {
  requireEqual(probability, target, operation: operation, names: ("probability", "target"))
  guard probability.rank > 1 else {
    fatalError(
      "\(operation): the shape \(probability.shape) has no axes of elements; expected [examples, …]"
    )
  }
  guard smoothing >= 0 else {
    fatalError("\(operation): the smoothing is \(smoothing); it must not be below 0")
  }
  let axes = Array(1..<probability.rank)
  let common = (target * probability).sum(axes: axes) + Variable(smoothing)
  let excess = ((1 - target) * probability).sum(axes: axes)
  let missed = (target * (1 - probability)).sum(axes: axes)
  let total = common + Variable(alpha) * excess + Variable(beta) * missed
  return 1 - select(total .== 0, 1, common / total)
}
