import Autograd

/// A learning rate that falls when a metric has stopped improving.
///
/// Unlike a ``Schedule`` it depends on the course of training, so it has a state to save.
///
/// ```swift
/// var plateau = ReduceOnPlateau(learningRate: 0.1, factor: 0.5, patience: 3)
/// for epoch in 0..<100 {
///   train()
///   optimizer.learningRate = Variable(plateau.update(with: validationLoss()))
/// }
/// ```
///
/// As PyTorch's `ReduceLROnPlateau`: the rate is multiplied by the factor after more than
/// `patience` values in a row that are no better than the best by the threshold.
public struct ReduceOnPlateau: Sendable {
  /// What an improvement is.
  public enum Goal: Sendable {
    /// The metric falls, as losses do.
    case least
    /// The metric rises, as accuracies do.
    case greatest
  }

  /// By how much a value must be better than the best to count as an improvement.
  public enum Threshold: Sendable {
    /// By this share of the best.
    case relative(Double)
    /// By this amount.
    case absolute(Double)
  }

  /// The rate now.
  public private(set) var learningRate: Double
  /// The best value so far, infinitely bad before the first.
  public private(set) var best: Double

  private let factor, minimum, leastChange: Double
  private let patience, cooldown: Int
  private let goal: Goal
  private let threshold: Threshold
  private var waiting = 0
  private var cooling = 0

  /// Creates the schedule; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - learningRate: The rate at the beginning.
  ///   - goal: What an improvement is.
  ///   - factor: By which the rate is multiplied, from 0 up to but without 1.
  ///   - patience: How many values without improvement are accepted, at least 0.
  ///   - threshold: By how much a value must be better.
  ///   - cooldown: How many values are not counted after a fall, at least 0.
  ///   - minimum: The least rate.
  ///   - leastChange: A smaller change is not made.
  public init(
    learningRate: Double, goal: Goal = .least, factor: Double = 0.1, patience: Int = 10,
    threshold: Threshold = .relative(1e-4), cooldown: Int = 0, minimum: Double = 0,
    leastChange: Double = 1e-8
  ) {
    guard (0..<1).contains(factor), patience >= 0, cooldown >= 0 else {
      fatalError(
        "ReduceOnPlateau: the factor \(factor) must lie in 0..<1, patience \(patience) and cooldown "
          + "\(cooldown) must be at least 0")
    }
    self.learningRate = learningRate
    best = goal == .least ? .infinity : -.infinity
    (self.factor, self.minimum, self.leastChange) = (factor, minimum, leastChange)
    (self.patience, self.cooldown) = (patience, cooldown)
    (self.goal, self.threshold) = (goal, threshold)
  }

  /// Takes in a value of the metric, and returns the rate from now on.
  ///
  /// NaN is no improvement.
  public mutating func update(with metric: Double) -> Double {
    if isBetter(metric) {
      best = metric
      waiting = 0
    } else {
      waiting += 1
    }
    if cooling > 0 {
      cooling -= 1
      waiting = 0
    }
    if waiting > patience {
      let next = max(learningRate * factor, minimum)
      if learningRate - next > leastChange { learningRate = next }
      cooling = cooldown
      waiting = 0
    }
    return learningRate
  }

  private func isBetter(_ metric: Double) -> Bool {
    switch (goal, threshold) {
    case (.least, .relative(let share)): metric < best * (1 - share)
    case (.least, .absolute(let amount)): metric < best - amount
    case (.greatest, .relative(let share)): metric > best * (1 + share)
    case (.greatest, .absolute(let amount)): metric > best + amount
    }
  }

  /// What it remembers: the rate, the best value, and two counts.
  public func savedState() -> [String: Tensor] {
    [
      "learningRate": Tensor([learningRate], shape: []), "best": Tensor([best], shape: []),
      "waiting": Tensor([waiting], shape: []), "cooling": Tensor([cooling], shape: []),
    ]
  }

  /// Continues from a saved state.
  ///
  /// - Parameter saved: What ``savedState()`` returned.
  /// - Throws: ``StateError`` with everything that does not fit; then nothing has changed.
  public mutating func load(_ saved: [String: Tensor]) throws(StateError) {
    try check(saved, against: savedState().map { ($0.key, $0.value) })
    (waiting, cooling) = (
      try savedCounts("waiting", in: saved)[0], try savedCounts("cooling", in: saved)[0]
    )
    learningRate = saved["learningRate"]!.item()
    best = saved["best"]!.item()
  }
}
