import Autograd

// Losses between numbers. Prediction p and target t have one shape and type, else it is an error.

/// The mean squared error: the mean of (p − t)².
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func meanSquaredError(
  _ prediction: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "meanSquaredError", names: ("prediction", "target"))
  return reduction(square(prediction - target))
}

/// The mean absolute error: the mean of |p − t|, whose derivative at p = t is 0.
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func meanAbsoluteError(
  _ prediction: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "meanAbsoluteError", names: ("prediction", "target"))
  return reduction(abs(prediction - target))
}

/// Huber's loss: d² / 2 for |d| ≤ δ, else δ (|d| − δ / 2), with d = p − t.
///
/// Huber, Robust estimation of a location parameter, Ann. Math. Statist. 35 (1964).
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - delta: δ, where the parabola ends; above 0, else stops with an error.
///   - reduction: Mean, sum or none.
public func huber(
  _ prediction: Variable, _ target: Variable, delta: Double = 1, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "huber", names: ("prediction", "target"))
  guard delta > 0 else { fatalError("huber: delta is \(delta); it must be above 0") }
  return reduction(huberElements(prediction - target, delta: delta))
}

/// The smooth L1 loss: d² / 2β for |d| ≤ β, else |d| − β / 2, with d = p − t.
///
/// That is ``huber(_:_:delta:reduction:)`` / β: its slope far away is 1 for every β.
/// Girshick, Fast R-CNN, arXiv:1504.08083.
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - beta: β, where the parabola ends; not below 0, else stops with an error. For 0 it is the
///     absolute error.
///   - reduction: Mean, sum or none.
public func smoothL1(
  _ prediction: Variable, _ target: Variable, beta: Double = 1, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "smoothL1", names: ("prediction", "target"))
  guard beta >= 0 else { fatalError("smoothL1: beta is \(beta); it must not be below 0") }
  let difference = prediction - target
  if beta == 0 { return reduction(abs(difference)) }
  return reduction(huberElements(difference, delta: beta) / Variable(beta))
}

private func huberElements(_ difference: Variable, delta: Double) -> Variable {
  let distance = abs(difference)
  let parabola = 0.5 * square(difference)
  let line = Variable(delta) * (distance - Variable(0.5 * delta))
  return select(distance .<= Variable(delta), parabola, line)
}

/// The logarithm of the hyperbolic cosine, log cosh(p − t): about d² / 2 near 0 and |d| − log 2 far
/// away.
///
/// It neither overflows for large differences nor cancels for small ones.
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func logCosh(
  _ prediction: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "logCosh", names: ("prediction", "target"))
  let difference = prediction - target
  let distance = abs(difference)
  let far = distance + softplus(-2 * distance) - 0.693147180559945309417
  // cosh d = 1 + u² / 2(1 + u) with u = eᵈ − 1: no rounded 1 from which log would be taken.
  let growth = expm1(difference)
  let near = log1p(0.5 * square(growth) / (1 + growth))
  return reduction(select(distance .< 1, near, far))
}

/// The pinball loss of a quantile: q d for d ≥ 0, else (q − 1) d, with d = t − p.
///
/// Its minimum over constant predictions is the q-quantile of the targets; q = ½ gives half of the
/// absolute error. At d = 0 its derivative is the mean of both sides.
/// Koenker and Bassett, Regression quantiles, Econometrica 46 (1978).
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - quantile: q, from 0 to 1; else stops with an error.
///   - reduction: Mean, sum or none.
public func pinball(
  _ prediction: Variable, _ target: Variable, quantile: Double, reduction: Reduction = .mean
) -> Variable {
  requireEqual(prediction, target, operation: "pinball", names: ("prediction", "target"))
  guard (0...1).contains(quantile) else {
    fatalError("pinball: the quantile is \(quantile); it must lie in 0...1")
  }
  let difference = target - prediction
  return reduction(
    maximum(Variable(quantile) * difference, Variable(quantile - 1) * difference))
}
