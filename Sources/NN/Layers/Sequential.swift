import Autograd

/// Layers one after the other: x ↦ lₙ(… l₂(l₁(x))).
///
/// The layers are listed in braces, with `if`, `switch` and `for` where needed. Parameters are
/// named by place, as in PyTorch: "0.weight", "2.bias".
///
/// ```swift
/// let model = Sequential {
///   Linear(inputs: 2, outputs: 8, using: &generator)
///   Tanh()
///   for _ in 0..<depth { Linear(inputs: 8, outputs: 8, using: &generator) }
///   if isBinary { Sigmoid() } else { Softmax() }
/// }
/// let y = model(x)
/// ```
public struct Sequential: Layer {
  /// The layers in the order in which they are applied.
  public let layers: [any Layer]

  /// Creates the composition of the layers listed in braces.
  public init(@LayerBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  /// Creates the composition of an array of layers.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// The layers by their places.
  public var members: [(name: String, value: Any)] {
    layers.enumerated().map { (String($0.offset), $0.element) }
  }

  /// Applies the layers one after the other; without any, returns x.
  public func forward(_ x: Variable) -> Variable {
    var result = x
    for (index, layer) in layers.enumerated() {
      result = Scope.run(Place(index: index), describe: modulePath) { layer(result) }
    }
    return result
  }
}

/// Collects the layers that are listed in braces.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }

  /// An array of layers.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }

  /// One thing after the other.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }

  /// `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }

  /// The first branch of `if` or `switch`.
  public static func buildEither(first: [any Layer]) -> [any Layer] { first }

  /// Another branch of `if` or `switch`.
  public static func buildEither(second: [any Layer]) -> [any Layer] { second }

  /// `for`.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}
