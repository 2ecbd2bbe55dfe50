// Derivatives from values alone, and how far they can be trusted.
//
// From the values at ±h/2, ±h, ±2h along a direction come, for each output, two fourth-order
// differences D(h) and D(h/2), whose disagreement shows truncation error, noise and nearby kinks;
// and the jump of the one-sided derivatives at the point. With g(t) = (f(t) + f(−t) − 2 f(0)) / t =
// jump + a t + b t³ + …, the combination (16 g(h/2) − 10 g(h) + g(2h)) / 7 removes a and b. For a
// smooth function it consists of noise, so it is a second and independent test of the noise.

/// What one step size says.
struct Differences {
  let step: Double
  /// D(h/2) for each output.
  private(set) var slopes: [Double] = []
  /// |D(h) − D(h/2)|.
  private(set) var disagreements: [Double] = []
  /// The right derivative minus the left one.
  private(set) var jumps: [Double] = []
  /// The largest |f|.
  private(set) var magnitudes: [Double] = []

  /// What the noise of the values may do to the slopes.
  private(set) var roundings: [Double] = []

  /// - Parameter noise: The standard deviation of each output's rounding errors; it is at least an
  ///   ulp.
  init(
    of map: CheckedMap, at x: [Double], along direction: [Double], step: Double, noise: [Double]
  ) {
    func value(_ t: Double) -> [Double] {
      map.evaluate(zip(x, direction).map { $1 == 0 ? $0 : $0 + t * $1 })
    }
    self.step = step
    let (plus1, minus1) = (value(step / 2), value(-step / 2))
    let (plus2, minus2) = (value(step), value(-step))
    let (plus4, minus4) = (value(2 * step), value(-2 * step))
    for (i, center) in map.center.enumerated() {
      let (odd1, odd2, odd4) = (plus1[i] - minus1[i], plus2[i] - minus2[i], plus4[i] - minus4[i])
      let fine = (8 * odd1 - odd2) / (6 * step)
      let coarse = (8 * odd2 - odd4) / (12 * step)
      let even1 = ((plus1[i] - center) + (minus1[i] - center)) / (step / 2)
      let even2 = ((plus2[i] - center) + (minus2[i] - center)) / step
      let even4 = ((plus4[i] - center) + (minus4[i] - center)) / (2 * step)
      slopes.append(fine)
      disagreements.append(Swift.abs(coarse - fine))
      jumps.append((16 * even1 - 10 * even2 + even4) / 7)
      let outer = Swift.max(Swift.abs(plus4[i]), Swift.abs(minus4[i]))
      let inner = Swift.max(Swift.abs(plus1[i]), Swift.abs(minus1[i]))
      let magnitude = Swift.max(outer, inner, Swift.abs(center))
      magnitudes.append(magnitude)
      roundings.append(Swift.max(0x1p-51 * magnitude, 4 * noise[i]) / step)
    }
  }
}

/// One number taken from ``Differences``: a derivative, or a weighted sum of their absolute values.
struct Reading {
  var slope = 0.0
  var disagreement = 0.0
  var jump = 0.0
  /// What the error is allowed to be relative to, if the slope is smaller.
  var floor = 0.0
  /// What the noise of the values may do to it.
  var rounding = 0.0

  var isFinite: Bool { (slope + disagreement + jump).isFinite }

  func allowed(_ tolerance: Double) -> Double {
    tolerance * Swift.max(Swift.abs(slope), floor)
  }

  func isCertain(_ tolerance: Double) -> Bool {
    let allowed = allowed(tolerance)
    return isFinite && disagreement <= allowed / 2 && Swift.abs(jump) <= allowed
      && rounding <= allowed
  }

  /// How far off the slope may be.
  var error: Double { Swift.max(disagreement, Swift.abs(jump), rounding) }
}

