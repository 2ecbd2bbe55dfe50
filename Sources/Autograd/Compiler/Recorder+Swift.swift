// What a recorded function does in Swift, where the recorder sees no operations.

extension Recorder {
  /// Swift code has computed a node, and must run again each time.
  func note(
    _ result: Node?, host inputs: [Node], isEffect: Bool = false, isSetting: Bool = false,
    run: @escaping ([Variable], UnsafeMutableRawPointer) -> Void
  ) {
    let host = PlanValue.Host(
      inputs: inputs.map { index(of: $0, as: $0.fields.pointee.dtype) }, isEffect: isEffect,
      isSetting: isSetting, run: run)
    append(
      PlanValue(
        source: .host(host), shape: result?.fields.pointee.shape ?? .scalar,
        dtype: result?.fields.pointee.dtype ?? .bool), result)
  }

  /// A count grows at each call after this one.
  func note(_ count: CallCount) {
    // If this call is the plan's, too.
    if !isTentative { count.value -= 1 }
    let host = PlanValue.Host(inputs: [], isEffect: true, isSetting: true, count: count) { _, _ in }
    append(PlanValue(source: .host(host), shape: .scalar, dtype: .bool), nil)
  }

  /// A reading of a node is an error if it depends on what was recorded: it would be read once only.
  func requireReadable(_ node: Node, place: String) {
    let key = ObjectIdentifier(node)
    if isBorn(node) {
      guard let index = indices[key] else { return }
      if case .leaf = graph.values[index].source { return }
    }
    var what = ""
    if let index = indices[key], case .operation(let operation) = graph.values[index].source {
      what = "the result of \(operation.primitive.name), "
    }
    let variable = Variable(node)
    Recorder.fail(
      "compile: a value is read inside of the compiled function\(place): \(what)\(describe(variable)); "
        + "it would be that of the first call for ever. Return it, or use select for choices"
        + location(of: variable))
  }
}
