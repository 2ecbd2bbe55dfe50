import Autograd

/// Contributions of the elements of an input, and by how much they miss their sum.
public struct IntegratedGradients {
  /// What each element contributes, of the input's shape.
  public let attribution: Variable
  /// For each example, the sum of the contributions less y(x) − y(baseline).
  ///
  /// It is 0 but for the error of the integral. If it is large, take more steps.
  public let completenessGap: Variable
}

/// What each element of the input contributes on the way from a baseline: (xᵢ − bᵢ) times the mean
/// of ∂y/∂xᵢ on the straight line from b to x.
///
/// The contributions add up to y(x) − y(b) (completeness). The mean is taken at the midpoints of
/// equal steps, which is exact for models of second degree.
/// Sundararajan, Taly and Yan, arXiv:1703.01365.
///
/// ```swift
/// let result = integratedGradients({ model($0) }, at: images, target: .classIndices(labels))
/// print(result.completenessGap)
/// ```
///
/// - Parameters:
///   - model: From inputs [examples, …] to outputs [examples, …].
///   - x: The inputs, floating-point.
///   - target: Which output y is explained.
///   - baseline: b, an input without information, of the shape and type of x; else stops with an
///     error. By default zeros.
///   - steps: How many steps; above 0, else stops with an error.
public func integratedGradients(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget = .output,
  baseline: Variable? = nil, steps: Int = 50
) -> IntegratedGradients {
  let name = "integratedGradients"
  guard steps > 0 else { fatalError("\(name): there are \(steps) steps; expected 1 or more") }
  let start = resolvedBaseline(baseline, for: x, operation: name)
  let way = x.detached() - start
  var total = Variable(Tensor.zeros(x.shape, dtype: x.dtype))
  for step in 0..<steps {
    let place = Variable((Double(step) + 0.5) / Double(steps))
    total += inputGradient(model, at: start + place * way, target: target, operation: name)
  }
  let attribution = way * total / Variable(Double(steps))
  let change = withoutRecording {
    target.scores(of: model(x), operation: name) - target.scores(of: model(start), operation: name)
  }
  let sums = AttributionTarget.output.scores(of: attribution, operation: name)
  return IntegratedGradients(attribution: attribution, completenessGap: sums - change)
}
