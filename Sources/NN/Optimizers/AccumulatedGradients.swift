import Autograd

/// An optimizer that steps once for several micro-batches; see ``Optimizer/accumulating(_:as:)``.
public final class AccumulatedGradients: OptimizerWrapper {
  /// What is made of the gradients of the micro-batches.
  public enum Combination: Sendable {
    /// Their mean: that of the whole batch, if the loss is a mean and micro-batches are equal.
    case mean
    /// Their sum.
    case sum
  }

  /// The number of micro-batches for a step.
  public let count: Int
  /// What is made of their gradients.
  public let combination: Combination

  init(_ base: any Optimizer, _ count: Int, _ combination: Combination) {
    guard count > 0 else { fatalError("accumulating: \(count) micro-batches; at least 1") }
    self.count = count
    self.combination = combination
    super.init(base, countNames: ["microBatches"])
  }

  /// The sum of the gradients since the last step.
  public override func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    [("accumulated", zeros(like: parameter))]
  }

  /// Adds the gradients, and hands over what has come together when it is time.
  public override func prepared(
    _ gradients: [Variable?], parameters: [Variable], state: inout OptimizerState
  ) -> [Variable?]? {
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      state.parameters[index].slots[0] = state.parameters[index].slots[0] + gradient
      state.parameters[index].step += 1
    }
    state.counts["microBatches"]! += 1
    // There may be more, if the state is that of a larger number.
    let taken = state.counts["microBatches"]!
    guard taken >= count else { return nil }
    state.counts["microBatches"] = 0
    return state.parameters.indices.map { index in
      let (sum, contributions) = (state.parameters[index].slots[0], state.parameters[index].step)
      if contributions == 0 { return nil }
      state.parameters[index].slots[0] = zeros(like: sum)
      state.parameters[index].step = 0
      return combination == .mean ? sum / Variable(Double(taken)) : sum
    }
  }
}

extension Optimizer {
  /// This optimizer with one step for `count` micro-batches; the steps between change nothing but
  /// the accumulated gradients.
  ///
  /// A missing gradient counts as 0. A parameter without any stays as it is.
  ///
  /// - Parameters:
  ///   - count: At least 1, else stops with an error.
  ///   - combination: Whether the optimizer gets the mean of the gradients or their sum.
  public func accumulating(
    _ count: Int, as combination: AccumulatedGradients.Combination = .mean
  ) -> AccumulatedGradients { AccumulatedGradients(self, count, combination) }
}
