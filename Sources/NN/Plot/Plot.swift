/// A drawing of curves, points and surfaces over two axes, written as SVG.
///
///     var plot = Plot(title: "Training", xLabel: "epoch", yLabel: "loss", yScale: .logarithmic)
///     plot.addLine(y: losses, label: "training")
///     plot.addLine(y: validationLosses, label: "validation")
///     try plot.write(to: "loss.svg")
///
/// Numbers that cannot be shown (NaN, infinite, not positive on a logarithmic axis) leave a gap.
/// Series differ in colour and also in dashes or markers, so that colour is never needed to tell
/// them apart. Several plots stand side by side in a `Figure`.
public struct Plot: Sendable {
  /// How numbers are laid out along an axis.
  public enum AxisScale: Sendable {
    /// At distances as their differences.
    case linear
    /// At distances as their ratios: for losses.
    case logarithmic
  }

  /// The line above the plot.
  public var title: String
  /// The names of the axes.
  public var xLabel, yLabel: String
  /// How numbers are laid out along the axes.
  public var xScale, yScale: AxisScale
  /// Names for the positions 0, 1, 2 and so on of an axis, instead of numbers.
  public var xCategories: [String]?, yCategories: [String]?
  /// Whether a unit is as long upwards as to the right, so that squares are square.
  public var hasEqualScales = false
  /// Whether there are axes, with their numbers and grid.
  public var showsAxes = true

  enum Layer: Sendable {
    case line(x: [Double], y: [Double], style: SeriesStyle, label: String?)
    case points(x: [Double], y: [Double], style: SeriesStyle, label: String?)
    case heatMap([Double], SampleGrid, range: ClosedRange<Double>, ColorMap, showsBar: Bool)
    case image([PlotColor?], SampleGrid)
    case contour([Double], SampleGrid, level: Double, label: String?)
    case texts([String], x: [Double], y: [Double], size: Double, PlotColor)
  }
  private(set) var layers: [Layer] = []

  /// An empty plot.
  public init(
    title: String = "", xLabel: String = "", yLabel: String = "", xScale: AxisScale = .linear,
    yScale: AxisScale = .linear
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xScale = xScale
    self.yScale = yScale
  }

  /// Adds a line through points in the given order.
  ///
  /// It is a programmer's error if there are not as many x as y.
  public mutating func addLine(x: [Double], y: [Double], label: String? = nil) {
    checkCounts(x, y, "addLine")
    layers.append(.line(x: x, y: y, style: style(after: \.isLine), label: label))
  }

  /// Adds a line through the values of epochs or steps 1, 2, 3 and so on.
  public mutating func addLine(y: [Double], label: String? = nil) {
    addLine(x: y.indices.map { Double($0 + 1) }, y: y, label: label)
  }

  /// Adds unconnected points.
  ///
  /// It is a programmer's error if there are not as many x as y.
  public mutating func addPoints(x: [Double], y: [Double], label: String? = nil) {
    checkCounts(x, y, "addPoints")
    layers.append(.points(x: x, y: y, style: style(after: \.isScatter), label: label))
  }

  /// Adds a surface: the cells of a grid coloured by their values, with a bar that explains them.
  ///
  /// `values` are those at `grid.points`, NaN for a hole; `range` is what the first and the last
  /// colour mean, from the lowest to the highest value if it is nil. `showsBar` is whether the
  /// colours are explained. It is a programmer's error if there is not one value for each cell.
  public mutating func addHeatMap(
    _ values: [Double], on grid: SampleGrid, range: ClosedRange<Double>? = nil,
    colors: ColorMap = .diverging, showsBar: Bool = true
  ) {
    grid.checkCount(of: values.count, for: "addHeatMap")
    layers.append(
      .heatMap(values, grid, range: range ?? values.finiteRange, colors, showsBar: showsBar))
  }

  /// Adds a picture: the cells of a grid in colours of their own.
  ///
  /// `colors` are those at `grid.points`, so the lowest row comes first; nil leaves a hole. It is a
  /// programmer's error if there is not one for each cell.
  public mutating func addImage(_ colors: [PlotColor?], on grid: SampleGrid) {
    grid.checkCount(of: colors.count, for: "addImage")
    layers.append(.image(colors, grid))
  }

  /// Adds the curve along which a sampled function has the value `level`.
  ///
  /// `values` are those at `grid.points`, NaN for a hole. It is a programmer's error if there is
  /// not one value for each cell.
  public mutating func addContour(
    _ values: [Double], on grid: SampleGrid, at level: Double, label: String? = nil
  ) {
    grid.checkCount(of: values.count, for: "addContour")
    layers.append(.contour(values, grid, level: level, label: label))
  }

  /// Adds texts, each with its middle at a point; the axes do not make room for them.
  ///
  /// `size` is that of the font in pixels. It is a programmer's error if there are not as many x and
  /// y as texts.
  public mutating func addTexts(
    _ texts: [String], x: [Double], y: [Double], size: Double = 12,
    color: PlotColor = PlotColor(0x111827)
  ) {
    checkCounts(x, y, "addTexts")
    if texts.count != x.count { fatalError("addTexts: \(texts.count) texts at \(x.count) points") }
    layers.append(.texts(texts, x: x, y: y, size: size, color))
  }

  /// The plot as an SVG 1.1 document.
  public func svg(width: Int = 640, height: Int = 420) -> String {
    Figure([self], panelWidth: width, panelHeight: height).svg
  }

  /// Writes the plot as an SVG file; one that is there already is replaced at once or not at all.
  ///
  /// - Throws: `PlotError` if the file cannot be written.
  public func write(to path: String) throws(PlotError) {
    try Figure([self], panelWidth: 640, panelHeight: 420).write(to: path)
  }

  /// The next colour of all series, the next dashes or marker of its own kind.
  private func style(after isOfKind: (Layer) -> Bool) -> SeriesStyle {
    SeriesStyle(
      color: layers.count { $0.isLine || $0.isScatter }, variant: layers.count(where: isOfKind))
  }

  private func checkCounts(_ x: [Double], _ y: [Double], _ caller: String) {
    if x.count != y.count {
      fatalError("\(caller): \(x.count) x values, but \(y.count) y values")
    }
  }
}

extension Plot.Layer {
  var isLine: Bool {
    if case .line = self { true } else { false }
  }

  var isScatter: Bool {
    if case .points = self { true } else { false }
  }

  /// Whether it covers a rectangle, which the axes then end with.
  var isFilled: Bool {
    switch self {
    case .heatMap, .image: true
    case .line, .points, .contour, .texts: false
    }
  }

  var showsBar: Bool {
    if case .heatMap(_, _, _, _, true) = self { true } else { false }
  }
}
