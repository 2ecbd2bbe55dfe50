import Autograd

// How a module's variables are found: Swift's mirrors show the stored properties of any value.

/// What a property can hold that concerns a module.
enum Member {
  case variable(Variable)
  case module(any Module)
  case mode(Mode)
  case randomSource(RandomSource)
  case unbuilt
}

/// What lies below a module, each thing once, with its first path.
struct ModuleWalk {
  private(set) var variables: [(path: String, value: Variable, isBuffer: Bool)] = []
  private(set) var modes: [Mode] = []
  private(set) var randomSources: [(path: String, source: RandomSource)] = []
  /// The paths of layers whose variables are not there yet.
  private(set) var unbuilt: [String] = []
  /// Modules that are classes may be shared or refer to each other: each is entered once.
  private var entered: Set<ObjectIdentifier> = []

  init(_ module: any Module) { enter(module, path: "") }

  /// The variables that fulfil a condition; each of them has a name afterwards.
  func named(
    where isIncluded: (Variable) -> Bool
  ) -> [(name: String, value: Variable)] {
    variables.compactMap { path, variable, _ in
      guard isIncluded(variable) else { return nil }
      giveName(path, to: variable)
      return (path, variable)
    }
  }

  private mutating func enter(_ module: any Module, path: String) {
    if type(of: module) is AnyClass {
      guard entered.insert(ObjectIdentifier(module as AnyObject)).inserted else { return }
    }
    let buffers = module.buffers
    for (name, member) in directMembers(of: module) {
      let path = joined(path, name)
      switch member {
      case .module(let part): enter(part, path: path)
      case .variable(let variable):
        // What was computed belongs to a graph, not to the module.
        guard variable.isLeaf, !variables.contains(where: { $0.value.isIdentical(to: variable) })
        else { continue }
        let isBuffer = buffers.contains { $0.isIdentical(to: variable) }
        variables.append((path, variable, isBuffer))
      case .mode(let mode):
        if !modes.contains(where: { $0 === mode }) { modes.append(mode) }
      case .randomSource(let source):
        if randomSources.contains(where: { $0.source === source }) { continue }
        randomSources.append((path, source))
      case .unbuilt: unbuilt.append(path)
      }
    }
  }

  /// Names the caller gave are kept; names that a smaller module gave grow.
  private func giveName(_ path: String, to variable: Variable) {
    if let name = variable.name, !path.hasSuffix("." + name) { return }
    variable.name = path
  }
}

/// The variables and modules that a module holds itself, or in optionals and collections.
func directMembers(of module: any Module) -> [(path: String, member: Member)] {
  var found: [(path: String, member: Member)] = []
  for (name, value) in module.members { collect(value, path: name, into: &found) }
  return found
}

/// The modes that a module holds itself.
func directModes(of module: any Module) -> [Mode] {
  directMembers(of: module).compactMap { member in
    if case .mode(let mode) = member.member { mode } else { nil }
  }
}

private func collect(
  _ value: Any, path: String, into found: inout [(path: String, member: Member)]
) {
  if let variable = value as? Variable { return found.append((path, .variable(variable))) }
  if let module = value as? any Module { return found.append((path, .module(module))) }
  if let mode = value as? Mode { return found.append((path, .mode(mode))) }
  if let source = value as? RandomSource { return found.append((path, .randomSource(source))) }
  if value is Unbuilt { return found.append((path, .unbuilt)) }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional:
    for child in mirror.children { collect(child.value, path: path, into: &found) }
  case .collection, .tuple:
    for (index, child) in mirror.children.enumerated() {
      collect(child.value, path: joined(path, label(child.label, index)), into: &found)
    }
  case .dictionary:
    let entries = mirror.children.map { Mirror(reflecting: $0.value).children.map(\.value) }
    let named = entries.map { (key: "\($0[0])", value: $0[1]) }
    for (key, value) in named.sorted(by: { $0.key < $1.key }) {
      collect(value, path: joined(path, key), into: &found)
    }
  default: break
  }
}

/// The label of a tuple's element: its name, or its place where there is none.
private func label(_ label: String?, _ index: Int) -> String {
  guard let label, !label.hasPrefix(".") else { return String(index) }
  return label
}

/// The stored properties of any value, those of superclasses first.
func storedProperties(of value: Any) -> [(name: String, value: Any)] {
  var levels: [Mirror] = []
  var level: Mirror? = Mirror(reflecting: value)
  while let mirror = level {
    levels.append(mirror)
    level = mirror.superclassMirror
  }
  let lazyPrefix = "$__lazy_storage_$_"
  return levels.reversed().flatMap(\.children).compactMap { label, value in
    guard let label else { return nil }
    let isLazy = label.hasPrefix(lazyPrefix)
    return (isLazy ? String(label.dropFirst(lazyPrefix.count)) : label, value)
  }
}

private func joined(_ path: String, _ name: String) -> String {
  if path.isEmpty { return name }
  return name.isEmpty ? path : "\(path).\(name)"
}
