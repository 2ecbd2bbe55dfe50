import Autograd

/// Rprop: steps of an own size for each element, which grows while the gradient keeps its sign.
///
/// With the size s, which is η before the first step, and the gradient p of the step before:
///
///     s ← s η⁺ where g p > 0, s η⁻ where g p < 0, within the limits
///     g ← 0 where g p < 0
///     w ← w − s sign g
///
/// as in PyTorch (Riedmiller and Braun, A Direct Adaptive Method for Faster Backpropagation
/// Learning, ICNN 1993). For full batches: signs of noisy gradients mislead it.
public final class Rprop: UpdateRule, PureRule {
  /// η⁻ and η⁺.
  public let factors: (Double, Double)
  /// The least and the largest size of a step.
  public let limits: (Double, Double)

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η, the first size of the steps; later changes have no effect.
  ///   - factors: η⁻ between 0 and 1, η⁺ above 1.
  ///   - limits: The least and the largest size of a step.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.01,
    factors: (Double, Double) = (0.5, 1.2), limits: (Double, Double) = (1e-6, 50)
  ) {
    self.factors = factors
    self.limits = limits
    super.init(parameters, learningRate: learningRate, slotNames: ["gradient", "size"])
    guard 0 < factors.0, factors.0 < 1, 1 < factors.1, limits.0 <= limits.1 else {
      fatalError("Rprop: factors \(factors) must lie on both sides of 1, limits \(limits) in order")
    }
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let agreement = gradient * state.slots[0]
    let isFirst = state.number(dtype) { $0 == 1 ? 1 : 0 }
    let before = state.slots[1] + isFirst * rate(for: parameter)
    let shrunken = select(agreement .< 0, Variable(factors.0) * before, before)
    let changed = select(agreement .> 0, Variable(factors.1) * before, shrunken)
    let size = clamp(changed, low: limits.0, high: limits.1)
    let followed = select(agreement .< 0, 0, gradient)
    state.slots = [followed, size]
    return parameter - sign(followed) * size
  }
}
