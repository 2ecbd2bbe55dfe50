import Autograd

/// An optimizer that skips steps whose gradients are not finite; see
/// ``Optimizer/skippingNonFinite()``.
public final class FiniteGradients: OptimizerWrapper {
  /// The number of steps that were skipped.
  public var skippedSteps: Int { state.counts["skippedSteps"]! }

  init(_ base: any Optimizer) { super.init(base, countNames: ["skippedSteps"]) }

  /// The gradients, or nil if an element of one is infinite or NaN.
  public override func prepared(
    _ gradients: [Variable?], parameters: [Variable], state: inout OptimizerState
  ) -> [Variable?]? {
    let isSound = gradients.allSatisfy { $0 == nil || isFinite($0!).all().item() == 1 }
    if isSound { return gradients }
    state.counts["skippedSteps"]! += 1
    return nil
  }
}

extension Optimizer {
  /// This optimizer without the steps in which an element of a gradient is infinite or NaN.
  ///
  /// Neither parameters nor state change in such a step; it is counted in
  /// ``FiniteGradients/skippedSteps``.
  public func skippingNonFinite() -> FiniteGradients { FiniteGradients(self) }
}
