import Autograd

/// Plots side by side in one picture.
///
///     try Figure([lossPlot, surfacePlot]).write(to: "xor.svg")
public struct Figure: Sendable {
  /// The plots, from left to right.
  public var panels: [Plot]
  /// The size of each of them in pixels, at least 200 × 160.
  public let panelWidth, panelHeight: Int

  /// A figure of plots of equal size.
  public init(_ panels: [Plot], panelWidth: Int = 480, panelHeight: Int = 400) {
    self.panels = panels
    self.panelWidth = max(panelWidth, 200)
    self.panelHeight = max(panelHeight, 160)
  }

  /// The figure as an SVG 1.1 document.
  ///
  /// Text stays text, and the same figure is the same bytes on every platform.
  public var svg: String {
    let width = panelWidth * max(panels.count, 1)
    let title = panels.map(\.title).filter { !$0.isEmpty }.joined(separator: ", ")
    var document = SVGWriter()
    document.element(
      "svg",
      [
        ("xmlns", "http://www.w3.org/2000/svg"), ("version", "1.1"), ("width", "\(width)"),
        ("height", "\(panelHeight)"), ("viewBox", "0 0 \(width) \(panelHeight)"),
        ("font-family", "Helvetica, Arial, 'DejaVu Sans', sans-serif"), ("font-size", "12"),
        ("fill", Ink.text),
      ]
    ) { document in
      if !title.isEmpty { document.text("title", title) }
      document.element(
        "rect",
        [("width", "\(width)"), ("height", "\(panelHeight)"), ("fill", Ink.background)])
      for (index, plot) in panels.enumerated() {
        document.element("g", [("transform", "translate(\(index * panelWidth) 0)")]) {
          PlotPanel(plot, width: Double(panelWidth), height: Double(panelHeight)).draw(in: &$0)
        }
      }
    }
    return document.document
  }

  /// Writes the figure as an SVG file; one that is there already is replaced at once or not at
  /// all.
  ///
  /// - Throws: `PlotError` if the file cannot be written.
  public func write(to path: String) throws(PlotError) {
    do {
      try Platform.write(Array(svg.utf8), to: path)
    } catch {
      throw PlotError(path: path, message: error.message)
    }
  }
}

/// A drawing that could not be written.
public struct PlotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file it was meant for.
  public let path: String
  /// The operating system's reason.
  public let message: String

  /// One line for people: `cannot write 'plots/loss.svg': No such file or directory`.
  public var description: String { "cannot write '\(path)': \(message)" }
}

/// The colours of everything but the data.
enum Ink {
  static let background = "#ffffff"
  static let text = "#374151"
  static let strong = "#111827"
  static let grid = "#e8eaed"
  static let axis = "#9ca3af"
}
