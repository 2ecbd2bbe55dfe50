import Autograd

// Pure functions of lists of gradients: recorded like anything else, and finite where a norm is 0.

extension Array where Element == Variable? {
  /// Every element limited to ±`limit`.
  ///
  /// PyTorch's `clip_grad_value_`.
  ///
  /// - Parameter limit: At least 0, else stops with an error.
  public func clipped(byValue limit: Double) -> [Variable?] {
    requireLimit(limit)
    return map { $0.map { clamp($0, low: -limit, high: limit) } }
  }

  /// Each gradient scaled down to the norm `limit`, if its own is larger.
  ///
  /// The factor is min(1, limit / (norm + 10⁻⁶)).
  ///
  /// - Parameter limit: At least 0, else stops with an error.
  public func clipped(byNorm limit: Double) -> [Variable?] {
    requireLimit(limit)
    return map { $0.map { $0 * reduction(of: norm($0), to: limit) } }
  }

  /// All gradients scaled by one factor, so that their joint norm is at most `limit`.
  ///
  /// The factor is min(1, limit / (norm + 10⁻⁶)), that of PyTorch's `clip_grad_norm_` (Pascanu,
  /// Mikolov and Bengio, arXiv:1211.5063).
  ///
  /// - Parameter limit: At least 0, else stops with an error.
  public func clipped(byGlobalNorm limit: Double) -> [Variable?] {
    requireLimit(limit)
    guard let total = globalNorm else { return self }
    let factor = reduction(of: total, to: limit)
    return map { $0.map { $0 * factor.cast(to: $0.dtype) } }
  }

  /// The gradient of each unit scaled down to a share of the norm of the unit's parameters.
  ///
  /// G ← G · λ max(‖W‖, ε) / ‖G‖ where ‖G‖ is larger than λ max(‖W‖, ε). A unit is a slice of the
  /// first axis: the weights that lead to one output. Parameters with fewer than two axes are one
  /// unit. (Brock et al., arXiv:2102.06171, adaptive gradient clipping.)
  ///
  /// - Parameters:
  ///   - share: λ, at least 0, else stops with an error.
  ///   - parameters: One for each gradient.
  ///   - epsilon: ε, so that parameters that are 0 can grow.
  public func clipped(
    byShare share: Double, of parameters: [Variable], epsilon: Double = 0.001
  ) -> [Variable?] {
    requireLimit(share)
    guard parameters.count == count else {
      fatalError("clipped: \(count) gradients, but \(parameters.count) parameters")
    }
    return zip(self, parameters).map { gradient, parameter in
      guard let gradient else { return nil }
      let limit = Variable(share) * maximum(unitNorms(parameter), Variable(epsilon))
      let size = unitNorms(gradient)
      return gradient * select(size .> limit, limit / size, 1)
    }
  }

  /// Zero in place of every element that is NaN.
  public func zeroingNaNs() -> [Variable?] {
    map { $0.map { select(isNaN($0), 0, $0) } }
  }

  /// The norm of all gradients together, √Σ ‖g‖², in the type of the first; nil if there are none.
  public var globalNorm: Variable? {
    let all = compactMap { $0 }
    guard let first = all.first else { return nil }
    return norm(stack(all.map { norm($0).cast(to: first.dtype) }))
  }

  private func requireLimit(_ limit: Double) {
    guard limit >= 0 else { fatalError("clipped: the limit \(limit) must be at least 0") }
  }
}

/// The factor that brings a norm down to a limit; a norm of 0 has the factor 1 and no influence.
private func reduction(of norm: Variable, to limit: Double) -> Variable {
  minimum(Variable(limit) / (norm + 1e-6), 1)
}

/// The norm of each slice of the first axis, with all axes; of all elements below two axes.
func unitNorms(_ x: Variable) -> Variable {
  norm(x, axes: x.rank < 2 ? nil : Array(1..<x.rank), keepingAxes: true)
}
