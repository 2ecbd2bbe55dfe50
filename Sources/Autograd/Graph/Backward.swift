import Kernels

/// The gradients of one variable by others: ∂of/∂x for each x, as new variables.
///
/// ```swift
/// let x = Variable(2.0, requiresGradient: true), y = Variable(3.0, requiresGradient: true)
/// let z = x * x * y
/// let g = gradients(of: z, withRespectTo: [x, y])   // [12, 4]
/// ```
///
/// - Parameters:
///   - result: What to differentiate. Without `seed` it must have exactly one element.
///   - variables: By what: leaves or intermediate results.
///   - seed: The cotangent of the result, of its shape; the gradients are then vᵀJ. Default: 1.
///   - createGraph: Whether the gradients are recorded, so that they can be differentiated again.
/// - Returns: For each variable its gradient, of its shape and type, or nil if it does not influence the result;
///   ``missingGradientReason(of:withRespectTo:)`` tells why.
public func gradients(
  of result: Variable, withRespectTo variables: [Variable], seed: Variable? = nil,
  createGraph: Bool = false
) -> [Variable?] {
  guard result.requiresGradient else {
    requireSeed(seed, for: result, operation: "gradients")
    return variables.map { $0.isIdentical(to: result) ? startingCotangent(seed, for: result) : nil }
  }
  var pass = BackwardPass(from: result, seed: seed, createGraph: createGraph)
  let positions = variables.map { pass.order.position(of: $0.node) }
  pass.keep(positions)
  pass.run()
  return positions.map { $0.flatMap { pass.cotangents[$0] } }
}

/// The gradient of one variable by another: ∂of/∂x; stops with an error that gives the reason if there is none.
///
/// See ``gradients(of:withRespectTo:seed:createGraph:)`` for several at once.
public func gradient(
  of result: Variable, withRespectTo variable: Variable, seed: Variable? = nil,
  createGraph: Bool = false
) -> Variable {
  let all = gradients(
    of: result, withRespectTo: [variable], seed: seed, createGraph: createGraph)
  if let gradient = all[0] { return gradient }
  let reason = missingGradientReason(of: result, withRespectTo: variable)
  fatalError("gradient: there is none: \(reason?.description ?? "unknown reason")")
}

extension Variable {
  /// Adds the gradients of this variable to ``gradient`` of every leaf that it depends on.
  ///
  /// Calling it twice accumulates twice; set `gradient = nil` between steps. The graph stays as it is, so there is
  /// no need to retain it.
  ///
  /// - Parameters:
  ///   - seed: The cotangent of this variable, of its shape. Without it there must be exactly one element.
  ///   - createGraph: Whether the gradients are recorded, so that they can be differentiated again.
  public func backward(seed: Variable? = nil, createGraph: Bool = false) {
    guard requiresGradient else {
      fatalError(
        "backward: the variable does not require a gradient: no leaf with requiresGradient influences it"
          + location(of: self))
    }
    var pass = BackwardPass(from: self, seed: seed, createGraph: createGraph)
    pass.keepLeaves()
    pass.run()
    for (position, reference) in pass.order.nodes.enumerated() {
      let node = reference.takeUnretainedValue()
      guard !node.isRecorded, let gradient = pass.cotangents[position] else { continue }
      let leaf = Variable(node)
      if let before = leaf.gradient {
        leaf.gradient = Context.with(Context.recordingOff, !createGraph) { before + gradient }
      } else {
        leaf.gradient = gradient
      }
    }
  }
}

/// One walk over the graph, from a result back to its leaves.
private struct BackwardPass {
  let order: Order
  private let createGraph: Bool
  private let isStrict: Bool
  private let root: Variable
  /// The cotangent of each node in the order, as far as it has been summed up.
  var cotangents: [Variable?]
  private var kept: [Bool] = []
  private var keepsLeaves = false
  private var liveness = LivenessMap()

  init(from root: Variable, seed: Variable?, createGraph: Bool) {
    requireSeed(seed, for: root, operation: "backward")
    self.root = root
    self.createGraph = createGraph
    isStrict = Context.flags.pointee & Context.strictGradients != 0
    order = Order(below: root.node)
    cotangents = Array(repeating: nil, count: order.nodes.count)
    cotangents[cotangents.count - 1] = startingCotangent(seed, for: root)
  }

  mutating func keep(_ positions: [Int?]) {
    kept = Array(repeating: false, count: order.nodes.count)
    for case let position? in positions { kept[position] = true }
  }

  mutating func keepLeaves() { keepsLeaves = true }

  mutating func run() {
    Context.with(Context.recordingOff, !(createGraph && Context.isRecording)) { walk() }
  }

