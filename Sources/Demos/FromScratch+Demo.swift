import Autograd
import NN

private let points = Option("points", default: 400, atLeast: 2, help: "points to learn from")
private let noise = Option("noise", default: 0.1, atLeast: 0, help: "how far points scatter")
private let rate = Option("learning-rate", default: 1.0, above: 0, help: "the factor of a step")
private let epochs = Option("epochs", default: 1000, atLeast: 1, help: "passes over the points")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the random numbers")
private let svg = Option("svg", help: "where the drawing goes, from-scratch.svg if not given")
private let leastAccuracy = 0.97

extension Demo {
  /// `Demos from-scratch`.
  static let fromScratch = Demo(
    name: "from-scratch",
    summary: "Writes one network by hand and of layers, and gets the same numbers, bit for bit.",
    options: [points, noise, rate, epochs, seed, svg],
    run: { values in
      var generator = RandomGenerator(seed: UInt64(values[seed]))
      let moons = Moons(count: values[points], noise: values[noise], using: &generator)
      let fresh = Moons(count: 1000, noise: values[noise], using: &generator)
      let result = FromScratch(
        moons, rate: values[rate], epochs: values[epochs], using: &generator)
      report(result)
      let accuracy = result.accuracy(on: fresh)
      show("Right on 1000 new points: \((100 * accuracy).fixed(1)) %")
      guard result.differences == 0 else {
        throw DemoFailure("\(result.differences) of \(result.comparisons) numbers differ")
      }
      guard accuracy >= leastAccuracy else {
        throw DemoFailure(
          "not learned: less than \((100 * leastAccuracy).fixed(0)) % are right; try more --epochs, "
            + "another --learning-rate or less --noise")
      }
      let path = values[svg] ?? "from-scratch.svg"
      try Figure([surfacePlot(result, moons), lossPlot(result)]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func report(_ result: FromScratch) {
  show("epoch | loss by hand | loss of layers")
  for epoch in reportedEpochs(of: result.lossesByHand.count) {
    let losses = [result.lossesByHand, result.lossesOfLayers].map { $0[epoch - 1].fixed(9) }
    let number = String(epoch)
    let room = String(repeating: " ", count: max(0, 5 - number.count))
    show("\(room)\(number) | \(losses[0])  | \(losses[1])")
  }
  show(
    "Numbers that are the same in every bit: "
      + "\(result.comparisons - result.differences) of \(result.comparisons) losses and weights")
}

private func surfacePlot(_ result: FromScratch, _ moons: Moons) -> Plot {
  let grid = SampleGrid(x: -1.5...2.5, y: -1...1.5, columns: 80, rows: 50)
  let places = Tensor(
    grid.points.flatMap { [Float($0.x), Float($0.y)] }, shape: [grid.count, 2])
  let values = withoutRecording {
    sigmoid(FromScratch.logit(Variable(places), result.parametersByHand))
  }.value.doubles()
  var plot = Plot(title: "Two moons")
  plot.addHeatMap(values, on: grid, range: 0...1)
  plot.addContour(values, on: grid, at: 0.5, label: "1/2")
  let (points, labels) = (moons.points.doubles(), moons.labels.doubles())
  for moon in 0...1 {
    let rows = labels.indices.filter { Int(labels[$0]) == moon }
    plot.addPoints(
      x: rows.map { points[2 * $0] }, y: rows.map { points[2 * $0 + 1] }, label: "moon \(moon)")
  }
  return plot
}

private func lossPlot(_ result: FromScratch) -> Plot {
  var plot = Plot(
    title: "Training", xLabel: "epoch", yLabel: "binary cross-entropy", yScale: .logarithmic)
  plot.addLine(y: result.lossesByHand.map(Double.init), label: "by hand")
  plot.addLine(y: result.lossesOfLayers.map(Double.init), label: "of layers")
  return plot
}
