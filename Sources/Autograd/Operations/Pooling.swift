// Pooling: one number for each window of the spatial axes, which are the last ones.

/// The largest element of each window along the last axis.
///
/// If several elements share the maximum, the first gets the whole gradient, as in PyTorch.
///
/// - Parameters:
///   - x: Shape […, L], floating-point.
///   - size: The number of elements in a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many elements −∞ surround the input; at most half of the size.
///   - dilation: The distance between the elements of a window.
/// - Returns: Shape […, ⌊(L + 2 padding − dilation (size − 1) − 1) / stride⌋ + 1].
public func maxPool1d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1
) -> Variable {
  Pool("maxPool1d", 1, x, size, stride, padding, dilation).maximum(x)
}

/// The largest element of each window over the last two axes.
///
/// See ``maxPool1d(_:size:stride:padding:dilation:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many elements −∞ surround the input; at most half of the size.
///   - dilation: The distance between the elements of a window.
public func maxPool2d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1
) -> Variable {
  Pool("maxPool2d", 2, x, size, stride, padding, dilation).maximum(x)
}

/// The mean of each window along the last axis.
///
/// - Parameters:
///   - x: Shape […, L], floating-point.
///   - size: The number of elements in a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many zeros surround the input; at most half of the size.
///   - countIncludesPadding: Whether those zeros count as elements; else only true elements are
///     averaged.
/// - Returns: Shape […, ⌊(L + 2 padding − size) / stride⌋ + 1].
public func averagePool1d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  countIncludesPadding: Bool = true
) -> Variable {
  Pool("averagePool1d", 1, x, size, stride, padding, 1).mean(x, countIncludesPadding)
}

/// The mean of each window over the last two axes.
///
/// See ``averagePool1d(_:size:stride:padding:countIncludesPadding:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many zeros surround the input; at most half of the size.
///   - countIncludesPadding: Whether those zeros count as elements; else only true elements are
///     averaged.
public func averagePool2d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  countIncludesPadding: Bool = true
) -> Variable {
  Pool("averagePool2d", 2, x, size, stride, padding, 1).mean(x, countIncludesPadding)
}

/// The means of as many windows over the last two axes as give an output of a certain size, as
/// PyTorch chooses them.
///
/// Window i of n along an axis of length L is ⌊i L / n⌋ ..< ⌈(i + 1) L / n⌉.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point, neither axis empty.
///   - outputSize: The numbers of windows.
public func adaptiveAveragePool2d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  let name = "adaptiveAveragePool2d"
  x.requireFloatingPoint(name)
  let counts = outputSize.resolved(2, minimum: 1, "outputSize", operation: name)
  guard x.rank >= 2, x.shape[x.rank - 2] > 0, x.shape[x.rank - 1] > 0 else {
    fatalError(
      "\(name): \(describe(x)) does not have two spatial axes with elements\(location(of: x))")
  }
  // Windows are rectangles, so the mean over both axes is the mean of means.
  return zip([x.rank - 2, x.rank - 1], counts).reduce(x) { x, next in
    let (axis, count) = next
    let length = x.shape[axis]
    if length % count == 0 {
      let size = length / count
      return x.windows(axis: axis, size: size, stride: size).mean(axis: -1)
    }
    let means = (0..<count).map { i in
      let start = i * length / count
      let end = ((i + 1) * length + count - 1) / count
      let part = slice(x, Region(x.shape, axis: axis, start: start, count: end - start))
      return part.mean(axis: axis, keepingAxes: true)
    }
    return concatenate(means, axis: axis)
  }
}

/// The geometry of a pool, checked.
private struct Pool {
  let name: String
  let size: [Int]
  let stride: [Int]
  let padding: [Int]
  let dilation: [Int]

  init(
    _ name: String, _ rank: Int, _ x: Variable, _ size: SpatialSizes, _ stride: SpatialSizes?,
    _ padding: SpatialSizes, _ dilation: SpatialSizes
  ) {
    x.requireFloatingPoint(name)
    guard x.rank >= rank else {
      fatalError("\(name): \(describe(x)) has fewer than \(rank) spatial axes\(location(of: x))")
    }
    self.name = name
    self.size = size.resolved(rank, minimum: 1, "size", operation: name)
    self.stride = (stride ?? size).resolved(rank, minimum: 1, "stride", operation: name)
    self.padding = padding.resolved(rank, minimum: 0, "padding", operation: name)
    self.dilation = dilation.resolved(rank, minimum: 1, "dilation", operation: name)
    for (size, padding) in zip(self.size, self.padding) where 2 * padding > size {
      fatalError("\(name): padding \(padding) is more than half of the window's size \(size)")
    }
  }

  private func windows(_ x: Variable, paddedWith value: Double) -> Variable {
    x.paddedSpatially(padding.map { ($0, $0) }, value: value)
      .spatialWindows(size: size, stride: stride, dilation: dilation, operation: name)
  }

  func maximum(_ x: Variable) -> Variable {
    let rows = windows(x, paddedWith: -.infinity).flattened(from: -size.count)
    let positions = rows.detached().argmax(axis: -1, keepingAxes: true)
    return gather(rows, at: positions, axis: -1).squeezed(axis: -1)
  }

  func mean(_ x: Variable, _ countIncludesPadding: Bool) -> Variable {
    let axes = Array(-size.count..<0)
    let values = windows(x, paddedWith: 0)
    if countIncludesPadding || padding.allSatisfy({ $0 == 0 }) { return values.mean(axes: axes) }
    let ones = full(1, Shape(x.shape.suffix(size.count)), x.dtype)
    return values.sum(axes: axes) / windows(ones, paddedWith: 0).sum(axes: axes)
  }
}
