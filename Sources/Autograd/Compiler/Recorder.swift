import Kernels

extension Tensor {
  /// Whether all elements of another tensor are elements of this one, which has no gaps.
  fileprivate func contains(_ other: Tensor) -> Bool {
    guard strides == nil, storage === other.storage, dtype == other.dtype, other.count > 0 else {
      return false
    }
    var (first, last) = (other.offset, other.offset)
    for (size, stride) in zip(other.shape, other.effectiveStrides) {
      if stride < 0 { first += (size - 1) * stride } else { last += (size - 1) * stride }
    }
    return first >= offset && last < offset + count
  }
}

/// Writes down everything that happens on the calling thread while a function is compiled.
///
/// Every operation, view, assignment and gradient notes itself here, whether or not it needs a
/// gradient. If somebody has asked for a plan nothing is computed meanwhile: variables have shapes but
/// no values, leaves are in the end as they were, and the plan does all that the function would have
/// done. A tentative recorder's function runs as always, for there may be no plan.
final class Recorder {
  private(set) var graph = PlanGraph()
  /// The value of each node that was seen.
  private(set) var indices: [ObjectIdentifier: Int] = [:]
  /// Literals that were computed from literals, as float64 values.
  private var literals: [ObjectIdentifier: Int] = [:]
  /// Marks the nodes that are made meanwhile: leaves among them are constants.
  private let tag = UInt16(truncatingIfNeeded: k_next_epoch() % 65535 + 1)
  /// Nodes must not be freed, lest another one take their identity; those of values are in `nodes`.
  private var kept: [Node] = []
  private var assigned: [ObjectIdentifier: Int] = [:]
  private var gradients: [ObjectIdentifier: Int] = [:]
  /// The node of each value.
  private var nodes: [Node?] = []
  /// Computed values whose nodes have memory of their own, and how much of it was there when that
  /// was last looked at, and has come since.
  private var withMemory: [Int] = []
  private var (heldBytes, newBytes) = (0, 0)
  /// Whether nobody has asked for a plan: then what cannot be one is no error.
  let isTentative: Bool
  /// Leaves and gradients as they were before a function that is not computed.
  private var originals: [(leaf: Node, value: Tensor)] = []
  private var originalGradients: [(leaf: Node, gradient: Variable?)] = []
  /// Why there can be no plan.
  private(set) var failure: String?
  /// Tensors that the function may turn into variables, and the values of the arguments that they
  /// are.
  private var argumentTensors: [(tensor: Tensor, value: Int)] = []

  init(isTentative: Bool = false) { self.isTentative = isTentative }

  /// The recorder of the calling thread, in the fourth of its words.
  private(set) static var current: Recorder? {
    get {
      UnsafeRawPointer(bitPattern: UInt(k_thread_words()[3])).map {
        Unmanaged<Recorder>.fromOpaque($0).takeUnretainedValue()
      }
    }
    set {
      let address = newValue.map { Unmanaged.passUnretained($0).toOpaque() }
      k_thread_words()[3] = UInt64(UInt(bitPattern: address))
    }
  }

  /// Runs the function while everything is written down.
  ///
  /// - Parameters:
  ///   - function: What is recorded.
  ///   - arguments: What stands in for its arguments.
  ///   - tensors: What the first arguments were made of; variables that the function makes of them
  ///     are arguments, too.
  func record(
    _ function: ([Variable]) throws -> [Variable], _ arguments: [Variable],
    tensors: [Tensor] = []
  ) rethrows -> [Variable] {
    for (index, argument) in arguments.enumerated() {
      append(
        PlanValue(source: .argument(index), shape: argument.shape, dtype: argument.dtype),
        argument.node)
    }
    argumentTensors = tensors.enumerated().map { ($1, $0) }
    let before = Recorder.current
    Recorder.current = self
    defer {
      Recorder.current = before
      restoreLeaves()
    }
    let results = try Context.traced(tag: tag, defers: !isTentative) { try function(arguments) }
    graph.results = results.map { index(of: $0.node, as: $0.dtype) }
    return results
  }

  /// Stops with an error, or forgets about the plan if nobody has asked for one.
  static func fail(_ message: @autoclosure () -> String) {
    // None is there if a tentative one has given up already.
    guard let recorder = current else { return }
    guard recorder.isTentative else { fatalError(message()) }
    giveUp(message())
  }

  /// Forgets about a plan that nobody has asked for.
  static func giveUp(_ reason: String) {
    guard let recorder = current, recorder.isTentative else { return }
    recorder.failure = reason
    current = nil
  }

  /// What the recorder saw, once the function has ended.
  ///
  /// - Parameter arguments: What stood in for the arguments; gradients left in them, and in leaves
  ///   that were made meanwhile, are not seen outside.
  func finish(_ arguments: [Variable]) -> PlanGraph {
    func isLocal(_ leaf: Node) -> Bool {
      isBorn(leaf) || arguments.contains { $0.node === leaf }
    }
    graph.gradients.removeAll { isLocal($0.leaf) }
    graph.gradientReads.removeAll { isLocal($0.leaf) }
    for (index, value) in graph.values.enumerated() {
      guard case .leaf(let node) = value.source, isBorn(node),
        !node.fields.pointee.requiresGradient
      else { continue }
      graph.values[index].source = .constant(node)
    }
    for (index, value) in graph.values.enumerated() {
      guard case .literal(let node) = value.source, isBorn(node) else { continue }
      graph.values[index].source = .constant(
        Variable(node).strong(as: value.dtype, operation: "compile").node)
    }
    if !isTentative { fillEscaped() }
    return graph
  }

