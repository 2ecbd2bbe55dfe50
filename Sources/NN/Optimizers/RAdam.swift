import Autograd

/// RAdam: Adam whose adaptive steps are rectified while the mean square rests on few gradients.
///
/// With m, v as in ``Adam``, ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ):
///
///     r = √((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ))
///     w ← w − η / (1 − β₁ᵗ) · m · r √(1 − β₂ᵗ) / (√v + ε)   if ρ > 5
///     w ← w − η / (1 − β₁ᵗ) · m                            otherwise
///
/// as in PyTorch (Liu et al., arXiv:1908.03265).
public final class RAdam: UpdateRule, PureRule {
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
    _ parameters: some ParameterSource, learningRate: Variable = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: WeightDecay = 0
  ) {
    self.betas = betas
    self.epsilon = epsilon
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: ["mean", "square"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
    requireNonNegative(["epsilon": epsilon])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let (mean, square) = moments(of: gradient, betas, &state)
    let meanCorrection = state.number(dtype) { [betas] in 1 - power(betas.0, $0) }
    // One of the two shares is 0.
    let plainShare = state.number(dtype) { [betas] in rectification(betas.1, $0) == nil ? 1 : 0 }
    let adaptiveShare = state.number(dtype) { [betas] in rectification(betas.1, $0) ?? 0 }
    let scale = plainShare + adaptiveShare / (rootOrZero(square) + Variable(epsilon))
    return parameter - rate(for: parameter) / meanCorrection * mean * scale
  }
}

/// r √(1 − β₂ᵗ), or nil while ρ ≤ 5.
private func rectification(_ beta: Double, _ step: Int) -> Double? {
  let decayed = power(beta, step)
  let limit = 2 / (1 - beta) - 1
  let length = limit - 2 * Double(step) * decayed / (1 - decayed)
  guard length > 5 else { return nil }
  let ratio =
    (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * (1 - decayed)
  return ratio.squareRoot()
}
