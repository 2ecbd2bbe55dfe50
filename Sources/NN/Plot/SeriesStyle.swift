/// How a series looks: its colour, and also its dashes or its marker's shape.
struct SeriesStyle: Sendable {
  private let hex: String
  private let variant: Int

  /// The n-th colour, and the n-th dashes or marker.
  init(color: Int, variant: Int) {
    hex = PlotColor.series[color % PlotColor.series.count].hex
    self.variant = variant % 4
  }

  var lineAttributes: SVGWriter.Attributes {
    let dashes = ["none", "7 3", "2 3", "9 3 2 3"][variant]
    return [
      ("fill", "none"), ("stroke", hex), ("stroke-width", "2"), ("stroke-linejoin", "round"),
      ("stroke-linecap", "round"), ("stroke-dasharray", dashes),
    ]
  }

  var markerAttributes: SVGWriter.Attributes {
    [("fill", hex), ("stroke", "#ffffff"), ("stroke-width", "0.8")]
  }

  static let contour: SVGWriter.Attributes = [
    ("fill", "none"), ("stroke", "#1f2937"), ("stroke-width", "1.6"),
    ("stroke-linecap", "round"),
  ]

  /// A circle, square, triangle or diamond of about equal area.
  func marker(x: Double, y: Double) -> String {
    let start = { (dx: Double, dy: Double) in "M\((x + dx).pixels) \((y + dy).pixels)" }
    switch variant {
    case 0: return start(-4, 0) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"
    case 1: return start(-3.5, -3.5) + "h7v7h-7z"
    case 2: return start(0, -5) + "l4.6 8h-9.2z"
    default: return start(0, -5) + "l5 5l-5 5l-5 -5z"
    }
  }
}
