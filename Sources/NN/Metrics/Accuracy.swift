import Autograd

/// The share of elements that are on the right side of a threshold.
///
/// The prediction has any shape; the target has the same and holds 0 and 1, of any type. Others
/// stop with an error.
public struct BinaryAccuracy: Metric, Sendable {
  /// "accuracy".
  public let name = "accuracy"
  /// Scores above it count as 1.
  public let threshold: Double
  private var correct = 0
  private var count = 0

  /// Creates the metric.
  ///
  /// - Parameter threshold: Scores above it count as 1: ½ for probabilities, 0 for logits.
  public init(threshold: Double = 0.5) { self.threshold = threshold }

  /// The share of right elements; NaN without any.
  public var value: Double { Double(correct) / Double(count) }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    let rows = BinaryRows(prediction: prediction, target: target, metric: "BinaryAccuracy")
    for (score, isPositive) in zip(rows.scores, rows.isPositive) {
      count += 1
      if (score > threshold) == isPositive { correct += 1 }
    }
  }

  /// Forgets all batches.
  public mutating func reset() { self = BinaryAccuracy(threshold: threshold) }
}

/// The share of examples whose right class has the highest score, or one of the k highest.
///
/// The prediction holds scores of any scale, [examples, C, …] or [C]. The target holds class
/// indices, int64, of the shape without the axis of classes, or probabilities of the same shape, of
/// which the largest counts. Others stop with an error. Of equal scores the first counts as higher,
/// and NaN as higher than any number.
public struct CategoricalAccuracy: Metric, Sendable {
  /// How many of the highest scores may be the right one.
  public let topK: Int
  /// Examples with this class index do not count.
  public let ignoreIndex: Int?
  private var correct = 0
  private var count = 0

  /// Creates the metric.
  ///
  /// - Parameters:
  ///   - topK: k, how many of the highest scores may be the right one; above 0, else stops with an
  ///     error.
  ///   - ignoreIndex: Examples with this class index do not count.
  public init(topK: Int = 1, ignoreIndex: Int? = nil) {
    guard topK > 0 else { fatalError("CategoricalAccuracy: topK is \(topK); it must be above 0") }
    self.topK = topK
    self.ignoreIndex = ignoreIndex
  }

  /// "accuracy", or "top-5 accuracy".
  public var name: String { topK == 1 ? "accuracy" : "top-\(topK) accuracy" }

  /// The share of right examples; NaN without any.
  public var value: Double { Double(correct) / Double(count) }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    let labels = classLabels(
      target, for: prediction, ignoreIndex: ignoreIndex, metric: "CategoricalAccuracy")
    let axis = classAxis(of: prediction, operation: "CategoricalAccuracy")
    let classes = prediction.shape[axis]
    let scores = prediction.detached().movingAxis(axis, to: -1).value.doubles()
    for (row, label) in labels.enumerated() {
      guard let label else { continue }
      count += 1
      if rank(of: label, in: scores[(row * classes)..<((row + 1) * classes)]) < topK {
        correct += 1
      }
    }
  }

  /// How many classes are ahead of one.
  private func rank(of label: Int, in scores: ArraySlice<Double>) -> Int {
    let place = scores.startIndex + label
    let score = scores[place]
    return scores.indices.count { index in
      if score.isNaN { return scores[index].isNaN && index < place }
      return !(scores[index] <= score) || (scores[index] == score && index < place)
    }
  }

  /// Forgets all batches.
  public mutating func reset() {
    self = CategoricalAccuracy(topK: topK, ignoreIndex: ignoreIndex)
  }
}
