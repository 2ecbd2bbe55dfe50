import Autograd

/// Adamax: Adam with a running maximum of the gradient's size in place of its mean square.
///
///     m ← m + (1 − β₁) (g − m)
///     u ← max(β₂ u, |g| + ε)
///     w ← w − η / (1 − β₁ᵗ) · m / u
///
/// as in PyTorch (Kingma and Ba, arXiv:1412.6980, section 7.1).
public final class Adamax: UpdateRule, PureRule {
  /// β₁ and β₂.
  public let betas: (Double, Double)
  /// ε, which keeps the divisor above 0.
  public let epsilon: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - weightDecay: λ, coupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: WeightDecay = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: ["mean", "largest"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
    requireNonNegative(["epsilon": epsilon])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let mean = lerp(state.slots[0], gradient, Variable(1 - betas.0))
    let size = abs(gradient) + Variable(epsilon)
    state.slots = [mean, maximum(Variable(betas.1) * state.slots[1], size)]
    let correction = state.number(parameter.dtype) { [betas] in 1 - power(betas.0, $0) }
    return parameter - rate(for: parameter) / correction * mean / state.slots[1]
  }
}
