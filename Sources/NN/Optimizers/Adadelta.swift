import Autograd

/// Adadelta: steps as large as earlier steps were, in proportion to the gradient.
///
///     v ← ρ v + (1 − ρ) g²
///     d ← √(u + ε) / √(v + ε) · g
///     u ← ρ u + (1 − ρ) d²
///     w ← w − η d
///
/// as in PyTorch (Zeiler, arXiv:1212.5701).
public final class Adadelta: UpdateRule, PureRule {
  /// ρ and ε.
  public let smoothing, epsilon: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - smoothing: ρ, from 0 up to but without 1.
  ///   - epsilon: ε, above 0: with 0 nothing would ever move.
  ///   - weightDecay: λ, coupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 1, smoothing: Double = 0.9,
    epsilon: Double = 1e-6, weightDecay: WeightDecay = 0
  ) {
    self.smoothing = smoothing
    self.epsilon = epsilon
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: ["square", "squaredStep"])
    requireFractions(["smoothing": smoothing])
    guard epsilon > 0 else { fatalError("Adadelta: the epsilon \(epsilon) must be above 0") }
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    state.slots[0] = runningSquare(state.slots[0], gradient, smoothing)
    let roots =
      sqrt(state.slots[1] + Variable(epsilon)) / sqrt(state.slots[0] + Variable(epsilon))
    let step = roots * gradient
    state.slots[1] = runningSquare(state.slots[1], step, smoothing)
    return parameter - rate(for: parameter) * step
  }
}
