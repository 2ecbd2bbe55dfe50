import Autograd

/// How often each class was taken for each other one.
///
/// Row i, column j counts the examples of class i that were predicted as class j.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 3)
/// matrix.update(prediction: model(x), target: labels)
/// print(matrix.counts)
/// print(matrix.recall(.macro))
/// ```
public struct ConfusionMatrix: Sendable {
  /// The number of classes.
  public let classes: Int
  /// Examples with this class index do not count.
  public let ignoreIndex: Int?
  /// Scores above it count as class 1; nil if there is a score for each class.
  public let threshold: Double?
  private var cells: [Int]

  /// Creates a matrix for scores of several classes.
  ///
  /// - Parameters:
  ///   - classes: How many; above 0, else stops with an error.
  ///   - ignoreIndex: Examples with this class index do not count.
  public init(classes: Int, ignoreIndex: Int? = nil) {
    guard classes > 0 else { fatalError("ConfusionMatrix: there are \(classes) classes") }
    self.classes = classes
    self.ignoreIndex = ignoreIndex
    threshold = nil
    cells = [Int](repeating: 0, count: classes * classes)
  }

  /// Creates a matrix for one score of two classes.
  ///
  /// - Parameter threshold: Scores above it count as class 1: ½ for probabilities, 0 for logits.
  public init(threshold: Double) {
    classes = 2
    ignoreIndex = nil
    self.threshold = threshold
    cells = [0, 0, 0, 0]
  }

  /// The counts, int64 [classes, classes]: rows are right classes, columns predicted ones.
  public var counts: Tensor { Tensor(cells, shape: [classes, classes]) }

  /// The counts divided by the number of examples of their row, float64; rows without examples are
  /// 0.
  public var normalizedByRows: Tensor {
    let rows = (0..<classes).map { support(of: $0) }
    let shares = cells.indices.map { ratio(cells[$0], rows[$0 / classes]) }
    return Tensor(shares, shape: [classes, classes])
  }

  /// The share of examples on the diagonal; NaN without examples.
  public var accuracy: Double {
    let correct = (0..<classes).reduce(0) { $0 + self[$1, $1] }
    return Double(correct) / Double(cells.reduce(0, +))
  }

  /// Takes a batch into account.
  ///
  /// - Parameters:
  ///   - prediction: Scores [examples, classes, …], of which the first highest counts, or class
  ///     indices, int64, of the target's shape. With a threshold: a score for each element.
  ///   - target: Class indices, int64, or probabilities of the scores' shape, of which the largest
  ///     counts. With a threshold: 0 and 1, of any type. Others stop with an error.
  public mutating func update(prediction: Variable, target: Variable) {
    let name = "ConfusionMatrix"
    if let threshold {
      let rows = BinaryRows(prediction: prediction, target: target, metric: name)
      for (score, isPositive) in zip(rows.scores, rows.isPositive) {
        cells[(isPositive ? 2 : 0) + (score > threshold ? 1 : 0)] += 1
      }
      return
    }
    let predicted: [Int?]
    let right: [Int?]
    if prediction.dtype == .int64 {
      requireEqual(prediction, target, operation: name, names: ("prediction", "target"))
      predicted = classLabels(prediction, count: classes, ignoreIndex: nil, metric: name)
      right = classLabels(target, count: classes, ignoreIndex: ignoreIndex, metric: name)
    } else {
      let axis = classAxis(of: prediction, operation: name)
      guard prediction.shape[axis] == classes else {
        fatalError("\(name): the prediction \(prediction.shape) is not of \(classes) classes")
      }
      predicted = prediction.argmax(axis: axis).array(of: Int.self)
      right = classLabels(target, for: prediction, ignoreIndex: ignoreIndex, metric: name)
    }
    for case (let row?, let column?) in zip(right, predicted) {
      cells[row * classes + column] += 1
    }
  }

  /// Forgets all batches.
  public mutating func reset() { cells = [Int](repeating: 0, count: cells.count) }

  /// How many examples of one class were predicted as another.
  ///
  /// Classes that do not exist stop with an error.
  public subscript(target: Int, predicted: Int) -> Int {
    guard (0..<classes).contains(target), (0..<classes).contains(predicted) else {
      fatalError("ConfusionMatrix: there are \(classes) classes, but [\(target), \(predicted)]")
    }
    return cells[target * classes + predicted]
  }

  /// How many examples there were of a class.
  func support(of label: Int) -> Int {
    (0..<classes).reduce(0) { $0 + self[label, $1] }
  }

  /// What is right and wrong from the view of one class.
  func outcomes(of label: Int) -> Outcomes {
    let correct = self[label, label]
    let predicted = (0..<classes).reduce(0) { $0 + self[$1, label] }
    return Outcomes(
      truePositives: correct, falsePositives: predicted - correct,
      falseNegatives: support(of: label) - correct)
  }
}

/// Numerator / denominator, 0 for 0 / 0.
func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator == 0 ? 0 : Double(numerator) / Double(denominator)
}
