import Autograd

/// The means of as many windows over the last axis as are asked for; see
/// ``adaptiveAveragePool1d(_:outputSize:)``.
public struct AdaptiveAveragePool1d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveAveragePool1d(\(text(outputSize)))" }

  /// Pools x, of shape […, L].
  public func forward(_ x: Variable) -> Variable {
    adaptiveAveragePool1d(x, outputSize: outputSize)
  }
}

/// The means of as many windows over the last two axes as are asked for; see
/// ``adaptiveAveragePool2d(_:outputSize:)``.
public struct AdaptiveAveragePool2d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveAveragePool2d(\(text(outputSize)))" }

  /// Pools x, of shape […, H, W].
  public func forward(_ x: Variable) -> Variable {
    adaptiveAveragePool2d(x, outputSize: outputSize)
  }
}

/// The means of as many windows over the last three axes as are asked for; see
/// ``adaptiveAveragePool3d(_:outputSize:)``.
public struct AdaptiveAveragePool3d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveAveragePool3d(\(text(outputSize)))" }

  /// Pools x, of shape […, D, H, W].
  public func forward(_ x: Variable) -> Variable {
    adaptiveAveragePool3d(x, outputSize: outputSize)
  }
}

/// The largest elements of as many windows over the last axis as are asked for; see
/// ``adaptiveMaxPool1d(_:outputSize:)``.
public struct AdaptiveMaxPool1d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveMaxPool1d(\(text(outputSize)))" }

  /// Pools x, of shape […, L].
  public func forward(_ x: Variable) -> Variable {
    adaptiveMaxPool1d(x, outputSize: outputSize)
  }
}

/// The largest elements of as many windows over the last two axes as are asked for; see
/// ``adaptiveMaxPool2d(_:outputSize:)``.
public struct AdaptiveMaxPool2d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveMaxPool2d(\(text(outputSize)))" }

  /// Pools x, of shape […, H, W].
  public func forward(_ x: Variable) -> Variable {
    adaptiveMaxPool2d(x, outputSize: outputSize)
  }
}

/// The largest elements of as many windows over the last three axes as are asked for; see
/// ``adaptiveMaxPool3d(_:outputSize:)``.
public struct AdaptiveMaxPool3d: Layer {
  /// The numbers of windows.
  public let outputSize: SpatialSizes

  /// Creates the layer.
  public init(outputSize: SpatialSizes) { self.outputSize = outputSize }

  /// The name with the output size.
  public var label: String { "AdaptiveMaxPool3d(\(text(outputSize)))" }

  /// Pools x, of shape […, D, H, W].
  public func forward(_ x: Variable) -> Variable {
    adaptiveMaxPool3d(x, outputSize: outputSize)
  }
}
