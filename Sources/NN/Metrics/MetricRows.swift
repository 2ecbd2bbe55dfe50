import Autograd

// How metrics read raw outputs and targets. The classes lie along axis 1 of [examples, C, …], or
// along the only axis of [C], as in losses.

/// The right class of each example; nil for those that are to be ignored.
///
/// Targets are class indices, or probabilities of which the largest counts.
func classLabels(
  _ target: Variable, for scores: Variable, ignoreIndex: Int?, metric: String
) -> [Int?] {
  let axis = classAxis(of: scores, operation: metric)
  if target.dtype.isFloatingPoint {
    requireEqual(
      float64(scores), float64(target), operation: metric, names: ("prediction", "target"))
    return target.argmax(axis: axis).array(of: Int.self)
  }
  requireShape(ofIndices: target, for: scores, axis: axis, operation: metric)
  return classLabels(
    target, count: scores.shape[axis], ignoreIndex: ignoreIndex, metric: metric)
}

/// Class indices; nil for those that are to be ignored.
func classLabels(
  _ indices: Variable, count: Int, ignoreIndex: Int?, metric: String
) -> [Int?] {
  let ignored = ignoreIndex.map { indices .== Variable(integerLiteral: Int64($0)) }
  requireRange(
    ofIndices: ignored.map { select($0, 0, indices) } ?? indices, count: count,
    operation: metric, canIgnore: true)
  return indices.array(of: Int.self).map { $0 == ignoreIndex ? nil : $0 }
}

/// The scores of two classes, element by element, and whether the second one is right.
struct BinaryRows {
  let scores: [Double]
  let isPositive: [Bool]

  /// Reads targets that are 0 or 1, of any type.
  init(prediction: Variable, target: Variable, metric: String) {
    requireEqual(
      float64(prediction), float64(target), operation: metric, names: ("prediction", "target"))
    scores = prediction.value.doubles()
    isPositive = target.value.doubles().map { t in
      guard t == 0 || t == 1 else { fatalError("\(metric): a target is \(t), not 0 or 1") }
      return t == 1
    }
  }
}
