import Autograd
import NN

private let data = Option(
  "data", placeholder: "FILE",
  help: "a CSV file, or one of textbook and cars; both of these if not given")
private let target = Option(
  "target", placeholder: "COLUMN", help: "the column of the file that is to be predicted")
private let optimizer = Option(
  "optimizer", default: OptimizerChoice.sgd, help: "how weights are improved")
private let rate = Option(
  "learning-rate", default: 0.01, above: 0, help: "the factor of a step; it falls to 0")
private let epochs = Option("epochs", default: 1000, atLeast: 1, help: "passes over the rows")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let svg = Option(
  "svg", help: "where the drawing goes, linear-regression.svg if not given")

extension Demo {
  /// `Demos linear-regression`.
  static let linearRegression = Demo(
    name: "linear-regression",
    summary: "Learns to predict one column of a table from the others, and checks the weights.",
    options: [data, target, optimizer, rate, epochs, seed, svg],
    run: { values in
      var generator = RandomGenerator(seed: UInt64(values[seed]))
      var plots: [Plot] = []
      for table in try tables(values, using: &generator) {
        let result = try LinearRegression(
          table, optimizer: values[optimizer], rate: values[rate], epochs: values[epochs],
          using: &generator)
        report(result)
        guard result.isSolved else {
          throw DemoFailure(
            "\(table.title): the weights are \(result.error.significant(3)) standard deviations "
              + "from the exact ones, more than \(LinearRegression.tolerance); try more --epochs or "
              + "another --learning-rate")
        }
        plots += [fitPlot(result), lossPlot(result)]
      }
      let path = values[svg] ?? "linear-regression.svg"
      try Figure(plots).write(to: path)
      show("Drawing: \(path)")
    })
}

private func tables(
  _ values: OptionValues, using generator: inout RandomGenerator
) throws -> [RegressionTable] {
  let name = values[data]
  guard let name, name != "textbook", name != "cars" else {
    guard values[target] == nil else {
      throw UsageError("--target belongs to the file that --data names")
    }
    var tables: [RegressionTable] = []
    if name != "cars" { tables.append(.textbook(using: &generator)) }
    if name != "textbook" { tables.append(try .cars()) }
    return tables
  }
  return try RegressionTable(values, data: data, target: target).map { [$0] } ?? []
}

private func report(_ result: LinearRegression) {
  let table = result.table
  show("\(table.title): \(table.answers.count) rows, a fifth of them held out")
  for omission in table.omissions { show("  left out: \(omission)") }
  for epoch in reportedEpochs(of: result.losses.count) {
    show("  epoch \(epoch)  loss \(result.losses[epoch - 1].significant(6))")
  }
  show("  weight of: learned, exact")
  for (index, name) in (table.names + ["1"]).enumerated() {
    let learned = result.weights[index].significant(6)
    show("  \(name): \(learned), \(result.exactWeights[index].significant(6))")
  }
  show("  R² on the held-out rows: \(result.heldOutR2.fixed(4))")
  show("  largest difference: \(result.error.significant(2)) standard deviations\n")
}

/// The first epoch, the last and three in between, each once.
func reportedEpochs(of count: Int) -> [Int] {
  (0...4).map { max(1, count * $0 / 4) }.reduce(into: []) { epochs, epoch in
    if epochs.last != epoch { epochs.append(epoch) }
  }
}

/// The points with the line; for several columns the predictions over the answers.
private func fitPlot(_ result: LinearRegression) -> Plot {
  let table = result.table
  let isLine = table.names.count == 1
  var plot = Plot(
    title: table.title, xLabel: isLine ? table.names[0] : table.target,
    yLabel: isLine ? table.target : "prediction")
  let x = isLine ? table.columns[0] : table.answers
  let ends = [x.min() ?? 0, x.max() ?? 0]
  plot.addPoints(
    x: x, y: isLine ? table.answers : result.predictions(for: table), label: "rows")
  plot.addLine(
    x: ends, y: isLine ? ends.map { result.predict([$0]) } : ends,
    label: isLine ? "fit" : "prediction = answer")
  return plot
}

private func lossPlot(_ result: LinearRegression) -> Plot {
  var plot = Plot(
    title: "Training", xLabel: "epoch", yLabel: "mean squared error", yScale: .logarithmic)
  plot.addLine(y: result.losses, label: "loss")
  return plot
}
