extension Plot {
  /// The picture of a confusion matrix: how many examples of which class were taken for which.
  ///
  /// Rows are the actual classes, the first on top, columns the predicted ones. A cell is the darker
  /// the larger its share of its row.
  ///
  ///     let plot = Plot(title: "Confusion", confusionMatrix: [[90, 3], [2, 48]],
  ///       classes: ["benign", "malignant"])
  ///
  /// It is a programmer's error if there are not as many rows and columns as classes.
  public init(title: String = "", confusionMatrix counts: [[Int]], classes: [String]) {
    let size = classes.count
    guard size > 0, counts.count == size, counts.allSatisfy({ $0.count == size }) else {
      fatalError("Plot: the confusion matrix is not \(size) × \(size), as the classes' names are")
    }
    self.init(title: title, xLabel: "predicted", yLabel: "actual")
    hasEqualScales = true
    xCategories = classes
    yCategories = classes.reversed()
    let shades = ColorMap([PlotColor(0xFFFFFF), PlotColor(0x0B4F7F)])
    let end = Double(size) - 0.5
    let grid = SampleGrid(x: -0.5...end, y: -0.5...end, columns: size, rows: size)
    let shares = counts.reversed().flatMap { row in
      let total = max(row.reduce(0, +), 1)
      return row.map { Double($0) / Double(total) }
    }
    addHeatMap(shares, on: grid, range: 0...1, colors: shades, showsBar: false)
    let texts = counts.reversed().flatMap { $0.map(String.init) }
    for isDark in [false, true] {
      let cells = shares.indices.filter { (shares[$0] > 0.5) == isDark }
      addTexts(
        cells.map { texts[$0] }, x: cells.map { Double($0 % size) },
        y: cells.map { Double($0 / size) }, color: PlotColor(isDark ? 0xFFFFFF : 0x111827))
    }
  }

  /// Small pictures in rows, such as images with their predictions or the weights of a layer.
  ///
  ///     let plot = Plot(images: digits, width: 8, perRow: 6, captions: predictions)
  ///
  /// It is a programmer's error if the pictures do not have equal sizes with whole rows of pixels,
  /// or if there are captions but not one for each picture.
  ///
  /// - Parameters:
  ///   - title: The line above.
  ///   - images: The numbers of each picture, row by row from the top.
  ///   - width: The number of columns of a picture.
  ///   - perRow: How many pictures stand side by side.
  ///   - captions: A text below each picture; none if it is empty.
  ///   - marked: The pictures whose caption is red.
  ///   - range: What the first and the last colour mean; by default the lowest and highest number.
  ///   - colors: The colours; by default from white to black.
  public init(
    title: String = "", images: [[Double]], width: Int, perRow: Int, captions: [String] = [],
    marked: Set<Int> = [], range: ClosedRange<Double>? = nil,
    colors: ColorMap = .ink
  ) {
    let pixels = images.first?.count ?? 0
    guard width > 0, pixels > 0, pixels % width == 0,
      images.allSatisfy({ $0.count == pixels })
    else { fatalError("Plot: the pictures do not have one size, or no rows of \(width) pixels") }
    guard captions.isEmpty || captions.count == images.count else {
      fatalError("Plot: \(captions.count) captions for \(images.count) pictures")
    }
    let sheet = PictureSheet(
      count: images.count, perRow: perRow, width: width, height: pixels / width,
      hasCaptions: !captions.isEmpty)
    var values = [Double](repeating: .nan, count: sheet.grid.count)
    for (index, image) in images.enumerated() {
      for (pixel, value) in image.enumerated() { values[sheet.cell(index, pixel)] = value }
    }
    self.init(title: title)
    addHeatMap(
      values, on: sheet.grid, range: range ?? values.finiteRange, colors: colors, showsBar: false)
    addCaptions(captions, marked: marked, on: sheet)
  }

  /// Captions below pictures, and no axes.
  mutating func addCaptions(_ captions: [String], marked: Set<Int>, on sheet: PictureSheet) {
    hasEqualScales = true
    showsAxes = false
    // As high as a caption has room, in a panel of usual size.
    let size = min(12, 300 * sheet.captionHeight / Double(max(sheet.grid.rows, sheet.grid.columns)))
    for isMarked in [false, true] {
      let places = captions.indices.filter { marked.contains($0) == isMarked }
      let points = places.map(sheet.captionPlace)
      addTexts(
        places.map { captions[$0] }, x: points.map(\.x), y: points.map(\.y), size: size,
        color: PlotColor(isMarked ? 0xC2410C : 0x374151))
    }
  }
}
