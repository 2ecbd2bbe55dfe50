/// The names of the series in rows above the data, which it thus never covers.
struct Legend {
  private struct Entry {
    let label: String
    let layer: Plot.Layer
    let x: Double
  }

  private(set) var rows: [Int] = []
  private var entries: [Entry] = []

  init(_ plot: Plot, width: Double) {
    var x = 0.0
    for layer in plot.layers {
      guard let name = layer.label else { continue }
      let label = PlotPanel.fitted(name, room: width - 50)
      let needed = 32 + PlotPanel.textWidth(label) + 18
      if rows.isEmpty || x + needed > width {
        rows.append(entries.count)
        x = 0
      }
      entries.append(Entry(label: label, layer: layer, x: x))
      x += needed
    }
  }

  func draw(in svg: inout SVGWriter, x left: Double, y top: Double) {
    for (index, entry) in entries.enumerated() {
      let row = rows.count { $0 <= index } - 1
      let x = left + entry.x
      let y = top + 20 * Double(row) + 2
      let line = "M\(x.pixels) \(y.pixels)h24"
      switch entry.layer {
      case .line(_, _, let style, _):
        svg.element("path", [("d", line)] + style.lineAttributes)
      case .points(_, _, let style, _):
        svg.element("path", [("d", style.marker(x: x + 12, y: y))] + style.markerAttributes)
      case .contour: svg.element("path", [("d", line)] + SeriesStyle.contour)
      case .heatMap, .image, .texts: break
      }
      svg.text("text", entry.label, [("x", (x + 32).pixels), ("y", (y + 4).pixels)])
    }
  }
}

extension Plot.Layer {
  fileprivate var label: String? {
    switch self {
    case .line(_, _, _, let label), .points(_, _, _, let label), .contour(_, _, _, let label):
      label
    case .heatMap, .image, .texts: nil
    }
  }
}
