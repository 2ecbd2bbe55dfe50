import Autograd

/// Lion: steps of one size, in the direction of the sign of an interpolated momentum.
///
///     w ← w − η sign(β₁ m + (1 − β₁) g)
///     m ← β₂ m + (1 − β₂) g
///
/// (Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675).
public final class Lion: UpdateRule, PureRule {
  /// β₁ and β₂.
  public let betas: (Double, Double)

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η, three to ten times less than for ``AdamW``.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - weightDecay: λ, decoupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.0001,
    betas: (Double, Double) = (0.9, 0.99), weightDecay: WeightDecay = 0
  ) {
    self.betas = betas
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true,
      slotNames: ["mean"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let mean = state.slots[0]
    let direction = sign(lerp(gradient, mean, Variable(betas.0)))
    state.slots[0] = lerp(gradient, mean, Variable(betas.1))
    return parameter - rate(for: parameter) * direction
  }
}
