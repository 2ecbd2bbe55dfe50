extension PlotPanel {
  func draw(_ layer: Plot.Layer, in svg: inout SVGWriter) {
    switch layer {
    case .line(let x, let y, let style, _):
      svg.element("path", [("d", linePath(x, y))] + style.lineAttributes)
    case .points(let x, let y, let style, _):
      let marks = zip(x, y).compactMap { place($0, $1) }.map { style.marker(x: $0.x, y: $0.y) }
      svg.element("path", [("d", marks.joined())] + style.markerAttributes)
    case .heatMap(let values, let grid, let range, let colors, let showsBar):
      drawHeatMap(values, grid, range, colors, in: &svg)
      if showsBar { drawColorBar(range, colors, in: &svg) }
    case .image(let colors, let grid): drawImage(colors, grid, in: &svg)
    case .contour(let values, let grid, let level, _):
      svg.element("path", [("d", contourPath(values, grid, level))] + SeriesStyle.contour)
    case .texts(let texts, let x, let y, let size, let color):
      for (index, text) in texts.enumerated() {
        guard let point = place(x[index], y[index]) else { continue }
        svg.text(
          "text", text,
          [
            // A digit is about 0.72 times as high as the font.
            ("x", point.x.pixels), ("y", (point.y + 0.36 * size).pixels),
            ("text-anchor", "middle"), ("font-size", size.pixels), ("fill", color.hex),
          ])
      }
    }
  }

  /// A path with a gap at every point that cannot be shown.
  ///
  /// Of the points that follow one another in one column of pixels it keeps the first, the
  /// lowest, the highest and the last: the picture of a million points, but not their size.
  private func linePath(_ x: [Double], _ y: [Double]) -> String {
    var path = ""
    var column: [(x: Double, y: Double)] = []
    var isConnected = false
    func flush(isGap: Bool) {
      guard let first = column.first else { return }
      // A point between two gaps is a dot: a line of no length with round ends.
      let isAlone = isGap && !isConnected && column.count == 1
      let heights = column.map(\.y)
      let (low, high) = (heights.min() ?? first.y, heights.max() ?? first.y)
      let extremes = column.count > 4 ? [first.y, low, high, heights.last ?? first.y] : heights
      for (index, height) in extremes.enumerated() {
        let x = column.count > 4 ? first.x : column[index].x
        path += "\(isConnected ? "L" : "M")\(x.pixels) \(height.pixels)"
        isConnected = true
      }
      if isAlone { path += "h0" }
      column = []
    }
    for (px, py) in zip(x, y) {
      guard let point = place(px, py) else {
        flush(isGap: true)
        isConnected = false
        continue
      }
      if let first = column.first, first.x.rounded(.down) != point.x.rounded(.down) {
        flush(isGap: false)
      }
      column.append(point)
    }
    flush(isGap: true)
    return path
  }

  private func drawHeatMap(
    _ values: [Double], _ grid: SampleGrid, _ range: ClosedRange<Double>, _ colors: ColorMap,
    in svg: inout SVGWriter
  ) {
    let shades = 32
    let cells = values.map {
      $0.isFinite ? min(Int(range.fraction(of: $0).clamped * Double(shades)), shades - 1) : nil
    }
    let palette = (0..<shades).map { colors.color(at: (Double($0) + 0.5) / Double(shades)) }
    drawCells(cells, palette, grid, in: &svg)
  }

  private func drawImage(_ colors: [PlotColor?], _ grid: SampleGrid, in svg: inout SVGWriter) {
    var palette: [PlotColor] = []
    var places: [PlotColor: Int] = [:]
    for case let color? in colors where places[color] == nil {
      places[color] = palette.count
      palette.append(color)
    }
    drawCells(colors.map { $0.flatMap { places[$0] } }, palette, grid, in: &svg)
  }

  /// Cells of one colour are one path, and neighbours in a row one rectangle of it.
  private func drawCells(
    _ cells: [Int?], _ palette: [PlotColor], _ grid: SampleGrid, in svg: inout SVGWriter
  ) {
    var paths = [String](repeating: "", count: palette.count)
    for row in 0..<grid.rows {
      let cells = Array(cells[row * grid.columns..<(row + 1) * grid.columns])
      var start = 0
      while start < cells.count {
        let end = cells[start...].firstIndex { $0 != cells[start] } ?? cells.count
        if let color = cells[start] {
          paths[color] += "M\(start) \(row)h\(end - start)v1h\(start - end)z"
        }
        start = end
      }
    }
    guard
      let corner = place(grid.x.lowerBound, grid.y.lowerBound),
      let opposite = place(grid.x.upperBound, grid.y.upperBound)
    else { return }
    let scaleX = (opposite.x - corner.x) / Double(grid.columns)
    let scaleY = (opposite.y - corner.y) / Double(grid.rows)
    let transform =
      "translate(\(corner.x.pixels) \(corner.y.pixels)) "
      + "scale(\(scaleX.significant(8)) \(scaleY.significant(8)))"
    svg.element("g", [("transform", transform), ("shape-rendering", "crispEdges")]) { svg in
      for (color, path) in zip(palette, paths) where !path.isEmpty {
        svg.element("path", [("d", path), ("fill", color.hex)])
      }
    }
  }

  private func drawColorBar(
    _ range: ClosedRange<Double>, _ colors: ColorMap, in svg: inout SVGWriter
  ) {
    let shades = 32
    let height = (bottom - top) / Double(shades)
    svg.element("g", [("shape-rendering", "crispEdges")]) { svg in
      for shade in 0..<shades {
        svg.element(
          "rect",
          [
            ("x", (right + 14).pixels), ("y", (bottom - height * Double(shade + 1)).pixels),
            ("width", "12"), ("height", (height + 0.5).pixels),
            ("fill", colors.color(at: (Double(shade) + 0.5) / Double(shades)).hex),
          ])
      }
    }
    let scale = Scale(showing: [range.lowerBound, range.upperBound])
    for tick in scale.ticks(about: 5) {
      let y = bottom - tick.fraction * (bottom - top) + 4
      svg.text("text", tick.label, [("x", (right + 31).pixels), ("y", y.pixels)])
    }
  }

  private func contourPath(_ values: [Double], _ grid: SampleGrid, _ level: Double) -> String {
    func pixels(_ point: Contour.Point) -> String? {
      let x = grid.x.lowerBound + point.x * grid.width
      let y = grid.y.lowerBound + point.y * grid.height
      return place(x, y).map { "\($0.x.pixels) \($0.y.pixels)" }
    }
    return Contour(values, on: grid, at: level).segments.map { from, to in
      guard let from = pixels(from), let to = pixels(to) else { return "" }
      return "M\(from)L\(to)"
    }.joined()
  }
}

extension Double {
  /// The number moved into 0...1.
  fileprivate var clamped: Double { Swift.min(Swift.max(self, 0), 1) }
}
