import Autograd

// Layers that compute nothing.

/// x itself: a place for a layer that may be absent.
public struct Identity: Layer {
  /// Creates the layer.
  public init() {}

  /// Returns x.
  public func forward(_ x: Variable) -> Variable { x }
}

/// Merges neighbouring axes into one; by default all but the first, which counts examples.
public struct Flatten: Layer {
  /// The first and the last axis to merge, negative ones counting from the end.
  public let start, end: Int

  /// Creates the layer.
  public init(from start: Int = 1, to end: Int = -1) {
    self.start = start
    self.end = end
  }

  /// Reshapes […, a, b, c, …] to […, abc, …]; stops with an error if there are no such axes.
  public func forward(_ x: Variable) -> Variable { x.flattened(from: start, to: end) }
}
