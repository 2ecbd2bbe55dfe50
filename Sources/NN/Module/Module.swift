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
///   func forward(_ x: Variable) -> Variable { output(relu(hidden(x))) }
/// }
/// model.namedParameters.map(\.name)
/// // ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
/// ```
public protocol Module: ParameterSource, CustomStringConvertible {
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
  var label: String { get }
}

extension Module {
  /// The stored properties, those of superclasses first.
  public var members: [(name: String, value: Any)] { storedProperties(of: self) }

  /// None.
  public var buffers: [Variable] { [] }

  /// The name of the type.
  public var label: String { "\(Self.self)" }

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
    let walk = ModuleWalk(self)
    if let path = walk.unbuilt.first {
      fatalError(
        "\(label): the sizes of '\(path)' are not known before its first call; call "
          + "build(inputShape:) before asking for parameters")
    }
    return walk.named { $0.requiresGradient }
  }

  /// The leaves that require a gradient, each once, in the order of ``namedParameters``.
  public var parameters: [Variable] { namedParameters.map(\.value) }

  /// The leaves that require no gradient with their paths: state such as running means, and
  /// whatever is frozen.
  public var namedBuffers: [(name: String, value: Variable)] {
    ModuleWalk(self).named { !$0.requiresGradient }
  }

  /// The number of elements in all ``parameters``; those of a size not known yet do not count.
  public var parameterCount: Int {
    ModuleWalk(self).variables.reduce(0) { $0 + ($1.value.requiresGradient ? $1.value.count : 0) }
  }

  /// Stops training the module, or the parameters of it for which a condition holds: they no
  /// longer require a gradient.
  ///
  /// Optimizers made afterwards do not see them; those made before leave them as they are.
  ///
  /// ```swift
  /// model.freeze { name, _ in name.hasPrefix("encoder.") }
  /// ```
  public func freeze(
    where isIncluded: (_ name: String, _ value: Variable) -> Bool = { _, _ in true }
  ) {
    for (name, parameter) in namedParameters where isIncluded(name, parameter) {
      parameter.requiresGradient = false
      parameter.gradient = nil
    }
  }

  /// Trains the module again, or those variables of it for which a condition holds: if they are
  /// floating-point they require a gradient, except ``buffers``.
  public func unfreeze(
    where isIncluded: (_ name: String, _ value: Variable) -> Bool = { _, _ in true }
  ) {
    for found in ModuleWalk(self).variables
    where !found.isBuffer && found.value.dtype.isFloatingPoint
      && isIncluded(found.path, found.value)
    {
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
  let mode = directModes(of: module).allSatisfy(\.isTraining) ? "" : ", evaluating"
  let line = "\(indent)\(label)\(module.label)\(size)\(mode)"
  let parts = directMembers(of: module).compactMap { path, member -> String? in
    guard case .module(let part) = member else { return nil }
    return tree(of: part, label: "\(path): ", indent: indent + "  ")
  }
  return ([line] + parts).joined(separator: "\n")
}
