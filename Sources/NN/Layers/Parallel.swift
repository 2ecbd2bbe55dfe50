import Autograd

/// Branches that all get x, and whose results are merged into one.
///
/// Parameters are named by place: "0.weight", "1.weight".
///
/// ```swift
/// Parallel(.concatenation(axis: 1)) {
///   Linear(inputs: 4, outputs: 8, using: &generator)
///   Identity()
/// }
/// ```
public struct Parallel: Layer {
  /// How the results of the branches become one.
  public enum Merging: Sendable, Hashable {
    /// Their sum.
    case sum
    /// Their mean.
    case mean
    /// Their product, element by element.
    case product
    /// The largest of them, element by element.
    case maximum
    /// One after the other along an axis; the others are equal.
    case concatenation(axis: Int)
    /// Along a new axis, at the given place of the result.
    case stack(axis: Int)
  }

  /// How the results become one.
  public let merging: Merging
  /// The branches.
  public let branches: [any Layer]

  /// Creates the branches listed in braces; stops with an error if there are none.
  public init(_ merging: Merging, @LayerBuilder _ branches: () -> [any Layer]) {
    self.merging = merging
    self.branches = branches()
    guard !self.branches.isEmpty else { fatalError("Parallel: there are no branches") }
  }

  /// The branches by their places.
  public var members: [(name: String, value: Any)] {
    branches.enumerated().map { (String($0.offset), $0.element) }
  }

  /// The name with the merging.
  public var label: String { "Parallel(\(merging))" }

  /// Applies the branches to x and merges their results.
  ///
  /// Stops with an error if the shapes of the results do not fit: they never broadcast.
  public func forward(_ x: Variable) -> Variable {
    let results = branches.enumerated().map { index, branch in
      Scope.run(Place(index: index), describe: modulePath) { branch(x) }
    }
    switch merging {
    case .sum: return combined(results, +)
    case .mean: return combined(results, +) / Variable(Double(results.count))
    case .product: return combined(results, *)
    case .maximum: return combined(results, Autograd.maximum)
    case .concatenation(let axis): return concatenate(results, axis: axis)
    case .stack(let axis): return Autograd.stack(results, axis: axis)
    }
  }

  private func combined(
    _ results: [Variable], _ combine: (Variable, Variable) -> Variable
  ) -> Variable {
    guard results.allSatisfy({ $0.shape == results[0].shape }) else {
      let shapes = results.map(\.shape.description).joined(separator: ", ")
      fatalError("\(label): the shapes of the branches differ: \(shapes)\(location())")
    }
    return results.dropFirst().reduce(results[0], combine)
  }
}
