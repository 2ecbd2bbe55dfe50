import NN
import Testing

@Suite struct SurfaceTests {
  private let grid = SampleGrid(x: -2...2, y: -1...1, columns: 40, rows: 20)

  @Test func gridPointsAreTheCentresRowByRow() {
    let grid = SampleGrid(x: 0...4, y: 10...12, columns: 4, rows: 2)
    #expect(grid.points.map(\.x) == [0.5, 1.5, 2.5, 3.5, 0.5, 1.5, 2.5, 3.5])
    #expect(grid.points.map(\.y) == [10.5, 10.5, 10.5, 10.5, 11.5, 11.5, 11.5, 11.5])
  }

  @Test func heatMapCellsCoverTheGridOnce() throws {
    let values = grid.points.map { $0.x * $0.y }
    var plot = Plot()
    plot.addHeatMap(values, on: grid)
    #expect(try area(of: plot) == 800)
    var holed = Plot()
    holed.addHeatMap(values.enumerated().map { $0.offset < 10 ? .nan : $0.element }, on: grid)
    #expect(try area(of: holed) == 790)
    var constant = Plot()
    constant.addHeatMap([Double](repeating: 3, count: 800), on: grid)
    #expect(try area(of: constant) == 800)
    var empty = Plot()
    empty.addHeatMap([Double](repeating: .nan, count: 800), on: grid)
    #expect(try area(of: empty) == 0)
  }

  /// The cells that are drawn: each rectangle is `Mx yhWv1h-Wz`.
  private func area(of plot: Plot) throws -> Double {
    let document = try XMLElement(parsing: plot.svg())
    let paths = document.descendants("path").filter { $0.attributes["d"]?.last == "z" }
    return paths.flatMap { $0.attributes["d"]!.split(separator: "z") }.reduce(0) {
      $0 + (Double($1.split(separator: "h")[1].prefix { $0 != "v" }) ?? .nan)
    }
  }

  @Test func contourOfACircleIsACircle() throws {
    let grid = SampleGrid(x: -2...2, y: -2...2, columns: 80, rows: 80)
    var plot = Plot()
    let values = grid.points.map { $0.x * $0.x + $0.y * $0.y }
    plot.addContour(values, on: grid, at: 1)
    // The frame shows −2...2 in both directions, the curve is a circle of radius 1 in it.
    let svg = try XMLElement(parsing: plot.svg(width: 500, height: 500))
    let path = try #require(svg.descendants("path").first { $0.attributes["d"]!.contains("L") })
    let numbers = path.pathNumbers
    let xs = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
    let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
    let (rx, ry) = ((xs.max()! - xs.min()!) / 2, (ys.max()! - ys.min()!) / 2)
    let (cx, cy) = ((xs.max()! + xs.min()!) / 2, (ys.max()! + ys.min()!) / 2)
    #expect(xs.count > 100)
    for (x, y) in zip(xs, ys) {
      let (u, v) = ((x - cx) / rx, (y - cy) / ry)
      #expect(abs(u * u + v * v - 1) < 0.01)
    }
  }

  /// Two opposite corners are above the level: the mean decides which corners are cut off.
  @Test(arguments: [(1.0, -0.5, false), (0.5, -1.0, true), (-0.5, 1.0, true), (-1.0, 0.5, false)])
  func contourAtASaddle(corners: Double, others: Double, cutsOffTheFirst: Bool) throws {
    let grid = SampleGrid(x: 0...2, y: 0...2, columns: 2, rows: 2)
    var plot = Plot()
    plot.addContour([corners, others, others, corners], on: grid, at: 0)
    let svg = try XMLElement(parsing: plot.svg(width: 500, height: 500))
    let path = try #require(svg.descendants("path").first { $0.attributes["d"]!.contains("L") })
    let n = path.pathNumbers
    #expect(n.count == 8)
    // Segments that cut off the first corner and its opposite fall to the right (y is downwards
    // in pixels): x grows as y grows. The others rise.
    for i in [0, 4] {
      let fallsToTheRight = (n[i + 2] - n[i]) * (n[i + 3] - n[i + 1]) > 0
      #expect(fallsToTheRight == cutsOffTheFirst)
    }
  }
}
