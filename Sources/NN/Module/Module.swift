import Autograd

/// A part of a model that owns variables: a layer, a block of layers, a whole network.
///
/// Conform structs or final classes; nothing is registered and nothing is wrapped. The variables
/// are found by reflection over the stored properties: ``Variable``s, modules, and optionals,
/// arrays, dictionaries and tuples of them, to any depth. How a module is called is its own affair;
/// one that maps a variable to a variable is a ``Layer``.
///
/// ```swift
/// struct Classifier: Layer {
///   let hidden: Linear, output: Linear
///
///   func callAsFunction(_ x: Variable) -> Variable { output(relu(hidden(x))) }
/// }
/// model.namedParameters.map(\.name)
/// // ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
/// ```
public protocol Module: CustomStringConvertible {
  /// What the module is made of, by name.
  ///
  /// By default the stored properties. Override it where the paths should be shorter, as
  /// ``Sequential`` does, or where reflection would look through much that holds no variable.
  var members: [(name: String, value: Any)] { get }

  /// The module's own variables that are state rather than parameters, such as running means.
  ///
  /// ``unfreeze()`` leaves them alone. By default there are none.
  var buffers: [Variable] { get }

  /// The module in a line without its parts: "Linear(2 → 8)"; by default the name of the type.
  var summary: String { get }
}

/// A module that maps one variable to one variable, so that it can stand in a ``Sequential``.
public protocol Layer: Module {
  /// Applies the layer.
  func callAsFunction(_ x: Variable) -> Variable
}

extension Module {
  /// The stored properties, those of superclasses first.
  public var members: [(name: String, value: Any)] { storedProperties(of: self) }

  /// None.
  public var buffers: [Variable] { [] }

  /// The name of the type.
  public var summary: String { "\(Self.self)" }

  /// The leaves that require a gradient with their paths, such as "encoder.layers.0.weight".
  ///
  /// A variable that is reached twice is listed once, under its first path. Dictionaries are walked
  /// in the order of their keys. Each variable without a name of its own gets its path as
  /// ``Variable/name``, so that errors can say in which layer they arose; a name that is the end of
  /// a longer path ("weight" of "hidden.weight") grows to it when the module becomes part of
  /// another.
  ///
  /// The walk takes about a microsecond a property: keep the result rather than asking in a loop.
  public var namedParameters: [(name: String, value: Variable)] {
    ModuleWalk(self).named { $0.requiresGradient }
  }

  /// The leaves that require a gradient, each once, in the order of ``namedParameters``.
  public var parameters: [Variable] { namedParameters.map(\.value) }

  /// The leaves that require no gradient with their paths: state such as running means, and
  /// whatever is frozen.
  public var namedBuffers: [(name: String, value: Variable)] {
    ModuleWalk(self).named { !$0.requiresGradient }
  }

  /// The number of elements in all ``parameters``.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Stops training the module: its parameters no longer require a gradient.
  ///
  /// Optimizers made afterwards do not see them; those made before leave them as they are.
  public func freeze() {
    for parameter in parameters {
      parameter.requiresGradient = false
      parameter.gradient = nil
    }
  }

  /// Trains the module again: its floating-point variables require a gradient, except ``buffers``.
  public func unfreeze() {
    for found in ModuleWalk(self).variables
    where !found.isBuffer && found.value.dtype.isFloatingPoint {
      found.value.requiresGradient = true
    }
  }

  /// The module as a tree, with the number of parameters of each part.
  public var description: String { tree(of: self, label: "", indent: "") }
}

/// One line for the module, and below it, further to the right, its parts.
private func tree(of module: any Module, label: String, indent: String) -> String {
  let count = module.parameterCount
  let size = count == 0 ? "" : ", \(count) parameter\(count == 1 ? "" : "s")"
  let line = "\(indent)\(label)\(module.summary)\(size)"
  let parts = directMembers(of: module).compactMap { path, member -> String? in
    guard case .module(let part) = member else { return nil }
    return tree(of: part, label: "\(path): ", indent: indent + "  ")
  }
  return ([line] + parts).joined(separator: "\n")
}
