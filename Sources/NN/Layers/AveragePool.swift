import Autograd

/// The mean of each window over the last axis; see
/// ``averagePool1d(_:size:stride:padding:ceilMode:countIncludesPadding:)``.
public struct AveragePool1d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many zeros surround the input.
  public let padding: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool
  /// Whether the zeros count as elements.
  public let countIncludesPadding: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    ceilMode: Bool = false, countIncludesPadding: Bool = true
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.ceilMode = ceilMode
    self.countIncludesPadding = countIncludesPadding
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let counted = countIncludesPadding ? [] : ["padding not counted"]
    return poolLabel("AveragePool1d", size, stride, padding, ceilMode, counted)
  }

  /// Pools x, of shape […, L].
  public func forward(_ x: Variable) -> Variable {
    averagePool1d(
      x, size: size, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludesPadding: countIncludesPadding)
  }
}

/// The mean of each window over the last two axes; see
/// ``averagePool2d(_:size:stride:padding:ceilMode:countIncludesPadding:)``.
public struct AveragePool2d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many zeros surround the input.
  public let padding: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool
  /// Whether the zeros count as elements.
  public let countIncludesPadding: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    ceilMode: Bool = false, countIncludesPadding: Bool = true
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.ceilMode = ceilMode
    self.countIncludesPadding = countIncludesPadding
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let counted = countIncludesPadding ? [] : ["padding not counted"]
    return poolLabel("AveragePool2d", size, stride, padding, ceilMode, counted)
  }

  /// Pools x, of shape […, H, W].
  public func forward(_ x: Variable) -> Variable {
    averagePool2d(
      x, size: size, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludesPadding: countIncludesPadding)
  }
}

/// The mean of each window over the last three axes; see
/// ``averagePool3d(_:size:stride:padding:ceilMode:countIncludesPadding:)``.
public struct AveragePool3d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many zeros surround the input.
  public let padding: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool
  /// Whether the zeros count as elements.
  public let countIncludesPadding: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    ceilMode: Bool = false, countIncludesPadding: Bool = true
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.ceilMode = ceilMode
    self.countIncludesPadding = countIncludesPadding
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let counted = countIncludesPadding ? [] : ["padding not counted"]
    return poolLabel("AveragePool3d", size, stride, padding, ceilMode, counted)
  }

  /// Pools x, of shape […, D, H, W].
  public func forward(_ x: Variable) -> Variable {
    averagePool3d(
      x, size: size, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludesPadding: countIncludesPadding)
  }
}
