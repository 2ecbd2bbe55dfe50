extension GradCheck {
  /// Compares ⟨Jᵀv, u⟩ with ⟨v, J u⟩ for one random u.
  ///
  /// The signs of v are those of J u, so that nothing cancels: a fault in a part of J shows in
  /// proportion.
  mutating func checkProjection(of map: CheckedMap, noise: [Double]) {
    let weights = generator.signs(map.center.count).map(Swift.abs)
    let u = zip(generator.signs(point.elements.count), point.scales).map { $0 * $1 }
    var projection = Projection(
      of: map, at: point, weights: weights, noise: noise, tolerance)
    let (ladder, level) = projection.differences(along: u)
    projection.align(with: ladder.levels[level].slopes)
    let analytic = projection.analytic(along: u)
    let comparison = GradCheckReport.Comparison(
      ladder, reading: 0, slope: projection.numeric(ladder.levels[level]), scale: 1,
      tolerance: tolerance, analytic: analytic, element: nil, of: nil)
    if comparison.kind == .failed || comparison.kind == .kink {
      let element = projection.locate(comparison.kind, in: u)
      tally.add(element.kind == comparison.kind ? element : comparison)
    } else {
      tally.add(comparison)
    }
  }
}

/// One v, with Jᵀv, and differences of ⟨v, f⟩ along any direction.
private struct Projection {
  private let map: CheckedMap
  private let point: CheckPoint
  private let tolerance: Double
  private let weights: [Double]
  private let noise: [Double]
  private var v: [Double] = []
  private var transposed: [Double] = []

  init(
    of map: CheckedMap, at point: CheckPoint, weights: [Double], noise: [Double],
    _ tolerance: Double
  ) {
    self.map = map
    self.point = point
    self.weights = weights
    self.noise = noise
    self.tolerance = tolerance
  }

  mutating func align(with slopes: [Double]) {
    v = zip(weights, slopes).map { $1 < 0 ? -$0 : $0 }
    transposed = map.pullback(v)
  }

  func differences(along u: [Double]) -> (StepLadder, level: Int) {
    let ladder = StepLadder(
      of: map, at: point.elements, along: u, noise: noise, tolerance: tolerance
    ) { differences, magnitudes in
      var sum = Reading()
      for (i, weight) in weights.enumerated() {
        sum.slope += weight * Swift.abs(differences.slopes[i])
        sum.disagreement += weight * differences.disagreements[i]
        sum.jump += weight * Swift.abs(differences.jumps[i])
        sum.floor += weight * 1e-2 * magnitudes[i]
        sum.rounding += weight * differences.roundings[i]
      }
      return [sum]
    }
    switch ladder.verdicts[0] {
    case .slope(let level), .kink(let level), .uncertain(let level, _): return (ladder, level)
    case .nonFinite: return (ladder, 0)
    }
  }

  func numeric(_ differences: Differences) -> Double {
    zip(v, differences.slopes).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func analytic(along u: [Double]) -> Double {
    zip(transposed, u).reduce(0) { $1.1 == 0 ? $0 : $0 + $1.0 * $1.1 }
  }

  /// Finds the element behind a fault or a kink: halves the inputs, then the outputs.
  func locate(
    _ kind: GradCheckReport.Comparison.Kind, in u: [Double]
  ) -> GradCheckReport.Comparison {
    let position = bisect(point.elements.count) { range in
      var part = [Double](repeating: 0, count: u.count)
      part[range] = u[range]
      let (ladder, level) = differences(along: part)
      if kind == .kink { return ladder.readings[level][0].jump }
      return Swift.abs(analytic(along: part) - numeric(ladder.levels[level]))
    }
    let column = Column(of: map, at: point, position, noise: noise, tolerance)
    let output = bisect(v.count) { range in
      if kind == .kink { return range.reduce(0) { Swift.max($0, column.kink($1)) } }
      var part = [Double](repeating: 0, count: v.count)
      part[range] = v[range]
      let expected = range.reduce(0) { $0 + v[$1] * column.slope($1) }
      return Swift.abs(map.pullback(part)[position] - expected)
    }
    let found = map.pullback(unit(output, v.count))[position]
    return column.comparison(output, analytic: found, map)
  }

  /// The place in 0..<count to which the larger score leads, half by half.
  private func bisect(_ count: Int, _ score: (Range<Int>) -> Double) -> Int {
    var range = 0..<count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      let (low, high) = (range.lowerBound..<middle, middle..<range.upperBound)
      range = score(low) >= score(high) ? low : high
    }
    return range.lowerBound
  }
}
