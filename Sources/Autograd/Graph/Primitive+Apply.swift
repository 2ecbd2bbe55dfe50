import Kernels

// How a primitive becomes a node: types and shapes are checked here, once, and the result is
// recorded if an input requires a gradient.

extension Node {
  /// Records how the node was made, if an input requires a gradient and recording is on.
  @inline(__always) func record(_ primitive: Primitive, _ x: Node, _ attributes: Attributes = .none)
  {
    if Context.isTracing { trace(primitive, x, nil, attributes) }
    guard x.fields.pointee.requiresGradient, Context.isRecording, primitive.isDifferentiable else {
      return
    }
    fields.pointee.primitive = .passUnretained(primitive)
    if case .none = attributes {} else { fields.pointee.attributes = attributes }
    fields.pointee.first = .passRetained(x)
    fields.pointee.inputVersions = x.fields.pointee.version
    fields.pointee.requiresGradient = true
  }

  /// Records how the node was made, if an input requires a gradient and recording is on.
  @inline(__always) func record(_ primitive: Primitive, _ a: Node, _ b: Node) {
    if Context.isTracing { trace(primitive, a, b, .none) }
    guard a.fields.pointee.requiresGradient || b.fields.pointee.requiresGradient,
      Context.isRecording, primitive.isDifferentiable
    else { return }
    fields.pointee.primitive = .passUnretained(primitive)
    fields.pointee.first = .passRetained(a)
    fields.pointee.second = .passRetained(b)
    fields.pointee.inputVersions = a.fields.pointee.version &+ b.fields.pointee.version
    fields.pointee.requiresGradient = true
  }
}

extension Node {
  /// Tells the recorder how the node was made; views tell it themselves.
  @inline(never) fileprivate func trace(
    _ primitive: Primitive, _ first: Node, _ second: Node?, _ attributes: Attributes
  ) {
    if case .view = primitive.kernel { return }
    Recorder.current?.note(self, primitive, [first] + (second.map { [$0] } ?? []), attributes)
  }

  @inline(never) fileprivate func traceConnected() {
    guard let primitive else { return }
    if case .view = primitive.kernel { return }
    Recorder.current?.note(
      self, primitive, (0..<inputCount).map(input), fields.pointee.attributes)
  }

  /// Tells the recorder that the node shows elements of another one.
  @inline(__always) func traceView(of base: Node, data: UnsafeRawPointer, strides: [Int]?) {
    guard Context.isTracing else { return }
    let offset = data - UnsafeRawPointer(base.fields.pointee.data)
    Recorder.current?.note(self, viewOf: base, offset: offset, strides: strides)
  }
}

extension Primitive {
  /// Applies an element-by-element primitive of one variable.
  func callAsFunction(_ x: Variable) -> Variable {
    guard case .unary(let kernel) = self.kernel else { fatalError("\(name) is not unary") }
    let input = x.node.fields
    let dtype = input.pointee.dtype
    if !dtype.isFloatingPoint { requireInteger(kernel, dtype, x) }
    if input.pointee.isWeak { return applyToLiteral(x) }
    let count = input.pointee.count
    let node = Node.make(shape: input.pointee.shape, count: count, dtype: dtype)
    if !Context.isDeferring { run(kernel, node, input) }
    node.record(self, x.node)
    return Variable(node)
  }

  @inline(__always) private func run(
    _ kernel: KUnary, _ node: Node, _ x: UnsafeMutablePointer<Node.Header>
  ) {
    let out = node.fields.pointee.data
    let type = x.pointee.dtype.kernelType
    if let strides = x.pointee.strides {
      withKernelShape(x.pointee.shape, strides) { shape, rank, strides in
        k_unary_strided(kernel, type, out, x.pointee.data, strides, shape, rank)
      }
    } else {
      k_unary(kernel, type, out, x.pointee.data, Int64(x.pointee.count))
    }
  }

  private func requireInteger(_ kernel: KUnary, _ dtype: DType, _ x: Variable) {
    switch kernel {
    case .negate, .absolute, .sign, .square: if dtype != .bool { return }
    default: break
    }
    fatalError("\(name): not defined for \(dtype); cast(to: .float32) first\(location(of: x))")
  }

