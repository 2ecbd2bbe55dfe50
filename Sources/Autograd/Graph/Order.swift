import Kernels

/// The nodes below a result in an order in which each comes after all of its inputs, and the edges
/// between them.
///
/// The traversal is iterative, so a graph may be millions of nodes deep. Marks and positions lie in
/// the nodes and belong to one traversal each (an epoch); once the edges are written down they are
/// no longer needed, so that a derivative may itself start a traversal.
struct Order {
  /// Every node that a gradient can flow through, inputs first.
  private(set) var nodes: [Unmanaged<Node>] = []
  /// For each node in turn, the positions of its inputs; -1 for an input that needs no gradient.
  private(set) var edges: [Int32] = []
  private let epoch: UInt32

  /// Orders what lies below `root`, which must require a gradient.
  ///
  /// The nodes are not retained: the caller holds the root, and the root holds them.
  init(below root: Node) {
    epoch = k_next_epoch()
    // Room for a small model's step: growing costs more than its nodes do.
    nodes.reserveCapacity(64)
    edges.reserveCapacity(128)
    var path: [Unmanaged<Node>] = []
    path.reserveCapacity(32)
    var current = Unmanaged.passUnretained(root)
    open(current.fields)
    while true {
      if let below = nextUnseenInput(of: current.fields) {
        path.append(current)
        current = below
        open(current.fields)
      } else {
        emit(current)
        guard let above = path.popLast() else { return }
        current = above
      }
    }
  }

  /// The position of a node in the order, or nil if it is not there.
  ///
  /// Valid until the next traversal.
  func position(of node: Node) -> Int? {
    let fields = node.fields
    return fields.pointee.mark == epoch ? Int(fields.pointee.position) : nil
  }

  /// Until a node is emitted, its position tells which input is to be looked at next.
  @inline(__always) private func open(_ node: UnsafeMutablePointer<Node.Header>) {
    node.pointee.mark = epoch
    node.pointee.position = 0
  }

  @inline(__always) private func nextUnseenInput(
    of node: UnsafeMutablePointer<Node.Header>
  ) -> Unmanaged<Node>? {
    let count = Int32(node.pointee.inputCount)
    while node.pointee.position < count {
      let index = Int(node.pointee.position)
      node.pointee.position &+= 1
      let input = node.pointee.inputReference(index)
      if input.fields.pointee.mark != epoch, input.fields.pointee.requiresGradient { return input }
    }
    return nil
  }

  @inline(__always) private mutating func emit(_ reference: Unmanaged<Node>) {
    let node = reference.fields
    for index in 0..<node.pointee.inputCount {
      let input = node.pointee.input(index)
      edges.append(input.pointee.requiresGradient ? input.pointee.position : -1)
    }
    node.pointee.position = Int32(truncatingIfNeeded: nodes.count)
    nodes.append(reference)
  }
}
