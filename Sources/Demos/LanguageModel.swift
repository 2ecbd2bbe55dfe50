import Autograd
import NN

/// A small Transformer that predicts the next character of a text from those before it.
struct LanguageModel: Layer {
  let embedding: Embedding
  let positions: LearnedPositionalEncoding
  let encoder: TransformerEncoder
  let output: Linear

  /// The number of characters that it looks back.
  static let context = 64

  init(
    characters: Int, width: Int = 64, dropout: Double, using generator: inout RandomGenerator
  ) {
    // Small numbers: the network begins with nearly equal probabilities.
    let table = Tensor.normal([characters, width], standardDeviation: 0.02, using: &generator)
    embedding = Embedding(weight: Variable(table, requiresGradient: true))
    positions = LearnedPositionalEncoding(
      positions: LanguageModel.context, features: width, using: &generator)
    encoder = TransformerEncoder(
      layers: (0..<2).map { _ in
        TransformerEncoderLayer(
          features: width, heads: 4, feedForward: 4 * width, dropout: dropout, activation: GELU(),
          normFirst: true, using: &generator)
      }, norm: LayerNorm(shape: [width]))
    output = Linear(inputs: width, outputs: characters, using: &generator)
  }

  /// Characters [batch, steps] become logits [batch, steps, characters] for those that follow.
  func forward(_ x: Variable) -> Variable {
    output(encoder(positions(embedding(x)), mask: .causal))
  }

  /// The mean cross-entropy of the characters that follow, in bits.
  static func bits(_ logits: Variable, _ next: Variable) -> Variable {
    let nats = crossEntropy(logits.flattened(to: -2), classIndices: next.flattened())
    return nats / 0.6931471805599453  // log 2
  }

  /// Characters that go on from a beginning, drawn one by one.
  ///
  /// - Parameter temperature: 1 draws by the model's probabilities; less is bolder, down to 0, which
  ///   takes the likeliest.
  func sample(
    _ count: Int, from start: [Int], temperature: Double, using generator: inout RandomGenerator
  ) -> [Int] {
    var text = start
    evaluating {
      withoutRecording {
        for _ in 0..<count {
          let recent = Array(text.suffix(LanguageModel.context))
          let logits = self(Variable(Tensor(recent, shape: [1, recent.count])))[0, -1]
          text.append(draw(logits, temperature, &generator))
        }
      }
    }
    return Array(text.dropFirst(start.count))
  }

  /// By the Gumbel trick: the largest of the logits with noise −log(−log u).
  private func draw(
    _ logits: Variable, _ temperature: Double, _ generator: inout RandomGenerator
  ) -> Int {
    let uniform = Tensor.uniform(logits.shape, low: 1e-7, high: 1, using: &generator)
    let noise = -log(-log(Variable(uniform)))
    return Int((logits + Variable(temperature) * noise).argmax(axis: 0).item())
  }
}

/// What a text says about the character that follows some others, by counting.
///
/// The counts of a context are eked out by the probabilities of the context without its first
/// character (with a Dirichlet prior: MacKay and Peto, Natural Language Engineering 1, 1995).
struct CharacterCounts {
  private let order: Int, characters: Int
  /// For each context, how often each character follows, and how often any.
  private var counts: [ArraySlice<Int>: [Int: Int]] = [:]
  private var totals: [ArraySlice<Int>: Int] = [:]

  /// Counts what follows `order` characters, and fewer.
  init(_ text: [Int], order: Int, characters: Int) {
    self.order = order
    self.characters = characters
    for place in text.indices {
      for length in 0...min(order, place) {
        let context = text[place - length..<place]
        counts[context, default: [:]][text[place], default: 0] += 1
        totals[context, default: 0] += 1
      }
    }
  }

  /// The probability of a character after a context.
  func probability(of character: Int, after context: ArraySlice<Int>) -> Double {
    let shorter =
      context.isEmpty
      ? 1 / Double(characters) : probability(of: character, after: context.dropFirst())
    let strength = 5.0
    let count = Double(counts[context]?[character] ?? 0)
    return (count + strength * shorter) / (Double(totals[context] ?? 0) + strength)
  }

  /// The mean −log₂ p over the characters of a text but the first.
  func bits(of text: [Int]) -> Double {
    let probabilities = text.indices.dropFirst().map { place in
      probability(of: text[place], after: text[max(0, place - order)..<place])
    }
    return -log2(Variable(probabilities)).mean().item()
  }
}
