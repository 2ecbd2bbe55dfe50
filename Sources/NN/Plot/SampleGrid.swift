/// A rectangle of the plane cut into cells, where a function of two variables is sampled.
///
///     let grid = SampleGrid(x: -2...2, y: -1...1, columns: 80, rows: 40)
///     let values = grid.points.map { model(at: $0) }      // one for each cell's centre
///
/// The order of points and values is row by row from the lowest y, and within a row from the
/// lowest x.
public struct SampleGrid: Equatable, Sendable {
  /// The extent of the rectangle.
  public let x, y: ClosedRange<Double>
  /// The number of cells along each side.
  public let columns, rows: Int

  /// A grid of `columns` × `rows` cells over a rectangle.
  ///
  /// It is a programmer's error if there is no cell or the rectangle has no finite area.
  public init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int) {
    if columns < 1 || rows < 1 { fatalError("SampleGrid: \(columns) × \(rows) has no cells") }
    for range in [x, y] {
      let width = range.upperBound - range.lowerBound
      if !(width > 0 && width.isFinite) {
        fatalError("SampleGrid: the range \(range) has no width")
      }
    }
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
  }

  /// The number of cells.
  public var count: Int { columns * rows }

  /// The centres of the cells.
  ///
  /// - Complexity: O(`count`)
  public var points: [(x: Double, y: Double)] {
    (0..<count).map { cell in
      let (row, column) = cell.quotientAndRemainder(dividingBy: columns)
      let px: Double = x.lowerBound + width * (Double(column) + 0.5)
      let py: Double = y.lowerBound + height * (Double(row) + 0.5)
      return (px, py)
    }
  }

  /// The size of a cell.
  var width: Double { (x.upperBound - x.lowerBound) / Double(columns) }
  var height: Double { (y.upperBound - y.lowerBound) / Double(rows) }

  /// The cell that holds a point, as (column, row), if the point lies in the rectangle.
  func cell(x px: Double, y py: Double) -> (column: Int, row: Int)? {
    guard x.contains(px), y.contains(py) else { return nil }
    let column = Int((px - x.lowerBound) / width)
    let row = Int((py - y.lowerBound) / height)
    return (min(column, columns - 1), min(row, rows - 1))
  }

  /// Ends the program unless there is one value for each cell.
  func checkCount(of values: Int, for use: String) {
    if values != count {
      fatalError("\(use): \(values) values for \(columns) × \(rows) = \(count) cells")
    }
  }
}

extension [Double] {
  /// The lowest and the highest finite number, 0...1 if there is none.
  var finiteRange: ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for value in self where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    return low <= high ? low...high : 0...1
  }
}

extension ClosedRange<Double> {
  /// Where a number lies between the ends, 0 to 1; ½ if they are one.
  ///
  /// Halving avoids overflow.
  func fraction(of value: Double) -> Double {
    let span = upperBound / 2 - lowerBound / 2
    return span > 0 ? (value / 2 - lowerBound / 2) / span : 0.5
  }
}
