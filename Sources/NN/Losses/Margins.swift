import Autograd

// Losses of scores s against labels t of two classes, −1 and 1: zero, or nearly, where t s is large
// enough. The derivative at a corner is that of the rising side, as in PyTorch.

/// The hinge loss max(0, 1 − t s) of scores s and labels t.
///
/// - Parameters:
///   - score: s, of any shape.
///   - target: t, −1 or 1, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func hinge(
  _ score: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(score, target, operation: "hinge", names: ("score", "target"))
  return reduction(clamp(1 - target * score, low: 0))
}

/// The squared hinge loss max(0, 1 − t s)² of scores s and labels t.
///
/// - Parameters:
///   - score: s, of any shape.
///   - target: t, −1 or 1, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func squaredHinge(
  _ score: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(score, target, operation: "squaredHinge", names: ("score", "target"))
  return reduction(square(clamp(1 - target * score, low: 0)))
}

/// The soft margin loss log(1 + e^(−t s)) of scores s and labels t, without overflow.
///
/// - Parameters:
///   - score: s, of any shape.
///   - target: t, −1 or 1, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func softMargin(
  _ score: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(score, target, operation: "softMargin", names: ("score", "target"))
  return reduction(softplus(-(target * score)))
}

/// The margin ranking loss max(0, m − t (a − b)): a should be above b where t is 1, below where it
/// is −1.
///
/// - Parameters:
///   - first: a, of any shape.
///   - second: b, of the same shape and type; else stops with an error that names both.
///   - target: t, −1 or 1, of the same shape and type; else stops with an error.
///   - margin: m, by how much.
///   - reduction: Mean, sum or none.
public func marginRanking(
  _ first: Variable, _ second: Variable, _ target: Variable, margin: Double = 0,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(first, second, operation: "marginRanking", names: ("first", "second"))
  requireEqual(first, target, operation: "marginRanking", names: ("first", "target"))
  return reduction(clamp(Variable(margin) - target * (first - second), low: 0))
}

/// The hinge embedding loss of distances d and labels t: d where t is 1, max(0, m − d) where it is
/// −1.
///
/// - Parameters:
///   - distance: d, of any shape.
///   - target: t, −1 or 1, of the same shape and type; else stops with an error that names both.
///   - margin: m, how far dissimilar pairs should be apart.
///   - reduction: Mean, sum or none.
public func hingeEmbedding(
  _ distance: Variable, _ target: Variable, margin: Double = 1, reduction: Reduction = .mean
) -> Variable {
  requireEqual(distance, target, operation: "hingeEmbedding", names: ("distance", "target"))
  return reduction(
    select(target .== 1, distance, clamp(Variable(margin) - distance, low: 0)))
}
