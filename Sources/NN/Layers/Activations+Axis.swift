import Autograd

// Activation functions along an axis, as layers.

/// eˣ / Σ eˣ along one axis.
public struct Softmax: Layer {
  /// The axis along which the results add up to 1.
  public let axis: Int

  /// Creates the layer.
  public init(axis: Int = -1) { self.axis = axis }

  /// The name with the axis.
  public var label: String { "Softmax(axis: \(axis))" }

  /// Applies the function along the axis; stops with an error if there is no such axis.
  public func forward(_ x: Variable) -> Variable { softmax(x, axis: axis) }
}

/// e⁻ˣ / Σ e⁻ˣ along one axis.
public struct Softmin: Layer {
  /// The axis along which the results add up to 1.
  public let axis: Int

  /// Creates the layer.
  public init(axis: Int = -1) { self.axis = axis }

  /// The name with the axis.
  public var label: String { "Softmin(axis: \(axis))" }

  /// Applies the function along the axis; stops with an error if there is no such axis.
  public func forward(_ x: Variable) -> Variable { softmin(x, axis: axis) }
}

/// log (eˣ / Σ eˣ) along one axis, exact where the softmax vanishes.
public struct LogSoftmax: Layer {
  /// The axis along which the exponentials of the results add up to 1.
  public let axis: Int

  /// Creates the layer.
  public init(axis: Int = -1) { self.axis = axis }

  /// The name with the axis.
  public var label: String { "LogSoftmax(axis: \(axis))" }

  /// Applies the function along the axis; stops with an error if there is no such axis.
  public func forward(_ x: Variable) -> Variable { logSoftmax(x, axis: axis) }
}

/// eˣ / Σ eˣ over the channels of each place of an image.
public struct Softmax2d: Layer {
  /// Creates the layer.
  public init() {}

  /// Maps [N, C, H, W] or [C, H, W] to the same shape; stops with an error for other ranks.
  public func forward(_ x: Variable) -> Variable {
    guard x.rank == 3 || x.rank == 4 else {
      fatalError(
        "Softmax2d: the input \(describe(x)) is neither [N, C, H, W] nor [C, H, W]\(location())")
    }
    return softmax(x, axis: -3)
  }
}

/// The first half of x times the sigmoid of the second (Dauphin et al., arXiv:1612.08083).
public struct GLU: Layer {
  /// The axis that is halved.
  public let axis: Int

  /// Creates the layer.
  public init(axis: Int = -1) { self.axis = axis }

  /// The name with the axis.
  public var label: String { "GLU(axis: \(axis))" }

  /// Halves the axis; stops with an error if its size is odd.
  public func forward(_ x: Variable) -> Variable { glu(x, axis: axis) }
}
