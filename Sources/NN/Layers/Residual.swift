import Autograd

/// Layers with a connection around them: x ↦ x + f(x) (He et al., arXiv:1512.03385).
///
/// ```swift
/// Residual(projection: Linear(inputs: 4, outputs: 8, bias: false, using: &generator)) {
///   Linear(inputs: 4, outputs: 8, using: &generator)
///   ReLU()
///   Linear(inputs: 8, outputs: 8, using: &generator)
/// }
/// ```
public struct Residual: Layer {
  /// f.
  public let body: Sequential
  /// What x goes through on its way around f, or nil for nothing.
  public let projection: (any Layer)?

  /// Creates the connection around the layers listed in braces.
  ///
  /// - Parameters:
  ///   - projection: What brings x into the shape of f(x), or nil if it has this shape.
  ///   - layers: The layers of f.
  public init(projection: (any Layer)? = nil, @LayerBuilder _ layers: () -> [any Layer]) {
    body = Sequential(layers)
    self.projection = projection
  }

  /// Computes x + f(x), or p(x) + f(x) with a projection; stops with an error if the shapes differ.
  public func forward(_ x: Variable) -> Variable {
    let change = body(x)
    let around = projection.map { $0(x) } ?? x
    guard change.shape == around.shape else {
      let way = projection == nil ? "the input" : "the projection"
      let advice = projection == nil ? "; a projection can bring it into this shape" : ""
      fatalError(
        "Residual: the layers return \(describe(change)), but \(way) is \(describe(around))"
          + "\(advice)\(location())")
    }
    return around + change
  }
}
