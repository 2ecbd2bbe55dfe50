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
///   - ceilMode: Whether the last window may reach beyond the end; it then has fewer elements.
/// - Returns: Shape […, ⌊(L + 2 padding − dilation (size − 1) − 1) / stride⌋ + 1]; with `ceilMode`
///   ⌈…⌉ + 1, or one less if the last window would begin beyond the end.
public func maxPool1d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1, ceilMode: Bool = false
) -> Variable {
  Pool("maxPool1d", 1, x, size, stride, padding, dilation, ceilMode).maximum(x)
}

/// The largest element of each window over the last two axes.
///
/// See ``maxPool1d(_:size:stride:padding:dilation:ceilMode:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many elements −∞ surround the input; at most half of the size.
///   - dilation: The distance between the elements of a window.
///   - ceilMode: Whether the last windows may reach beyond the end.
public func maxPool2d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1, ceilMode: Bool = false
) -> Variable {
  Pool("maxPool2d", 2, x, size, stride, padding, dilation, ceilMode).maximum(x)
}

/// The largest element of each window over the last three axes.
///
/// See ``maxPool1d(_:size:stride:padding:dilation:ceilMode:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many elements −∞ surround the input; at most half of the size.
///   - dilation: The distance between the elements of a window.
///   - ceilMode: Whether the last windows may reach beyond the end.
public func maxPool3d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  dilation: SpatialSizes = 1, ceilMode: Bool = false
) -> Variable {
  Pool("maxPool3d", 3, x, size, stride, padding, dilation, ceilMode).maximum(x)
}

/// The mean of each window along the last axis.
///
/// - Parameters:
///   - x: Shape […, L], floating-point.
///   - size: The number of elements in a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many zeros surround the input; at most half of the size.
///   - ceilMode: Whether the last window may reach beyond the end; what lies there never counts.
///   - countIncludesPadding: Whether the zeros count as elements; else only true elements are
///     averaged.
/// - Returns: Shape […, ⌊(L + 2 padding − size) / stride⌋ + 1]; with `ceilMode` ⌈…⌉ + 1, or one
///   less if the last window would begin beyond the end.
public func averagePool1d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true
) -> Variable {
  Pool("averagePool1d", 1, x, size, stride, padding, 1, ceilMode).mean(x, countIncludesPadding)
}

/// The mean of each window over the last two axes.
///
/// See ``averagePool1d(_:size:stride:padding:ceilMode:countIncludesPadding:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many zeros surround the input; at most half of the size.
///   - ceilMode: Whether the last windows may reach beyond the end; what lies there never counts.
///   - countIncludesPadding: Whether the zeros count as elements; else only true elements are
///     averaged.
public func averagePool2d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true
) -> Variable {
  Pool("averagePool2d", 2, x, size, stride, padding, 1, ceilMode).mean(x, countIncludesPadding)
}

/// The mean of each window over the last three axes.
///
/// See ``averagePool1d(_:size:stride:padding:ceilMode:countIncludesPadding:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point.
///   - size: The size of a window.
///   - stride: The distance from one window to the next; the window's size if nil.
///   - padding: How many zeros surround the input; at most half of the size.
///   - ceilMode: Whether the last windows may reach beyond the end; what lies there never counts.
///   - countIncludesPadding: Whether the zeros count as elements; else only true elements are
///     averaged.
public func averagePool3d(
  _ x: Variable, size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
  ceilMode: Bool = false, countIncludesPadding: Bool = true
) -> Variable {
  Pool("averagePool3d", 3, x, size, stride, padding, 1, ceilMode).mean(x, countIncludesPadding)
}
