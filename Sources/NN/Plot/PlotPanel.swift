/// One plot in its place: sizes and axes, from which everything is drawn.
struct PlotPanel {
  let plot: Plot
  let width, height: Double
  let x, y: Scale
  /// The rectangle of the data.
  let left, top, right, bottom: Double
  let xTicks, yTicks: [Scale.Tick]

  /// A rough width of text at 12 pixels, the same everywhere; only room depends on it.
  static func textWidth(_ text: String) -> Double { 6.8 * Double(text.count) }

  /// The text, shortened if it is wider than the room for it.
  static func fitted(_ text: String, room: Double) -> String {
    guard textWidth(text) > room else { return text }
    return text.prefix(max(0, Int(room / textWidth("m")) - 1)) + "…"
  }

  init(_ plot: Plot, width: Double, height: Double) {
    self.plot = plot
    self.width = width
    self.height = height
    let isFilled = plot.layers.contains(where: \.isFilled)
    let isScatter = plot.layers.contains(where: \.isScatter)
    x = Scale(
      showing: plot.layers.flatMap(\.xExtent), isLogarithmic: plot.xScale == .logarithmic,
      padding: isFilled || !isScatter ? 0 : 0.04)
    y = Scale(
      showing: plot.layers.flatMap(\.yExtent), isLogarithmic: plot.yScale == .logarithmic,
      padding: isFilled ? 0 : 0.05)

    let legendRows = Legend(plot, width: width - 40).rows.count
    var top = (plot.title.isEmpty ? 16 : 42) + Double(legendRows) * 20
    var bottom = height - (plot.showsAxes ? plot.xLabel.isEmpty ? 30 : 50 : 16)
    yTicks =
      plot.yCategories.map(y.ticks) ?? y.ticks(about: max(2, Int((bottom - top) / 50)))
    let labelWidth = yTicks.map { PlotPanel.textWidth($0.label) }.max() ?? 0
    var left = plot.showsAxes ? 20 + labelWidth + (plot.yLabel.isEmpty ? 0 : 20) : 20
    var right = width - (plot.layers.contains(where: \.showsBar) ? 76 : 20)
    if plot.hasEqualScales {
      let unit = min((right - left) / x.span, (bottom - top) / y.span)
      let spare = (right - left - unit * x.span, bottom - top - unit * y.span)
      (left, right) = (left + spare.0 / 2, right - spare.0 / 2)
      (top, bottom) = (top + spare.1 / 2, bottom - spare.1 / 2)
    }
    xTicks = plot.xCategories.map(x.ticks) ?? x.ticks(about: max(2, Int((right - left) / 75)))
    (self.left, self.right, self.top, self.bottom) = (left, right, top, bottom)
  }

  /// Pixels of a point, nil if an axis cannot show it.
  func place(_ px: Double, _ py: Double) -> (x: Double, y: Double)? {
    guard let fx = x.fraction(of: px), let fy = y.fraction(of: py) else { return nil }
    return (left + fx * (right - left), bottom - fy * (bottom - top))
  }

  func draw(in svg: inout SVGWriter) {
    if plot.showsAxes { drawGrid(in: &svg) }
    for layer in plot.layers { draw(layer, in: &svg) }
    if plot.showsAxes { drawAxes(in: &svg) }
    if !plot.title.isEmpty {
      svg.text(
        "text", PlotPanel.fitted(plot.title, room: (width - left) * 12 / 15),
        [
          ("x", left.pixels), ("y", "26"), ("font-size", "15"), ("font-weight", "bold"),
          ("fill", Ink.strong),
        ])
    }
    Legend(plot, width: width - 40).draw(
      in: &svg, x: left, y: plot.title.isEmpty ? 16 : 44)
  }

  private func drawGrid(in svg: inout SVGWriter) {
    var path = ""
    for tick in xTicks {
      path += "M\(position(x: tick).pixels) \(top.pixels)V\(bottom.pixels)"
    }
    for tick in yTicks {
      path += "M\(left.pixels) \(position(y: tick).pixels)H\(right.pixels)"
    }
    svg.element("path", [("d", path), ("stroke", Ink.grid), ("fill", "none")])
  }

  private func drawAxes(in svg: inout SVGWriter) {
    let frame = "M\(left.pixels) \(top.pixels)V\(bottom.pixels)H\(right.pixels)"
    svg.element("path", [("d", frame), ("stroke", Ink.axis), ("fill", "none")])
    for tick in xTicks {
      svg.text(
        "text", tick.label,
        [
          ("x", position(x: tick).pixels), ("y", (bottom + 18).pixels), ("text-anchor", "middle"),
        ])
    }
    for tick in yTicks {
      svg.text(
        "text", tick.label,
        [
          ("x", (left - 8).pixels), ("y", (position(y: tick) + 4).pixels), ("text-anchor", "end"),
        ])
    }
    if !plot.xLabel.isEmpty {
      let middle = (left + right) / 2
      svg.text(
        "text", PlotPanel.fitted(plot.xLabel, room: 2 * min(middle, width - middle)),
        [("x", middle.pixels), ("y", (bottom + 40).pixels), ("text-anchor", "middle")])
    }
    if !plot.yLabel.isEmpty {
      let middle = (top + bottom) / 2
      svg.text(
        "text", PlotPanel.fitted(plot.yLabel, room: 2 * min(middle, height - middle)),
        [
          ("transform", "translate(20 \(middle.pixels)) rotate(-90)"),
          ("text-anchor", "middle"),
        ])
    }
  }

  private func position(x tick: Scale.Tick) -> Double { left + tick.fraction * (right - left) }
  private func position(y tick: Scale.Tick) -> Double { bottom - tick.fraction * (bottom - top) }
}

extension Plot.Layer {
  /// The numbers that the axes must show.
  fileprivate var xExtent: [Double] {
    switch self {
    case .line(let x, _, _, _), .points(let x, _, _, _): x
    case .texts: []
    case .heatMap(_, let grid, _, _, _), .contour(_, let grid, _, _), .image(_, let grid):
      [grid.x.lowerBound, grid.x.upperBound]
    }
  }

  fileprivate var yExtent: [Double] {
    switch self {
    case .line(_, let y, _, _), .points(_, let y, _, _): y
    case .texts: []
    case .heatMap(_, let grid, _, _, _), .contour(_, let grid, _, _), .image(_, let grid):
      [grid.y.lowerBound, grid.y.upperBound]
    }
  }
}
