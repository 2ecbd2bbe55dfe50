import Autograd

/// Elements around the spatial axes, which are all but the first two.
///
/// ```swift
/// Pad(1, mode: .reflect)  // one element on each side of each spatial axis
/// Pad(before: [1, 0], after: [0, 2])  // a row above, two columns to the right
/// ```
///
/// Mirror images must be shorter than the axis, and what comes from the other end not longer; see
/// ``PaddingMode``.
public struct Pad: Layer {
  /// How many elements come before each spatial axis, and how many after.
  public let before, after: SpatialSizes
  /// What these elements are.
  public let mode: PaddingMode

  /// Creates the layer, with as many elements on both sides.
  public init(_ widths: SpatialSizes, mode: PaddingMode = .zeros) {
    self.init(before: widths, after: widths, mode: mode)
  }

  /// Creates the layer.
  public init(before: SpatialSizes, after: SpatialSizes, mode: PaddingMode = .zeros) {
    self.before = before
    self.after = after
    self.mode = mode
  }

  /// The name with the widths and the mode.
  public var label: String {
    let widths = before == after ? text(before) : "before \(text(before)), after \(text(after))"
    return "Pad(\(widths), \(mode))"
  }

  /// Pads x, of shape [N, C, …]; stops with an error if the widths do not fit.
  public func forward(_ x: Variable) -> Variable {
    let count = spatialAxes(of: x, for: label).count
    let before = before.resolved(count, minimum: 0, "before", operation: label)
    let after = after.resolved(count, minimum: 0, "after", operation: label)
    return x.padded([(0, 0), (0, 0)] + zip(before, after).map { ($0, $1) }, mode: mode)
  }
}
