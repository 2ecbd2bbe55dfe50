extension GradCheck {
  /// Compares every element of the Jacobian, a column of differences at a time.
  mutating func checkJacobian(of map: CheckedMap, noise: [Double]) {
    let outputs = map.center.count
    let rows = (0..<outputs).map { map.pullback(unit($0, outputs)) }
    for position in point.elements.indices {
      let column = Column(of: map, at: point, position, noise: noise, tolerance)
      for output in 0..<outputs {
        tally.add(column.comparison(output, analytic: rows[output][position], map))
      }
    }
  }
}

func unit(_ position: Int, _ count: Int) -> [Double] {
  var vector = [Double](repeating: 0, count: count)
  vector[position] = 1
  return vector
}

/// The derivatives of all outputs by one input element, from differences.
struct Column {
  private let ladder: StepLadder
  private let position: Int
  private let scale: Double
  private let tolerance: Double
  private let input: GradCheckReport.Place

  init(
    of map: CheckedMap, at point: CheckPoint, _ position: Int, noise: [Double], _ tolerance: Double
  ) {
    self.position = position
    self.tolerance = tolerance
    input = point.place(position)
    scale = point.scales[position]
    var direction = [Double](repeating: 0, count: point.elements.count)
    direction[position] = scale
    ladder = StepLadder(
      of: map, at: point.elements, along: direction, noise: noise, tolerance: tolerance
    ) { differences, magnitudes in
      let slopes = differences.slopes
      let largest = slopes.reduce(0) { $1.isFinite ? Swift.max($0, Swift.abs($1)) : $0 }
      let all = magnitudes.reduce(0) { $1.isFinite ? Swift.max($0, $1) : $0 }
      return slopes.indices.map { i in
        Reading(
          slope: slopes[i], disagreement: differences.disagreements[i],
          jump: differences.jumps[i], floor: 1e-2 * Swift.max(magnitudes[i], largest, 1e-2 * all),
          rounding: differences.roundings[i])
      }
    }
  }

  /// The derivative itself, rather than along the scaled direction.
  func slope(_ output: Int) -> Double { comparison(output, analytic: 0, nil).numeric }

  /// The jump between the one-sided derivatives where there is a kink, else 0.
  func kink(_ output: Int) -> Double {
    guard case .kink(let level) = ladder.verdicts[output] else { return 0 }
    return Swift.abs(ladder.readings[level][output].jump)
  }

  func comparison(
    _ output: Int, analytic: Double, _ map: CheckedMap?
  ) -> GradCheckReport.Comparison {
    GradCheckReport.Comparison(
      ladder, reading: output, slope: nil, scale: scale, tolerance: tolerance, analytic: analytic,
      element: input, of: map?.place(ofOutput: output))
  }
}

extension GradCheckReport.Comparison {
  /// Compares a derivative with what a ladder has found.
  ///
  /// - Parameters:
  ///   - reading: Which reading of the ladder.
  ///   - slope: The numeric value, if it is not the reading's slope itself.
  ///   - scale: The length of the ladder's direction.
  init(
    _ ladder: StepLadder, reading index: Int, slope: Double?, scale: Double, tolerance: Double,
    analytic: Double, element: GradCheckReport.Place?, of output: GradCheckReport.Place?
  ) {
    self.analytic = analytic
    self.element = element
    self.output = output
    switch ladder.verdicts[index] {
    case .slope(let level):
      let reading = ladder.readings[level][index]
      numeric = (slope ?? reading.slope) / scale
      allowedError = reading.allowed(tolerance) / scale
      uncertainty = reading.error / scale
      kind = Swift.abs(analytic - numeric) <= allowedError ? .passed : .failed
    case .kink(let level):
      let reading = ladder.readings[level][index]
      numeric = (slope ?? reading.slope) / scale
      allowedError = reading.allowed(tolerance) / scale
      uncertainty = Swift.abs(reading.jump) / scale
      let half = uncertainty / 2
      oneSided = (numeric - half)...(numeric + half)
      kind = .kink
    case .uncertain(let level, let error):
      let reading = ladder.readings[level][index]
      numeric = (slope ?? reading.slope) / scale
      allowedError = reading.allowed(tolerance) / scale
      uncertainty = error / scale
      kind = .uncertain
    case .nonFinite:
      numeric = .nan
      allowedError = 0
      uncertainty = .infinity
      kind = .nonFinite
    }
    if !analytic.isFinite { kind = .nonFinite }
  }
}
