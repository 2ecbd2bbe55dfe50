import Autograd

/// Listens to the calls of a model's parts; ``Module/scope(_:)`` tells it of them.
protocol CallObserver: AnyObject {
  /// A call begins.
  func begin()

  /// The call that began last ends; its module is the last of ``Scope/owners``.
  func end<Result>(_ module: any Module, _ result: Result)
}

/// Records the calls of a model's parts, for its summary.
final class CallRecorder: CallObserver {
  /// One call that has ended.
  struct Call {
    let path: String
    let label: String
    let depth: Int
    let outputShapes: [Shape]
    let outputBytes: Int
    /// The variables that the called module holds itself, outside of its parts.
    let ownVariables: [Variable]
    /// Those of the module itself and not of its parts.
    let multiplyAdds: Int
    /// The place in the order in which calls began.
    let start: Int
  }

  private(set) var calls: [Call] = []
  private var work = WorkCounter()
  private var starts: [Int] = []
  private var begun = 0

  func begin() {
    starts.append(begun)
    begun += 1
  }

  /// The calls of the module's parts were recorded before.
  func end<Result>(_ module: any Module, _ result: Result) {
    let owners = Scope.owners
    let outputs = variables(in: result)
    let own = directMembers(of: module).compactMap { member -> Variable? in
      if case .variable(let variable) = member.member { variable } else { nil }
    }
    calls.append(
      Call(
        path: starts.count == 1 ? "" : modulePath(owners), label: module.label,
        depth: starts.count - 1, outputShapes: outputs.map(\.shape),
        outputBytes: outputs.reduce(0) { $0 + $1.count * $1.dtype.size }, ownVariables: own,
        multiplyAdds: work.count(below: outputs), start: starts.removeLast()))
  }
}

/// The variables in a variable, or in a tuple, an array, an optional or a structure of them.
func variables(in value: Any) -> [Variable] {
  if let variable = value as? Variable { return [variable] }
  return Mirror(reflecting: value).children.flatMap { variables(in: $0.value) }
}
