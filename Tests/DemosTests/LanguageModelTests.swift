import Autograd
import Foundation
import Testing

@testable import Demos

@Suite struct LanguageModelTests {
  /// Words in random order: within a word there is nothing to guess, but pairs of letters do not
  /// tell which word it is.
  static let text: String = {
    var generator = RandomGenerator(seed: 1)
    let words = ["banana", "ananas", "cabana", "sabana", "nabana"]
    return (0..<900).map { _ in words.randomElement(using: &generator) ?? "" }
      .joined(separator: " ")
  }()

  @Test func `It predicts better than counting what follows pairs`() throws {
    let trained = try TrainedLanguageModel(
      LanguageModelTests.text, dropout: 0, rate: 0.01, epochs: 12, seed: 1)
    #expect(trained.bits < trained.pairBits)
    #expect(trained.pairBits < trained.characterBits)
    // Each word takes a choice of five, 2.32 bits for seven characters.
    #expect(trained.bits > 0.3)
    let sample = trained.sample(60, temperature: 0.5)
    #expect(sample.count == 60)
    #expect(Set(sample).isSubset(of: Set("abcns ")))
    #expect(trained.sample(60, temperature: 0.5) == sample)
    #expect(trained.sample(60, temperature: 0) == trained.sample(60, temperature: 0))
  }

  @Test func `What follows does not influence what comes before`() {
    var generator = RandomGenerator(seed: 1)
    let model = LanguageModel(characters: 5, dropout: 0, using: &generator)
    func logits(_ text: [Int]) -> [Double] {
      let output = withoutRecording { model(Variable(Tensor(text, shape: [1, 4]))) }
      #expect(output.shape == [1, 4, 5])
      return output.value.doubles()
    }
    let (a, b) = (logits([0, 1, 2, 3]), logits([0, 1, 2, 4]))
    #expect(a.prefix(15) == b.prefix(15))
    #expect(a.suffix(5) != b.suffix(5))
  }

  @Test func `Counts make probabilities`() {
    let counts = CharacterCounts([0, 1, 0, 2, 0, 1], order: 1, characters: 4)
    for context in [[], [0], [3]] as [ArraySlice<Int>] {
      let sum = (0..<4).reduce(0) { $0 + counts.probability(of: $1, after: context) }
      #expect(abs(sum - 1) < 1e-12)
    }
    // 3 of 6, eked out by 5 of 1/4; and 2 of 3 after 0, eked out by 5 of 3.25 / 11.
    #expect(abs(counts.probability(of: 0, after: []) - (3 + 1.25) / 11) < 1e-12)
    #expect(abs(counts.probability(of: 1, after: [0]) - (2 + 5 * 3.25 / 11) / 8) < 1e-12)
    // What never occurred says nothing.
    let unseen = counts.probability(of: 1, after: [3])
    #expect(abs(unseen - counts.probability(of: 1, after: [])) < 1e-12)
  }

  @Test func `Equal characters need no bits, and random ones all`() {
    let equal = [Int](repeating: 2, count: 10_000)
    #expect(CharacterCounts(equal, order: 2, characters: 4).bits(of: equal) < 0.01)
    var generator = RandomGenerator(seed: 1)
    let random = (0..<10_000).map { _ in Int.random(in: 0..<4, using: &generator) }
    let bits = CharacterCounts(random, order: 0, characters: 4).bits(of: random)
    #expect(abs(bits - 2) < 0.01)
  }

  @Test func `The sonnets that come along are 96`() {
    let lines = Resources.sonnets.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count { $0.isEmpty } == 96)
    #expect(lines.count { !$0.isEmpty } == 96 * 14)
    #expect(Resources.sonnets.hasPrefix("From fairest creatures we desire increase,\n"))
    #expect(Resources.sonnets.utf8.count < 60_000)
  }

  @Test(arguments: [
    ("", "0 characters, fewer than the 1280 that are needed"),
    (String(repeating: "a", count: 1279), "1279 characters, fewer than the 1280"),
    ("\u{FFFD}", "this is not UTF-8 text"),
  ])
  func `Texts that cannot be used say why`(text: String, message: String) throws {
    let path = "\(NSTemporaryDirectory())/text-\(UInt32.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Platform.write(Array(text.utf8), to: path)
    var error = ""
    let status = Program.run(
      ["language-model", "--text", path], demos: Demo.all, print: { _ in },
      printError: { error += $0 })
    #expect(status == 1)
    #expect(error.contains(message))
    #expect(error.count { $0.isNewline } == 1)
  }
}
