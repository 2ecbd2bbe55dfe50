/// How the scores of several classes become one.
public enum ClassAveraging: Sendable, Hashable {
  /// All decisions count the same: true positives and errors of all classes are added first.
  case micro
  /// All classes count the same.
  case macro
  /// Classes count by their number of examples.
  case weighted
  /// One class alone counts.
  case only(Int)
}

/// What is right and wrong from the view of one class, or of several together.
struct Outcomes {
  var truePositives: Int
  var falsePositives: Int
  var falseNegatives: Int

  var precision: Double { ratio(truePositives, truePositives + falsePositives) }
  var recall: Double { ratio(truePositives, truePositives + falseNegatives) }

  /// (1 + β²) T / ((1 + β²) T + β² N + P).
  func fScore(beta: Double) -> Double {
    let square = beta * beta
    let numerator = (1 + square) * Double(truePositives)
    let denominator = numerator + square * Double(falseNegatives) + Double(falsePositives)
    return denominator == 0 ? 0 : numerator / denominator
  }
}

// 0 / 0 counts as 0, as in scikit-learn's zero_division=0: the precision of a class that was never
// predicted, the recall of one that never occurred.
extension ConfusionMatrix {
  /// The precision T / (T + P): which share of the examples predicted as a class are of it.
  ///
  /// 0 / 0 counts as 0.
  public func precision(_ averaging: ClassAveraging) -> Double {
    average(averaging) { $0.precision }
  }

  /// The recall T / (T + N): which share of the examples of a class are predicted as it.
  ///
  /// 0 / 0 counts as 0.
  public func recall(_ averaging: ClassAveraging) -> Double {
    average(averaging) { $0.recall }
  }

  /// The F score, (1 + β²) T / ((1 + β²) T + β² N + P): for β = 1 the harmonic mean of precision
  /// and recall.
  ///
  /// 0 / 0 counts as 0. Averages are those of the classes' F scores. Van Rijsbergen, Information
  /// Retrieval, 1979.
  ///
  /// - Parameters:
  ///   - averaging: How the classes' scores become one.
  ///   - beta: β, how many times as important recall is.
  public func fScore(_ averaging: ClassAveraging, beta: Double = 1) -> Double {
    average(averaging) { $0.fScore(beta: beta) }
  }

  private func average(_ averaging: ClassAveraging, of score: (Outcomes) -> Double) -> Double {
    let all = (0..<classes).map(outcomes)
    switch averaging {
    case .micro:
      return score(
        all.reduce(into: Outcomes(truePositives: 0, falsePositives: 0, falseNegatives: 0)) {
          $0.truePositives += $1.truePositives
          $0.falsePositives += $1.falsePositives
          $0.falseNegatives += $1.falseNegatives
        })
    case .macro:
      return all.map(score).reduce(0, +) / Double(classes)
    case .weighted:
      let supports = (0..<classes).map { Double(support(of: $0)) }
      let total = supports.reduce(0, +)
      return total == 0 ? 0 : zip(all, supports).reduce(0) { $0 + score($1.0) * $1.1 } / total
    case .only(let label):
      guard all.indices.contains(label) else {
        fatalError("ConfusionMatrix: there is no class \(label) of \(classes)")
      }
      return score(all[label])
    }
  }
}
