// The windows of images as columns of a matrix, and their sum: what a convolution is made of.

/// The windows over two axes as columns (PyTorch's `unfold`, "im2col").
///
/// - Parameters:
///   - x: Shape [N, C, H, W].
///   - size: The size of a window, h × w.
///   - stride: The distance from one window to the next.
///   - padding: How many zeros surround the input.
///   - dilation: The distance between the elements of a window.
/// - Returns: Shape [N, C h w, L], L being the number of windows; row (c h + i) w + j holds the
///   elements at row i and column j of the windows of channel c. Stops with an error if a window
///   does not fit.
public func unfold2d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes = 1, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1
) -> Variable {
  let name = "unfold2d"
  guard x.rank == 4 else {
    fatalError("\(name): \(describe(x)) does not have 4 axes\(location(of: x))")
  }
  let size = size.resolved(2, minimum: 1, "size", operation: name)
  let padding = padding.resolved(2, minimum: 0, "padding", operation: name)
  let windows = x.paddedSpatially(padding.map { ($0, $0) }, mode: .zeros).spatialWindows(
    size: size, stride: stride.resolved(2, minimum: 1, "stride", operation: name),
    dilation: dilation.resolved(2, minimum: 1, "dilation", operation: name), operation: name)
  let shape = windows.shape
  return windows.permuted([0, 1, 4, 5, 2, 3]).reshaped(
    to: [shape[0], shape[1] * size[0] * size[1], shape[2] * shape[3]])
}

/// Adds columns where the windows lie in images of zeros: the transpose of
/// ``unfold2d(_:size:stride:padding:dilation:)`` (PyTorch's `fold`, "col2im").
///
/// - Parameters:
///   - columns: Shape [N, C h w, L]; L is the number of windows of such an image, else it is an
///     error.
///   - outputSize: The size of the images, H × W.
///   - size: The size of a window, h × w.
///   - stride: The distance from one window to the next.
///   - padding: How many elements around the images the windows reach; they are dropped.
///   - dilation: The distance between the elements of a window.
/// - Returns: Shape [N, C, H, W].
public func fold2d(
  _ columns: Variable, outputSize: SpatialSizes, size: SpatialSizes, stride: SpatialSizes = 1,
  padding: SpatialSizes = 0, dilation: SpatialSizes = 1
) -> Variable {
  let name = "fold2d"
  let image = outputSize.resolved(2, minimum: 1, "outputSize", operation: name)
  let size = size.resolved(2, minimum: 1, "size", operation: name)
  let stride = stride.resolved(2, minimum: 1, "stride", operation: name)
  let padding = padding.resolved(2, minimum: 0, "padding", operation: name)
  let dilation = dilation.resolved(2, minimum: 1, "dilation", operation: name)
  let counts = (0..<2).map { axis in
    let rest = image[axis] + 2 * padding[axis] - dilation[axis] * (size[axis] - 1) - 1
    return rest < 0 ? 0 : rest / stride[axis] + 1
  }
  let area = size[0] * size[1]
  guard columns.rank == 3, columns.shape[1] % area == 0, counts[0] > 0, counts[1] > 0,
    columns.shape[2] == counts[0] * counts[1]
  else {
    fatalError(
      "\(name): \(describe(columns)) is not [N, C · \(area), \(counts[0] * counts[1])], which "
        + "images of \(image[0]) × \(image[1]) and windows of \(size[0]) × \(size[1]) need"
        + location(of: columns))
  }
  var result = columns.reshaped(
    to: [columns.shape[0], columns.shape[1] / area, size[0], size[1], counts[0], counts[1]]
  ).permuted([0, 1, 4, 5, 2, 3])
  for axis in [1, 0] {
    result = result.addingWindows(
      axis: axis + 2, length: image[axis] + 2 * padding[axis], stride: stride[axis],
      dilation: dilation[axis])
  }
  return result[
    ..., padding[0]..<(padding[0] + image[0]), padding[1]..<(padding[1] + image[1])]
}