  /// Applies an element-by-element primitive of two variables, which broadcast by NumPy's rules.
  func callAsFunction(_ a: Variable, _ b: Variable) -> Variable {
    let x = a.node.fields
    let y = b.node.fields
    // The fast way: same type, same shape, no gaps, no literals.
    if x.pointee.dtype == y.pointee.dtype, x.pointee.shape == y.pointee.shape,
      x.pointee.strides == nil, y.pointee.strides == nil, !x.pointee.isWeak, !y.pointee.isWeak,
      x.pointee.dtype.isFloatingPoint
    {
      let node = makeResult(x.pointee.shape, x.pointee.count, x.pointee.dtype)
      run(node, x.pointee.dtype, x.pointee.data, 1, y.pointee.data, 1)
      node.record(self, a.node, b.node)
      return Variable(node)
    }
    return applyBroadcasting(a, b)
  }

  @inline(__always) private func makeResult(_ shape: Shape, _ count: Int, _ dtype: DType) -> Node {
    if case .compare = kernel { return Node.make(shape: shape, count: count, dtype: .bool) }
    return Node.make(shape: shape, count: count, dtype: dtype)
  }

  /// Runs the kernel on operands without gaps; a step of 0 repeats a single element.
  @inline(__always) private func run(
    _ node: Node, _ dtype: DType, _ a: UnsafeRawPointer, _ aStep: Int64, _ b: UnsafeRawPointer,
    _ bStep: Int64
  ) {
    if Context.isDeferring { return }
    let out = node.fields.pointee.data
    let count = Int64(node.fields.pointee.count)
    switch kernel {
    case .binary(let kernel): k_binary(kernel, dtype.kernelType, out, a, aStep, b, bStep, count)
    case .compare(let kernel): k_compare(kernel, dtype.kernelType, out, a, aStep, b, bStep, count)
    default: fatalError("\(name) is not binary")
    }
  }

  /// Literals stay literals, in double precision, until they meet a variable that has a type.
  private func applyToLiteral(_ x: Variable) -> Variable {
    let result = Context.untraced { self(x.strong(as: .float64, operation: name)) }
    return literal(result, from: [x.node])
  }

  private func literal(_ result: Variable, from inputs: [Node]) -> Variable {
    let node = Node.makeWeak(result.node.tensor.item(), whole: nil)
    if Context.isTracing { Recorder.current?.note(literal: node, self, inputs) }
    return Variable(node)
  }

  private func applyBroadcasting(_ a: Variable, _ b: Variable) -> Variable {
    let x = a.node.fields
    let y = b.node.fields
    if x.pointee.isWeak, y.pointee.isWeak {
      if case .compare = kernel {
        return self(
          a.strong(as: .float64, operation: name), b.strong(as: .float64, operation: name))
      }
      let result = Context.untraced {
        self(a.strong(as: .float64, operation: name), b.strong(as: .float64, operation: name))
      }
      return literal(result, from: [a.node, b.node])
    }
    // Literals and Swift scalars take the other operand's type; anything else must agree.
    let dtype = x.pointee.isWeak ? y.pointee.dtype : x.pointee.dtype
    if dtype != y.pointee.dtype, !y.pointee.isWeak {
      fatalError(
        "\(name): types differ: left \(describe(a)), right \(describe(b)); cast one with cast(to:)"
          + location(of: a, b))
    }
    if !dtype.isFloatingPoint { requireDefined(for: dtype, a, b) }
    guard let shape = x.pointee.shape.broadcast(with: y.pointee.shape) else {
      fatalError(
        "\(name): shapes do not broadcast: left \(describe(a)), right \(describe(b))"
          + location(of: a, b))
    }
    let count = shape.elementCount
    let node = makeResult(shape, count, dtype)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { literals in
      let memory = literals.baseAddress.unsafelyUnwrapped
      let aData = a.node.data(as: dtype, ifLiteralIn: memory, name)
      let bData = b.node.data(as: dtype, ifLiteralIn: memory + 1, name)
      if let aStep = x.pointee.step(in: count), let bStep = y.pointee.step(in: count) {
        run(node, dtype, aData, aStep, bData, bStep)
      } else {
        runStrided(node, dtype, x, aData, y, bData)
      }
    }
    node.record(self, a.node, b.node)
    return Variable(node)
  }

