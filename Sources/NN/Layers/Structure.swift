import Autograd

// Layers that compute nothing, and one that computes anything.

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

/// Splits one axis into several.
public struct Unflatten: Layer {
  /// The axis to split, negative ones counting from the end.
  public let axis: Int
  /// The sizes of the axes that take its place.
  public let sizes: Shape

  /// Creates the layer.
  public init(axis: Int = 1, into sizes: Shape) {
    self.axis = axis
    self.sizes = sizes
  }

  /// The name with the sizes.
  public var label: String { "Unflatten(axis: \(axis), into: \(sizes))" }

  /// Reshapes […, ab, …] to […, a, b, …]; stops with an error if the product is not the size of the
  /// axis.
  public func forward(_ x: Variable) -> Variable { x.unflattened(axis: axis, into: sizes) }
}

/// Gives each example another shape; the first axis, which counts examples, stays.
public struct Reshape: Layer {
  /// The sizes of all axes but the first; one may be -1 and is then computed.
  public let sizes: [Int]

  /// Creates the layer.
  ///
  /// - Parameter sizes: The sizes of all axes but the first; one may be -1 and is then computed.
  public init(_ sizes: Int...) { self.sizes = sizes }

  /// The name with the sizes.
  public var label: String { "Reshape(\(sizes))" }

  /// Reshapes [N, …] to [N] + ``sizes``; stops with an error if the numbers of elements differ.
  public func forward(_ x: Variable) -> Variable {
    guard let count = x.shape.first else {
      fatalError("\(label): the input \(describe(x)) has no axis of examples\(location())")
    }
    // Each example is known to have so many elements, also where there are no examples.
    let size = x.shape.dropFirst().reduce(1, *)
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    let filled = sizes.map { $0 == -1 && known > 0 ? size / known : $0 }
    guard sizes.count(where: { $0 == -1 }) < 2, filled.reduce(1, *) == size else {
      fatalError(
        "\(label): the examples of \(describe(x)) have \(size) elements\(location())")
    }
    return x.reshaped(to: Shape([count] + filled))
  }
}

/// Puts the axes into another order.
public struct Permute: Layer {
  /// The order: axis i of the result is axis `axes[i]` of the input.
  public let axes: [Int]

  /// Creates the layer.
  ///
  /// - Parameter axes: The order of all axes, that of the examples included.
  public init(_ axes: Int...) { self.axes = axes }

  /// The name with the order.
  public var label: String { "Permute(\(axes))" }

  /// Permutes the axes of x; stops with an error if it has another number of them.
  public func forward(_ x: Variable) -> Variable { x.permuted(axes) }
}

/// A function as a layer, with a name for printouts.
///
/// ```swift
/// Lambda("square") { square($0) }
/// ```
///
/// Variables in the closure are not found by ``Module/namedParameters``: a function with parameters
/// is a layer of its own.
public struct Lambda: Layer {
  /// The name.
  public let label: String
  private let function: (Variable) -> Variable

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - name: Its name in printouts.
  ///   - function: What it computes.
  public init(_ name: String, _ function: @escaping (Variable) -> Variable) {
    label = name
    self.function = function
  }

  /// Applies the function.
  public func forward(_ x: Variable) -> Variable { function(x) }
}
