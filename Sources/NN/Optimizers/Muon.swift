import Autograd

/// Muon: momentum whose matrix is replaced by the nearest orthogonal one, for hidden weights.
///
///     b ← μ b + (1 − μ) g
///     u = (1 − μ) g + μ b with Nesterov's momentum, else b
///     w ← w − η λ w − η s · orthogonalized(u)
///
/// with s = √max(1, rows / columns), or 0.2 √max(rows, columns) to match the size of AdamW's steps,
/// as in PyTorch (Jordan et al., Muon, 2024, kellerjordan.github.io/posts/muon; Liu et al.,
/// arXiv:2502.16982). PyTorch orthogonalizes in bfloat16, this in the type of the parameter.
///
/// All parameters must be matrices; give others to ``AdamW`` and join both by ``OptimizerGroup``.
public final class Muon: UpdateRule, PureRule {
  /// How steps of matrices of different shapes are made comparable.
  public enum Adjustment: Sendable {
    /// √max(1, rows / columns).
    case original
    /// 0.2 √max(rows, columns), so that AdamW's learning rates can be used.
    case matchingAdamW
  }

  /// μ.
  public let momentum: Double
  /// Whether the gradient is taken where the momentum will lead.
  public let isNesterov: Bool
  /// The number of Newton–Schulz iterations.
  public let iterations: Int
  /// How s is chosen.
  public let adjustment: Adjustment

  /// Creates the optimizer; a number out of range, or a parameter that is no matrix, stops with an
  /// error.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables; all of rank 2.
  ///   - learningRate: η.
  ///   - weightDecay: λ, decoupled unless said otherwise.
  ///   - momentum: μ, from 0 up to but without 1.
  ///   - isNesterov: Whether Nesterov's momentum is used.
  ///   - iterations: Of Newton and Schulz, at least 1.
  ///   - adjustment: How s is chosen.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 0.001,
    weightDecay: WeightDecay = 0.1, momentum: Double = 0.95, isNesterov: Bool = true,
    iterations: Int = 5, adjustment: Adjustment = .original
  ) {
    self.momentum = momentum
    self.isNesterov = isNesterov
    self.iterations = iterations
    self.adjustment = adjustment
    super.init(
      parameters, learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true,
      slotNames: ["momentum"])
    requireFractions(["momentum": momentum])
    guard iterations > 0 else { fatalError("Muon: \(iterations) iterations; at least 1") }
    for (name, parameter) in namedParameters where parameter.rank != 2 {
      fatalError("Muon: '\(name)' \(parameter.shape) is not a matrix; use OptimizerGroup")
    }
  }

  /// The new value of one parameter; everything is recorded.
  public override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    let mean = lerp(state.slots[0], gradient, Variable(1 - momentum))
    state.slots[0] = mean
    let direction = isNesterov ? lerp(gradient, mean, Variable(momentum)) : mean
    let (rows, columns) = (Double(parameter.shape[0]), Double(parameter.shape[1]))
    let scale =
      adjustment == .original
      ? max(1, rows / columns).squareRoot() : 0.2 * max(rows, columns).squareRoot()
    let step = Variable(scale) * orthogonalized(direction, iterations: iterations)
    return parameter - rate(for: parameter) * step
  }
}

/// A matrix with the singular vectors of x and singular values near 1: Newton–Schulz iterations of
/// X ← a X + (b X Xᵀ + c (X Xᵀ)²) X, with the coefficients of Muon, from X = x / ‖x‖.
///
/// Singular values end between about 0.7 and 1.2: the coefficients are chosen for speed. A zero
/// matrix stays 0.
public func orthogonalized(_ x: Variable, iterations: Int = 5) -> Variable {
  guard x.rank == 2, iterations >= 0 else {
    fatalError(
      "orthogonalized: \(x.shape) is not a matrix, or \(iterations) iterations are less than 0"
        + location(of: x))
  }
  let isTall = x.shape[0] > x.shape[1]
  var y = isTall ? x.transposed() : x
  y = y / maximum(norm(y), 1e-7)
  for _ in 0..<iterations {
    let gram = matmul(y, y, transposingSecond: true)
    y = 3.4445 * y + matmul(-4.7750 * gram + 2.0315 * matmul(gram, gram), y)
  }
  return isTall ? y.transposed() : y
}
