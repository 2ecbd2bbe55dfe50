import Autograd
import NN

private let kind = Option(
  "model", default: Digits.Kind.mlp, help: "linear layers, or convolutions")
private let layers = Option(
  "layers", default: [128], help: "units of the hidden layers of the mlp")
private let images = Option(
  "images", help: "an IDX file of images such as MNIST's; those that come along if not given")
private let labels = Option("labels", help: "the IDX file of their labels")
private let rate = Option(
  "learning-rate", default: 0.01, above: 0, help: "the factor of a step; it falls to 0")
private let epochs = Option("epochs", default: 30, atLeast: 1, help: "passes over the images")
private let batch = Option("batch", default: 32, atLeast: 1, help: "images between two steps")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let goal = Option(
  "goal", default: 0.97, atLeast: 0, atMost: 1, help: "the share of held-out digits to read")
private let svg = Option("svg", help: "where the drawing goes, digits.svg if not given")

extension Demo {
  /// `Demos digits`.
  static let digits = Demo(
    name: "digits",
    summary: "Reads handwritten digits, by linear layers or convolutions.",
    options: [kind, layers, images, labels, rate, epochs, batch, seed, goal, svg],
    run: { values in
      let result = try Digits(
        data(values), kind: values[kind], layers: values[layers], rate: values[rate],
        epochs: values[epochs], batchSize: values[batch], seed: UInt64(values[seed]))
      report(result)
      try requireGoal(values[goal], share: result.confusion.accuracy)
      let path = values[svg] ?? "digits.svg"
      try Figure([samplePlot(result), confusionPlot(result), weightPlot(result)]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func data(_ values: OptionValues) throws -> TensorDataset {
  switch (values[images], values[labels]) {
  case (nil, nil): return Digits.optical()
  case (let images?, let labels?):
    let data = try TensorDataset(idxImages: images, idxLabels: labels)
    let shape = data.inputs.shape
    guard data.count >= 10, shape[2] >= 4, shape[3] >= 4 else {
      throw DemoFailure(
        "\(images): \(data.count) images of \(shape[2]) × \(shape[3]) pixels; at least 10 of 4 × 4 "
          + "are needed")
    }
    guard data.targets.array(of: Int.self).allSatisfy({ 0...9 ~= $0 }) else {
      throw DemoFailure("\(labels): a label is not a digit from 0 to 9")
    }
    return data
  default: throw UsageError("--images and --labels belong together")
  }
}

private func report(_ result: Digits) {
  show("\(result.trainingCount) images to learn from, \(result.heldOut.count) held out")
  show("\(result.model)\n")
  for epoch in reportedEpochs(of: result.history.epochCount) {
    let loss = result.history[.loss][epoch - 1].fixed(4)
    let share = 100 * result.history[.validationMetric("accuracy")][epoch - 1]
    show("  epoch \(epoch)  loss \(loss)  held out \(share.fixed(1)) % right")
  }
  show("\n\(result.confusion.text(classes: (0...9).map(String.init)))")
  show("  right: \((100 * result.confusion.accuracy).fixed(2)) %\n")
}

/// Some of the images with what the network takes them for, its mistakes first.
private func samplePlot(_ result: Digits) -> Plot {
  let labels = result.heldOut.targets.array(of: Int.self)
  let isWrong = labels.indices.map { labels[$0] != result.answers[$0] }
  let wrong = labels.indices.filter { isWrong[$0] }
  let right = labels.indices.filter { !isWrong[$0] }
  let shown = Array((wrong.prefix(6) + right).prefix(24))
  let captions = shown.map {
    isWrong[$0] ? "\(result.answers[$0]), is \(labels[$0])" : "\(labels[$0])"
  }
  let images = indexSelect(result.heldOut.input, at: Variable(Tensor(shown)))
  return Plot(
    title: "Answers, mistakes first", images: images.value, perRow: 6, captions: captions,
    marked: Set(shown.indices.filter { isWrong[shown[$0]] }))
}

private func confusionPlot(_ result: Digits) -> Plot {
  Plot(
    title: "Held-out images", confusionMatrix: result.confusion.rows,
    classes: (0...9).map(String.init))
}

/// What the units of the first layer look for: blue against, red for.
private func weightPlot(_ result: Digits) -> Plot {
  let weights = result.model.parameters[0]
  let shape = result.heldOut.inputs.shape
  let pictures =
    weights.rank == 4 ? weights : weights.reshaped(weights.shape[0], 1, shape[2], shape[3])
  return Plot(
    title: "Weights of the first layer", images: pictures[..<min(64, weights.shape[0])].value,
    colors: .diverging)
}