  private func runStrided(
    _ node: Node, _ dtype: DType, _ x: UnsafeMutablePointer<Node.Header>, _ a: UnsafeRawPointer,
    _ y: UnsafeMutablePointer<Node.Header>, _ b: UnsafeRawPointer
  ) {
    if Context.isDeferring { return }
    let out = node.fields.pointee.data
    let type = dtype.kernelType
    withKernelShape(node.fields.pointee.shape, x, y) { shape, rank, aStrides, bStrides in
      switch kernel {
      case .binary(let kernel):
        k_binary_strided(kernel, type, out, a, aStrides, b, bStrides, shape, rank)
      case .compare(let kernel):
        k_compare_strided(kernel, type, out, a, aStrides, b, bStrides, shape, rank)
      default: fatalError("\(name) is not binary")
      }
    }
  }

  private func requireDefined(for dtype: DType, _ a: Variable, _ b: Variable) {
    guard case .binary(let kernel) = kernel else { return }
    switch kernel {
    case .maximum, .minimum: return
    case .add, .subtract, .multiply, .remainder: if dtype != .bool { return }
    default: break
    }
    let hint = name == "divide" ? "; cast(to: .float32) first" : ""
    fatalError("\(name): not defined for \(dtype)\(hint)\(location(of: a, b))")
  }

  /// Applies a primitive whose kernel reads its input through a ``Site``.
  func callAsFunction(
    _ x: Variable, shape: Shape, dtype: DType? = nil, attributes: Attributes = .none
  ) -> Variable {
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype ?? x.dtype)
    node.connect(self, to: x.node, nil, attributes)
    evaluate(node)
    node.finishConnecting(isDifferentiable)
    return Variable(node)
  }

  /// Applies a primitive whose kernel reads its inputs through a ``Site``.
  func callAsFunction(
    _ a: Variable, _ b: Variable, shape: Shape, dtype: DType? = nil,
    attributes: Attributes = .none, flags: Node.Flags = []
  ) -> Variable {
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype ?? a.dtype)
    node.fields.pointee.flags.formUnion(flags)
    node.connect(self, to: a.node, b.node, attributes)
    evaluate(node)
    node.finishConnecting(isDifferentiable)
    return Variable(node)
  }

  @inline(__always) private func evaluate(_ node: Node) {
    if Context.isDeferring { return }
    let site = Site(.passUnretained(node))
    switch kernel {
    case .custom(let evaluate): Context.untraced { evaluate(site) }
    case .blockwise(let evaluate): Context.untraced { evaluate(site, nil) }
    case .unary, .binary, .compare, .reduce, .view:
      fatalError("\(name) has no kernel of its own")
    }
  }

  /// Applies a primitive whose kernel reads its inputs through a ``Site``.
  func apply(
    to inputs: [Variable], shape: Shape, dtype: DType, attributes: Attributes = .none
  ) -> Variable {
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype)
    node.connect(self, to: inputs, attributes)
    evaluate(node)
    node.finishConnecting(isDifferentiable)
    return Variable(node)
  }
}

extension Node {
  /// Gives the node its inputs, whether or not they will be recorded, so that its kernel can read
  /// them.
  func connect(_ primitive: Primitive, to inputs: [Variable], _ attributes: Attributes) {
    guard let first = inputs.first else { return }
    connect(primitive, to: first.node, inputs.count > 1 ? inputs[1].node : nil, attributes)
    if inputs.count > 2 { ensureExtras().inputs = Array(inputs[2...]) }
  }

  @inline(__always) func connect(
    _ primitive: Primitive, to first: Node, _ second: Node?, _ attributes: Attributes
  ) {
    fields.pointee.primitive = .passUnretained(primitive)
    if case .none = attributes {} else { fields.pointee.attributes = attributes }
    fields.pointee.first = .passRetained(first)
    if let second { fields.pointee.second = .passRetained(second) }
  }

