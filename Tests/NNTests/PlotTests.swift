import NN
import Testing

@Suite struct PlotTests {
  @Test func aPlotHasItsTitleLabelsLegendAndCurves() throws {
    var plot = Plot(title: "Loss < 1 & \"so\"", xLabel: "epoch", yLabel: "loss")
    plot.addLine(y: [3, 2, 1], label: "training")
    plot.addPoints(x: [1, 2], y: [1, 2], label: "R&D")
    let document = try XMLElement(parsing: plot.svg())
    #expect(document.name == "svg")
    #expect(document.attributes["xmlns"] == "http://www.w3.org/2000/svg")
    #expect(document.attributes["version"] == "1.1")
    let texts = document.descendants("text").map(\.text)
    for text in ["Loss < 1 & \"so\"", "epoch", "loss", "training", "R&D", "1.0", "3.0"] {
      #expect(texts.contains(text), "\(text) is missing")
    }
    let colors = document.descendants("path").compactMap { $0.attributes["stroke"] }
    #expect(colors.contains(PlotColor.series[0].hex))
  }

  @Test func numbersAreDrawnWhereTheAxesSay() throws {
    var plot = Plot()
    plot.addLine(x: [0, 10], y: [-1, 1])
    let document = try XMLElement(parsing: plot.svg())
    let line = try #require(document.descendants("path").first { $0.isDataLine })
    let points = line.pathNumbers
    // x has no free room: the first and last label are below the ends of the line.
    let labels = document.descendants("text").filter { $0.attributes["text-anchor"] == "middle" }
    let zero = try #require(labels.first { $0.text == "0" }?.attributes["x"].flatMap(Double.init))
    let ten = try #require(labels.first { $0.text == "10" }?.attributes["x"].flatMap(Double.init))
    #expect(points[0] == zero)
    #expect(points[2] == ten)
    #expect(points[1] > points[3], "y grows upwards")
  }

  @Test func whatCannotBeShownLeavesAGap() throws {
    var plot = Plot(yScale: .logarithmic)
    plot.addLine(y: [1, 0.1, .nan, 0.01, 0, 0.1, 0.2, -1, .infinity, 1])
    let document = try XMLElement(parsing: plot.svg())
    let line = try #require(document.descendants("path").first { $0.isDataLine })
    let path = line.attributes["d"] ?? ""
    #expect(path.filter { $0 == "M" }.count == 4)
    #expect(path.filter { $0 == "L" }.count == 2)
    #expect(path.filter { $0 == "h" }.count == 2, "a point alone is a dot")
  }

  @Test func logarithmicAxesAreLabelledWithPowersOfTen() throws {
    var plot = Plot(yScale: .logarithmic)
    plot.addLine(y: [1, 1e-4])
    let figure = Figure([plot], panelWidth: 480, panelHeight: 400)
    let texts = try XMLElement(parsing: figure.svg).descendants("text").map(\.text)
    for label in ["10⁰", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴"] { #expect(texts.contains(label)) }
  }

  /// Series that have broken plotting programs.
  static let awkward: [[Double]] = [
    [], [.nan], [.nan, .infinity, -.infinity], [5], [5, 5, 5], [0, 0], [-1, -2],
    [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [.greatestFiniteMagnitude],
    [.leastNonzeroMagnitude, 0], [.leastNonzeroMagnitude],
    [.leastNormalMagnitude / 16, .leastNormalMagnitude / 1e6], [1, 1 + .ulpOfOne],
    [1e15, 1e15 + 1], [1e-300, 1e300], [-1e300, 1e-300], [1_000_000, 1_000_001], [2.1, 2.3],
    [1e-5, 2e-5], [0, 1e-7], [99, 101], [1.7e308, 1.6e308], [-0.0, 0.0],
  ]

  @Test(arguments: awkward, [Plot.AxisScale.linear, .logarithmic])
  func awkwardNumbersDoNotBreakIt(values: [Double], scale: Plot.AxisScale) throws {
    var plot = Plot(title: "t", xLabel: "x", yLabel: "y", yScale: scale)
    plot.addLine(y: values, label: "line")
    plot.addPoints(x: values, y: values, label: "points")
    let document = try XMLElement(parsing: plot.svg())
    let texts = document.descendants("text")
    #expect(texts.count < 40)
    for path in document.descendants("path") {
      #expect(path.pathNumbers.allSatisfy { $0.magnitude < 1000 }, "\(path.attributes)")
    }
    for text in texts {
      #expect(!text.text.contains("nan") && !text.text.contains("inf"))
    }
    // Two labels of one axis never read the same.
    let labels = texts.filter { $0.attributes["text-anchor"] == "end" }.map(\.text)
    #expect(Set(labels).count == labels.count, "\(labels)")
  }

  @Test(arguments: [0, 1, 7, 200])
  func smallAndManyPanels(width: Int) throws {
    var plot = Plot(title: "a", xLabel: "b", yLabel: "c")
    plot.addLine(y: [1, 2], label: String(repeating: "long label ", count: 30))
    let figure = Figure([plot, plot, Plot()], panelWidth: width, panelHeight: width)
    let document = try XMLElement(parsing: figure.svg)
    #expect(document.attributes["width"] == "600")
    #expect(try XMLElement(parsing: Figure([]).svg).attributes["width"] == "480")
  }

  @Test func longTextIsShortenedToFitItsPanel() throws {
    let long = String(repeating: "distance in feet ", count: 20)
    var plot = Plot(title: long, xLabel: long, yLabel: long)
    plot.addLine(y: [1, 2], label: long)
    let figure = Figure([plot], panelWidth: 480, panelHeight: 400)
    let texts = try XMLElement(parsing: figure.svg).descendants("text").map(\.text)
    let shortened = texts.filter { $0.hasPrefix("distance") }
    #expect(shortened.count == 4)
    #expect(shortened.allSatisfy { 20...70 ~= $0.count && $0.hasSuffix("…") })
  }

  @Test func aMillionPointsMakeASmallFile() throws {
    let n = 1_000_000
    var plot = Plot()
    plot.addLine(y: (0..<n).map { $0 == n / 2 ? 1 : Double($0 % 7) / 100 })
    let svg = plot.svg()
    #expect(svg.utf8.count < 100_000)
    let lines = try XMLElement(parsing: svg).descendants("path").filter(\.isDataLine)
    let heights = lines.flatMap { path in
      path.pathNumbers.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
    // The one peak is kept: it is far above everything else.
    let sorted = heights.sorted()
    #expect(sorted[1] - sorted[0] > 100)
  }

  @Test func controlCharactersDoNotSpoilTheDocument() throws {
    let plot = Plot(title: "a\u{0}b\u{1B}[1m\n]]>\u{FFFF}<é>")
    let figure = Figure([plot], panelWidth: 480, panelHeight: 400)
    let texts = try XMLElement(parsing: figure.svg).descendants("text").map(\.text)
    #expect(texts.contains("a\u{FFFD}b\u{FFFD}[1m ]]>\u{FFFD}<é>"))
  }

  @Test func theSameFigureIsTheSameText() {
    var plot = Plot()
    plot.addLine(y: [1, 1.0 / 3, 0.1])
    #expect(plot.svg() == plot.svg())
  }
}
