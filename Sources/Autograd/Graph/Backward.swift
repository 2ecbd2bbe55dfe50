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
/// - Returns: For each variable its gradient, of its shape and type, or nil if it does not
///   influence the result; ``missingGradientReason(of:withRespectTo:)`` tells why.
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
  return positions.map { $0.flatMap { pass.ownCotangent(at: $0) } }
}

/// The gradient of one variable by another: ∂of/∂x; stops with an error that gives the reason if
/// there is none.
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
  /// Calling it twice accumulates twice; set `gradient = nil` between steps. The graph stays as it
  /// is, so there is no need to retain it.
  ///
  /// - Parameters:
  ///   - seed: The cotangent of this variable, of its shape. Without it there must be exactly one
  ///     element.
  ///   - createGraph: Whether the gradients are recorded, so that they can be differentiated again.
  public func backward(seed: Variable? = nil, createGraph: Bool = false) {
    guard requiresGradient else {
      fatalError(
        "backward: the variable does not require a gradient: no leaf with requiresGradient influences it"
          + location(of: self))
    }
    var pass = BackwardPass(from: self, seed: seed, createGraph: createGraph)
    pass.run()
    for (position, reference) in pass.order.nodes.enumerated() {
      let node = reference.takeUnretainedValue()
      guard !node.isRecorded, let gradient = pass.ownCotangent(at: position) else { continue }
      let leaf = Variable(node)
      if let before = leaf.gradient {
        leaf.gradient = createGraph ? before + gradient : withoutRecording { before + gradient }
      } else {
        leaf.gradient = gradient
      }
    }
  }
}

/// One walk over the graph, from a result back to its leaves.
private struct BackwardPass: ~Copyable {
  let order: Order
  /// The cotangent of each node in the order, as far as it has been summed up.
  let cotangents: UnsafeMutableBufferPointer<Variable?>
  private let createGraph: Bool
  private let isStrict: Bool
  /// The positions whose cotangents are asked for; empty if those of leaves are, which stay anyway.
  private var kept: [Bool] = []
  private var liveness = LivenessMap()
  /// Cotangents of parts, by the position of what they are parts of.
  private var pieces: [Int: [Piece]] = [:]
  /// Products whose cotangents of one factor wait, by the factor's position.
  private var factorUses: [Int: [SharedFactorUse]] = [:]

  init(from root: Variable, seed: Variable?, createGraph: Bool) {
    requireSeed(seed, for: root, operation: "backward")
    self.createGraph = createGraph
    isStrict = Context.flags.pointee & Context.strictGradients != 0
    order = Order(below: root.node)
    cotangents = .allocate(capacity: order.nodes.count)
    cotangents.initialize(repeating: nil)
    cotangents[cotangents.count - 1] = startingCotangent(seed, for: root)
  }

  deinit {
    cotangents.deinitialize()
    cotangents.deallocate()
  }

  mutating func keep(_ positions: [Int?]) {
    kept = Array(repeating: false, count: order.nodes.count)
    for case let position? in positions { kept[position] = true }
  }

  /// The cotangent as a variable of its own: one that flowed on to several variables, or the
  /// caller's seed, is a single node, and `assign` to it would change them all.
  func ownCotangent(at position: Int) -> Variable? {
    let slot = cotangents.baseAddress.unsafelyUnwrapped + position
    // Asked before anything else holds it.
    if slot.pointee == nil || slot.isOnlyReference { return slot.pointee }
    // What requires a gradient (the seed, perhaps) must stay connected to the graph.
    return slot.pointee.map { $0.requiresGradient ? $0 : Variable($0.node.viewNode()) }
  }

  mutating func run() {
    let flags = Context.flags
    let before = flags.pointee
    if !createGraph { flags.pointee |= Context.recordingOff }
    walk()
    flags.pointee = before
  }

