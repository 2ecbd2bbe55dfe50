import Autograd

/// Resizes the spatial axes, which are all but the first two; see ``interpolate(_:size:by:)``.
///
/// ```swift
/// Upsample(scale: 2)  // repeats elements
/// Upsample(size: [32, 48], by: .linear())  // bilinear
/// ```
public struct Upsample: Layer {
  private enum Target {
    case size(SpatialSizes)
    case scale(Double)
  }
  private let target: Target
  /// How values between elements are found.
  public let interpolation: Interpolation

  /// Creates a layer that resizes by a positive factor; sizes are rounded down.
  public init(scale: Double, by interpolation: Interpolation = .nearest) {
    target = .scale(scale)
    self.interpolation = interpolation
  }

  /// Creates a layer that resizes to given sizes of the spatial axes.
  public init(size: SpatialSizes, by interpolation: Interpolation = .nearest) {
    target = .size(size)
    self.interpolation = interpolation
  }

  /// The name with the size or the scale and the interpolation.
  public var label: String {
    let target =
      switch target {
      case .size(let size): text(size)
      case .scale(let scale): "× \(scale)"
      }
    let name =
      switch interpolation {
      case .nearest: "nearest"
      case .linear(let alignsCorners): alignsCorners ? "linear, corners aligned" : "linear"
      case .cubic(let alignsCorners): alignsCorners ? "cubic, corners aligned" : "cubic"
      }
    return "Upsample(\(target), \(name))"
  }

  /// Resizes x, of shape [N, C, …].
  public func forward(_ x: Variable) -> Variable {
    switch target {
    case .size(let size): interpolate(x, size: size, by: interpolation)
    case .scale(let scale): interpolate(x, scale: scale, by: interpolation)
    }
  }
}
