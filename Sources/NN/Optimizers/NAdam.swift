import Autograd

/// NAdam: Adam with Nesterov's momentum.
///
/// With m, v as in ``Adam`` and the momentum μₜ = β₁ (1 − ½ · 0.96^(t ψ)):
///
///     d ← √(v / (1 − β₂ᵗ)) + ε
///     w ← w − η (1 − μₜ) / (1 − Π μᵢ) · g / d − η μₜ₊₁ / (1 − μₜ₊₁ Π μᵢ) · m / d
///
/// where the product runs over all steps up to t, as in PyTorch (Dozat, Incorporating Nesterov
/// Momentum into Adam, ICLR 2016 workshop).
public final class NAdam: UpdateRule, PureRule {
  /// β₁ and β₂.
  public let betas: (Double, Double)
  /// ε and ψ.
  public let epsilon, momentumDecay: Double

  private let momenta: MomentumSchedule

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - weightDecay: λ, coupled unless said otherwise.
  ///   - momentumDecay: ψ, at least 0.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.002,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: WeightDecay = 0,
    momentumDecay: Double = 0.004
  ) {
    self.betas = betas
    self.epsilon = epsilon
    self.momentumDecay = momentumDecay
    momenta = MomentumSchedule(betas.0, decay: momentumDecay)
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay,
      slotNames: ["mean", "square"])
    requireFractions(["first beta": betas.0, "second beta": betas.1])
    requireNonNegative(["epsilon": epsilon, "decay of the momentum": momentumDecay])
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let (mean, square) = moments(of: gradient, betas, &state)
    let correction = state.number(dtype) { [betas] in 1 - power(betas.1, $0) }
    let gradientShare = state.number(dtype) { [momenta] in
      (1 - momenta[$0]) / (1 - momenta.product(to: $0))
    }
    let meanShare = state.number(dtype) { [momenta] in
      momenta[$0 + 1] / (1 - momenta.product(to: $0) * momenta[$0 + 1])
    }
    let divisor = rootOrZero(square / correction) + Variable(epsilon)
    let direction = (gradientShare * gradient + meanShare * mean) / divisor
    return parameter - rate(for: parameter) * direction
  }
}

/// The momentum of each step, and the products from the first step on.
///
/// A product is always multiplied in the order of the steps, so that it has the same bits whether
/// training was interrupted or not; the last one is kept to continue from.
private final class MomentumSchedule {
  private let beta, decay: Double
  private var last = (step: 0, product: 1.0)

  init(_ beta: Double, decay: Double) {
    self.beta = beta
    self.decay = decay
  }

  subscript(step: Int) -> Double {
    beta * (1 - 0.5 * Platform.power(0.96, Double(step) * decay))
  }

  func product(to step: Int) -> Double {
    if step < last.step { last = (0, 1) }
    while last.step < step { last = (last.step + 1, last.product * self[last.step + 1]) }
    return last.product
  }
}
