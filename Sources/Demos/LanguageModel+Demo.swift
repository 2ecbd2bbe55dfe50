import Autograd
import NN

private let text = Option(
  "text", placeholder: "FILE", help: "a text to learn from; Shakespeare's sonnets if not given")
private let rate = Option(
  "learning-rate", default: 0.005, above: 0, help: "the largest factor of a step; it falls to 0")
private let epochs = Option("epochs", default: 20, atLeast: 1, help: "passes over the text")
private let dropout = Option(
  "dropout", default: 0.1, atLeast: 0, below: 1, help: "the share of numbers left out at random")
private let temperature = Option(
  "temperature", default: 0.8, atLeast: 0, help: "how daring the sample is; 0 takes the likeliest")
private let length = Option("length", default: 400, atLeast: 0, help: "characters of the sample")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let svg = Option("svg", help: "where the drawing goes, language-model.svg if not given")

extension Demo {
  /// `Demos language-model`.
  static let languageModel = Demo(
    name: "language-model",
    summary: "Learns to write like a text, character by character, with a small Transformer.",
    options: [text, rate, epochs, dropout, temperature, length, seed, svg],
    run: { values in
      let (name, text) = try source(values)
      let trained = try TrainedLanguageModel(
        text, dropout: values[dropout], rate: values[rate], epochs: values[epochs],
        seed: UInt64(values[seed]))
      report(trained, name: name)
      show("\nA sample at temperature \(values[temperature].significant(3)):\n")
      show(trained.sample(values[length], temperature: values[temperature]))
      guard trained.bits < trained.pairBits else {
        throw DemoFailure(
          "counting pairs predicts the held-out text better; try more --epochs or another "
            + "--learning-rate")
      }
      let path = values[svg] ?? "language-model.svg"
      try Figure([lossPlot(trained)], panelWidth: 640).write(to: path)
      show("\nDrawing: \(path)")
    })
}

private func source(_ values: OptionValues) throws -> (name: String, text: String) {
  guard let path = values[text] else { return ("Shakespeare's sonnets", Resources.sonnets) }
  let limit = 100_000_000
  let bytes: [UInt8]
  do {
    bytes = try Platform.read(path, limit: limit)
  } catch {
    throw DemoFailure("\(path): cannot read the file: \(error.message)")
  }
  guard bytes.count <= limit else { throw DemoFailure("\(path): more than \(limit) bytes") }
  let text = String(decoding: bytes, as: UTF8.self)
  guard !text.unicodeScalars.contains("\u{FFFD}") else {
    throw DemoFailure("\(path): this is not UTF-8 text")
  }
  guard text.unicodeScalars.count >= TrainedLanguageModel.leastLength else {
    throw DemoFailure(
      "\(path): \(text.unicodeScalars.count) characters, fewer than the "
        + "\(TrainedLanguageModel.leastLength) that are needed")
  }
  return (path, text)
}

private func report(_ trained: TrainedLanguageModel, name: String) {
  show(
    "\(name): \(trained.trainingCount) characters to learn from, \(trained.heldOutCount) held out")
  show("\(trained.model.parameterCount) parameters\n")
  let history = trained.history
  for epoch in reportedEpochs(of: history.epochCount) {
    let bits = [Quantity.loss, .validationLoss].map { history[$0][epoch - 1].fixed(3) }
    show("  epoch \(epoch)  bits per character \(bits[0])  held out \(bits[1])")
  }
  show("\nBits per character of the held-out text:")
  show("  counting characters          \(trained.characterBits.fixed(3))")
  show("  counting what follows pairs  \(trained.pairBits.fixed(3))")
  show("  the Transformer              \(trained.bits.fixed(3))")
}

private func lossPlot(_ trained: TrainedLanguageModel) -> Plot {
  var plot = trained.history.plot([.loss, .validationLoss], title: "Bits per character")
  let ends = [1, Double(trained.history.epochCount)]
  plot.yLabel = "bits"
  plot.addLine(
    x: ends, y: [trained.characterBits, trained.characterBits], label: "counting characters")
  plot.addLine(x: ends, y: [trained.pairBits, trained.pairBits], label: "counting after pairs")
  return plot
}
