import Autograd

/// Why saved values do not fit what they were to be loaded into; nothing was changed then.
public struct StateError: Error, Equatable, CustomStringConvertible {
  /// One thing that does not fit.
  public enum Problem: Sendable, Equatable, CustomStringConvertible {
    /// A variable for which there is no value.
    case missing(String)
    /// A value for which there is no variable.
    case unexpected(String)
    /// A value of another shape.
    case shape(String, expected: Shape, found: Shape)
    /// A value of another type.
    case dtype(String, expected: DType, found: DType)
    /// Values that belong to something else; what it is, in words.
    case mismatch(String)

    /// The problem in a few words.
    public var description: String {
      switch self {
      case .missing(let name): "no value for '\(name)'"
      case .unexpected(let name): "no variable for the value '\(name)'"
      case .shape(let name, let expected, let found):
        "'\(name)' has shape \(expected), its value \(found)"
      case .dtype(let name, let expected, let found):
        "'\(name)' is \(expected), its value \(found)"
      case .mismatch(let problem): problem
      }
    }
  }

  /// All problems, ordered by name.
  public let problems: [Problem]

  /// All problems in one sentence.
  public var description: String {
    "the saved state does not fit: " + problems.map(\.description).joined(separator: "; ")
  }
}

extension Module {
  /// The values of all variables, parameters and buffers, by their paths.
  ///
  /// The values are copies in effect: training on does not change them.
  public func state() -> [String: Tensor] {
    let all = ModuleWalk(self).variables.map { ($0.path, $0.value.value) }
    return Dictionary(all) { first, _ in first }
  }

  /// Replaces the values of all variables.
  ///
  /// - Parameter state: One value for each variable, by path, of its shape and type; no others.
  /// - Throws: ``StateError`` with everything that does not fit; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(StateError) {
    let variables = ModuleWalk(self).named { _ in true }
    try check(state, against: variables.map { ($0.name, $0.value.value) })
    for (path, variable) in variables { variable.assign(Variable(state[path]!)) }
  }
}

/// Compares values with those that they are to replace.
func check(
  _ state: [String: Tensor], against expected: [(name: String, value: Tensor)]
) throws(StateError) {
  var problems: [(name: String, problem: StateError.Problem)] = []
  for (name, own) in expected {
    guard let new = state[name] else {
      problems.append((name, .missing(name)))
      continue
    }
    if new.shape != own.shape {
      problems.append((name, .shape(name, expected: own.shape, found: new.shape)))
    }
    if new.dtype != own.dtype {
      problems.append((name, .dtype(name, expected: own.dtype, found: new.dtype)))
    }
  }
  let names = Set(expected.map(\.name))
  problems += state.keys.filter { !names.contains($0) }.map { ($0, .unexpected($0)) }
  if problems.isEmpty { return }
  throw StateError(problems: problems.sorted { $0.name < $1.name }.map(\.problem))
}

/// Counts of steps, epochs and the like among saved values, whose shapes and types were compared.
///
/// They are not negative, and so far below the largest integer that training can count on.
func savedCounts(
  _ name: String, in state: [String: Tensor]
) throws(StateError) -> [Int] {
  let counts = state[name]!.array(of: Int.self)
  if let wrong = counts.first(where: { !(0...(1 << 53)).contains($0) }) {
    throw StateError(problems: [.mismatch("'\(name)' is \(wrong), which is no count")])
  }
  return counts
}
