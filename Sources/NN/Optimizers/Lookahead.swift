import Autograd

/// Lookahead: after every k steps of the optimizer inside, slow weights move a part of the way to
/// where it has come, and it continues from them.
///
///     slow ← slow + α (w − slow), w ← slow
///
/// (Zhang et al., Lookahead Optimizer: k steps forward, 1 step back, arXiv:1907.08610).
public final class Lookahead: OptimizerWrapper {
  /// k.
  public let interval: Int
  /// α.
  public let share: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - base: The optimizer of the fast weights.
  ///   - interval: k, at least 1.
  ///   - share: α, from 0 to 1.
  public init(_ base: any Optimizer, interval: Int = 5, share: Double = 0.5) {
    guard interval > 0, (0...1).contains(share) else {
      fatalError(
        "Lookahead: the interval \(interval) must be at least 1, the share \(share) in 0...1")
    }
    self.interval = interval
    self.share = share
    super.init(base, countNames: ["lookaheadSteps"])
  }

  /// The slow weights.
  public override func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    [("slow", parameter)]
  }

  /// The slow weights where it is time, else the parameters.
  public override func finished(
    _ parameters: [Variable], state: inout OptimizerState
  ) -> [Variable] {
    state.counts["lookaheadSteps"]! += 1
    guard state.counts["lookaheadSteps"]! % interval == 0 else { return parameters }
    return parameters.enumerated().map { index, fast in
      let slow = lerp(state.parameters[index].slots[0], fast, Variable(share))
      state.parameters[index].slots[0] = slow
      return slow
    }
  }
}
