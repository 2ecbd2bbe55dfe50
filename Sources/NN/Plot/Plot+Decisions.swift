import Autograd

extension Plot {
  /// What a classifier says about the plane, with the points that it was trained on.
  ///
  /// ```swift
  /// let plot = Plot(decisionsAround: x, classes: labels) { model.predict($0) }
  /// ```
  ///
  /// A model with one output is taken for two classes: the output is shown, with the curve on which
  /// it is the threshold. A model with several outputs has one for each class: each place has the
  /// colour of the class with the greatest.
  ///
  /// - Parameters:
  ///   - points: [n, 2]; else stops with an error.
  ///   - classes: A class for each point, from 0.
  ///   - names: The names of the classes; by default their numbers.
  ///   - threshold: The output between two classes: ½ for probabilities, 0 for logits.
  ///   - resolution: The number of places along each side.
  ///   - model: From places [m, 2], of the type of the points, to [m], [m, 1] or [m, classes].
  public init(
    title: String = "", decisionsAround points: Tensor, classes: [Int], names: [String]? = nil,
    xLabel: String = "x₁", yLabel: String = "x₂", threshold: Double = 0.5, resolution: Int = 100,
    model: (Tensor) -> Tensor
  ) {
    guard points.rank == 2, points.shape[1] == 2 else {
      fatalError("Plot: the points are \(points.shape), not [n, 2]")
    }
    requireEqualCounts(classes.count, points.shape[0])
    let coordinates = points.doubles()
    let x = stride(from: 0, to: coordinates.count, by: 2).map { coordinates[$0] }
    let y = stride(from: 1, to: coordinates.count, by: 2).map { coordinates[$0] }
    let grid = SampleGrid(
      x: x.finiteRange.extended(by: 0.15), y: y.finiteRange.extended(by: 0.15),
      columns: resolution, rows: resolution)
    let places = grid.points.flatMap { [$0.x, $0.y] }
    let outputs = model(Tensor(places, shape: [grid.count, 2]).converted(to: points.dtype))
    self.init(title: title, xLabel: xLabel, yLabel: yLabel)
    addOutputs(outputs, on: grid, threshold: threshold)

    let count = max(names?.count ?? 0, (classes.max() ?? 0) + 1)
    for label in 0..<count {
      let members = classes.indices.filter { classes[$0] == label }
      addPoints(
        x: members.map { x[$0] }, y: members.map { y[$0] }, label: className(label, in: names))
    }
  }

  private mutating func addOutputs(_ outputs: Tensor, on grid: SampleGrid, threshold: Double) {
    let columns = outputs.count / grid.count
    guard columns > 0, outputs.shape[0] == grid.count else {
      fatalError("Plot: \(grid.count) places came out as \(outputs.shape)")
    }
    let values = outputs.doubles()
    if columns == 1 {
      // The threshold has the middle colour.
      let reach = values.filter(\.isFinite).map { abs($0 - threshold) }.max() ?? 1
      let half = min(reach > 0 ? reach : 1, threshold == 0.5 ? 0.5 : .infinity)
      addHeatMap(values, on: grid, range: threshold - half...threshold + half)
      addContour(values, on: grid, at: threshold, label: threshold.significant(3))
      return
    }
    let white = PlotColor(0xFFFFFF)
    let palette = PlotColor.series.map { $0.mixed(with: white, 0.7) }
    let colors = (0..<grid.count).map { cell -> PlotColor in
      let scores = values[cell * columns..<(cell + 1) * columns]
      let winner = scores.indices.max { scores[$0] < scores[$1] }! - scores.startIndex
      return palette[winner % palette.count]
    }
    addImage(colors, on: grid)
  }
}

/// The name of a class, its number if it has none.
func className(_ label: Int, in names: [String]?) -> String {
  names.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? String(label)
}
