/// A number that a training has for each epoch.
public enum Quantity: Hashable, Sendable, CustomStringConvertible {
  /// The mean loss of the examples of the epoch, each at the time it was trained on.
  case loss
  /// A metric of the examples of the epoch, by its name.
  case metric(String)
  /// The mean loss of the validation data after the epoch.
  case validationLoss
  /// A metric of the validation data after the epoch, by its name.
  case validationMetric(String)
  /// The learning rate of the last update of the epoch.
  case learningRate
  /// How long the epoch took, with its validation.
  case seconds

  /// The name in tables: "loss", "validation accuracy" and so on.
  public var description: String {
    switch self {
    case .loss: "loss"
    case .metric(let name): name
    case .validationLoss: "validation loss"
    case .validationMetric(let name): "validation \(name)"
    case .learningRate: "learning rate"
    case .seconds: "seconds"
    }
  }
}

/// A quantity and which of its values are good.
///
/// ```swift
/// EarlyStopping(.greatest(.validationMetric("accuracy")), patience: 10)
/// ```
public struct Criterion: Hashable, Sendable, CustomStringConvertible {
  /// The number that is looked at.
  public let quantity: Quantity
  /// Whether small values are good.
  public let isLeast: Bool

  /// The smaller, the better.
  public static func least(_ quantity: Quantity) -> Criterion {
    Criterion(quantity: quantity, isLeast: true)
  }

  /// The greater, the better.
  public static func greatest(_ quantity: Quantity) -> Criterion {
    Criterion(quantity: quantity, isLeast: false)
  }

  /// Whether a value is better than another by more than a difference; NaN is worse than anything.
  public func isBetter(_ value: Double, than other: Double, by difference: Double = 0) -> Bool {
    if value.isNaN || other.isNaN { return !value.isNaN }
    return isLeast ? value < other - difference : value > other + difference
  }

  /// "least validation loss" and the like.
  public var description: String { "\(isLeast ? "least" : "greatest") \(quantity)" }
}