  /// Keeps the inputs if one requires a gradient and recording is on; else forgets them.
  @inline(__always) func finishConnecting(_ isDifferentiable: Bool) {
    if Context.isTracing { traceConnected() }
    var isNeeded = false
    var versions: UInt16 = 0
    for index in 0..<fields.pointee.inputCount {
      let input = fields.pointee.input(index)
      isNeeded = isNeeded || input.pointee.requiresGradient
      versions &+= input.pointee.version
    }
    if isNeeded, isDifferentiable, Context.isRecording {
      fields.pointee.requiresGradient = true
      fields.pointee.inputVersions = versions
      return
    }
    // The inputs are held by the caller: releasing them here cannot recurse.
    fields.pointee.first?.release()
    fields.pointee.second?.release()
    fields.pointee.primitive = nil
    fields.pointee.first = nil
    fields.pointee.second = nil
    fields.pointee.extras = nil
  }
}

extension Node.Header {
  /// How far apart the elements of an operand lie that is broadcast to `count` elements: 1 without
  /// gaps, 0 for a single one; else nil.
  @inline(__always) fileprivate func step(in count: Int) -> Int64? {
    if let strides { return strides.allSatisfy { $0 == 0 } ? 0 : nil }
    return self.count == count ? (count == 1 ? 0 : 1) : self.count == 1 ? 0 : nil
  }
}

/// Passes a shape and one operand's strides to a kernel.
@inline(__always) func withKernelShape(
  _ shape: Shape, _ strides: [Int],
  _ body: (_ shape: UnsafePointer<Int64>, _ rank: Int32, _ strides: UnsafePointer<Int64>) -> Void
) {
  withUnsafeTemporaryAllocation(of: Int64.self, capacity: 2 * Shape.maximumRank) { buffer in
    let sizes = buffer.baseAddress.unsafelyUnwrapped
    let target = sizes + Shape.maximumRank
    for axis in 0..<shape.rank {
      sizes[axis] = Int64(shape[axis])
      target[axis] = Int64(strides[axis])
    }
    body(sizes, Int32(shape.rank), target)
  }
}

/// Passes a broadcast shape and two operands' strides to a kernel: 0 along axes that are broadcast.
@inline(__always) func withKernelShape(
  _ shape: Shape, _ a: UnsafeMutablePointer<Node.Header>, _ b: UnsafeMutablePointer<Node.Header>,
  _ body: (
    _ shape: UnsafePointer<Int64>, _ rank: Int32, _ a: UnsafePointer<Int64>,
    _ b: UnsafePointer<Int64>
  ) -> Void
) {
  withUnsafeTemporaryAllocation(of: Int64.self, capacity: 3 * Shape.maximumRank) { buffer in
    let sizes = buffer.baseAddress.unsafelyUnwrapped
    for axis in 0..<shape.rank { sizes[axis] = Int64(shape[axis]) }
    writeBroadcastStrides(of: a, to: shape, into: sizes + Shape.maximumRank)
    writeBroadcastStrides(of: b, to: shape, into: sizes + 2 * Shape.maximumRank)
    body(
      sizes, Int32(shape.rank), sizes + Shape.maximumRank, sizes + 2 * Shape.maximumRank)
  }
}

/// The strides with which an operand is read when it is broadcast to `shape`.
func writeBroadcastStrides(
  of operand: UnsafeMutablePointer<Node.Header>, to shape: Shape,
  into strides: UnsafeMutablePointer<Int64>
) {
  let own = operand.pointee.shape
  let missing = shape.rank - own.rank
  var rowMajor = 1
  for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
    let ownAxis = axis - missing
    if ownAxis < 0 {
      strides[axis] = 0
      continue
    }
    let step = operand.pointee.strides?[ownAxis] ?? rowMajor
    strides[axis] = own[ownAxis] == 1 ? 0 : Int64(step)
    rowMajor *= own[ownAxis]
  }
}