  /// Undoes what a function that was not computed has done to leaves.
  private func restoreLeaves() {
    for (leaf, value) in originals { leaf.replaceValue(by: Node.make(value)) }
    for (leaf, gradient) in originalGradients { leaf.fields.pointee.extras?.gradient = gradient }
    (originals, originalGradients) = ([], [])
  }

  /// Values that were not computed, but that Swift code has kept, become NaN.
  private func fillEscaped() {
    kept = []
    for index in nodes.indices.reversed() {
      if !isKnownUniquelyReferenced(&nodes[index]), let node = nodes[index],
        graph.values[index].isComputed
      {
        switch graph.values[graph.root(of: index).value].source {
        case .operation: node.fillWithNaN()
        case .host(let host): if !host.inputs.isEmpty { node.fillWithNaN() }
        case .leaf, .literal, .gradient, .argument, .constant, .view: break
        }
      }
      // Consumers are gone before what they hold is looked at.
      nodes[index] = nil
    }
  }

  /// Whether a leaf or a literal was made while this recorder was at work.
  func isBorn(_ leaf: Node) -> Bool {
    !leaf.isRecorded && leaf.fields.pointee.inputVersions == tag
  }

  // MARK: Values

  @discardableResult func append(_ value: PlanValue, _ node: Node?) -> Int {
    graph.values.append(value)
    nodes.append(node)
    let index = graph.values.count - 1
    if let node {
      indices[ObjectIdentifier(node)] = index
      if isTentative, value.isComputed, node.fields.pointee.storage != nil {
        withMemory.append(index)
        newBytes += value.byteCount
        if newBytes > max(1 << 20, heldBytes / 4) { releaseMemory() }
      }
    }
    return index
  }

  /// Frees the elements of nodes that nobody but the recorder holds any more: they stay for their
  /// identity only, so a recording needs little more memory than the function itself.
  private func releaseMemory() {
    heldBytes = 0
    newBytes = 0
    withMemory.removeAll { index in
      guard isKnownUniquelyReferenced(&nodes[index]), let node = nodes[index] else {
        heldBytes += graph.values[index].byteCount
        return false
      }
      node.fields.pointee.storage = nil
      return true
    }
  }

  /// The value of a node, as a literal of the given type if it is one.
  func index(of node: Node, as dtype: DType) -> Int {
    let key = ObjectIdentifier(node)
    if let index = indices[key] { return index }
    if node.fields.pointee.isWeak {
      kept.append(node)
      guard let literal = literals[key] else {
        return append(PlanValue(source: .literal(node), shape: .scalar, dtype: dtype), nil)
      }
      return cast(literal, to: dtype)
    }
    return append(
      PlanValue(
        source: .leaf(node), shape: node.fields.pointee.shape, dtype: dtype,
        strides: node.fields.pointee.strides), node)
  }

  /// The value of a node, without gaps if the node has none.
  ///
  /// Small views are copies for the node, and views for the plan: whoever needs the copy makes it.
  private func denseIndex(of node: Node) -> Int {
    let index = index(of: node, as: node.fields.pointee.dtype)
    let value = graph.values[index]
    if value.strides == nil || node.fields.pointee.strides != nil { return index }
    let copy = PlanValue.Operation(
      primitive: copyPrimitive, inputs: [index], attributes: .none, flags: [])
    return append(
      PlanValue(source: .operation(copy), shape: value.shape, dtype: value.dtype), nil)
  }

  private func cast(_ value: Int, to dtype: DType) -> Int {
    if graph.values[value].dtype == dtype { return value }
    let operation = PlanValue.Operation(
      primitive: castPrimitive, inputs: [value], attributes: .none, flags: [])
    return append(PlanValue(source: .operation(operation), shape: .scalar, dtype: dtype), nil)
  }

  // MARK: What happens

  /// A primitive has computed a node.
  func note(_ result: Node, _ primitive: Primitive, _ inputs: [Node], _ attributes: Attributes) {
    // Where literals meet numbers they take their type; comparisons give another one.
    let strong = inputs.first { !$0.fields.pointee.isWeak }?.fields.pointee.dtype
    var operation = PlanValue.Operation(
      primitive: primitive,
      inputs: inputs.map {
        index(of: $0, as: $0.fields.pointee.isWeak ? strong ?? .float32 : $0.fields.pointee.dtype)
      },
      attributes: attributes,
      flags: result.fields.pointee.flags.intersection([.transposesFirst, .transposesSecond]))
    if case .reduce = primitive.kernel {
      operation.inputs[0] = denseIndex(of: inputs[0])
      splitRuns(&operation)
    }
    append(
      PlanValue(
        source: .operation(operation), shape: result.fields.pointee.shape,
        dtype: result.fields.pointee.dtype), result)
  }

