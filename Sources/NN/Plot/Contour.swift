/// The curve f = level of a sampled function, as line segments between cell centres.
///
/// Marching squares: each square of four neighbouring centres is crossed by at most two segments,
/// whose ends are found by linear interpolation along its sides. Where two opposite corners are
/// above, the mean of the four decides which corners belong together.
struct Contour {
  typealias Point = (x: Double, y: Double)

  /// Segments in units of the grid: the first cell's centre is (0.5, 0.5).
  private(set) var segments: [(Point, Point)] = []

  init(_ values: [Double], on grid: SampleGrid, at level: Double) {
    guard grid.rows > 1, grid.columns > 1 else { return }
    for row in 0..<grid.rows - 1 {
      for column in 0..<grid.columns - 1 {
        let first = row * grid.columns + column
        // Around the square, from its lowest corner.
        let corners = [first, first + 1, first + 1 + grid.columns, first + grid.columns]
        let heights = corners.map { values[$0] - level }
        guard heights.allSatisfy(\.isFinite) else { continue }
        cross(heights, x: Double(column) + 0.5, y: Double(row) + 0.5)
      }
    }
  }

  private mutating func cross(_ heights: [Double], x: Double, y: Double) {
    let corners: [Point] = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    let isAbove = heights.map { $0 >= 0 }
    let sides = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }
    let crossings = sides.map { side -> Point in
      let (a, b) = (side, (side + 1) % 4)
      let t = heights[a] / (heights[a] - heights[b])
      let (from, to) = (corners[a], corners[b])
      return (from.x + t * (to.x - from.x), from.y + t * (to.y - from.y))
    }
    switch crossings.count {
    case 2: segments.append((crossings[0], crossings[1]))
    case 4:
      let isMiddleAbove = heights.reduce(0, +) >= 0
      // Cut off corners 1 and 3, or corners 0 and 2.
      let pairs = isMiddleAbove == isAbove[0] ? [(0, 1), (2, 3)] : [(3, 0), (1, 2)]
      for (a, b) in pairs { segments.append((crossings[a], crossings[b])) }
    default: break
    }
  }
}
