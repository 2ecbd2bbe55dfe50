/// What must not have changed since a function was recorded: Swift code that asks for it may go
/// another way.
enum Condition {
  case leaf(Node, requiresGradient: Bool, strides: [Int]?)
  case literal(Node)
  case gradient(of: Node, isThere: Bool)
  /// What Swift code has asked for.
  case host(() -> Bool)
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
          node, requiresGradient: node.fields.pointee.requiresGradient, strides: value.strides)
      case .literal(let node): .literal(node)
      case .gradient, .argument, .constant, .view, .operation, .host: nil
      }
    }
    return leaves + graph.gradientReads.map { .gradient(of: $0.leaf, isThere: $0.wasThere) }
      + graph.hostConditions.map { .host($0) }
  }

  var holds: Bool {
    switch self {
    case .leaf(let node, let requiresGradient, let strides):
      node.fields.pointee.requiresGradient == requiresGradient
        && node.fields.pointee.strides == strides
    case .literal(let node): node.fields.pointee.isWeak
    case .host(let condition): condition()
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