  private mutating func walk() {
    var edge = order.edges.count
    for position in stride(from: order.nodes.count - 1, through: 0, by: -1) {
      let reference = order.nodes[position]
      let node = reference.fields
      let inputCount = node.pointee.inputCount
      edge &-= inputCount
      if !pieces.isEmpty { joinPieces(of: node, at: position) }
      if !factorUses.isEmpty { joinFactorUses(of: node, at: position) }
      if node.pointee.extras != nil { runHooks(of: node, at: position) }
      guard let primitive = node.pointee.primitive else { continue }
      let isKept = !kept.isEmpty && kept[position]
      guard let cotangent = isKept ? cotangents[position] : cotangents[position].take() else {
        continue
      }
      requireUnchangedInputs(of: reference)
      guard liveness.isEmpty,
        let derivatives = primitive._withUnsafeGuaranteedRef({ $0.plainDerivatives })
      else {
        primitive._withUnsafeGuaranteedRef { primitive in
          propagate(cotangent, through: reference, primitive, at: position, edge: edge)
        }
        continue
      }
      // What nearly every node is: a derivative for each input, and no masks in sight.
      for index in stride(from: inputCount - 1, to: 0, by: -1) {
        let target = Int(order.edges[edge &+ index])
        if target < 0 { continue }
        if waits(cotangent, of: reference, index, at: target, from: position) { continue }
        let part = derivatives[index].map { $0(Site(reference), cotangent) } ?? cotangent
        accumulate(part, of: node.pointee.input(index), at: target)
      }
      // The first input comes last: a cotangent that flows on as it is changes hands without being
      // counted.
      let target = Int(order.edges[edge])
      if target < 0 { continue }
      if let derivative = derivatives[0] {
        let part = derivative(Site(reference), cotangent)
        accumulate(part, of: node.pointee.input(0), at: target)
      } else {
        accumulate(consume cotangent, of: node.pointee.input(0), at: target)
      }
    }
  }

  /// Sends a node's complete cotangent on to its inputs, with the masks of dead elements.
  @inline(never) private mutating func propagate(
    _ cotangent: Variable, through node: Unmanaged<Node>, _ primitive: Primitive, at position: Int,
    edge: Int
  ) {
    let site = Site(node)
    let live = isStrict ? nil : liveness.take(position)
    if primitive === slicePrimitive {
      let target = Int(order.edges[edge])
      if target < 0 { return }
      if let piece = Piece(cotangent, live, site) {
        pieces[target, default: []].append(piece)
        return
      }
    }
    var parts: [Variable?]?
    if case .allInputs(let derivative) = primitive.rule { parts = derivative(site, cotangent) }
    for index in 0..<node.fields.pointee.inputCount {
      let target = Int(order.edges[edge + index])
      if waits(cotangent, of: node, index, at: target, from: position) { continue }
      guard target >= 0,
        var part = parts.map({ $0[index] }) ?? primitive.derivative(site, cotangent, input: index)
      else { continue }
      var liveInput: Live? = nil
      if !isStrict { (part, liveInput) = mask(part, live, primitive, site, input: index) }
      let input = node.fields.pointee.input(index)
      if part.shape != input.pointee.shape {
        liveInput = liveInput?.summed(to: input.pointee.shape)
      }
      liveness.merge(liveInput, at: target, isFirst: cotangents[target] == nil)
      accumulate(part, of: input, at: target)
    }
  }

  /// Adds the cotangents of the parts of a node to its own.
  @inline(never) private mutating func joinPieces(
    of node: UnsafeMutablePointer<Node.Header>, at position: Int
  ) {
    guard let parts = pieces.removeValue(forKey: position) else { return }
    if let (sum, live) = Piece.join(parts, node.pointee.shape) {
      liveness.merge(isStrict ? nil : live, at: position, isFirst: cotangents[position] == nil)
      accumulate(sum, of: node, at: position)
      return
    }
    for piece in parts {
      let slice = piece.site
      guard
        var part = slicePrimitive.derivative(
          slice, piece.cotangent.reshaped(to: slice.y.shape), input: 0)
      else { continue }
      var live: Live?
      if !isStrict { (part, live) = mask(part, piece.live, slicePrimitive, slice, input: 0) }
      liveness.merge(live, at: position, isFirst: cotangents[position] == nil)
      accumulate(part, of: node, at: position)
    }
  }

  /// Whether the cotangent of a product's second factor is computed later, with those of its other
  /// uses.
  @inline(__always) private mutating func waits(
    _ cotangent: Variable, of node: Unmanaged<Node>, _ index: Int, at target: Int,
    from position: Int
  ) -> Bool {
    // What is next in turn has no further uses to wait for.
    if target == position &- 1, factorUses.isEmpty { return false }
    return index == 1 && target >= 0 && waitsAsFactor(cotangent, of: node, at: target)
  }

  @inline(never) private mutating func waitsAsFactor(
    _ cotangent: Variable, of product: Unmanaged<Node>, at target: Int
  ) -> Bool {
    guard product.takeUnretainedValue().primitive === matmulPrimitive,
      let use = SharedFactorUse(Site(product), cotangent),
      factorUses[target]?[0].fits(use) ?? true
    else { return false }
    factorUses[target, default: []].append(use)
    return true
  }

