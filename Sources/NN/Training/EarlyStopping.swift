import Autograd

/// Stops a training that no longer gets better, and puts the best weights back.
///
/// ```swift
/// EarlyStopping(patience: 5)                                        // by validation loss
/// EarlyStopping(.greatest(.validationMetric("accuracy")), patience: 10, minimumChange: 0.001)
/// ```
///
/// (Prechelt, Early stopping — but when?, Neural Networks: Tricks of the Trade, 1998.)
public final class EarlyStopping: Callback {
  /// The number of epochs without an improvement after which the training stops.
  public let patience: Int
  /// By how much a value must be better than the best so far to count.
  public let minimumChange: Double
  /// Whether the model ends with the weights of the best epoch, not those of the last.
  public let restoresBest: Bool
  /// The epoch with the best value so far, counted from 1; 0 before there is any.
  public private(set) var bestEpoch = 0
  /// The best value so far.
  public private(set) var bestValue = Double.nan

  private let givenCriterion: Criterion?
  private var criterion = Criterion.least(.loss)
  private var bestWeights: [String: Tensor] = [:]

  /// Creates the callback.
  ///
  /// - Parameters:
  ///   - criterion: What is better; by default the least validation loss, or the least loss if
  ///     there is no validation.
  ///   - patience: At least 1; else stops with an error.
  ///   - minimumChange: At least 0.
  ///   - restoresBest: Whether to keep a copy of the best weights and put it back at the end,
  ///     however the training ends.
  public init(
    _ criterion: Criterion? = nil, patience: Int, minimumChange: Double = 0,
    restoresBest: Bool = true
  ) {
    guard patience > 0, minimumChange >= 0 else {
      fatalError(
        "EarlyStopping: a patience of \(patience) epochs and a change of \(minimumChange); they must "
          + "be at least 1 and 0")
    }
    givenCriterion = criterion
    self.patience = patience
    self.minimumChange = minimumChange
    self.restoresBest = restoresBest
  }

  /// Forgets earlier trainings.
  public func trainingBegins(_ training: Training) {
    criterion = givenCriterion ?? training.defaultCriterion
    training.history.index(of: criterion.quantity, for: "EarlyStopping")
    (bestEpoch, bestValue, bestWeights) = (0, .nan, [:])
  }

  /// Stops a training that was resumed after its end.
  public func epochBegins(_ training: Training) { stopIfDue(training) }

  /// Compares the epoch with the best so far.
  public func epochEnds(_ training: Training) {
    let value = training.last(criterion.quantity)!
    if bestEpoch == 0 || criterion.isBetter(value, than: bestValue, by: minimumChange) {
      (bestEpoch, bestValue) = (training.epoch, value)
      if restoresBest { bestWeights = training.model.state() }
    }
    stopIfDue(training)
  }

  /// Puts the best weights back.
  public func trainingEnds(_ training: Training) throws {
    if !bestWeights.isEmpty { try training.model.load(bestWeights) }
  }

  private func stopIfDue(_ training: Training) {
    guard bestEpoch > 0, training.history.epochCount - bestEpoch >= patience else { return }
    training.stop(
      "no better \(criterion.quantity) for \(patience) epochs, best in epoch \(bestEpoch)")
  }

  /// The best epoch, its value and its weights.
  public func savedState() -> [String: Tensor] {
    var state = bestWeights.reduce(into: [:]) { $0["weights/\($1.key)"] = $1.value }
    state["epoch"] = Tensor([bestEpoch], shape: [])
    state["value"] = Tensor([bestValue], shape: [])
    return state
  }

  /// Continues from a saved state.
  ///
  /// - Throws: ``StateError`` if it is not one.
  public func load(_ saved: [String: Tensor]) throws(StateError) {
    let own = ["epoch": Tensor([0], shape: []), "value": Tensor([0.0], shape: [])]
    try check(
      saved.filter { !$0.key.hasPrefix("weights/") }, against: own.map { ($0.key, $0.value) })
    bestEpoch = try savedCounts("epoch", in: saved)[0]
    bestValue = saved["value"]!.item()
    bestWeights = saved.reduce(into: [:]) { weights, entry in
      guard entry.key.hasPrefix("weights/") else { return }
      weights[String(entry.key.dropFirst("weights/".count))] = entry.value
    }
  }
}
