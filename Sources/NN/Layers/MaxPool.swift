import Autograd

/// The largest element of each window over the last axis; see
/// ``maxPool1d(_:size:stride:padding:dilation:ceilMode:)``.
public struct MaxPool1d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many elements −∞ surround the input.
  public let padding: SpatialSizes
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    dilation: SpatialSizes = 1, ceilMode: Bool = false
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let dilated = dilation == 1 ? [] : ["dilation \(text(dilation))"]
    return poolLabel("MaxPool1d", size, stride, padding, ceilMode, dilated)
  }

  /// Pools x, of shape […, L].
  public func forward(_ x: Variable) -> Variable {
    maxPool1d(
      x, size: size, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

/// The largest element of each window over the last two axes; see
/// ``maxPool2d(_:size:stride:padding:dilation:ceilMode:)``.
public struct MaxPool2d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many elements −∞ surround the input.
  public let padding: SpatialSizes
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    dilation: SpatialSizes = 1, ceilMode: Bool = false
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let dilated = dilation == 1 ? [] : ["dilation \(text(dilation))"]
    return poolLabel("MaxPool2d", size, stride, padding, ceilMode, dilated)
  }

  /// Pools x, of shape […, H, W].
  public func forward(_ x: Variable) -> Variable {
    maxPool2d(
      x, size: size, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

/// The largest element of each window over the last three axes; see
/// ``maxPool3d(_:size:stride:padding:dilation:ceilMode:)``.
public struct MaxPool3d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many elements −∞ surround the input.
  public let padding: SpatialSizes
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes
  /// Whether the last windows may reach beyond the end.
  public let ceilMode: Bool

  /// Creates the layer; without a stride, windows lie side by side.
  public init(
    size: SpatialSizes, stride: SpatialSizes? = nil, padding: SpatialSizes = 0,
    dilation: SpatialSizes = 1, ceilMode: Bool = false
  ) {
    self.size = size
    self.stride = stride ?? size
    self.padding = padding
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The name with the size, and whatever is not as by default.
  public var label: String {
    let dilated = dilation == 1 ? [] : ["dilation \(text(dilation))"]
    return poolLabel("MaxPool3d", size, stride, padding, ceilMode, dilated)
  }

  /// Pools x, of shape […, D, H, W].
  public func forward(_ x: Variable) -> Variable {
    maxPool3d(
      x, size: size, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }
}

/// The label of a pool: "MaxPool2d(3×3, stride 2, padding 1)".
func poolLabel(
  _ name: String, _ size: SpatialSizes, _ stride: SpatialSizes, _ padding: SpatialSizes,
  _ ceilMode: Bool, _ others: [String]
) -> String {
  var parts = [text(size)]
  if stride != size { parts.append("stride \(text(stride))") }
  if padding != 0 { parts.append("padding \(text(padding))") }
  if ceilMode { parts.append("ceil mode") }
  return "\(name)(\((parts + others).joined(separator: ", ")))"
}
