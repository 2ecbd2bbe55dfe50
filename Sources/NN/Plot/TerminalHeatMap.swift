/// A picture of a sampled function, made of characters.
///
///     let grid = SampleGrid(x: -1...2, y: -1...2, columns: 60, rows: 30)
///     var picture = TerminalHeatMap(grid.points.map { model(at: $0) }, on: grid, range: 0...1)
///     picture.addPoint(x: 0, y: 1, mark: "o")
///     print(picture.text(for: .standardOutput))
///
/// One character stands for one column and two rows of the grid, as characters are about twice as
/// high as wide: give a square picture twice as many columns as lines. With colours it is a half
/// block `▀`, whose upper and lower half have the two cells' colours; without, one of ten shades
/// from ` ` (lowest) to `@` (highest) of their mean. Cells that are NaN stay empty.
public struct TerminalHeatMap: Sendable {
  private let values: [Double]
  private let grid: SampleGrid
  private let range: ClosedRange<Double>
  private let colors: ColorMap
  /// By line and column of the picture.
  private var marks: [Int: Character] = [:]

  /// A picture of the values at `grid.points`.
  ///
  /// `range` is what the first and the last shade mean, from the lowest to the highest value if it
  /// is nil. It is a programmer's error if there is not one value for each cell.
  public init(
    _ values: [Double], on grid: SampleGrid, range: ClosedRange<Double>? = nil,
    colors: ColorMap = .diverging
  ) {
    grid.checkCount(of: values.count, for: "TerminalHeatMap")
    self.values = values
    self.grid = grid
    self.range = range ?? values.finiteRange
    self.colors = colors
  }

  /// Puts a character at a point; outside the grid it does nothing.
  public mutating func addPoint(x: Double, y: Double, mark: Character) {
    guard let cell = grid.cell(x: x, y: y) else { return }
    marks[(grid.rows - 1 - cell.row) / 2 * grid.columns + cell.column] = mark
  }

  /// The picture, highest y first, each line ended by a line feed.
  public func text(for terminal: Terminal) -> String {
    let lines = (grid.rows + 1) / 2
    return (0..<lines).map { line in
      let cells = (0..<grid.columns).map { column in
        let upper = value(rowFromTop: 2 * line, column)
        let lower = value(rowFromTop: 2 * line + 1, column)
        let mark = marks[line * grid.columns + column]
        return terminal.usesColor ? block(upper, lower, mark) : shade(upper, lower, mark)
      }
      return cells.joined() + (terminal.usesColor ? "\u{1B}[0m\n" : "\n")
    }.joined()
  }

  private func value(rowFromTop row: Int, _ column: Int) -> Double? {
    guard row < grid.rows else { return nil }
    let value = values[(grid.rows - 1 - row) * grid.columns + column]
    return value.isFinite ? value : nil
  }

  private func shade(_ upper: Double?, _ lower: Double?, _ mark: Character?) -> String {
    if let mark { return String(mark) }
    let shades = Array(" .:-=+*#%@")
    let fractions = [upper, lower].compactMap { $0 }.map { range.fraction(of: $0) }
    guard !fractions.isEmpty else { return " " }
    let mean = fractions.reduce(0, +) / Double(fractions.count)
    return String(shades[Int(min(max(mean, 0), 0.999) * Double(shades.count))])
  }

  /// A half block in two colours, or the mark on the upper cell's colour.
  private func block(_ upper: Double?, _ lower: Double?, _ mark: Character?) -> String {
    let index = { (value: Double) in
      colors.color(at: range.fraction(of: value)).terminalIndex
    }
    if let mark {
      guard let value = upper ?? lower else { return "\u{1B}[0;1m\(mark)" }
      return "\u{1B}[0;1;38;5;16;48;5;\(index(value))m\(mark)"
    }
    switch (upper, lower) {
    case (let upper?, let lower?):
      return "\u{1B}[0;38;5;\(index(upper));48;5;\(index(lower))m▀"
    case (let upper?, nil): return "\u{1B}[0;38;5;\(index(upper))m▀"
    case (nil, let lower?): return "\u{1B}[0;38;5;\(index(lower))m▄"
    case (nil, nil): return "\u{1B}[0m "
    }
  }
}
