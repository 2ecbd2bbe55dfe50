import Autograd

/// Adagrad: steps divided by the root of the sum of all squared gradients.
///
///     s ← s + g²
///     w ← w − η / (1 + (t − 1) δ) · g / (√s + ε)
///
/// as in PyTorch (Duchi, Hazan and Singer, Adaptive Subgradient Methods, JMLR 12, 2011).
public final class Adagrad: UpdateRule, PureRule {
  /// δ, ε and the first s.
  public let learningRateDecay, epsilon, initialAccumulator: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - learningRateDecay: δ, at least 0.
  ///   - weightDecay: λ, coupled unless said otherwise.
  ///   - initialAccumulator: s before the first step, at least 0.
  ///   - epsilon: ε, at least 0.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.01,
    learningRateDecay: Double = 0, weightDecay: WeightDecay = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10
  ) {
    self.learningRateDecay = learningRateDecay
    self.initialAccumulator = initialAccumulator
    self.epsilon = epsilon
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, slotNames: ["sum"])
    requireNonNegative([
      "decay of the learning rate": learningRateDecay, "initial accumulator": initialAccumulator,
      "epsilon": epsilon,
    ])
  }

  /// The sum before the first step.
  public override func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    [("sum", Variable(Tensor.full(initialAccumulator, parameter.shape, dtype: parameter.dtype)))]
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let sum = state.slots[0] + square(gradient)
    state.slots[0] = sum
    let slowing = state.number(parameter.dtype) { [learningRateDecay] in
      1 + Double($0 - 1) * learningRateDecay
    }
    let rate = rate(for: parameter) / slowing
    return parameter - rate * gradient / (rootOrZero(sum) + Variable(epsilon))
  }
}
