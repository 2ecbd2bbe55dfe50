import Autograd

/// Number, sum, mean, least and largest of values that come in batches, such as losses.
///
/// The sum is exact and rounded once, so nothing depends on the order of the values.
///
/// ```swift
/// var losses = RunningStatistics()
/// losses.update(contentsOf: Variable([1, 2]))
/// losses.update(6)
/// print(losses.mean, losses.maximum)  // 3.0 6.0
/// ```
public struct RunningStatistics: Sendable {
  /// How many values there were.
  public private(set) var count = 0
  /// The least value, NaN if one was; NaN without values.
  public private(set) var minimum = Double.nan
  /// The largest value, NaN if one was; NaN without values.
  public private(set) var maximum = Double.nan
  private var total = ExactSum()

  /// Creates statistics of no values.
  public init() {}

  /// The sum of the values; 0 without values.
  public var sum: Double { total.value }

  /// The mean of the values; NaN without values.
  public var mean: Double { sum / Double(count) }

  /// Takes a value into account.
  public mutating func update(_ value: Double) {
    let isFirst = count == 0
    count += 1
    total.add(value)
    // A minimum of NaN stays; a value of NaN is not ≥ anything.
    if isFirst || !minimum.isNaN && !(value >= minimum) { minimum = value }
    if isFirst || !maximum.isNaN && !(value <= maximum) { maximum = value }
  }

  /// Takes all elements of a variable into account.
  public mutating func update(contentsOf values: Variable) {
    for value in values.value.doubles() { update(value) }
  }

  /// Forgets all values.
  public mutating func reset() { self = RunningStatistics() }
}

/// The mean of a quantity of each element or example, such as a loss, as a metric.
///
/// ```swift
/// var error = MeanMetric("Huber's loss") { huber($0, $1, reduction: .none) }
/// ```
public struct MeanMetric: Metric {
  /// The name.
  public let name: String
  private let quantity: (Variable, Variable) -> Variable
  private var statistics = RunningStatistics()

  /// Creates a metric.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - quantity: The quantities of a batch from prediction and target. Both are float64 if they
  ///     were of a floating-point type, and nothing is recorded.
  public init(_ name: String, of quantity: @escaping (Variable, Variable) -> Variable) {
    self.name = name
    self.quantity = quantity
  }

  /// The mean of all quantities; NaN without any.
  public var value: Double { statistics.mean }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    let target = target.dtype.isFloatingPoint ? float64(target) : target.detached()
    statistics.update(contentsOf: withoutRecording { quantity(float64(prediction), target) })
  }

  /// Forgets all batches.
  public mutating func reset() { statistics.reset() }
}
