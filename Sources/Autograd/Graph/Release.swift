extension Variable {
  /// Lets go of the graph behind the variable, if nobody else holds it: the value becomes a constant.
  package mutating func leaveGraph() {
    let isAlone = withUnsafeMutablePointer(to: &self) { variable in
      // A Variable is its node and nothing else.
      variable.withMemoryRebound(to: Node.self, capacity: 1) {
        isKnownUniquelyReferenced(&$0.pointee)
      }
    }
    guard isAlone, node.isRecorded, node.fields.pointee.extras == nil else {
      self = detached()
      return
    }
    Node.releaseInputs(of: node.fields)
    node.fields.pointee.requiresGradient = false
    node.fields.pointee.inputVersions = 0
  }
}

extension Node {
  /// Releases the inputs of a dying node without recursion.
  ///
  /// Left to itself, Swift releases a chain by recursion, one node deep per node, and overflows an
  /// 8 MiB stack between 100,000 and 200,000 nodes. So an input that only the dying node holds is
  /// first emptied of its own inputs, which go on a work list; when it dies it has nothing left to
  /// release.
  @inline(never) static func releaseInputs(of fields: UnsafeMutablePointer<Header>) {
    var pending: [Unmanaged<Node>] = []
    var next = take(fields, into: &pending)
    while let reference = next ?? pending.popLast() {
      next = nil
      var node = reference.takeRetainedValue()
      guard node.isRecorded, isKnownUniquelyReferenced(&node) else { continue }
      next = take(node.fields, into: &pending)
    }
  }

  /// Empties a node of its inputs: returns the first; of the others, those that may hold more go on
  /// the work list.
  @inline(__always) private static func take(
    _ fields: UnsafeMutablePointer<Header>, into pending: inout [Unmanaged<Node>]
  ) -> Unmanaged<Node>? {
    let first = fields.pointee.first
    fields.pointee.primitive = nil
    fields.pointee.first = nil
    if let extras = fields.pointee.extras {
      for input in extras.inputs { pending.append(.passRetained(input.node)) }
      // Hooks and derivatives that captured an input let go of it before it is asked who else holds
      // it.
      fields.pointee.extras = nil
    }
    if let second = fields.pointee.second {
      fields.pointee.second = nil
      var node = second.takeRetainedValue()
      if node.isRecorded, isKnownUniquelyReferenced(&node) { pending.append(.passRetained(node)) }
    }
    return first
  }
}
