import Autograd

/// Averaged stochastic gradient descent.
///
/// With ηₜ = η / (1 + λ η (t − 1))^α and μₜ = 1 / max(1, t − 1 − t₀):
///
///     w ← w (1 − λ ηₜ) − ηₜ g
///     a ← a + μₜ (w − a)
///
/// as in PyTorch (Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, SIAM
/// J. Control Optim. 30, 1992). The average a is the slot "average"; until step t₀ it is w itself.
public final class ASGD: UpdateRule, PureRule {
  /// λ, α and t₀.
  public let decay, power, averagingStart: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - decay: λ, at least 0.
  ///   - power: α.
  ///   - averagingStart: t₀.
  ///   - weightDecay: Besides λ; coupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.01, decay: Double = 0.0001,
    power: Double = 0.75, averagingStart: Double = 1e6, weightDecay: WeightDecay = 0
  ) {
    self.decay = decay
    self.power = power
    self.averagingStart = averagingStart
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, slotNames: ["average"])
    requireNonNegative(["decay": decay])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let rate = rate(for: parameter)
    let elapsed = state.number(dtype) { [decay] in decay * Double($0 - 1) }
    let share = state.number(dtype) { [averagingStart] in
      1 / max(1, Double($0 - 1) - averagingStart)
    }
    let slowed = rate / pow(1 + elapsed * rate, Variable(power))
    let next = parameter - slowed * (Variable(decay) * parameter + gradient)
    state.slots[0] = lerp(state.slots[0], next, share)
    return next
  }
}
