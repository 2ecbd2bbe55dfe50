import Autograd

/// RMSprop: steps divided by the root of a running mean of the squared gradient.
///
///     v ← α v + (1 − α) g²
///     d ← √v + ε, centred √(v − ḡ²) + ε with ḡ ← α ḡ + (1 − α) g
///     w ← w − η g / d, with momentum b ← μ b + g / d and w ← w − η b
///
/// as in PyTorch (Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine Learning, 2012;
/// centred: Graves, arXiv:1308.0850).
public final class RMSprop: UpdateRule, PureRule {
  /// α, ε and μ.
  public let smoothing, epsilon, momentum: Double
  /// Whether the variance of the gradient is used in place of its mean square.
  public let isCentered: Bool

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - smoothing: α, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0.
  ///   - weightDecay: λ, coupled unless said otherwise.
  ///   - momentum: μ, at least 0.
  ///   - isCentered: Whether the variance is used.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.01, smoothing: Double = 0.99,
    epsilon: Double = 1e-8, weightDecay: WeightDecay = 0, momentum: Double = 0,
    isCentered: Bool = false
  ) {
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
    self.isCentered = isCentered
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: ["square"] + (momentum > 0 ? ["momentum"] : []) + (isCentered ? ["mean"] : []))
    requireFractions(["smoothing": smoothing])
    requireNonNegative(["epsilon": epsilon, "momentum": momentum])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    var scale = runningSquare(state.slots[0], gradient, smoothing)
    state.slots[0] = scale
    if isCentered, let last = state.slots.indices.last {
      state.slots[last] = lerp(state.slots[last], gradient, Variable(1 - smoothing))
      // Rounding may leave a little less than 0.
      scale = maximum(scale - square(state.slots[last]), 0)
    }
    var direction = gradient / (rootOrZero(scale) + Variable(epsilon))
    if momentum > 0 {
      direction = Variable(momentum) * state.slots[1] + direction
      state.slots[1] = direction
    }
    return parameter - rate(for: parameter) * direction
  }
}
