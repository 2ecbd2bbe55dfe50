import Autograd

/// Stochastic gradient descent with momentum.
///
/// With the gradient g, the parameter w, the learning rate η, the momentum μ, the dampening τ and
/// the weight decay λ:
///
///     g ← g + λ w
///     m ← g in the first step, then μ m + (1 − τ) g
///     w ← w − η m, with Nesterov's momentum w − η (g + μ m)
///
/// as in PyTorch (Sutskever et al., On the importance of initialization and momentum, ICML 2013).
public final class SGD: Optimizer {
  /// The parameters with their paths.
  public let namedParameters: [(name: String, value: Variable)]
  /// The momenta, if there are any.
  public var state: [ParameterState] = []
  /// "momentum", or nothing for a momentum of 0.
  public let slotNames: [String]
  /// η.
  public var learningRate: Variable
  /// μ, τ and λ.
  public let momentum, dampening, weightDecay: Double
  /// Whether the gradient is taken where the momentum will lead.
  public let isNesterov: Bool

  private let keep, take, decay: Coefficient

  /// Creates the optimizer.
  ///
  /// Stops with an error if there are no parameters, two share a name, or a number is out of range.
  ///
  /// - Parameters:
  ///   - parameters: Usually ``Module/namedParameters``.
  ///   - learningRate: η.
  ///   - momentum: μ, at least 0.
  ///   - dampening: τ.
  ///   - isNesterov: Needs a momentum above 0 and no dampening.
  ///   - weightDecay: λ, at least 0.
  public init(
    _ parameters: [(name: String, value: Variable)], learningRate: Variable, momentum: Double = 0,
    dampening: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0
  ) {
    requireDistinct(parameters, for: "SGD")
    guard momentum >= 0, weightDecay >= 0 else {
      fatalError("SGD: momentum \(momentum) and weight decay \(weightDecay) must be at least 0")
    }
    guard !isNesterov || (momentum > 0 && dampening == 0) else {
      fatalError("SGD: Nesterov's momentum needs a momentum above 0 and no dampening")
    }
    namedParameters = parameters
    slotNames = momentum == 0 ? [] : ["momentum"]
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
    keep = Coefficient(momentum)
    take = Coefficient(1 - dampening)
    decay = Coefficient(weightDecay)
    state = initialState(for: parameters.map(\.value))
  }

  /// The new value of one parameter; everything is recorded.
  public func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    var direction = gradient
    if weightDecay != 0 { direction = direction + decay[dtype] * parameter }
    if momentum != 0 {
      let kept = keep[dtype] * state.slots[0]
      let velocity = state.step == 1 ? direction : kept + take[dtype] * direction
      state.slots[0] = velocity
      direction = isNesterov ? direction + keep[dtype] * velocity : velocity
    }
    return parameter - learningRate.cast(to: dtype) * direction
  }
}
