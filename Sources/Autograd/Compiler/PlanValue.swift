import Kernels

/// One value of a recorded computation: where it comes from, and how it lies in memory.
///
/// Every value is computed once (static single assignment): an assignment to a leaf makes a new
/// value, and the last one of each leaf is written to it when the plan ends.
struct PlanValue {
  enum Source {
    /// The value that a node from outside has when the plan starts.
    case leaf(Node)
    /// A literal or Swift scalar from outside, converted to the value's type when the plan starts.
    case literal(Node)
    /// The gradient that a leaf from outside has when the plan starts.
    case gradient(Node)
    /// An argument of the function.
    case argument(Int)
    /// A value that never changes.
    case constant(Node)
    /// Other elements of the same memory, from a distance in bytes on.
    case view(of: Int, offset: Int)
    case operation(Operation)
    /// Swift code that runs each time: it reads the inputs and writes the result.
    case host(Host)
  }

  struct Operation {
    let primitive: Primitive
    var inputs: [Int]
    let attributes: Attributes
    let flags: Node.Flags
  }

  struct Host {
    var inputs: [Int]
    /// Whether it runs even if nobody needs the result.
    let isEffect: Bool
    /// Whether it depends on settings and counts only, and so may run before everything else.
    let isSetting: Bool
    /// What grows by one instead, without any Swift code.
    var count: CallCount?
    let run: (_ inputs: [Variable], _ result: UnsafeMutableRawPointer) -> Void
  }

  var source: Source
  let shape: Shape
  let dtype: DType
  /// Distances between neighbours along each axis, in elements; nil if row-major without gaps.
  var strides: [Int]?

  var count: Int { shape.elementCount }
  var byteCount: Int { count * dtype.size }

  /// Whether the plan computes it, or shows a part of what it computes.
  var isComputed: Bool {
    switch source {
    case .operation, .host, .view: true
    case .leaf, .literal, .gradient, .argument, .constant: false
    }
  }

  /// The values that this one is computed from.
  var inputs: [Int] {
    switch source {
    case .operation(let operation): operation.inputs
    case .host(let host): host.inputs
    case .view(let base, _): [base]
    case .leaf, .literal, .gradient, .argument, .constant: []
    }
  }
}

/// A recorded computation.
struct PlanGraph {
  /// In an order in which each comes after its inputs.
  var values: [PlanValue] = []
  /// What the function returns.
  var results: [Int] = []
  /// What leaves are assigned, each once.
  var assignments: [(leaf: Node, value: Int)] = []
  /// The gradients that leaves have in the end, where they were set; nil for none.
  var gradients: [(leaf: Node, value: Int?)] = []
  /// Leaves whose gradient was read before it was set, and whether there was one.
  var gradientReads: [(leaf: Node, wasThere: Bool)] = []

  /// What Swift code has gone by.
  var conditions: [() -> Bool] = []

  /// The number of operations, views not counted.
  var computedCount: Int {
    values.count {
      switch $0.source {
      case .operation, .host: true
      case .leaf, .literal, .gradient, .argument, .constant, .view: false
      }
    }
  }

  /// The value whose memory a view lies in, and the distance from its start in bytes.
  func root(of value: Int) -> (value: Int, offset: Int) {
    var (value, total) = (value, 0)
    while case .view(let base, let offset) = values[value].source {
      value = base
      total += offset
    }
    return (value, total)
  }
}
