import Autograd
import NN

private let length = Option(
  "length", default: 1.0, above: 0, help: "the true length in meters")
private let damping = Option(
  "damping", default: 0.3, atLeast: 0, help: "the true damping per second")
private let noise = Option(
  "noise", default: 0.1, above: 0, help: "standard deviation of an observation, in radians")
private let steps = Option(
  "steps", default: 1000, atLeast: 100, help: "steps of the simulation, 0.005 s each")
private let epochs = Option("epochs", default: 300, atLeast: 1, help: "simulations to learn from")
private let rate = Option(
  "learning-rate", default: 0.02, above: 0, help: "the factor of a step; it falls to 0")
private let seed = Option("seed", default: 0, atLeast: 0, help: "seed of the noise")
private let svg = Option("svg", help: "where the drawing goes, pendulum.svg if not given")

extension Demo {
  /// `Demos pendulum`.
  static let pendulum = Demo(
    name: "pendulum",
    summary: "Finds a pendulum's length and damping by gradients through its simulation.",
    options: [length, damping, noise, steps, epochs, rate, seed, svg],
    run: { values in
      let pendulum = Pendulum(
        truth: [values[length], values[damping]], start: [1.4 * values[length], 0],
        noise: values[noise], steps: values[steps], epochs: values[epochs], rate: values[rate],
        seed: UInt64(values[seed]))
      guard pendulum.losses.allSatisfy(\.isFinite) else {
        throw DemoFailure("the loss grew without bound; lower --learning-rate")
      }
      report(pendulum)
      guard pendulum.isSolved else {
        throw DemoFailure(
          "not found: a parameter is \(pendulum.distance.significant(2)) standard errors from the "
            + "truth, more than \(Pendulum.tolerance.significant(2)); try more --epochs or another "
            + "--learning-rate")
      }
      let path = values[svg] ?? "pendulum.svg"
      try Figure([motionPlot(pendulum), lossPlot(pendulum)]).write(to: path)
      show("Drawing: \(path)")
    })
}

private func report(_ pendulum: Pendulum) {
  let count = pendulum.observations.count
  show("\(count) steps of a pendulum, its angle seen with noise after each")
  show("            truth   start   found")
  for (index, name) in ["length  ", "damping "].enumerated() {
    let numbers = [pendulum.truth, pendulum.start, pendulum.fit].map { $0[index].fixed(4) }
    let error = pendulum.standardErrors[index].significant(2)
    show("  \(name)  \(numbers.joined(separator: "  ")) ± \(error)")
  }
  let losses = pendulum.losses
  show(
    "  mean squared error: \((losses.first ?? .nan).significant(4)) at the start, "
      + "\((losses.last ?? .nan).significant(4)) at the end")
}

private func motionPlot(_ pendulum: Pendulum) -> Plot {
  let count = pendulum.observations.count
  let times = (1...count).map { Double($0) * Pendulum.step }
  func motion(_ physics: [Double]) -> [Double] {
    withoutRecording { Pendulum.angles(of: Variable(physics), steps: count) }.value.doubles()
  }
  var plot = Plot(title: "The pendulum's motion", xLabel: "seconds", yLabel: "angle in radians")
  let shown = stride(from: 0, to: count, by: max(1, count / 125))
  let seen = pendulum.observations.doubles()
  plot.addPoints(x: shown.map { times[$0] }, y: shown.map { seen[$0] }, label: "seen")
  plot.addLine(x: times, y: motion(pendulum.start), label: "start")
  plot.addLine(x: times, y: motion(pendulum.truth), label: "truth")
  plot.addLine(x: times, y: motion(pendulum.fit), label: "found")
  return plot
}

private func lossPlot(_ pendulum: Pendulum) -> Plot {
  var plot = Plot(
    title: "Training", xLabel: "epoch", yLabel: "mean squared error", yScale: .logarithmic)
  plot.addLine(y: pendulum.losses, label: "loss")
  return plot
}
