import Autograd
import NN

/// A network with eight hidden units that learns the exclusive or, which no line can separate.
struct XOR {
  let model: Sequential
  /// The loss of each epoch.
  private(set) var losses: [Double] = []

  static let inputs: Tensor = [[0, 0], [0, 1], [1, 0], [1, 1]]
  static let answers: Tensor = [[0], [1], [1], [0]]
  /// How far an answer may be from the truth.
  static let tolerance = 0.1

  init(seed: UInt64, optimizer choice: OptimizerChoice, rate: Double, epochs: Int) {
    var generator = RandomGenerator(seed: seed)
    model = Sequential {
      Linear(inputs: 2, outputs: 8, using: &generator)
      Tanh()
      Linear(inputs: 8, outputs: 1, using: &generator)
    }
    let (x, y) = (Variable(XOR.inputs), Variable(XOR.answers))
    let optimizer = choice.make(model.namedParameters, rate: rate)
    var progress = TerminalProgress()
    for epoch in 1...epochs {
      optimizer.zeroGradients()
      let loss = binaryCrossEntropyWithLogits(model(x), y)
      loss.backward()
      optimizer.step()
      losses.append(loss.item())
      progress.update("epoch \(epoch)/\(epochs)  loss \(losses[epoch - 1].significant(4))")
    }
    progress.finish()
  }

  /// The probabilities that the answers are 1.
  func callAsFunction(_ inputs: Tensor) -> [Double] {
    withoutRecording { sigmoid(model(Variable(inputs))) }.value.doubles()
  }

  /// The largest distance of an answer from the truth.
  var error: Double {
    zip(self(XOR.inputs), XOR.answers.doubles()).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// Whether all four answers are right.
  var isSolved: Bool { error < XOR.tolerance }
}

private let optimizer = Option(
  "optimizer", default: OptimizerChoice.adam, help: "how weights are improved")
private let rate = Option("learning-rate", default: 0.1, above: 0, help: "the factor of a step")
private let epochs = Option("epochs", default: 1000, atLeast: 1, help: "passes over the rows")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let svg = Option("svg", help: "where the drawing goes, xor.svg if not given")

extension Demo {
  /// `Demos xor`.
  static let xor = Demo(
    name: "xor",
    summary: "Trains a 2-8-1 network on the exclusive or, and draws what it answers in between.",
    options: [optimizer, rate, epochs, seed, svg],
    run: { values in
      let xor = XOR(
        seed: UInt64(values[seed]), optimizer: values[optimizer], rate: values[rate],
        epochs: values[epochs])
      guard let loss = xor.losses.last, loss.isFinite else {
        throw DemoFailure("the loss grew without bound; lower --learning-rate")
      }
      report(xor)
      guard xor.isSolved else {
        throw DemoFailure(
          "not solved: an answer is \(xor.error.significant(3)) from the truth, more than "
            + "\(XOR.tolerance); try more --epochs or another --learning-rate")
      }
      let path = values[svg] ?? "xor.svg"
      try Figure([surfacePlot(xor), lossPlot(xor)]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func report(_ xor: XOR) {
  show("Loss after \(xor.losses.count) epochs: \((xor.losses.last ?? .nan).significant(4))\n")
  show("a b | a xor b | network")
  let rows = zip([(0, 0), (0, 1), (1, 0), (1, 1)], xor(XOR.inputs))
  for ((a, b), answer) in rows {
    show("\(a) \(b) |    \(a ^ b)    | \(answer.fixed(4))")
  }
  let (grid, values) = surface(of: xor, columns: 48, rows: 48)
  var picture = TerminalHeatMap(values, on: grid, range: 0...1)
  for (x, y) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
    picture.addPoint(x: Double(x), y: Double(y), mark: x == y ? "0" : "1")
  }
  show("\nThe answers for a (to the right) and b (upwards) from -0.5 to 1.5:")
  show(picture.text(for: .standardOutput))
}

/// The network's answers around the four rows, all in one pass.
private func surface(of xor: XOR, columns: Int, rows: Int) -> (SampleGrid, [Double]) {
  let grid = SampleGrid(x: -0.5...1.5, y: -0.5...1.5, columns: columns, rows: rows)
  let points = grid.points.flatMap { [Float($0.x), Float($0.y)] }
  return (grid, xor(Tensor(points, shape: [grid.count, 2])))
}

private func surfacePlot(_ xor: XOR) -> Plot {
  let (grid, values) = surface(of: xor, columns: 60, rows: 60)
  var plot = Plot(title: "Exclusive or", xLabel: "a", yLabel: "b")
  plot.addHeatMap(values, on: grid, range: 0...1)
  plot.addContour(values, on: grid, at: 0.5, label: "1/2")
  plot.addPoints(x: [0, 1], y: [0, 1], label: "0")
  plot.addPoints(x: [0, 1], y: [1, 0], label: "1")
  return plot
}

private func lossPlot(_ xor: XOR) -> Plot {
  var plot = Plot(
    title: "Training", xLabel: "epoch", yLabel: "binary cross-entropy", yScale: .logarithmic)
  plot.addLine(y: xor.losses, label: "loss")
  return plot
}
