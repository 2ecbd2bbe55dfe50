import Autograd

/// A loss and its gradient at a place along a direction.
struct LineSearchPoint {
  let length, value: Double
  let gradient: [Variable]
  /// The derivative along the direction.
  let slope: Double

  init(_ length: Double, _ value: Double, _ gradient: [Variable], along direction: [Variable]) {
    self.length = length
    self.value = value
    self.gradient = gradient
    slope = withoutRecording { innerProduct(gradient, direction).item() }
  }
}

/// A search for a length at which the loss has fallen enough and its slope is small: the strong
/// conditions of Wolfe, f(t) ≤ f(0) + c₁ t f′(0) and |f′(t)| ≤ −c₂ f′(0).
///
/// PyTorch's, which is that of minFunc (Schmidt, 2005).
struct StrongWolfe {
  /// The length below which a bracket is not divided further.
  let tolerance: Double
  let maximumTrials: Int

  private static let (decrease, curvature) = (1e-4, 0.9)

  /// The point found, and how many were tried.
  func run(
    from origin: LineSearchPoint, first: Double, trial: (Double) -> LineSearchPoint
  ) -> (found: LineSearchPoint, trials: Int) {
    func isTooHigh(_ point: LineSearchPoint) -> Bool {
      point.value > origin.value + Self.decrease * point.length * origin.slope
    }
    func isFlat(_ point: LineSearchPoint) -> Bool {
      abs(point.slope) <= -Self.curvature * origin.slope
    }
    var (previous, point) = (origin, trial(first))
    var count = 0
    var bracket: (low: LineSearchPoint, high: LineSearchPoint)?
    while count < maximumTrials {
      if isTooHigh(point) || (count > 1 && point.value >= previous.value) {
        bracket = ordered(previous, point)
        break
      }
      if isFlat(point) { return (point, count + 1) }
      if point.slope >= 0 {
        bracket = ordered(previous, point)
        break
      }
      let (least, most) = (
        point.length + 0.01 * (point.length - previous.length), point.length * 10
      )
      let length = cubicMinimum(previous, point, within: (least, most))
      (previous, point) = (point, trial(length))
      count += 1
    }
    guard var (low, high) = bracket else { return (ordered(origin, point).low, count + 1) }
    var isStalling = false
    while count < maximumTrials, abs(high.length - low.length) >= tolerance {
      let (least, most) = (min(low.length, high.length), max(low.length, high.length))
      var length = cubicMinimum(low, high, within: (least, most))
      // Close to an end twice, or at it: a tenth into the bracket instead.
      let margin = 0.1 * (most - least)
      let isNearEnd = min(most - length, length - least) < margin
      if isNearEnd, isStalling || length >= most || length <= least {
        length = abs(length - most) < abs(length - least) ? most - margin : least + margin
        isStalling = false
      } else {
        isStalling = isNearEnd
      }
      point = trial(length)
      count += 1
      if isTooHigh(point) || point.value >= low.value {
        (low, high) = ordered(low, point)
      } else {
        if isFlat(point) { return (point, count + 1) }
        if point.slope * (high.length - low.length) >= 0 { high = low }
        low = point
      }
    }
    return (low, count + 1)
  }

  /// By value; the first is the lower one if they are equal.
  private func ordered(
    _ a: LineSearchPoint, _ b: LineSearchPoint
  ) -> (low: LineSearchPoint, high: LineSearchPoint) { a.value <= b.value ? (a, b) : (b, a) }

  /// Where the cubic through two points with their slopes has its minimum, or the middle if it has
  /// none.
  ///
  /// If a loss is NaN, so are the bounds and the result; a range of them would stop the program.
  private func cubicMinimum(
    _ a: LineSearchPoint, _ b: LineSearchPoint, within bounds: (Double, Double)
  ) -> Double {
    let (a, b) = a.length <= b.length ? (a, b) : (b, a)
    let mean = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length)
    let discriminant = mean * mean - a.slope * b.slope
    guard discriminant >= 0 else { return (bounds.0 + bounds.1) / 2 }
    let root = discriminant.squareRoot()
    let share = (b.slope + root - mean) / (b.slope - a.slope + 2 * root)
    let place = b.length - (b.length - a.length) * share
    return min(max(place, bounds.0), bounds.1)
  }
}
