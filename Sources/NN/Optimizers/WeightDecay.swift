import Autograd

/// How an optimizer pulls parameters towards 0, and which.
///
/// A number means the kind that is usual for the optimizer, for all parameters:
///
/// ```swift
/// Adam(model, weightDecay: 0.01)  // coupled, as in PyTorch
/// AdamW(model, weightDecay: .decoupled(0.05, where: WeightDecay.exceptBiasesAndNorms))
/// ```
public struct WeightDecay: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// λ, at least 0.
  public let rate: Double
  /// Whether λ acts on the parameter and not through the gradient; nil for what is usual.
  public let isDecoupled: Bool?
  /// Whether a parameter of this name decays.
  public let isIncluded: (String, Variable) -> Bool

  private init(
    _ rate: Double, _ isDecoupled: Bool?, _ isIncluded: @escaping (String, Variable) -> Bool
  ) {
    guard rate >= 0 else { fatalError("WeightDecay: the rate \(rate) must be at least 0") }
    self.rate = rate
    self.isDecoupled = isDecoupled
    self.isIncluded = isIncluded
  }

  /// The kind that is usual for the optimizer, for all parameters.
  public init(_ rate: Double) { self.init(rate, nil) { _, _ in true } }

  /// The kind that is usual for the optimizer, for all parameters.
  public init(floatLiteral rate: Double) { self.init(rate) }

  /// The kind that is usual for the optimizer, for all parameters.
  public init(integerLiteral rate: Int) { self.init(Double(rate)) }

  /// The gradient of λ/2 ‖w‖² is added to that of the loss: g ← g + λ w.
  ///
  /// - Parameters:
  ///   - rate: λ, at least 0, else stops with an error.
  ///   - isIncluded: Whether a parameter decays, by its name and value.
  public static func coupled(
    _ rate: Double, where isIncluded: @escaping (String, Variable) -> Bool = { _, _ in true }
  ) -> WeightDecay { WeightDecay(rate, false, isIncluded) }

  /// The parameter shrinks beside the step: w ← w − η λ w (Loshchilov and Hutter,
  /// arXiv:1711.05101).
  ///
  /// - Parameters:
  ///   - rate: λ, at least 0, else stops with an error.
  ///   - isIncluded: Whether a parameter decays, by its name and value.
  public static func decoupled(
    _ rate: Double, where isIncluded: @escaping (String, Variable) -> Bool = { _, _ in true }
  ) -> WeightDecay { WeightDecay(rate, true, isIncluded) }

  /// The usual rule for what decays: parameters of two axes or more, so neither biases nor the
  /// scales of normalizations.
  public static func exceptBiasesAndNorms(_ name: String, _ parameter: Variable) -> Bool {
    parameter.rank >= 2
  }
}