  /// Adds the cotangents of a factor from its uses in products.
  @inline(never) private mutating func joinFactorUses(
    of node: UnsafeMutablePointer<Node.Header>, at position: Int
  ) {
    guard let uses = factorUses.removeValue(forKey: position) else { return }
    liveness.merge(nil, at: position, isFirst: cotangents[position] == nil)
    // The first use was the last to be walked back through.
    accumulate(SharedFactorUse.join(uses.reversed()), of: node, at: position)
  }

  /// The one place where contributions of several consumers are added, and where broadcasting is
  /// undone: a contribution is summed over the axes along which the input was repeated.
  @inline(__always) private func accumulate(
    _ contribution: consuming Variable, of input: UnsafeMutablePointer<Node.Header>,
    at target: Int
  ) {
    if contribution.node.fields.pointee.shape != input.pointee.shape {
      contribution = contribution.summed(to: input.pointee.shape)
    }
    let part = consume contribution
    let slot = cotangents.baseAddress.unsafelyUnwrapped + target
    if slot.pointee == nil {
      slot.initialize(to: part)
    } else if createGraph || Context.isTracing || !slot.addInPlace(part.node) {
      slot.pointee = slot.pointee.unsafelyUnwrapped + part
    }
  }

  @inline(never) private func runHooks(
    of node: UnsafeMutablePointer<Node.Header>, at position: Int
  ) {
    guard let hooks = node.pointee.extras?.hooks, !hooks.isEmpty else { return }
    // Swift code that expects to be called each time, unless somebody compiled it on purpose.
    if Context.isTracing { Recorder.giveUp("a hook is called") }
    for hook in hooks {
      guard let cotangent = cotangents[position] else { return }
      guard let returned = hook(cotangent) else { continue }
      guard let replacement = returned.adapted(to: node),
        replacement.shape == node.pointee.shape
      else {
        fatalError(
          "addGradientHook: the hook returned \(describe(returned)) for the cotangent "
            + describe(cotangent))
      }
      cotangents[position] = replacement
    }
  }

  /// Stops with an error if `assign` has changed an input since the operation was recorded.
  @inline(__always) private func requireUnchangedInputs(of reference: Unmanaged<Node>) {
    let node = reference.fields
    var versions: UInt16 = 0
    for index in 0..<node.pointee.inputCount {
      versions &+= node.pointee.input(index).pointee.version
    }
    if versions != node.pointee.inputVersions { failForChangedInput(reference) }
  }

  @inline(never) private func failForChangedInput(_ reference: Unmanaged<Node>) -> Never {
    let result = Variable(reference.takeUnretainedValue())
    fatalError(
      "backward: an input of \(result.operationName ?? "an operation") was changed by assign(_:) after it was "
        + "used\(location(of: result))")
  }
}

extension Variable {
  /// What a closure of the user's returned as a cotangent, literals spread over the shape; nil if
  /// its type differs.
  func adapted(to node: UnsafeMutablePointer<Node.Header>) -> Variable? {
    if let literal { return full(literal, node.pointee.shape, node.pointee.dtype) }
    return dtype == node.pointee.dtype ? self : nil
  }
}

extension UnsafeMutablePointer<Variable?> {
  /// Whether the slot, which is not empty, is the only one that holds its node.
  @inline(__always) fileprivate var isOnlyReference: Bool {
    // A Variable is its node and nothing else.
    withMemoryRebound(to: Node.self, capacity: 1) { isKnownUniquelyReferenced(&$0.pointee) }
  }

  /// Adds to the sum in the slot, if both are dense and nobody else has seen the sum or holds its
  /// memory.
  @inline(__always) fileprivate func addInPlace(_ other: Node) -> Bool {
    let sum = withMemoryRebound(to: Unmanaged<Node>.self, capacity: 1) { $0.pointee.fields }
    guard isOnlyReference, sum.pointee.strides == nil, other.fields.pointee.strides == nil,
      sum.pointee.storage == nil || isKnownUniquelyReferenced(&sum.pointee.storage)
    else { return false }
    k_binary(
      .add, sum.pointee.dtype.kernelType, sum.pointee.data, sum.pointee.data, 1,
      other.fields.pointee.data, 1, Int64(sum.pointee.count))
    return true
  }
}

/// A cotangent must have the result's shape; without one the result must be a single number.
private func requireSeed(_ seed: Variable?, for result: Variable, operation: String) {
  if let seed {
    guard
      seed.node.fields.pointee.isWeak || (seed.shape == result.shape && seed.dtype == result.dtype)
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
  if let seed, seed.literal == nil { return seed }
  return full(seed?.literal ?? 1, result.shape, result.dtype)
}
