import Autograd
import NN

/// A language model with the text that it has learned from.
struct TrainedLanguageModel {
  let model: LanguageModel
  let tokenizer: CharacterTokenizer
  let history: History
  let trainingCount, heldOutCount: Int
  /// Bits per character of the held-out text, by the model and by counting: what occurs how often,
  /// and what follows each pair.
  let bits, characterBits, pairBits: Double
  private let generator: RandomGenerator

  /// The least number of characters of a text.
  static let leastLength = 20 * LanguageModel.context

  /// Trains on the first nine tenths of a text.
  init(_ text: String, dropout: Double, rate: Double, epochs: Int, seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    tokenizer = CharacterTokenizer(fitting: text)
    let tokens = try tokenizer.encode(text)
    trainingCount = tokens.count * 9 / 10
    heldOutCount = tokens.count - trainingCount
    let (training, heldOut) = (tokens[..<trainingCount], tokens[trainingCount...])
    model = LanguageModel(characters: tokenizer.count, dropout: dropout, using: &generator)

    // Pieces overlap by half, so that each character is predicted from far and near.
    let length = LanguageModel.context
    let loader = DataLoader(
      NextTokenDataset(tokens: training, length: length, stride: length / 2), batchSize: 32,
      shuffle: true, using: &generator)
    let steps = epochs * loader.batchCount
    history = try model.fit(
      loader, loss: LanguageModel.bits,
      optimizer: AdamW(model, betas: (0.9, 0.99), weightDecay: 0.1).clipped(byGlobalNorm: 1),
      epochs: epochs, validation: NextTokenDataset(tokens: heldOut, length: length),
      schedule: .cosine(from: rate, over: steps).warmedUp(over: min(50, steps)),
      progress: .onTerminal)
    bits = history[.validationLoss].last ?? .infinity

    let (seen, unseen) = (training.array(of: Int.self), heldOut.array(of: Int.self))
    characterBits = CharacterCounts(seen, order: 0, characters: tokenizer.count).bits(of: unseen)
    pairBits = CharacterCounts(seen, order: 2, characters: tokenizer.count).bits(of: unseen)
    self.generator = generator
  }

  /// A text that the model writes, beginning a line.
  func sample(_ count: Int, temperature: Double) -> String {
    var generator = generator
    let start = (try? tokenizer.encode("\n").array(of: Int.self)) ?? [0]
    let characters = model.sample(
      count, from: start, temperature: temperature, using: &generator)
    return (try? tokenizer.decode(Tensor(characters))) ?? ""
  }
}
