/// How much each output jitters: the standard deviation of its rounding errors near the point.
///
/// High differences of values at close, equally spaced points remove everything smooth and leave
/// the noise, of which a k-th difference has √C(2k, k) times the deviation (Moré and Wild,
/// "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011). Where the sixth difference is
/// still much smaller than the fourth, what is seen is smooth, and the noise too small to matter.
/// There are two sets of points, one on each side and at a distance, of which the quieter counts:
/// so a kink at the point, or on one side, is not taken for noise.
///
/// - Parameter spacing: The distance of the points. Noise shows only where neighbouring values
///   differ.
func noise(
  of map: CheckedMap, at x: [Double], along direction: [Double], spacing: Double
) -> [Double] {
  let sides = [spacing, -spacing].map { step in
    let samples = (1...17).map { k in
      map.evaluate(zip(x, direction).map { $0 + Double(k) * step * $1 })
    }
    return map.center.indices.map { i in deviation(samples.map { $0[i] }) }
  }
  return zip(sides[0], sides[1]).map { Swift.min($0, $1) }
}

private func deviation(_ values: [Double]) -> Double {
  guard values.allSatisfy({ $0.isFinite }) else { return 0 }
  let fourth = rootMeanSquare(differences(values, times: 4)) / 70.0.squareRoot()
  let sixth = rootMeanSquare(differences(values, times: 6)) / 924.0.squareRoot()
  return sixth > fourth / 4 ? sixth : 0
}

private func differences(_ values: [Double], times: Int) -> [Double] {
  (0..<times).reduce(values) { values, _ in zip(values.dropFirst(), values).map { $0 - $1 } }
}

private func rootMeanSquare(_ values: [Double]) -> Double {
  (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}
