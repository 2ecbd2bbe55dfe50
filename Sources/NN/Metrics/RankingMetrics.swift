import Autograd

// How well scores of any scale put the elements of class 1 before those of class 0. All scores are
// kept: 9 bytes for each. The prediction has any shape; the target has the same and holds 0 and 1,
// of any type.

/// The area under the ROC curve: how likely an element of class 1 has a higher score than one of
/// class 0, where equal scores count one half.
///
/// It is exact, by counting pairs (Mann and Whitney, Ann. Math. Statist. 18, 1947). Targets of other
/// than 0 and 1, or of another shape than the scores', stop with an error.
public struct AreaUnderROC: Metric, Sendable {
  /// "ROC AUC".
  public let name = "ROC AUC"
  private var scores = RankedScores()

  /// Creates the metric.
  public init() {}

  /// The area; NaN if a class is missing or a score is NaN.
  public var value: Double {
    guard let ties = scores.ties else { return .nan }
    // Twice the number of pairs in the right order.
    var won = 0
    var positives = 0
    var negatives = 0
    for tie in ties {
      won += tie.negatives * (2 * positives + tie.positives)
      positives += tie.positives
      negatives += tie.negatives
    }
    return Double(won) / (2 * Double(positives) * Double(negatives))
  }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    scores.add(BinaryRows(prediction: prediction, target: target, metric: "AreaUnderROC"))
  }

  /// Forgets all batches.
  public mutating func reset() { scores = RankedScores() }
}

/// The average precision: the area under the curve of precision over recall, as a sum of rectangles.
///
/// It is Σ (Rₙ − Rₙ₋₁) Pₙ over all thresholds, from the highest score down, as in scikit-learn: the
/// line between two points is not counted, as it would be too optimistic. Targets of other than 0
/// and 1, or of another shape than the scores', stop with an error.
public struct AveragePrecision: Metric, Sendable {
  /// "average precision".
  public let name = "average precision"
  private var scores = RankedScores()

  /// Creates the metric.
  public init() {}

  /// The average precision; 0 without elements of class 1, NaN if a score is NaN or without
  /// elements.
  public var value: Double {
    guard let ties = scores.ties, !ties.isEmpty else { return .nan }
    let total = ties.reduce(0) { $0 + $1.positives }
    if total == 0 { return 0 }
    var (sum, positives, predicted) = (0.0, 0, 0)
    for tie in ties {
      positives += tie.positives
      predicted += tie.positives + tie.negatives
      let recallStep = Double(tie.positives) / Double(total)
      sum += recallStep * (Double(positives) / Double(predicted))
    }
    return sum
  }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    scores.add(BinaryRows(prediction: prediction, target: target, metric: "AveragePrecision"))
  }

  /// Forgets all batches.
  public mutating func reset() { scores = RankedScores() }
}

/// Scores of elements of class 1 and of class 0.
private struct RankedScores: Sendable {
  private var scores: [Double] = []
  private var isPositive: [Bool] = []

  mutating func add(_ rows: BinaryRows) {
    scores += rows.scores
    isPositive += rows.isPositive
  }

  /// How many of each class have one score, from the highest score down; nil if a score is NaN.
  var ties: [(positives: Int, negatives: Int)]? {
    if scores.contains(where: \.isNaN) { return nil }
    var ties: [(positives: Int, negatives: Int)] = []
    var last = Double.nan
    for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
      if scores[index] != last { ties.append((0, 0)) }
      last = scores[index]
      if isPositive[index] {
        ties[ties.count - 1].positives += 1
      } else {
        ties[ties.count - 1].negatives += 1
      }
    }
    return ties
  }
}
