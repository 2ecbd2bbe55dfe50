import Autograd

/// Precision, recall or F score, as a metric.
///
/// Predictions and targets are those of ``ConfusionMatrix/update(prediction:target:)``. 0 / 0
/// counts as 0, also before the first example. Whoever wants several scores, or those of each
/// class, keeps one ``ConfusionMatrix`` instead.
///
/// ```swift
/// let metrics: [any Metric] = [
///   ClassificationScore(.recall, classes: 10, averaging: .macro),
///   ClassificationScore(.fScore(beta: 1), threshold: 0),  // two classes, logits
/// ]
/// ```
public struct ClassificationScore: Metric, Sendable {
  /// What is measured.
  public enum Kind: Sendable, Hashable {
    /// Which share of the examples predicted as a class are of it.
    case precision
    /// Which share of the examples of a class are predicted as it.
    case recall
    /// Both in one; recall is β times as important.
    case fScore(beta: Double)
  }

  /// What is measured.
  public let kind: Kind
  /// How the classes' scores become one.
  public let averaging: ClassAveraging
  /// The counts.
  public private(set) var matrix: ConfusionMatrix

  /// Creates the metric for scores of several classes.
  ///
  /// - Parameters:
  ///   - kind: What is measured.
  ///   - classes: How many classes there are.
  ///   - averaging: How their scores become one.
  ///   - ignoreIndex: Examples with this class index do not count.
  public init(
    _ kind: Kind, classes: Int, averaging: ClassAveraging, ignoreIndex: Int? = nil
  ) {
    self.kind = kind
    self.averaging = averaging
    matrix = ConfusionMatrix(classes: classes, ignoreIndex: ignoreIndex)
  }

  /// Creates the metric for one score of two classes: what is measured is class 1.
  ///
  /// - Parameters:
  ///   - kind: What is measured.
  ///   - threshold: Scores above it count as class 1: ½ for probabilities, 0 for logits.
  public init(_ kind: Kind, threshold: Double = 0.5) {
    self.kind = kind
    averaging = .only(1)
    matrix = ConfusionMatrix(threshold: threshold)
  }

  /// "precision", "recall" or "F1", with the averaging: "macro recall", "F1 of class 3".
  public var name: String {
    let score =
      switch kind {
      case .precision: "precision"
      case .recall: "recall"
      case .fScore(let beta): "F" + (Int(exactly: beta).map(String.init) ?? "\(beta)")
      }
    switch averaging {
    case .micro: return "micro \(score)"
    case .macro: return "macro \(score)"
    case .weighted: return "weighted \(score)"
    case .only(let label): return matrix.threshold == nil ? "\(score) of class \(label)" : score
    }
  }

  /// The score.
  public var value: Double {
    switch kind {
    case .precision: matrix.precision(averaging)
    case .recall: matrix.recall(averaging)
    case .fScore(let beta): matrix.fScore(averaging, beta: beta)
    }
  }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    matrix.update(prediction: prediction, target: target)
  }

  /// Forgets all batches.
  public mutating func reset() { matrix.reset() }
}