  private mutating func walk() {
    var edge = order.edges.count
    for position in stride(from: order.nodes.count - 1, through: 0, by: -1) {
      let reference = order.nodes[position]
      reference._withUnsafeGuaranteedRef { node in
        let inputCount = node.primitive == nil ? 0 : node.inputCount
        edge -= inputCount
        guard var cotangent = cotangents[position] else { return }
        if let hooks = node.fields.pointee.extras?.hooks, !hooks.isEmpty {
          for hook in hooks { cotangent = hook(cotangent) ?? cotangent }
          cotangents[position] = cotangent
        }
        if inputCount == 0 { return }
        if keepsLeaves || !kept[position] { cotangents[position] = nil }
        propagate(cotangent, through: node, at: position, edge: edge, inputCount: inputCount)
      }
    }
  }

  /// Sends a node's complete cotangent on to its inputs.
  private mutating func propagate(
    _ cotangent: Variable, through node: Node, at position: Int, edge: Int, inputCount: Int
  ) {
    node.requireUnchangedInputs()
    let primitive = node.fields.pointee.primitive.unsafelyUnwrapped
    primitive._withUnsafeGuaranteedRef { primitive in
      let site = Site(node: node)
      let live = isStrict ? nil : liveness.take(position)
      var parts: [Variable?] = []
      if case .allInputs(let derivative) = primitive.rule { parts = derivative(site, cotangent) }
      for index in 0..<inputCount {
        let target = Int(order.edges[edge + index])
        guard target >= 0,
          var part = parts.isEmpty
            ? primitive.derivative(site, cotangent, input: index) : parts[index]
        else { continue }
        var liveInput: Live? = nil
        if !isStrict {
          (part, liveInput) = mask(part, live, primitive, site, input: index)
        }
        let input = node.input(index)
        if part.node.fields.pointee.shape != input.fields.pointee.shape {
          part = part.summed(to: input.fields.pointee.shape)
          liveInput = liveInput?.summed(to: input.fields.pointee.shape)
        }
        accumulate(part, liveInput, at: target)
      }
    }
  }

  /// The one place where contributions of several consumers are added.
  private mutating func accumulate(_ part: Variable, _ live: Live?, at target: Int) {
    liveness.merge(live, at: target, isFirst: cotangents[target] == nil)
    guard let before = cotangents[target] else {
      cotangents[target] = part
      return
    }
    // A sum that nobody else has seen may be written in place.
    if !createGraph {
      cotangents[target] = nil
      var own = before.node
      if isKnownUniquelyReferenced(&own), own.addInPlace(part.node) {
        cotangents[target] = Variable(own)
        return
      }
      cotangents[target] = Variable(own) + part
      return
    }
    cotangents[target] = before + part
  }
}

extension Node {
  /// Adds another node of the same shape and type to this one, if both are dense and this one's memory is its own.
  fileprivate func addInPlace(_ other: Node) -> Bool {
    let x = fields
    let y = other.fields
    guard x.pointee.strides == nil, y.pointee.strides == nil,
      x.pointee.storage == nil || isKnownUniquelyReferenced(&x.pointee.storage)
    else { return false }
    k_binary(
      .add, x.pointee.dtype.kernelType, x.pointee.data, x.pointee.data, 1, y.pointee.data, 1,
      Int64(x.pointee.count))
    return true
  }

  /// Stops with an error if `assign` has changed an input since the operation was recorded.
  @inline(__always) fileprivate func requireUnchangedInputs() {
    var versions: UInt32 = 0
    for index in 0..<inputCount { withInput(index) { versions &+= $0.fields.pointee.version } }
    if versions != fields.pointee.inputVersions {
      fatalError(
        "backward: an input of \(primitive?.name ?? "an operation") was changed by assign(_:) after it was "
          + "used\(location(of: Variable(self)))")
    }
  }
}

/// A cotangent must have the result's shape; without one the result must be a single number.
private func requireSeed(_ seed: Variable?, for result: Variable, operation: String) {
  if let seed {
    guard seed.node.fields.pointee.isWeak || (seed.shape == result.shape && seed.dtype == result.dtype)
    else {
      fatalError(
        "\(operation): the seed \(describe(seed)) does not fit the result \(describe(result))")
    }
  } else if result.count != 1 {
    fatalError(
      "\(operation): the result \(describe(result)) has \(result.count) elements; reduce it to one, for "
        + "example with sum(), or pass a seed")
  }
}

private func startingCotangent(_ seed: Variable?, for result: Variable) -> Variable {
  if let seed, !seed.node.fields.pointee.isWeak { return seed }
  return full(seed?.item() ?? 1, result.shape, result.dtype)
}
