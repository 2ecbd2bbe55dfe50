import Kernels

/// The nodes below a result in an order in which each comes after all of its inputs, and the edges between them.
///
/// The traversal is iterative, so a graph may be millions of nodes deep. Marks and positions lie in the nodes and
/// belong to one traversal each (an epoch); once the edges are written down they are no longer needed, so that a
/// derivative may itself start a traversal.
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
    var stack: [Unmanaged<Node>] = []
    stack.reserveCapacity(32)
    stack.append(.passUnretained(root))
    while let reference = stack.popLast() {
      reference._withUnsafeGuaranteedRef { node in
        let fields = node.fields
        // Seen for the first time: wait below its inputs. Seen again with an open position: all of them are done.
        // A node that several others pushed is emitted by the first copy that is popped.
        if fields.pointee.mark != epoch {
          guard fields.pointee.primitive != nil else { return emitLeaf(node) }
          fields.pointee.mark = epoch
          fields.pointee.position = -1
          stack.append(reference)
          for index in 0..<node.inputCount {
            node.withInput(index) { input in
              let below = input.fields
              guard below.pointee.requiresGradient, below.pointee.mark != epoch else { return }
              if below.pointee.primitive == nil {
                emitLeaf(input)
              } else {
                stack.append(.passUnretained(input))
              }
            }
          }
        } else if fields.pointee.position == -1 {
          emit(node)
        }
      }
    }
  }

  /// The position of a node in the order, or nil if it is not there. Valid until the next traversal.
  func position(of node: Node) -> Int? {
    let fields = node.fields
    return fields.pointee.mark == epoch ? Int(fields.pointee.position) : nil
  }

  private mutating func emitLeaf(_ node: Node) {
    node.fields.pointee.mark = epoch
    node.fields.pointee.position = Int32(nodes.count)
    nodes.append(.passUnretained(node))
  }

  private mutating func emit(_ node: Node) {
    node.fields.pointee.position = Int32(nodes.count)
    nodes.append(.passUnretained(node))
    for index in 0..<node.inputCount {
      node.withInput(index) { input in
        edges.append(input.fields.pointee.requiresGradient ? input.fields.pointee.position : -1)
      }
    }
  }
}

extension Node {
  /// Reads an input without counting the reference.
  @inline(__always) func withInput(_ index: Int, _ body: (Node) -> Void) {
    switch index {
    case 0: fields.pointee.first.unsafelyUnwrapped._withUnsafeGuaranteedRef(body)
    case 1: fields.pointee.second.unsafelyUnwrapped._withUnsafeGuaranteedRef(body)
    default: body(fields.pointee.extras.unsafelyUnwrapped.inputs[index - 2].node)
    }
  }
}