/// What all step sizes together say about one reading.
enum Verdict {
  /// The derivative, at this level.
  case slope(level: Int)
  /// The one-sided derivatives differ, at this level and the next ones.
  case kink(level: Int)
  /// Too noisy or too rough: the best disagreement, and at which level.
  case uncertain(level: Int, error: Double)
  /// Not finite at any step.
  case nonFinite
}

/// Differences with smaller and smaller steps, until every reading is certain or noise takes over.
struct StepLadder {
  private(set) var levels: [Differences] = []
  private(set) var readings: [[Reading]] = []
  private(set) var verdicts: [Verdict] = []

  /// - Parameter read: The readings of one level; the floors are relative to the first finite
  ///   level's magnitudes.
  init(
    of map: CheckedMap, at x: [Double], along direction: [Double], noise: [Double],
    tolerance: Double,
    read: (_ differences: Differences, _ magnitudes: [Double]) -> [Reading]
  ) {
    // x + h is rounded: a step must be large against the spacing of numbers at x.
    let resolution = zip(x, direction).reduce(0) { most, pair in
      pair.1 == 0 ? most : Swift.max(most, 0x1p-53 * Swift.abs(pair.0 / pair.1))
    }
    var magnitudes: [Double] = []
    // Not a power of two: steps that hit the grid of a coarse function exactly would look perfect.
    var step = 0x1.2e3779b97f4a7p-8
    for level in 0..<18 {
      if level > 0, resolution > tolerance / 8 * step { break }
      let differences = Differences(
        of: map, at: x, along: direction, step: step, noise: noise)
      if magnitudes.isEmpty { magnitudes = differences.magnitudes }
      for (i, value) in differences.magnitudes.enumerated() where !magnitudes[i].isFinite {
        magnitudes[i] = value
      }
      let current = read(differences, magnitudes)
      if level == 0 { verdicts = current.map { _ in .nonFinite } }
      var isOpen = false
      for (i, reading) in current.enumerated() {
        if case .slope = verdicts[i] { continue }
        if reading.isCertain(tolerance) {
          verdicts[i] = .slope(level: level)
        } else {
          isOpen = isOpen || !reading.isFinite || reading.rounding <= reading.allowed(tolerance)
        }
      }
      levels.append(differences)
      readings.append(current)
      if !isOpen { break }
      step /= 8
    }
    for i in verdicts.indices {
      if case .slope = verdicts[i] { continue }
      verdicts[i] = judge(i, tolerance)
    }
  }

  /// A reading that no level is certain about.
  private func judge(_ i: Int, _ tolerance: Double) -> Verdict {
    let series = readings.indices.filter { readings[$0][i].isFinite }
    if let level = kinkLevel(i, series, tolerance) { return .kink(level: level) }
    guard let best = series.min(by: { readings[$0][i].error < readings[$1][i].error }) else {
      return .nonFinite
    }
    return .uncertain(level: best, error: readings[best][i].error)
  }

  /// The level from which on the jump of the derivative stays the same for three steps, as at a
  /// kink.
  ///
  /// Where the function itself jumps, the disagreement grows with 1 / step. Noise does neither.
  private func kinkLevel(_ i: Int, _ series: [Int], _ tolerance: Double) -> Int? {
    func isSteady(_ values: [Double], growth: Double, _ allowed: Double) -> Bool {
      Swift.abs(values[0]) > allowed
        && zip(values, values.dropFirst()).allSatisfy {
          Swift.abs($1 - growth * $0) <= 0.05 * Swift.abs(growth * $0)
        }
    }
    for (first, third) in zip(series, series.dropFirst(2)) where third == first + 2 {
      let window = (first...third).map { readings[$0][i] }
      if window.contains(where: { $0.error < 2 * $0.rounding }) { continue }
      let allowed = window[0].allowed(tolerance)
      if isSteady(window.map(\.jump), growth: 1, allowed) { return first }
      if isSteady(window.map(\.disagreement), growth: 8, allowed) { return first }
    }
    return nil
  }
}
