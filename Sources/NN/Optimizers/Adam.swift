import Autograd

/// Adam: steps scaled by running means of the gradient and of its square.
///
/// With the gradient g, the parameter w, the learning rate η, the decay rates β₁ and β₂, and the
/// number t of the step:
///
///     m ← m + (1 − β₁) (g − m)
///     v ← β₂ v + (1 − β₂) g²
///     w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// as in PyTorch (Kingma and Ba, arXiv:1412.6980). AMSGrad uses the largest v so far (Reddi, Kale
/// and Kumar, arXiv:1904.09237). A step can be differentiated where a gradient is 0, too: √v has
/// the derivative 0 there.
public class Adam: UpdateRule, PureRule {
  /// β₁ and β₂.
  public let betas: (Double, Double)
  /// ε, which keeps the divisor above 0.
  public let epsilon: Double
  /// Whether the largest v is used.
  public let isAMSGrad: Bool

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - weightDecay: λ, coupled unless said otherwise; ``AdamW`` decouples it.
  ///   - isAMSGrad: Whether the largest v so far is used.
  public convenience init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: WeightDecay = 0,
    isAMSGrad: Bool = false
  ) {
    self.init(parameters, learningRate, betas, epsilon, weightDecay, false, isAMSGrad)
  }

  init(
    _ parameters: some ParameterSource, _ learningRate: Variable, _ betas: (Double, Double),
    _ epsilon: Double, _ weightDecay: WeightDecay, _ isDecoupled: Bool, _ isAMSGrad: Bool
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.isAMSGrad = isAMSGrad
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, isDecoupled: isDecoupled,
      slotNames: isAMSGrad ? ["mean", "square", "largestSquare"] : ["mean", "square"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
    requireNonNegative(["epsilon": epsilon])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let (mean, ownSquare) = moments(of: gradient, betas, &state)
    var scale = ownSquare
    if isAMSGrad {
      scale = maximum(state.slots[2], scale)
      state.slots[2] = scale
    }
    let meanCorrection = state.number(dtype) { [betas] in 1 - power(betas.0, $0) }
    let rootCorrection = state.number(dtype) { [betas] in (1 - power(betas.1, $0)).squareRoot() }
    let divisor = rootOrZero(scale) / rootCorrection + Variable(epsilon)
    return parameter - rate(for: parameter) / meanCorrection * mean / divisor
  }
}

/// Adam with decoupled weight decay: w ← w − η λ w beside the step (Loshchilov and Hutter,
/// arXiv:1711.05101).
///
/// Everything else is ``Adam``'s.
public final class AdamW: Adam {
  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - weightDecay: λ, and which parameters decay.
  ///   - isAMSGrad: Whether the largest v so far is used.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: WeightDecay = 0.01, isAMSGrad: Bool = false
  ) {
    super.init(parameters, learningRate, betas, epsilon, weightDecay, true, isAMSGrad)
  }
}

/// Moves the running means of the gradient and of its square, slots 0 and 1, and returns them.
func moments(
  of gradient: Variable, _ betas: (Double, Double), _ state: inout ParameterState
) -> (mean: Variable, square: Variable) {
  state.slots[0] = lerp(state.slots[0], gradient, Variable(1 - betas.0))
  state.slots[1] = runningSquare(state.slots[1], gradient, betas.1)
  return (state.slots[0], state.slots[1])
}

/// β v + (1 − β) g².
func runningSquare(_ mean: Variable, _ gradient: Variable, _ beta: Double) -> Variable {
  Variable(beta) * mean + Variable(1 - beta) * square(gradient)
}