  /// Reductions go over one run of neighbouring axes at a time, the last first, as the eager ones.
  private func splitRuns(_ operation: inout PlanValue.Operation) {
    guard case .integer(let number) = operation.attributes else { return }
    var axes = AxisSet(rawValue: number).list
    while let last = axes.last {
      var run = AxisSet(axis: last)
      axes.removeLast()
      while let next = axes.last, run.contains(axis: next + 1) {
        run.insert(AxisSet(axis: next))
        axes.removeLast()
      }
      operation = PlanValue.Operation(
        primitive: operation.primitive, inputs: operation.inputs,
        attributes: .integer(run.rawValue), flags: [])
      if axes.isEmpty { return }
      let input = graph.values[operation.inputs[0]]
      var shape = input.shape
      for axis in run.list { shape[axis] = 1 }
      operation.inputs = [
        append(
          PlanValue(source: .operation(operation), shape: shape, dtype: input.dtype), nil)
      ]
    }
  }

  /// A node shows elements of another one, from a distance in bytes on.
  func note(_ view: Node, viewOf base: Node, offset: Int, strides: [Int]?) {
    append(
      PlanValue(
        source: .view(of: denseIndex(of: base), offset: offset), shape: view.fields.pointee.shape,
        dtype: view.fields.pointee.dtype, strides: strides),
      view)
  }

  /// A tensor has become a node: if its elements are an argument's, so are the node's.
  func note(_ node: Node, of tensor: Tensor) {
    for (argument, value) in argumentTensors where argument.contains(tensor) {
      append(
        PlanValue(
          source: .view(of: value, offset: tensor.data - argument.data), shape: tensor.shape,
          dtype: tensor.dtype, strides: tensor.strides),
        node)
      return
    }
  }

  /// Swift code looks at the elements of a tensor.
  func note(reading tensor: Tensor) {
    if argumentTensors.contains(where: { $0.tensor.storage === tensor.storage }) {
      Recorder.fail("compile: the elements of an argument are read inside of the function")
    }
  }

  /// A literal has become a node of a type.
  func note(_ strong: Node, literal: Node) {
    let dtype = strong.fields.pointee.dtype
    let index = index(of: literal, as: dtype)
    indices[ObjectIdentifier(strong)] = index
    nodes[index] = strong
    kept.append(strong)
  }

  /// A literal was computed from other literals.
  func note(literal result: Node, _ primitive: Primitive, _ inputs: [Node]) {
    let operation = PlanValue.Operation(
      primitive: primitive, inputs: inputs.map { index(of: $0, as: .float64) },
      attributes: .none, flags: [])
    literals[ObjectIdentifier(result)] = append(
      PlanValue(source: .operation(operation), shape: .scalar, dtype: .float64), nil)
    kept.append(result)
  }

  /// A leaf was assigned a value.
  func note(assignmentOf source: Node, to leaf: Node) {
    let key = ObjectIdentifier(leaf)
    if isBorn(leaf) {
      Recorder.fail(
        "compile: \(describe(Variable(leaf))) is made and then assigned to inside of the compiled "
          + "function; make it outside, once, or compute with values instead"
          + location(of: Variable(leaf)))
      return
    }
    // The leaf as it was before, for those who have read it.
    if indices[key] == nil { _ = index(of: leaf, as: leaf.fields.pointee.dtype) }
    let value = index(of: source, as: leaf.fields.pointee.dtype)
    indices[key] = value
    if let place = assigned[key] {
      graph.assignments[place].value = value
    } else {
      if !isTentative { originals.append((leaf, leaf.tensor)) }
      assigned[key] = graph.assignments.count
      graph.assignments.append((leaf, value))
    }
  }

  /// The gradient of a leaf was set.
  func note(gradient: Node?, of leaf: Node) {
    let value = gradient.map { index(of: $0, as: leaf.fields.pointee.dtype) }
    let key = ObjectIdentifier(leaf)
    if let place = gradients[key] {
      graph.gradients[place].value = value
    } else {
      if !isTentative { originalGradients.append((leaf, leaf.fields.pointee.extras?.gradient)) }
      gradients[key] = graph.gradients.count
      kept.append(leaf)
      graph.gradients.append((leaf, value))
    }
  }

  /// The gradient of a leaf is about to be read.
  func note(readingGradient gradient: Node?, of leaf: Node) {
    let key = ObjectIdentifier(leaf)
    if gradients[key] != nil { return }
    if graph.gradientReads.contains(where: { $0.leaf === leaf }) { return }
    graph.gradientReads.append((leaf, gradient != nil))
    kept.append(leaf)
    guard let gradient, indices[ObjectIdentifier(gradient)] == nil else { return }
    append(
      PlanValue(
        source: .gradient(leaf), shape: leaf.fields.pointee.shape,
        dtype: leaf.fields.pointee.dtype, strides: gradient.fields.pointee.strides), gradient)
  }

  /// What follows was decided by Swift code.
  func note(condition: @escaping () -> Bool) { graph.conditions.append(condition) }
}
