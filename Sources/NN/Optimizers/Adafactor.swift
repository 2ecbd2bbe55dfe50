import Autograd

/// Adafactor: Adam without momentum, whose mean squares of a matrix are kept as a row and a column.
///
/// With γ = t^τ, and R and C the means of g² over the last and over the second to last axis:
///
///     R ← R + γ (mean g² − R), C ← C + γ (mean g² − C), V = R C / max(mean R, ε₁)
///     u = g / √max(V, ε₁²)
///     w ← w − max(ε₂, rms w) · min(η, 1 / √t) / max(1, rms u / d) · u
///
/// as in PyTorch (Shazeer and Stern, arXiv:1804.04235). Parameters with fewer than two axes keep
/// V itself.
public final class Adafactor: UpdateRule, PureRule {
  /// τ and d.
  public let squareDecay, clipping: Double
  /// ε₁, nil for the machine precision of the parameter's type, and ε₂.
  public let epsilons: (Double?, Double)

  /// Creates the optimizer; a number out of range stops with an error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: η.
  ///   - squareDecay: τ, at most 0.
  ///   - epsilons: ε₁ and ε₂, at least 0.
  ///   - clipping: d, at least 1.
  ///   - weightDecay: λ, decoupled unless said otherwise.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.01, squareDecay: Double = -0.8,
    epsilons: (Double?, Double) = (nil, 0.001), clipping: Double = 1, weightDecay: WeightDecay = 0
  ) {
    self.squareDecay = squareDecay
    self.epsilons = epsilons
    self.clipping = clipping
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true)
    requireNonNegative(["first epsilon": epsilons.0 ?? 0, "second epsilon": epsilons.1])
    guard squareDecay <= 0, clipping >= 1 else {
      fatalError(
        "Adafactor: the decay \(squareDecay) must be at most 0, the clipping \(clipping) at least 1"
      )
    }
  }

  /// The mean squares of rows and columns, or of elements.
  public override func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    guard parameter.rank >= 2 else { return [("square", zeros(like: parameter))] }
    return [-1, -2].map { axis in
      (axis == -1 ? "row" : "column", zeros(like: parameter).mean(axis: axis, keepingAxes: true))
    }
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let least = epsilons.0 ?? (dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
    let taken = state.number(dtype) { [squareDecay] in Platform.power(Double($0), squareDecay) }
    let limit = state.number(dtype) { 1 / Double($0).squareRoot() }
    let squares = square(gradient)
    for (slot, axis) in zip(state.slots.indices, [-1, -2]) {
      let mean = parameter.rank < 2 ? squares : squares.mean(axis: axis, keepingAxes: true)
      state.slots[slot] = lerp(state.slots[slot], mean, taken)
    }
    var estimate = state.slots[0]
    if parameter.rank >= 2 {
      let mean = maximum(estimate.mean(axis: -2, keepingAxes: true), Variable(least))
      estimate = estimate * state.slots[1] / mean
    }
    let direction = gradient * rsqrt(maximum(estimate, Variable(least * least)))
    let size = maximum(rootMeanSquare(parameter), Variable(epsilons.1))
    let excess = maximum(rootMeanSquare(direction) / Variable(clipping), 1)
    return parameter - size * minimum(rate(for: parameter), limit) / excess * direction
  }

  private func rootMeanSquare(_ x: Variable) -> Variable {
    norm(x) / Variable(Double(x.count).squareRoot())
  }
}
