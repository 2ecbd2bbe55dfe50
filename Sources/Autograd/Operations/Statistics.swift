// Moments, products and norms over axes.

extension Variable {
  /// The variance over the given axes, or over all: Σ (x − mean)² / (n − `correction`).
  ///
  /// It is computed in two passes, so that a large mean does not spoil it. Infinite or NaN if n ≤
  /// `correction`.
  ///
  /// - Parameters:
  ///   - axes: The axes, negative ones counting from the end; nil for all.
  ///   - correction: 1 for the unbiased estimate from a sample, 0 for the variance of the elements
  ///     themselves.
  ///   - keepingAxes: Whether the reduced axes stay, with size 1.
  public func variance(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Variable {
    requireFloatingPoint("variance")
    let axes = reductionAxes(axes, operation: "variance").list
    let count = axes.reduce(1) { $0 * shape[$1] }
    let deviations = self - mean(axes: axes, keepingAxes: true)
    let sum = square(deviations).sum(axes: axes, keepingAxes: keepingAxes)
    return sum / Variable(Double(Swift.max(0, count - correction)))
  }

  /// The variance along one axis.
  public func variance(axis: Int, correction: Int = 1, keepingAxes: Bool = false) -> Variable {
    variance(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }

  /// The standard deviation over the given axes, or over all: the root of the variance.
  ///
  /// Where it is 0 its derivative is 0.
  ///
  /// - Parameters:
  ///   - axes: The axes, negative ones counting from the end; nil for all.
  ///   - correction: 1 for the estimate from a sample, 0 for the deviation of the elements
  ///     themselves.
  ///   - keepingAxes: Whether the reduced axes stay, with size 1.
  public func standardDeviation(
    axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Variable {
    let variance = variance(axes: axes, correction: correction, keepingAxes: keepingAxes)
    return select(variance .== 0, 0, sqrt(variance))
  }

  /// The standard deviation along one axis.
  public func standardDeviation(
    axis: Int, correction: Int = 1, keepingAxes: Bool = false
  ) -> Variable {
    standardDeviation(axes: [axis], correction: correction, keepingAxes: keepingAxes)
  }
}

extension Variable {
  /// The product of the elements over the given axes, or over all; 1 for no elements.
  ///
  /// Halves are multiplied until one element is left, without division, so the derivatives of all
  /// orders are exact where elements are 0. Bool counts as int64.
  ///
  /// - Parameters:
  ///   - axes: The axes, negative ones counting from the end; nil for all.
  ///   - keepingAxes: Whether the reduced axes stay, with size 1.
  public func product(axes: [Int]? = nil, keepingAxes: Bool = false) -> Variable {
    let axes = reductionAxes(axes, operation: "product").list
    let others = (0..<rank).filter { !axes.contains($0) }
    let outer = Shape(others.map { shape[$0] })
    var n = axes.reduce(1) { $0 * shape[$1] }
    let x = dtype == .bool ? cast(to: .int64) : self
    var rows = x.permuted(axes + others).reshaped(to: Shape([n] + outer))
    if n == 0 { rows = full(1, Shape([1] + outer), x.dtype) }
    while n > 1 {
      let half = n / 2
      let parts = rows.split(sizes: n % 2 == 0 ? [half, half] : [half, half, 1])
      rows = parts[0] * parts[1]
      if n % 2 == 1 { rows = concatenate([rows, parts[2]]) }
      n = rows.shape[0]
    }
    return rows.reshaped(to: keepingAxes ? keptShape(axes) : outer)
  }

  /// The product of the elements along one axis.
  public func product(axis: Int, keepingAxes: Bool = false) -> Variable {
    product(axes: [axis], keepingAxes: keepingAxes)
  }
}

/// The norm (Σ |x|ᵖ)^(1/p) over the given axes, or over all.
///
/// Its derivative at the zero vector is 0. For p < 2 an element 0 has the derivative 0, as in
/// PyTorch.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - order: p. Infinity for the largest |x|, −infinity for the smallest, 0 for the number of
///     elements that are not 0.
///   - axes: The axes, negative ones counting from the end; nil for all.
///   - keepingAxes: Whether the reduced axes stay, with size 1.
public func norm(
  _ x: Variable, order: Double = 2, axes: [Int]? = nil, keepingAxes: Bool = false
) -> Variable {
  x.requireFloatingPoint("norm")
  func sum(_ terms: Variable) -> Variable { terms.sum(axes: axes, keepingAxes: keepingAxes) }
  switch order {
  case 0: return sum(sign(abs(x)))
  case 1: return sum(abs(x))
  case 2:
    let squares = sum(square(x))
    return select(squares .== 0, 0, sqrt(squares))
  case .infinity: return abs(x).max(axes: axes, keepingAxes: keepingAxes)
  case -.infinity: return abs(x).min(axes: axes, keepingAxes: keepingAxes)
  default:
    guard order == order else { fatalError("norm: the order is NaN") }
    // |x|ᵖ has no derivative at 0 for p < 1, and no second one for p < 2.
    let power = pow(abs(x), Variable(order))
    let total = sum(0 < order && order < 2 ? select(x .== 0, 0, power) : power)
    // A negative order makes the sum infinite, and the norm 0, if any element is 0.
    let isZero = total .== Variable(order < 0 ? Double.infinity : 0)
    return select(isZero, 0, pow(total, Variable(1 / order)))
  }
}

/// The norm (Σ |x|ᵖ)^(1/p) along one axis.
///
/// See ``norm(_:order:axes:keepingAxes:)``.
public func norm(
  _ x: Variable, order: Double = 2, axis: Int, keepingAxes: Bool = false
) -> Variable {
  norm(x, order: order, axes: [axis], keepingAxes: keepingAxes)
}
