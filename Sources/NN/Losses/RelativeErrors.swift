import Autograd

// Losses between positive numbers of different magnitude.

/// The mean squared logarithmic error: the mean of (log(1 + p) − log(1 + t))².
///
/// Numbers below 0 count as 0, as in Keras; there the derivative is 0.
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - reduction: Mean, sum or none.
public func meanSquaredLogarithmicError(
  _ prediction: Variable, _ target: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    prediction, target, operation: "meanSquaredLogarithmicError", names: ("prediction", "target"))
  return reduction(square(log1p(clamp(prediction, low: 0)) - log1p(clamp(target, low: 0))))
}

/// The mean absolute percentage error: the mean of 100 |p − t| / max(|t|, ε).
///
/// - Parameters:
///   - prediction: p, of any shape.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - epsilon: ε, the least divisor, so that targets of 0 give a large number and not ∞; above 0,
///     else stops with an error.
///   - reduction: Mean, sum or none.
public func meanAbsolutePercentageError(
  _ prediction: Variable, _ target: Variable, epsilon: Double = 1e-7, reduction: Reduction = .mean
) -> Variable {
  let name = "meanAbsolutePercentageError"
  requireEqual(prediction, target, operation: name, names: ("prediction", "target"))
  guard epsilon > 0 else { fatalError("\(name): epsilon is \(epsilon); it must be above 0") }
  let scale = clamp(abs(target), low: epsilon)
  return reduction(100 * (abs(prediction - target) / scale))
}
