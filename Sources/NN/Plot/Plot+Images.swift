import Autograd

extension Plot {
  /// Small pictures in rows from a tensor: weights, filters, examples.
  ///
  /// ```swift
  /// // What each unit of the first layer looks for in pictures of 28 × 28:
  /// let weights = first.weight.value.reshaped(-1, 28, 28)
  /// try Plot(images: weights, colors: .diverging).write(to: "weights.svg")
  /// ```
  ///
  /// - Parameters:
  ///   - title: The line above.
  ///   - images: [n, height, width], [n, 1, height, width], or [n, 3, height, width] for red, green
  ///     and blue; else stops with an error.
  ///   - perRow: How many stand side by side; by default about as many as there are rows.
  ///   - captions: A text below each picture; none if it is empty.
  ///   - marked: The pictures whose caption is red.
  ///   - range: The numbers of the first and the last colour, or of darkness and light. By default
  ///     from the lowest to the highest number; for ``ColorMap/diverging`` with 0 in the middle.
  ///   - colors: The colours of pictures with one channel.
  public init(
    title: String = "", images: Tensor, perRow: Int? = nil, captions: [String] = [],
    marked: Set<Int> = [], range: ClosedRange<Double>? = nil, colors: ColorMap = .ink
  ) {
    let channels = images.rank == 4 ? images.shape[1] : 1
    guard images.rank == 3 || images.rank == 4, channels == 1 || channels == 3, images.count > 0
    else {
      fatalError("Plot: \(images.shape) is not [n, height, width] or [n, 1 or 3, height, width]")
    }
    let count = images.shape[0]
    let (height, width) = (images.shape[images.rank - 2], images.shape[images.rank - 1])
    let perRow = perRow ?? Int(Double(count).squareRoot().rounded(.up))
    let values = images.doubles()
    var range = range
    if range == nil, colors.isDiverging {
      let reach = values.filter(\.isFinite).map(abs).max() ?? 1
      range = -reach...reach
    }
    let size = height * width
    if channels == 1 {
      let pictures = (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
      self.init(
        title: title, images: pictures, width: width, perRow: perRow, captions: captions,
        marked: marked, range: range, colors: colors)
      return
    }
    if !captions.isEmpty { requireEqualCounts(captions.count, count) }
    let sheet = PictureSheet(
      count: count, perRow: perRow, width: width, height: height, hasCaptions: !captions.isEmpty)
    let levels = range ?? values.finiteRange
    var cells = [PlotColor?](repeating: nil, count: sheet.grid.count)
    for index in 0..<count {
      for pixel in 0..<size {
        // As many levels as an eye tells apart, so that neighbours merge.
        let hex = (0..<3).reduce(UInt32(0)) { hex, channel in
          let value = values[(index * 3 + channel) * size + pixel]
          let fraction = value.isNaN ? 0 : min(max(levels.fraction(of: value), 0), 1)
          return hex << 8 | UInt32(((fraction * 31).rounded() / 31 * 255).rounded())
        }
        cells[sheet.cell(index, pixel)] = PlotColor(hex)
      }
    }
    self.init(title: title)
    addImage(cells, on: sheet.grid)
    addCaptions(captions, marked: marked, on: sheet)
  }

  /// Pictures with what a classifier says about them; where it is wrong in red, with the truth in
  /// brackets.
  ///
  /// Stops with an error if there are not as many predictions and targets as pictures.
  ///
  /// - Parameters:
  ///   - title: The line above.
  ///   - images: As for ``init(title:images:perRow:captions:marked:range:colors:)``.
  ///   - predictions: A class for each picture, from 0.
  ///   - targets: The true classes.
  ///   - classes: The names of the classes; by default their numbers.
  ///   - perRow: How many stand side by side.
  public init(
    title: String = "", images: Tensor, predictions: [Int], targets: [Int],
    classes: [String]? = nil, perRow: Int? = nil
  ) {
    requireEqualCounts(predictions.count, targets.count)
    let captions = zip(predictions, targets).map { prediction, target in
      let name = className(prediction, in: classes)
      return prediction == target ? name : "\(name) (\(className(target, in: classes)))"
    }
    let wrong = predictions.indices.filter { predictions[$0] != targets[$0] }
    self.init(
      title: title, images: images, perRow: perRow, captions: captions, marked: Set(wrong))
  }
}
