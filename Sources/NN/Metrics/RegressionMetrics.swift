import Autograd

// Errors of numbers. Each element counts once, whatever the shape. Differences and squares are
// rounded to double precision, their sums are exact.

/// The mean of |p − t|.
///
/// Prediction and target have one shape, else it is an error.
public struct MeanAbsoluteError: Metric, Sendable {
  /// "mean absolute error".
  public let name = "mean absolute error"
  private var errors = RunningStatistics()

  /// Creates the metric.
  public init() {}

  /// The mean absolute error; NaN without examples.
  public var value: Double { errors.mean }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    errors.update(
      contentsOf: meanAbsoluteError(float64(prediction), float64(target), reduction: .none))
  }

  /// Forgets all batches.
  public mutating func reset() { errors.reset() }
}

/// The mean of (p − t)².
///
/// Prediction and target have one shape, else it is an error.
public struct MeanSquaredError: Metric, Sendable {
  /// "mean squared error".
  public let name = "mean squared error"
  private var errors = RunningStatistics()

  /// Creates the metric.
  public init() {}

  /// The mean squared error; NaN without examples.
  public var value: Double { errors.mean }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    errors.update(
      contentsOf: meanSquaredError(float64(prediction), float64(target), reduction: .none))
  }

  /// Forgets all batches.
  public mutating func reset() { errors.reset() }
}

/// The square root of the mean of (p − t)², in the unit of the targets.
///
/// Prediction and target have one shape, else it is an error.
public struct RootMeanSquaredError: Metric, Sendable {
  /// "root mean squared error".
  public let name = "root mean squared error"
  private var squares = MeanSquaredError()

  /// Creates the metric.
  public init() {}

  /// The root of the mean squared error; NaN without examples.
  public var value: Double { squares.value.squareRoot() }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    squares.update(prediction: prediction, target: target)
  }

  /// Forgets all batches.
  public mutating func reset() { squares.reset() }
}

/// The coefficient of determination R² = 1 − Σ (p − t)² / Σ (t − mean)²: 1 is perfect, 0 as good
/// as the mean of the targets.
///
/// If all targets are equal, R² is 1 for perfect predictions and else 0, as in scikit-learn; that
/// is found without rounding. Prediction and target have one shape, else it is an error.
public struct RSquared: Metric, Sendable {
  /// "R²".
  public let name = "R²"
  private var residuals = RunningStatistics()
  private var targets = ExactSum()
  private var targetSquares = ExactSum()

  /// Creates the metric.
  public init() {}

  /// R²; NaN without examples.
  public var value: Double {
    let variation = variation
    if residuals.count == 0 { return .nan }
    if variation == 0 { return residuals.sum == 0 ? 1 : 0 }
    return 1 - residuals.sum / variation
  }

  /// Σ (t − mean)² = (n Σ t² − (Σ t)²) / n, of which the difference would cancel if it was rounded.
  private var variation: Double {
    let count = Double(residuals.count)
    var difference = ExactSum()
    let sums = targets.parts
    for part in targetSquares.parts { difference.addProduct(count, part) }
    for a in sums { for b in sums { difference.addProduct(-a, b) } }
    return difference.value / count
  }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    residuals.update(
      contentsOf: meanSquaredError(float64(prediction), float64(target), reduction: .none))
    for t in target.value.doubles() {
      targets.add(t)
      targetSquares.addProduct(t, t)
    }
  }

  /// Forgets all batches.
  public mutating func reset() { self = RSquared() }
}
