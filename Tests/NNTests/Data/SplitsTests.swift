import Autograd
import NN
import Testing

@Suite struct SplitsTests {
  private static let labels: [[Int]] = [
    (0..<90).map { $0 % 3 }, [Int](repeating: 0, count: 40) + [1, 1, 1, 2, 2, 7],
    [2, 0, 2, 1, 1, 2, 0, 2, 2, 1, 2, 0, 2, 2, 1, 2, 2], [Int](repeating: 5, count: 11),
  ]

  private func counts(_ part: [Int], _ labels: [Int]) -> [Int: Int] {
    part.reduce(into: [:]) { $0[labels[$1], default: 0] += 1 }
  }

  @Test(arguments: [
    (10, [0.8, 0.2], [8, 2]), (10, [0.5, 0.3, 0.2], [5, 3, 2]), (7, [0.5, 0.5], [4, 3]),
    (5, [0.34, 0.33, 0.33], [2, 2, 1]), (0, [0.5, 0.5], [0, 0]), (3, [1], [3]),
    (5, [0, 0.5, 0.5], [0, 3, 2]), (1, [0.9, 0.1], [1, 0]), (100, [0.29, 0.71], [29, 71]),
  ])
  func `Sizes are fractions, with what is left over to the first`(
    count: Int, fractions: [Double], sizes: [Int]
  ) {
    var generator = RandomGenerator(seed: 0)
    let parts = Splits.parts(of: count, fractions: fractions, using: &generator)
    #expect(parts.map(\.count) == sizes)
    #expect(parts.joined().sorted() == Array(0..<count))
    for part in parts { #expect(part == part.sorted()) }
  }

  @Test func `Every example is as likely in a part as any other`() {
    var generator = RandomGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<4000 {
      for example in Splits.parts(of: 10, fractions: [0.3, 0.7], using: &generator)[0] {
        counts[example] += 1
      }
    }
    for count in counts { #expect(abs(count - 1200) < 5 * 29) }
  }

  @Test func `The same seed makes the same parts`() {
    var one = RandomGenerator(seed: 2), two = one, three = RandomGenerator(seed: 3)
    let a = Splits.parts(of: 50, fractions: [0.5, 0.5], using: &one)
    #expect(Splits.parts(of: 50, fractions: [0.5, 0.5], using: &two) == a)
    #expect(Splits.parts(of: 50, fractions: [0.5, 0.5], using: &three) != a)
    #expect(Splits.parts(of: 50, fractions: [0.5, 0.5], using: &one) != a)
  }

  @Test(arguments: labels, [0.5, 0.8, 0.13])
  func `Of two stratified parts each has its share of a class, rounded up or down`(
    labels: [Int], fraction: Double
  ) {
    for seed in 0..<50 {
      var generator = RandomGenerator(seed: UInt64(seed))
      let parts = Splits.parts(
        stratifiedBy: labels, fractions: [fraction, 1 - fraction], using: &generator)
      #expect(parts.joined().sorted() == Array(labels.indices))
      let all = counts(Array(labels.indices), labels)
      for part in parts {
        let own = counts(part, labels)
        for (label, size) in all {
          let share = Double(size * part.count) / Double(labels.count)
          #expect(abs(Double(own[label] ?? 0) - share) < 1)
        }
      }
    }
  }

  @Test func `Of three stratified parts each has about its share`() {
    let labels = Self.labels[0]
    var generator = RandomGenerator(seed: 4)
    let parts = Splits.parts(
      stratifiedBy: labels, fractions: [0.6, 0.2, 0.2], using: &generator)
    #expect(parts.map(\.count) == [54, 18, 18])
    for (part, count) in zip(parts, [18, 6, 6]) {
      #expect(counts(part, labels) == [0: count, 1: count, 2: count])
    }
  }

  @Test func `Folds validate every example once`() {
    var generator = RandomGenerator(seed: 5)
    let folds = Splits.folds(of: 11, into: 3, using: &generator)
    #expect(folds.map(\.validation.count).sorted() == [3, 4, 4])
    #expect(folds.flatMap(\.validation).sorted() == Array(0..<11))
    for fold in folds { #expect((fold.training + fold.validation).sorted() == Array(0..<11)) }
    #expect(Splits.folds(of: 4, into: 4, using: &generator).allSatisfy { $0.validation.count == 1 })
    #expect(
      Splits.leaveOneOut(of: 3) == [
        Fold(training: [1, 2], validation: [0]), Fold(training: [0, 2], validation: [1]),
        Fold(training: [0, 1], validation: [2]),
      ])
  }

  @Test func `Stratified folds have the class counts of scikit-learn's`() throws {
    let references = try References(topic: "data")
    let names = references.names.filter { $0.hasPrefix("folds ") }
    #expect(names.count == 9)
    for name in names {
      let reference = try references(name)
      let labels = reference["labels"].array(of: Int.self)
      let expected = reference["counts"]
      var generator = RandomGenerator(seed: 6)
      let folds = Splits.folds(
        stratifiedBy: labels, into: expected.shape[0], using: &generator)
      for (index, fold) in folds.enumerated() {
        let own = counts(fold.validation, labels)
        let row = expected[index].array(of: Int.self)
        #expect((0..<row.count).map { own[$0] ?? 0 } == row, "\(name)")
      }
    }
  }

  @Test func `Datasets are split`() throws {
    var generator = RandomGenerator(seed: 7)
    let labels = (0..<20).map { $0 < 10 ? 0 : 1 }
    let parts = Numbers(count: 20).split(
      fractions: [0.5, 0.5], stratifiedBy: labels, using: &generator)
    #expect(parts.map(\.count) == [10, 10])
    let first = try parts[0].batch(at: Array(0..<10))
    #expect(first.count { $0 < 10 } == 5)
    let plain = Numbers(count: 20).split(fractions: [0.25, 0.75], using: &generator)
    #expect(plain.map(\.count) == [5, 15])
  }

  @Test func `Impossible divisions stop with an error`() async {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Splits.parts(of: 10, fractions: [0.8, 0.1], using: &generator)
    }
    expect(sum, says: "Splits: the fractions [0.8, 0.1]", "sum 1")
    let folds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Splits.folds(stratifiedBy: [0, 0, 1, 1], into: 3, using: &generator)
    }
    expect(folds, says: "Splits: 3 folds; from 2 to 2")
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Numbers(count: 3).split(fractions: [1], stratifiedBy: [1], using: &generator)
    }
    expect(labels, says: "split: 1 labels for 3 examples")
  }
}
