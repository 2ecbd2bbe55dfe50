import Autograd

/// Ways to divide examples into parts: the numbers of the examples of each part, ascending.
///
/// ```swift
/// let parts = Splits.parts(of: data.count, fractions: [0.8, 0.1, 0.1], using: &generator)
/// let training = Subset(data, at: parts[0])
/// ```
///
/// Every example is in exactly one part (or in the validation part of exactly one fold).
///
/// *Stratified* divisions keep the shares of the classes. Where examples go is drawn within each
/// class; how many of a class go where is not left to chance.
public enum Splits {
  /// Divides 0..<count at random by fractions.
  ///
  /// Sizes are fractions of the count rounded down; what is left over goes to the first parts whose
  /// fraction is above 0, one each (PyTorch: `random_split`).
  ///
  /// - Parameters:
  ///   - count: The number of examples.
  ///   - fractions: Numbers from 0 to 1 whose sum is 1; else stops with an error.
  ///   - generator: The source.
  public static func parts(
    of count: Int, fractions: [Double], using generator: inout RandomGenerator
  ) -> [[Int]] {
    requireCount(count)
    return parts(
      stratifiedBy: [Int](repeating: 0, count: count), fractions: fractions, using: &generator)
  }

  /// Divides examples at random by fractions, keeping the shares of their classes.
  ///
  /// Of two parts, each gets of a class its fraction, rounded up or down (scikit-learn:
  /// `train_test_split` with `stratify`); more parts are split off one after the other, each of
  /// what is left. The sizes are those of ``parts(of:fractions:using:)``.
  ///
  /// - Parameters:
  ///   - labels: The class of each example.
  ///   - fractions: Numbers from 0 to 1 whose sum is 1; else stops with an error.
  ///   - generator: The source.
  public static func parts(
    stratifiedBy labels: [Int], fractions: [Double], using generator: inout RandomGenerator
  ) -> [[Int]] {
    let sizes = partSizes(labels.count, fractions)
    var rest = shuffledWithinClasses(labels, &generator)
    var result: [[Int]] = []
    for size in sizes {
      let (part, left) = spread(size, of: rest, &generator)
      result.append(part.sorted())
      rest = left
    }
    return result
  }

  /// Divides 0..<count at random into folds for cross-validation, whose sizes differ by at most 1.
  ///
  /// - Parameters:
  ///   - count: The number of examples.
  ///   - folds: From 2 to `count`; else stops with an error.
  ///   - generator: The source.
  public static func folds(
    of count: Int, into folds: Int, using generator: inout RandomGenerator
  ) -> [Fold] {
    requireCount(count)
    return self.folds(
      stratifiedBy: [Int](repeating: 0, count: count), into: folds, using: &generator)
  }

  /// Divides examples at random into folds for cross-validation, keeping the shares of their
  /// classes.
  ///
  /// The numbers of examples of a class differ between folds by at most 1, and so do the sizes of
  /// the folds (scikit-learn: `StratifiedKFold`).
  ///
  /// - Parameters:
  ///   - labels: The class of each example.
  ///   - folds: From 2 to the number of examples of the largest class; else stops with an error.
  ///   - generator: The source.
  public static func folds(
    stratifiedBy labels: [Int], into folds: Int, using generator: inout RandomGenerator
  ) -> [Fold] {
    let largest = Dictionary(grouping: labels, by: { $0 }).values.map(\.count).max() ?? 0
    guard folds >= 2, folds <= largest else {
      fatalError(
        "Splits: \(folds) folds; from 2 to \(largest), the examples of the largest class, are possible"
      )
    }
    var foldOf = [Int](repeating: 0, count: labels.count)
    // Dealt like cards, class after class.
    for (turn, example) in shuffledWithinClasses(labels, &generator).enumerated() {
      foldOf[example] = turn % folds
    }
    return (0..<folds).map { fold in
      Fold(
        training: labels.indices.filter { foldOf[$0] != fold },
        validation: labels.indices.filter { foldOf[$0] == fold })
    }
  }

