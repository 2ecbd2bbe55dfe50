import Autograd

extension Plot {
  /// Predictions over the truth, with the line on which both are equal, and R² in the legend.
  ///
  /// R² = 1 − Σ (t − p)² / Σ (t − t̄)² is the share of the variance that is explained. Stops with an
  /// error if there are not as many predictions as targets.
  public init(
    title: String = "", predictions: [Double], targets: [Double], xLabel: String = "truth",
    yLabel: String = "prediction"
  ) {
    requireEqualCounts(predictions.count, targets.count)
    var score = RSquared()
    score.update(prediction: Variable(Tensor(predictions)), target: Variable(Tensor(targets)))
    self.init(title: title, xLabel: xLabel, yLabel: yLabel)
    addPoints(x: targets, y: predictions, label: "R² = \(score.value.fixed(4))")
    let range = (targets + predictions).finiteRange
    addLine(
      x: [range.lowerBound, range.upperBound], y: [range.lowerBound, range.upperBound],
      label: "prediction = truth")
  }

  /// A function of one variable that was fitted to points.
  ///
  /// ```swift
  /// let plot = Plot(x: x, y: y, truth: { $0 * $0 }) { model.predict($0) }
  /// ```
  ///
  /// - Parameters:
  ///   - x: The places of the points.
  ///   - y: Their values, as many; else stops with an error.
  ///   - range: Where to draw the curves; by default a tenth further than the points.
  ///   - truth: The function that the points were drawn from, if it is known.
  ///   - dtype: The type of the model's input.
  ///   - model: From places [n, 1] to n values.
  public init(
    title: String = "", x: [Double], y: [Double], over range: ClosedRange<Double>? = nil,
    xLabel: String = "x", yLabel: String = "y", truth: ((Double) -> Double)? = nil,
    dtype: DType = .float32, model: (Tensor) -> Tensor
  ) {
    requireEqualCounts(x.count, y.count)
    let ends = range ?? x.finiteRange.extended(by: 0.1)
    let count = 400
    let step = (ends.upperBound - ends.lowerBound) / Double(count - 1)
    let places = (0..<count).map { ends.lowerBound + Double($0) * step }
    let values = model(Tensor(places, shape: [count, 1]).converted(to: dtype)).doubles()
    requireEqualCounts(values.count, count)
    self.init(title: title, xLabel: xLabel, yLabel: yLabel)
    addPoints(x: x, y: y, label: "data")
    addLine(x: places, y: values, label: "fit")
    if let truth { addLine(x: places, y: places.map(truth), label: "truth") }
  }
}

func requireEqualCounts(_ first: Int, _ second: Int, of name: String = "Plot") {
  if first != second { fatalError("\(name): \(first) numbers, but \(second) that belong to them") }
}

extension ClosedRange<Double> {
  /// The range with a share of its length more at both ends.
  func extended(by share: Double) -> ClosedRange {
    let span = upperBound - lowerBound
    let room = span > 0 ? span * share : 1
    return lowerBound - room...upperBound + room
  }
}
