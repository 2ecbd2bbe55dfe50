import Autograd

/// LAMB: Adam's direction, scaled for each parameter to its own norm, for large batches.
///
/// With m, v as in ``Adam``:
///
///     u ← m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + λ w
///     w ← w − η ‖w‖ / ‖u‖ · u, with the ratio 1 where a norm is 0
///
/// (You et al., Large Batch Optimization for Deep Learning, arXiv:1904.00962, algorithm 2).
public final class LAMB: UpdateRule, PureRule {
  /// β₁ and β₂.
  public let betas: (Double, Double)
  /// ε and the λ inside of the norm.
  public let epsilon, decay: Double

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - decay: λ, at least 0. It is part of the direction, so it is none of the kinds of
  ///     ``WeightDecay``.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-6, decay: Double = 0.01
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.decay = decay
    super.init(parameters, learningRate: learningRate, slotNames: ["mean", "square"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
    requireNonNegative(["epsilon": epsilon, "decay": decay])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let (mean, square) = moments(of: gradient, betas, &state)
    let meanCorrection = state.number(dtype) { [betas] in 1 - power(betas.0, $0) }
    let squareCorrection = state.number(dtype) { [betas] in 1 - power(betas.1, $0) }
    let divisor = rootOrZero(square / squareCorrection) + Variable(epsilon)
    let direction = mean / meanCorrection / divisor + Variable(decay) * parameter
    let (size, length) = (norm(parameter), norm(direction))
    let ratio = select((size .> 0) .& (length .> 0), size / length, 1)
    return parameter - rate(for: parameter) * ratio * direction
  }
}