  /// As many folds as examples: each is validated by itself.
  ///
  /// - Parameter count: The number of examples, at least 2; else stops with an error.
  public static func leaveOneOut(of count: Int) -> [Fold] {
    guard count >= 2 else { fatalError("Splits: leaving one out of \(count) leaves nothing") }
    return (0..<count).map { one in
      Fold(training: (0..<count).filter { $0 != one }, validation: [one])
    }
  }

  // MARK: -

  private static func requireCount(_ count: Int) {
    guard count >= 0 else { fatalError("Splits: \(count) examples") }
  }

  private static func partSizes(_ count: Int, _ fractions: [Double]) -> [Int] {
    let isValid = fractions.allSatisfy { 0...1 ~= $0 } && abs(fractions.reduce(0, +) - 1) < 1e-9
    guard isValid else {
      fatalError("Splits: the fractions \(fractions) are not from 0 to 1 with the sum 1")
    }
    var left = count
    var sizes: [Int] = []
    for fraction in fractions {
      sizes.append(min(Int(Double(count) * fraction), left))
      left -= sizes[sizes.count - 1]
    }
    // Fewer are left than there are parts above 0.
    for part in sizes.indices where fractions[part] > 0 && left > 0 {
      sizes[part] += 1
      left -= 1
    }
    return sizes
  }

  /// The examples class by class, in order of the classes' first appearance, at random within each.
  private static func shuffledWithinClasses(
    _ labels: [Int], _ generator: inout RandomGenerator
  ) -> [Int] {
    var places: [Int: Int] = [:]
    for label in labels where places[label] == nil { places[label] = places.count }
    var classes = [[Int]](repeating: [], count: places.count)
    for example in Tensor.permutation(labels.count, using: &generator).array(of: Int.self) {
      classes[places[labels[example]]!].append(example)
    }
    return Array(classes.joined())
  }

  /// Takes `size` examples, evenly spread over the list.
  ///
  /// Of n in a row this takes n · size / count, rounded up or down. The phase is drawn, so that no
  /// class is favoured.
  private static func spread(
    _ size: Int, of examples: [Int], _ generator: inout RandomGenerator
  ) -> (part: [Int], left: [Int]) {
    let count = examples.count
    guard count > 0 else { return ([], []) }
    let phase = Tensor.integers([1], in: 0..<count, using: &generator).array(of: Int.self)[0]
    var part: [Int] = []
    var left: [Int] = []
    for (place, example) in examples.enumerated() {
      let isTaken = ((place + 1) * size + phase) / count > (place * size + phase) / count
      if isTaken { part.append(example) } else { left.append(example) }
    }
    return (part, left)
  }
}

/// One division into training and validation examples.
public struct Fold: Sendable, Hashable {
  /// The numbers of the examples to train on, ascending.
  public let training: [Int]
  /// The numbers of the examples to validate with, ascending.
  public let validation: [Int]

  /// Creates a division.
  public init(training: [Int], validation: [Int]) {
    self.training = training
    self.validation = validation
  }
}

extension Dataset {
  /// Divides the dataset at random by fractions, keeping the shares of classes if labels are given.
  ///
  /// ```swift
  /// let parts = data.split(fractions: [0.8, 0.2], stratifiedBy: labels, using: &generator)
  /// let (training, validation) = (parts[0], parts[1])
  /// ```
  ///
  /// - Parameters:
  ///   - fractions: Numbers from 0 to 1 whose sum is 1; else stops with an error.
  ///   - labels: The class of each example, or nil.
  ///   - generator: The source.
  public func split(
    fractions: [Double], stratifiedBy labels: [Int]? = nil, using generator: inout RandomGenerator
  ) -> [Subset<Self>] {
    guard labels == nil || labels?.count == count else {
      fatalError("split: \(labels?.count ?? 0) labels for \(count) examples")
    }
    let parts = Splits.parts(
      stratifiedBy: labels ?? [Int](repeating: 0, count: count), fractions: fractions,
      using: &generator)
    return parts.map { Subset(self, at: $0) }
  }
}
