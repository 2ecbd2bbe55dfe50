import Autograd

/// Sharpness-aware minimization: steps by the gradient at a point uphill, where the loss is large
/// if the minimum is sharp.
///
///     e = ρ g / ‖g‖ over all parameters
///     the optimizer inside steps from w by the gradient at w + e
///
/// (Foret et al., arXiv:2010.01412). Each step computes the loss twice:
///
/// ```swift
/// let optimizer = SharpnessAware(SGD(model, learningRate: 0.1, momentum: 0.9))
/// optimizer.step { crossEntropy(model(x), classIndices: y) }
/// ```
public final class SharpnessAware: OptimizerWrapper {
  /// ρ.
  public let radius: Double

  /// Creates the optimizer.
  ///
  /// - Parameters:
  ///   - base: The optimizer that makes the steps.
  ///   - radius: ρ, at least 0, else stops with an error.
  public init(_ base: any Optimizer, radius: Double = 0.05) {
    guard radius >= 0 else {
      fatalError("SharpnessAware: the radius \(radius) must be at least 0")
    }
    self.radius = radius
    super.init(base)
  }

  /// The points uphill, w + ρ g / ‖g‖; the parameters themselves where all gradients are 0.
  ///
  /// Recorded: with it and ``OptimizerWrapper/update(parameters:gradients:state:)``, which takes the
  /// gradients there, a step can be differentiated.
  public func ascended(_ parameters: [Variable], gradients: [Variable?]) -> [Variable] {
    guard let length = gradients.globalNorm else { return parameters }
    let factor = select(length .> 0, Variable(radius) / length, 0)
    return zip(parameters, gradients).map { parameter, gradient in
      gradient.map { parameter + factor.cast(to: $0.dtype) * $0 } ?? parameter
    }
  }

  /// Computes the loss here and uphill, and improves the parameters by the second gradients.
  ///
  /// - Returns: The loss here.
  @discardableResult public override func step(_ loss: () -> Variable) -> Variable {
    let parameters = namedParameters.map(\.value)
    let (value, first) = slopes(of: loss)
    let own = parameters.map { $0.detached() }
    let uphill = withoutRecording { ascended(parameters, gradients: first) }
    for (parameter, value) in zip(parameters, uphill) { parameter.assign(value) }
    let (_, second) = slopes(of: loss)
    for (parameter, value) in zip(parameters, own) { parameter.assign(value) }
    base.step(gradients: second)
    return value
  }

  /// Stops with an error: one gradient is not enough; use `step { loss }`.
  public override func step(gradients: [Variable?]) {
    fatalError("SharpnessAware: a step needs the loss itself; use step { loss }, outermost")
  }
}
