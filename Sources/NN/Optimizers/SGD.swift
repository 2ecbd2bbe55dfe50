import Autograd

/// Stochastic gradient descent with momentum.
///
/// With the gradient g, the parameter w, the learning rate η, the momentum μ and the dampening τ:
///
///     m ← g in the first step, then μ m + (1 − τ) g
///     w ← w − η m, with Nesterov's momentum w − η (g + μ m)
///
/// as in PyTorch (Sutskever et al., On the importance of initialization and momentum, ICML 2013).
public final class SGD: UpdateRule, PureRule {
  /// μ and τ.
  public let momentum, dampening: Double
  /// Whether the gradient is taken where the momentum will lead.
  public let isNesterov: Bool

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - momentum: μ, at least 0.
  ///   - dampening: τ.
  ///   - isNesterov: Needs a momentum above 0 and no dampening.
  ///   - weightDecay: λ, coupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.001, momentum: Double = 0,
    dampening: Double = 0, isNesterov: Bool = false, weightDecay: WeightDecay = 0
  ) {
    self.momentum = momentum
    self.dampening = dampening
    self.isNesterov = isNesterov
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: momentum == 0 ? [] : ["momentum"])
    requireNonNegative(["momentum": momentum])
    guard !isNesterov || (momentum > 0 && dampening == 0) else {
      fatalError("SGD: Nesterov's momentum needs a momentum above 0 and no dampening")
    }
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    guard momentum != 0 else { return parameter - rate(for: parameter) * gradient }
    var taken = gradient
    if dampening != 0 {
      let share = state.number(parameter.dtype) { [dampening] in $0 == 1 ? 1 : 1 - dampening }
      taken = share * gradient
    }
    let velocity = Variable(momentum) * state.slots[0] + taken
    state.slots[0] = velocity
    let direction = isNesterov ? gradient + Variable(momentum) * velocity : velocity
    return parameter - rate(for: parameter) * direction
  }
}
