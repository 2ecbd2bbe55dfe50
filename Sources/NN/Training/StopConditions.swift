import Autograd

/// Stops a training that is good enough.
///
/// ```swift
/// StopAt(.least(.loss), 0.01)
/// StopAt(.greatest(.validationMetric("accuracy")), 0.98)
/// ```
public final class StopAt: Callback {
  /// What is looked at.
  public let criterion: Criterion
  /// The value that is good enough, or any better one.
  public let value: Double

  /// Creates the callback.
  public init(_ criterion: Criterion, _ value: Double) {
    self.criterion = criterion
    self.value = value
  }

  /// Checks that there is such a quantity.
  public func trainingBegins(_ training: Training) {
    training.history.index(of: criterion.quantity, for: "StopAt")
  }

  /// Stops a training that was resumed after its end.
  public func epochBegins(_ training: Training) { stopIfDue(training) }

  /// Stops at the goal.
  public func epochEnds(_ training: Training) { stopIfDue(training) }

  private func stopIfDue(_ training: Training) {
    guard let last = training.last(criterion.quantity) else { return }
    if last == value || criterion.isBetter(last, than: value) {
      training.stop("the \(criterion.quantity) has reached \(value.significant(4))")
    }
  }
}

/// Stops a training after some time, in the middle of an epoch too.
///
/// An epoch that is broken off does not count: it is neither validated nor in the history. With a
/// ``Checkpoint`` the training can be continued from there.
public final class TimeLimit: Callback {
  /// The time.
  public let limit: Duration
  private var start = ContinuousClock.now

  /// Creates the callback.
  public init(_ limit: Duration) { self.limit = limit }

  /// Starts the clock.
  public func trainingBegins(_ training: Training) { start = .now }

  /// Looks at the clock.
  public func batchEnds(_ training: Training) { stopIfDue(training) }

  /// Looks at the clock.
  public func epochEnds(_ training: Training) { stopIfDue(training) }

  private func stopIfDue(_ training: Training) {
    if ContinuousClock.now - start >= limit {
      training.stop("the time limit of \(limit) has passed")
    }
  }
}

/// Writes the history to a file of comma-separated values after each epoch.
///
/// The file is replaced each time, so that a training that is resumed goes on with it.
public final class CSVLog: Callback {
  /// The file.
  public let path: String

  /// Creates the callback.
  public init(_ path: String) { self.path = path }

  /// Writes the file.
  public func epochEnds(_ training: Training) throws { try training.history.writeCSV(to: path) }
}
