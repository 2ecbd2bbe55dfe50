/// The gradients of a normalization x̂ · weight + bias, and their derivatives, as a composition.
///
/// With h = g · weight and means ⟨⟩ over what is normalized together, the gradient by x is P h = r (h
/// − ⟨h⟩ − x̂ ⟨h x̂⟩), r = 1 / √(σ² + ε); those by weight and bias are the sums of g x̂ and g. P is
/// symmetric; it is also the derivative of x̂ by x, and that of r is −r² x̂ / n.
struct NormalizationGradient {
  let x, g: Variable
  /// Broadcasts to x.
  let weight: Variable?
  let axes: [Int]
  let epsilon: Double
  /// Whether the mean is subtracted: RMS norm does without ⟨h⟩, too.
  let isCentered: Bool

  private func mean(_ x: Variable) -> Variable { x.mean(axes: axes, keepingAxes: true) }

  /// The cotangents of x, g and weight, from those of the gradients by x, weight and bias, which
  /// have the shapes of x and weight.
  func cotangents(
    byX: Variable, byWeight: Variable?, byBias: Variable?
  ) -> (x: Variable, g: Variable, weight: Variable?) {
    let deviation = isCentered ? x - mean(x) : x
    let scale = rsqrt(mean(square(deviation)) + Variable(epsilon))
    let unit = deviation * scale
    func project(_ u: Variable) -> Variable {
      scale * ((isCentered ? u - mean(u) : u) - unit * mean(u * unit))
    }
    let h = weight.map { g * $0 } ?? g
    let projected = project(byX)
    let (along, hAlong) = (mean(byX * unit), mean(h * unit))
    var gPart = weight.map { projected * $0 } ?? projected
    var unitPart = -scale * (byX * hAlong + h * along)
    if let byWeight {
      gPart = gPart + byWeight * unit
      unitPart = unitPart + g * byWeight
    }
    if let byBias { gPart = gPart + byBias }
    var product = mean(byX * h) - along * hAlong
    if isCentered { product = product - mean(byX) * mean(h) }
    return (
      project(unitPart) - square(scale) * product * unit, gPart,
      weight.map { (g * projected).summed(to: $0.shape) }
    )
  }
}
