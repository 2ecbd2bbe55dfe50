import Autograd
import NN

/// A network with hidden layers of 10 and 8 units that answers a yes-or-no question about a row.
struct Binary {
  let table: RegressionTable
  let model: Sequential
  let history: History
  let trainingCount: Int
  /// Right and wrong answers for the rows that were held out.
  private(set) var confusion = ConfusionMatrix(threshold: 0)
  /// How well their scores put the rows with a 1 before those with a 0.
  private(set) var ranking = AreaUnderROC()

  /// Trains on seven tenths of the rows, in which both answers have their share.
  init(_ table: RegressionTable, rate: Double, epochs: Int, seed: UInt64) throws {
    self.table = table
    let labels = table.answers.map { Int($0) }
    guard table.answers.allSatisfy({ $0 == 0 || $0 == 1 }), Set(labels).count == 2 else {
      throw DemoFailure(
        "\(table.title): the column '\(table.target)' is not one of both 0 and 1")
    }
    var generator = RandomGenerator(seed: seed)
    let parts = Splits.parts(stratifiedBy: labels, fractions: [0.7, 0.3], using: &generator)
    let (training, test) = (table.rows(parts[0]), table.rows(parts[1]))
    trainingCount = parts[0].count
    model = Sequential {
      Standardizer(fitting: training.inputTensor)
      MLP(sizes: [table.names.count, 10, 8, 1], using: &generator)
    }
    // The network ends in logits, and the sigmoid is part of the loss: exact where p nears 0 or 1.
    history = try model.fit(
      training.inputTensor, training.answerTensor, batchSize: 32,
      loss: { binaryCrossEntropyWithLogits($0, $1) },
      optimizer: Adam(model, learningRate: Variable(rate)), epochs: epochs,
      metrics: [BinaryAccuracy(threshold: 0)],
      validation: .data(inputs: test.inputTensor, targets: test.answerTensor),
      progress: .onTerminal, using: &generator)
    let logits = Variable(model.predict(test.inputTensor))
    confusion.update(prediction: logits, target: Variable(test.answerTensor))
    ranking.update(prediction: logits, target: Variable(test.answerTensor))
  }
}

private let data = Option(
  "data", placeholder: "FILE", help: "a CSV file; the cell nuclei that come along if not given")
private let target = Option(
  "target", placeholder: "COLUMN", help: "the column of the file with 0 and 1")
private let rate = Option("learning-rate", default: 0.005, above: 0, help: "the factor of a step")
private let epochs = Option("epochs", default: 60, atLeast: 1, help: "passes over the rows")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let goal = Option(
  "goal", default: 0.9, atLeast: 0, atMost: 1, help: "the share of held-out rows to get right")
private let svg = Option("svg", help: "where the drawing goes, binary.svg if not given")

extension Demo {
  /// `Demos binary`.
  static let binary = Demo(
    name: "binary",
    summary: "Learns to tell malignant from benign cells, by a network of 8-10-8-1 units.",
    options: [data, target, rate, epochs, seed, goal, svg],
    run: { values in
      let ownTable = try RegressionTable(values, data: data, target: target)
      let table = try ownTable ?? .breastCancer()
      let result = try Binary(
        table, rate: values[rate], epochs: values[epochs], seed: UInt64(values[seed]))
      let classes = ownTable == nil ? ["benign", "malignant"] : ["0", "1"]
      report(result, classes: classes)
      try requireGoal(values[goal], share: result.confusion.accuracy)
      let path = values[svg] ?? "binary.svg"
      try Figure([
        Plot(title: "Held-out rows", confusionMatrix: result.confusion.rows, classes: classes),
        result.history.plot([.loss, .validationLoss]),
      ]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func report(_ result: Binary, classes: [String]) {
  let held = result.table.answers.count - result.trainingCount
  show("\(result.table.title): \(result.trainingCount) rows to learn from, \(held) held out")
  for omission in result.table.omissions { show("  left out: \(omission)") }
  show("\(result.model)\n")
  for epoch in reportedEpochs(of: result.history.epochCount) {
    let losses = [Quantity.loss, .validationLoss].map { result.history[$0][epoch - 1].fixed(4) }
    show("  epoch \(epoch)  loss \(losses[0])  held out \(losses[1])")
  }
  show("\n\(result.confusion.text(classes: classes))")
  show("  accuracy \((100 * result.confusion.accuracy).fixed(1)) %")
  show("  area under the ROC curve \(result.ranking.value.fixed(4))\n")
}
