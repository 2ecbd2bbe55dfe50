import Autograd

/// Adam: steps scaled by running means of the gradient and of its square.
///
/// With the gradient g, the parameter w, the learning rate η, the decay rates β₁ and β₂, the weight
/// decay λ and the number t of the step:
///
///     g ← g + λ w
///     m ← m + (1 − β₁) (g − m)
///     v ← β₂ v + (1 − β₂) g²
///     w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
///
/// as in PyTorch (Kingma and Ba, arXiv:1412.6980). AMSGrad uses the largest v so far (Reddi, Kale
/// and Kumar, arXiv:1904.09237). A step can be differentiated where a gradient is 0, too: √v has
/// the derivative 0 there.
public final class Adam: Optimizer {
  /// The parameters with their paths.
  public let namedParameters: [(name: String, value: Variable)]
  /// The running means m and v, and the largest v for AMSGrad.
  public var state: [ParameterState] = []
  /// "mean", "square" and for AMSGrad "largestSquare".
  public let slotNames: [String]
  /// η.
  public var learningRate: Variable
  /// β₁ and β₂.
  public let betas: (Double, Double)
  /// ε, which keeps the divisor above 0.
  public let epsilon: Double
  /// λ.
  public let weightDecay: Double
  /// Whether the largest v is used.
  public let isAMSGrad: Bool

  private let takeMean, keepSquare, takeSquare, small, decay: Coefficient

  /// Creates the optimizer.
  ///
  /// Stops with an error if there are no parameters, two share a name, or a number is out of range.
  ///
  /// - Parameters:
  ///   - parameters: Usually ``Module/namedParameters``.
  ///   - learningRate: η.
  ///   - betas: β₁ and β₂, from 0 up to but without 1.
  ///   - epsilon: ε, at least 0; with 0 a gradient of 0 makes NaN.
  ///   - weightDecay: λ, at least 0.
  ///   - isAMSGrad: Whether the largest v so far is used.
  public init(
    _ parameters: [(name: String, value: Variable)], learningRate: Variable = 0.001,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    isAMSGrad: Bool = false
  ) {
    requireDistinct(parameters, for: "Adam")
    guard (0..<1).contains(betas.0), (0..<1).contains(betas.1) else {
      fatalError("Adam: betas \(betas) must lie in 0..<1")
    }
    guard epsilon >= 0, weightDecay >= 0 else {
      fatalError("Adam: epsilon \(epsilon) and weight decay \(weightDecay) must be at least 0")
    }
    namedParameters = parameters
    slotNames = isAMSGrad ? ["mean", "square", "largestSquare"] : ["mean", "square"]
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isAMSGrad = isAMSGrad
    takeMean = Coefficient(1 - betas.0)
    keepSquare = Coefficient(betas.1)
    takeSquare = Coefficient(1 - betas.1)
    small = Coefficient(epsilon)
    decay = Coefficient(weightDecay)
    state = initialState(for: parameters.map(\.value))
  }

  /// The new value of one parameter; everything is recorded.
  public func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let dtype = parameter.dtype
    let slope = weightDecay == 0 ? gradient : gradient + decay[dtype] * parameter
    let mean = state.slots[0] + takeMean[dtype] * (slope - state.slots[0])
    var scale = keepSquare[dtype] * state.slots[1] + takeSquare[dtype] * square(slope)
    state.slots[0] = mean
    state.slots[1] = scale
    if isAMSGrad {
      scale = maximum(state.slots[2], scale)
      state.slots[2] = scale
    }
    let meanCorrection = Variable(1 - power(betas.0, state.step))
    let squareCorrection = Variable((1 - power(betas.1, state.step)).squareRoot())
    let divisor = rootOrZero(scale) / squareCorrection + small[dtype]
    let rate = learningRate.cast(to: dtype)
    return parameter - rate / meanCorrection * mean / divisor
  }
}

/// √x, with the derivative 0 at 0: what was not chosen has no influence.
func rootOrZero(_ x: Variable) -> Variable {
  // The selection changes derivatives only; a plain step has none.
  x.requiresGradient ? select(x .== 0, 0, sqrt(x)) : sqrt(x)
}

/// baseⁿ by repeated squaring: the same bits whether training was interrupted or not.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
