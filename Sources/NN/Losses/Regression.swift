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
  requireEqual(prediction, target, loss: "meanSquaredError", names: ("prediction", "target"))
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
  requireEqual(prediction, target, loss: "meanAbsoluteError", names: ("prediction", "target"))
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
  requireEqual(prediction, target, loss: "huber", names: ("prediction", "target"))
  guard delta > 0 else { fatalError("huber: delta is \(delta); it must be above 0") }
  let difference = prediction - target
  let distance = abs(difference)
  let parabola = 0.5 * square(difference)
  let line = Variable(delta) * (distance - Variable(0.5 * delta))
  return reduction(select(distance .<= Variable(delta), parabola, line))
}
