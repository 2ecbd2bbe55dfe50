import Autograd
import NN
import Testing

@Suite struct TrainingPlotTests {
  private func texts(_ plot: Plot) throws -> [String] {
    try XMLElement(parsing: plot.svg()).descendants("text").map(\.text)
  }

  private func history() -> History {
    var history = History(of: [
      .loss, .metric("accuracy"), .validationLoss, .validationMetric("accuracy"), .seconds,
    ])
    for epoch in 1...30 {
      let n = Double(epoch)
      history.append([2 / n, 1 - 0.6 / n, 2.2 / n + 0.02, 1 - 0.7 / n, 0.1])
    }
    return history
  }

  @Test func `Learning curves have a panel for the loss and one for each metric`() throws {
    let figure = history().figure()
    #expect(figure.panels.count == 2)
    let first = try texts(figure.panels[0]), second = try texts(figure.panels[1])
    for text in ["Training", "epoch", "loss", "validation loss", "10⁰"] {
      #expect(first.contains(text) || first.contains("0.1"), "\(text) in \(first)")
    }
    #expect(second.contains("validation accuracy"))
    #expect(figure.panels[0].yScale == .logarithmic)
    #expect(figure.panels[1].yScale == .linear)
  }

  @Test func `A regression says how much it explains`() throws {
    // Σ (t − p)² = 1 and Σ (t − 2.5)² = 5.
    let plot = Plot(predictions: [1, 2, 3, 5], targets: [1, 2, 3, 4])
    #expect(try texts(plot).contains("R² = 0.8000"))
    #expect(try texts(plot).contains("truth"))
    let constant = Plot(predictions: [1, 2], targets: [3, 3])
    #expect(try texts(constant).contains("R² = 0.0000"))
  }

  @Test func `A fit has its points, the model's curve and the truth`() throws {
    let plot = Plot(x: [0, 1, 2], y: [0, 1, 4], truth: { $0 * $0 }) { x in
      #expect(x.shape == [400, 1])
      return (Variable(x) * 2).value
    }
    let names = try texts(plot)
    for name in ["data", "fit", "truth"] { #expect(names.contains(name)) }
    let lines = try XMLElement(parsing: plot.svg()).descendants("path").filter(\.isDataLine)
    #expect(lines.count == 4, "two curves, and both in the legend")
  }

  @Test func `Decisions of one output have a curve, those of several have areas`() throws {
    let points = Tensor([0, 0, 1, 1, 2, 0] as [Float], shape: [3, 2])
    let two = Plot(decisionsAround: points, classes: [0, 1, 0], names: ["no", "yes"]) { x in
      sigmoid(Variable(x).sum(axes: [1])).value
    }
    #expect(try texts(two).contains("yes"))
    #expect(try texts(two).contains("0.5"))
    let three = Plot(decisionsAround: points, classes: [0, 1, 2], resolution: 20) { x in
      #expect(x.shape == [400, 2])
      let v = Variable(x)
      return concatenate([v, 1 - v.sum(axes: [1], keepingAxes: true)], axis: 1).value
    }
    let fills = Set(
      try XMLElement(parsing: three.svg()).descendants("path").compactMap { $0.attributes["fill"] })
    let areas = [0, 1, 2].map { index in
      // 30 % colour on white.
      let color = PlotColor.series[index]
      return PlotColor(
        [color.red, color.green, color.blue].reduce(UInt32(0)) {
          $0 << 8 | UInt32((255 + (Double($1) - 255) * 0.3).rounded())
        })
    }
    for area in areas { #expect(fills.contains(area.hex)) }
    for label in ["0", "1", "2"] { #expect(try texts(three).contains(label)) }
  }

  @Test func `Pictures are drawn pixel by pixel, in grey and in colours`() throws {
    let values: [Float] = [0, 1, 1, 0, 1, 1, 0, 0]
    let grey = Plot(images: Tensor(values, shape: [2, 2, 2]), perRow: 2, captions: ["a", "b"])
    #expect(try texts(grey).sorted() == ["a", "b"])
    let one = Plot(
      images: Tensor([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as [Float], shape: [1, 3, 2, 2]))
    let fills = try XMLElement(parsing: one.svg()).descendants("path").compactMap {
      $0.attributes["fill"]
    }
    #expect(fills.sorted() == ["#000000", "#0000ff", "#00ff00", "#ff0000"])
    let answers = Plot(
      images: Tensor(values, shape: [2, 1, 2, 2]), predictions: [3, 1], targets: [3, 0])
    #expect(try texts(answers).sorted() == ["1 (0)", "3"])
  }

  @Test func `Weights have 0 in the middle of the colours`() throws {
    let weights = Tensor([-1, 0, 3, 3] as [Float], shape: [1, 2, 2])
    let fills = try XMLElement(parsing: Plot(images: weights, colors: .diverging).svg())
      .descendants("path").compactMap { $0.attributes["fill"] }
    let middle = ColorMap.diverging.color(at: 16.5 / 32).hex
    #expect(fills.contains(middle))
  }

  @Test func `A sweep has a logarithmic axis of rates`() throws {
    let sweep = LearningRateSweep(
      rates: (0..<50).map { 1e-5 * Double(1 << ($0 / 4) as Int) },
      losses: (0..<50).map { $0 < 25 ? 1 : 0.4 })
    let names = try texts(sweep.plot())
    #expect(names.contains("learning rate"))
    #expect(names.contains("smoothed"))
    #expect(names.contains("10⁻⁴"))
    #expect(names.contains { $0.hasPrefix("suggestion ") })
  }

  @Test func `Shapes that do not fit stop with an error`() async {
    let images = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Plot(images: Tensor.zeros([2, 2, 3, 3]))
    }
    expect(images, says: "[2, 2, 3, 3] is not [n, height, width]")
    let points = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Plot(decisionsAround: Tensor.zeros([2, 3]), classes: [0, 1]) { $0 }
    }
    expect(points, says: "the points are [2, 3], not [n, 2]")
    let counts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Plot(predictions: [1], targets: [1, 2])
    }
    expect(counts, says: "1 numbers, but 2")
  }
}
