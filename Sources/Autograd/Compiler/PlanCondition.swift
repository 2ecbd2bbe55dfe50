/// What must not have changed since a function was recorded: Swift code that asks for it may go
/// another way.
enum Condition {
  case leaf(Node, requiresGradient: Bool, strides: [Int]?, hookCount: Int)
  case literal(Node)
  case gradient(of: Node, isThere: Bool)
  case swift(() -> Bool)
  /// The plan holds for no further call.
  case never

  static func all(of graph: PlanGraph) -> [Condition] {
    let leaves = graph.values.compactMap { value -> Condition? in
      switch value.source {
      // New values are written without gaps.
      case .leaf(let node)
      where value.strides != nil && graph.assignments.contains { $0.leaf === node }:
        .never
      case .leaf(let node):
        .leaf(
          node, requiresGradient: node.fields.pointee.requiresGradient, strides: value.strides,
          hookCount: node.hookCount)
      case .literal(let node): .literal(node)
      case .gradient, .argument, .constant, .view, .operation, .host: nil
      }
    }
    return leaves + graph.gradientReads.map { .gradient(of: $0.leaf, isThere: $0.wasThere) }
      + graph.conditions.map { .swift($0) }
  }

  var holds: Bool {
    switch self {
    case .leaf(let node, let requiresGradient, let strides, let hookCount):
      node.fields.pointee.requiresGradient == requiresGradient
        && node.fields.pointee.strides == strides && node.hookCount == hookCount
    case .literal(let node): node.fields.pointee.isWeak
    case .swift(let condition): condition()
    case .never: false
    case .gradient(let node, let isThere):
      if let gradient = node.fields.pointee.extras?.gradient {
        isThere && gradient.node.fields.pointee.strides == nil
      } else {
        !isThere
      }
    }
  }
}

extension Node {
  fileprivate var hookCount: Int { fields.pointee.extras?.hooks.count ?? 0 }
}
