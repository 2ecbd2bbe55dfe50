import Autograd
import NN

private let defaults = Regression.Settings()
private let data = Option(
  "data", placeholder: "FILE", help: "a CSV file; diabetes, which comes along, if not given")
private let target = Option(
  "target", placeholder: "COLUMN", help: "the column of the file that is to be predicted")
private let hidden = Option(
  "hidden", default: defaults.hidden, atLeast: 1, help: "units of the hidden layer")
private let folds = Option(
  "folds", default: defaults.folds, atLeast: 2, help: "parts, each held out in turn")
private let l1 = Option("l1", default: defaults.l1, atLeast: 0, help: "factor of Σ |w| in the loss")
private let l2 = Option("l2", default: defaults.l2, atLeast: 0, help: "factor of Σ w² in the loss")
private let ridge = Option(
  "ridge", default: defaults.ridge, atLeast: 0, help: "factor of Σ w² of the linear fit")
private let rate = Option(
  "learning-rate", default: defaults.rate, above: 0, help: "the factor of a step")
private let epochs = Option(
  "epochs", default: defaults.epochs, atLeast: 1, help: "passes over the rows")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let svg = Option("svg", help: "where the drawing goes, regression.svg if not given")

/// How far R² may be below that of the linear fit.
private let tolerance = 0.05

extension Demo {
  /// `Demos regression`.
  static let regression = Demo(
    name: "regression",
    summary: "Predicts the course of diabetes by a 10-64-1 network, cross-validated.",
    options: [data, target, hidden, folds, l1, l2, ridge, rate, epochs, seed, svg],
    run: { values in
      let table = try RegressionTable(values, data: data, target: target) ?? .diabetes()
      guard values[folds] <= table.answers.count / 2 else {
        throw UsageError("--folds: \(values[folds]) are too many for \(table.answers.count) rows")
      }
      var settings = defaults
      (settings.hidden, settings.folds) = (values[hidden], values[folds])
      (settings.epochs, settings.rate) = (values[epochs], values[rate])
      (settings.l1, settings.l2, settings.ridge) = (values[l1], values[l2], values[ridge])
      let result = try Regression(table, settings, seed: UInt64(values[seed]))
      report(result, settings)
      let best = result.quality(of: result.linear).r2
      guard result.quality(of: result.network).r2 >= best - tolerance else {
        throw DemoFailure(
          "the network's R² is more than \(tolerance) below that of the linear fit; try another --l2, "
            + "--epochs or --learning-rate")
      }
      let path = values[svg] ?? "regression.svg"
      try Figure([
        Plot(
          title: "Network, on rows it has not seen", predictions: result.network,
          targets: table.answers, xLabel: table.target), lossPlot(result),
      ]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func report(_ result: Regression, _ settings: Regression.Settings) {
  let table = result.table
  show(
    "\(table.title): \(table.answers.count) rows in \(settings.folds) parts, each predicted by what "
      + "has learned from the others")
  for omission in table.omissions { show("  left out: \(omission)") }
  for (fold, history) in result.histories.enumerated() {
    let losses = [Quantity.loss, .validationLoss].map { (history[$0].last ?? .nan).fixed(4) }
    show("  part \(fold + 1)  loss \(losses[0])  held out \(losses[1])")
  }
  let rows = [
    ("network with \(settings.hidden) hidden units", result.network),
    ("linear fit, exactly", result.linear),
  ]
  for (name, predictions) in rows {
    let quality = result.quality(of: predictions)
    show("  \(name): R² \(quality.r2.fixed(4)), typical error \(quality.error.significant(4))")
  }
  show()
}

/// The mean curves of all parts.
private func lossPlot(_ result: Regression) -> Plot {
  var plot = Plot(title: "Training", xLabel: "epoch", yLabel: "loss")
  for (quantity, label) in [(Quantity.loss, "loss"), (.validationLoss, "error, held out")] {
    let curves = result.histories.map { $0[quantity] }
    let mean = curves[0].indices.map { epoch in
      curves.reduce(0) { $0 + $1[epoch] } / Double(curves.count)
    }
    plot.addLine(y: mean, label: label)
  }
  return plot
}
