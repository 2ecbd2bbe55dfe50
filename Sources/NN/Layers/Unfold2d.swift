import Autograd

// The windows of images as columns, and back, without parameters.

/// The windows over two axes as columns: [N, C, H, W] becomes [N, C h w, windows]; see
/// ``unfold2d(_:size:stride:padding:dilation:)``.
public struct Unfold2d: Layer {
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many zeros surround the input.
  public let padding: SpatialSizes
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes

  /// Creates the layer.
  public init(
    size: SpatialSizes, stride: SpatialSizes = 1, padding: SpatialSizes = 0,
    dilation: SpatialSizes = 1
  ) {
    self.size = size
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The name with the size of a window.
  public var label: String { "Unfold2d(\(text(size)))" }

  /// Takes the windows of x; stops with an error if one does not fit.
  public func forward(_ x: Variable) -> Variable {
    unfold2d(x, size: size, stride: stride, padding: padding, dilation: dilation)
  }
}

/// Adds columns where windows lie in images of zeros: [N, C h w, windows] becomes [N, C, H, W]; see
/// ``fold2d(_:outputSize:size:stride:padding:dilation:)``.
public struct Fold2d: Layer {
  /// The size of the images.
  public let outputSize: SpatialSizes
  /// The size of a window.
  public let size: SpatialSizes
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many elements around the images the windows reach.
  public let padding: SpatialSizes
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes

  /// Creates the layer.
  public init(
    outputSize: SpatialSizes, size: SpatialSizes, stride: SpatialSizes = 1,
    padding: SpatialSizes = 0, dilation: SpatialSizes = 1
  ) {
    self.outputSize = outputSize
    self.size = size
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The name with the sizes of the images and of a window.
  public var label: String { "Fold2d(\(text(outputSize)), \(text(size)))" }

  /// Adds the windows up; stops with an error if their number does not fit.
  public func forward(_ x: Variable) -> Variable {
    fold2d(
      x, outputSize: outputSize, size: size, stride: stride, padding: padding, dilation: dilation)
  }
}
