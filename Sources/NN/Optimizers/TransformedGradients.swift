import Autograd

/// An optimizer that gets gradients changed by a function; see
/// ``Optimizer/transformingGradients(by:)``.
public final class TransformedGradients: OptimizerWrapper {
  private let transform: ([Variable?], [Variable]) -> [Variable?]

  init(_ base: any Optimizer, transform: @escaping ([Variable?], [Variable]) -> [Variable?]) {
    self.transform = transform
    super.init(base)
  }

  /// The changed gradients.
  public override func prepared(
    _ gradients: [Variable?], parameters: [Variable], state: inout OptimizerState
  ) -> [Variable?]? { transform(gradients, parameters) }
}

extension Optimizer {
  /// This optimizer with gradients that a function changes first.
  ///
  /// ```swift
  /// let optimizer = SGD(model).transformingGradients { slopes, _ in slopes.clipped(byValue: 1) }
  /// ```
  ///
  /// - Parameter transform: From gradients and parameters to gradients, as many, in operations on
  ///   variables.
  public func transformingGradients(
    by transform: @escaping (_ gradients: [Variable?], _ parameters: [Variable]) -> [Variable?]
  ) -> TransformedGradients { TransformedGradients(self, transform: transform) }

  /// This optimizer with each element of the gradients limited to ±`limit`.
  public func clipped(byValue limit: Double) -> TransformedGradients {
    transformingGradients { gradients, _ in gradients.clipped(byValue: limit) }
  }

  /// This optimizer with each gradient scaled down to the norm `limit`, if its own is larger.
  public func clipped(byNorm limit: Double) -> TransformedGradients {
    transformingGradients { gradients, _ in gradients.clipped(byNorm: limit) }
  }

  /// This optimizer with all gradients scaled by one factor, so that their joint norm is at most
  /// `limit`.
  public func clipped(byGlobalNorm limit: Double) -> TransformedGradients {
    transformingGradients { gradients, _ in gradients.clipped(byGlobalNorm: limit) }
  }

  /// This optimizer with the gradient of each unit scaled down to a share of the norm of its
  /// parameters (arXiv:2102.06171).
  public func clipped(
    byShareOfParameters share: Double, epsilon: Double = 0.001
  ) -> TransformedGradients {
    transformingGradients { $0.clipped(byShare: share, of: $1, epsilon: epsilon) }
  }

  /// This optimizer with 0 in place of every element of the gradients that is NaN.
  public func zeroingNaNs() -> TransformedGradients {
    transformingGradients { gradients, _ in gradients.zeroingNaNs() }
  }
}
