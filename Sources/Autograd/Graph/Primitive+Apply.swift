import Kernels

// How a primitive becomes a node: types and shapes are checked here, once, and the result is recorded if an input
// requires a gradient.

extension Node {
  /// Records how the node was made, if an input requires a gradient and recording is on.
  @inline(__always) func record(_ primitive: Primitive, _ x: Node, _ attributes: Attributes = .none) {
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
    if let strides = input.pointee.strides {
      withKernelShape(input.pointee.shape, strides) { shape, rank, strides in
        k_unary_strided(
          kernel, dtype.kernelType, node.fields.pointee.data, input.pointee.data, strides, shape, rank)
      }
    } else {
      k_unary(kernel, dtype.kernelType, node.fields.pointee.data, input.pointee.data, Int64(count))
    }
    node.record(self, x.node)
    return Variable(node)
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
      let count = x.pointee.count
      let node: Node
      switch kernel {
      case .binary(let kernel):
        node = Node.make(shape: x.pointee.shape, count: count, dtype: x.pointee.dtype)
        k_binary(
          kernel, x.pointee.dtype.kernelType, node.fields.pointee.data, x.pointee.data, 1,
          y.pointee.data, 1, Int64(count))
      case .compare(let kernel):
        node = Node.make(shape: x.pointee.shape, count: count, dtype: .bool)
        k_compare(
          kernel, x.pointee.dtype.kernelType, node.fields.pointee.data, x.pointee.data, 1,
          y.pointee.data, 1, Int64(count))
      default: fatalError("\(name) is not binary")
      }
      node.record(self, a.node, b.node)
      return Variable(node)
    }
    return applyBroadcasting(a, b)
  }

  /// Literals stay literals, in double precision, until they meet a variable that has a type.
  private func applyToLiteral(_ x: Variable) -> Variable {
    let result = self(x.strong(as: .float64, operation: name))
    return Variable(Node.makeWeak(result.item(), whole: nil))
  }

  private func applyBroadcasting(_ a: Variable, _ b: Variable) -> Variable {
    if a.node.fields.pointee.isWeak, b.node.fields.pointee.isWeak {
      let result = self(a.strong(as: .float64, operation: name), b.strong(as: .float64, operation: name))
      return result.dtype == .bool ? result : Variable(Node.makeWeak(result.item(), whole: nil))
    }
    let (a, b) = adapt(a, b)
    let x = a.node.fields
    let y = b.node.fields
    let dtype = x.pointee.dtype
    requireNumber(dtype, a, b)
    guard let shape = x.pointee.shape.broadcast(with: y.pointee.shape) else {
      fatalError(
        "\(name): shapes do not broadcast: left \(describe(a)), right \(describe(b))"
          + location(of: a, b))
    }
    let count = shape.elementCount
    let isComparison = if case .compare = kernel { true } else { false }
    let node = Node.make(shape: shape, count: count, dtype: isComparison ? .bool : dtype)
    let out = node.fields.pointee.data
    let isDense = x.pointee.strides == nil && y.pointee.strides == nil
    // One operand or both may be a scalar: a step of 0 says so.
    let aStep: Int64 = x.pointee.count == 1 ? 0 : 1
    let bStep: Int64 = y.pointee.count == 1 ? 0 : 1
    if isDense, x.pointee.count == count || aStep == 0, y.pointee.count == count || bStep == 0 {
      switch kernel {
      case .binary(let kernel):
        k_binary(
          kernel, dtype.kernelType, out, x.pointee.data, aStep, y.pointee.data, bStep, Int64(count))
      case .compare(let kernel):
        k_compare(
          kernel, dtype.kernelType, out, x.pointee.data, aStep, y.pointee.data, bStep, Int64(count))
      default: fatalError("\(name) is not binary")
      }
    } else {
      withKernelShape(shape, x, y) { shape, rank, aStrides, bStrides in
        switch kernel {
        case .binary(let kernel):
          k_binary_strided(
            kernel, dtype.kernelType, out, x.pointee.data, aStrides, y.pointee.data, bStrides, shape,
            rank)
        case .compare(let kernel):
          k_compare_strided(
            kernel, dtype.kernelType, out, x.pointee.data, aStrides, y.pointee.data, bStrides,
            shape, rank)
        default: fatalError("\(name) is not binary")
        }
      }
    }
    node.record(self, a.node, b.node)
    return Variable(node)
  }

  /// Applies a primitive whose kernel reads its inputs through a ``Site``.
  func callAsFunction(
    _ inputs: Variable..., shape: Shape, dtype: DType? = nil, attributes: Attributes = .none
  ) -> Variable {
    apply(to: inputs, shape: shape, dtype: dtype ?? inputs[0].dtype, attributes: attributes)
  }

  /// Applies a primitive whose kernel reads its inputs through a ``Site``.
  func apply(
    to inputs: [Variable], shape: Shape, dtype: DType, attributes: Attributes = .none
  ) -> Variable {
    guard case .custom(let evaluate) = kernel else { fatalError("\(name) has no kernel of its own") }
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype)
    node.connect(self, to: inputs, attributes)
    evaluate(Site(node: node))
    node.finishConnecting(to: inputs, isDifferentiable)
    return Variable(node)
  }

  /// Records a result that shares the input's memory.
  func view(
    of x: Variable, shape: Shape, data: UnsafeMutableRawPointer, strides: [Int]?,
    attributes: Attributes = .none
  ) -> Variable {
    let source = x.node.fields
    let storage: Storage
    if let own = source.pointee.storage {
      storage = own
    } else {
      // Few elements, in the node itself: a copy is as cheap as a view.
      return copy(of: x, shape: shape, data: data, strides: strides, attributes: attributes)
    }
    let node = Node.make(
      shape: shape, count: shape.elementCount, dtype: source.pointee.dtype, storage: storage)
    node.fields.pointee.data = data
    node.fields.pointee.strides = strides
    node.record(self, x.node, attributes)
    return Variable(node)
  }

  private func copy(
    of x: Variable, shape: Shape, data: UnsafeMutableRawPointer, strides: [Int]?,
    attributes: Attributes
  ) -> Variable {
    let dtype = x.dtype
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype)
    if let strides {
      copyStrided(
        to: node.fields.pointee.data, strides: shape.rowMajorStrides, from: data, strides: strides,
        shape: shape, dtype: dtype)
    } else {
      node.fields.pointee.data.copyMemory(
        from: data, byteCount: node.fields.pointee.count * dtype.size)
    }
    node.record(self, x.node, attributes)
    return Variable(node)
  }

  private func requireNumber(_ dtype: DType, _ a: Variable, _ b: Variable) {
    if dtype.isFloatingPoint { return }
    if case .binary(let kernel) = kernel {
      switch kernel {
      case .maximum, .minimum: return
      case .add, .subtract, .multiply, .remainder: if dtype != .bool { return }
      default: break
      }
      let hint = name == "divide" ? "; cast(to: .float32) first" : ""
      fatalError("\(name): not defined for \(dtype)\(hint)\(location(of: a, b))")
    }
  }

  /// Literals and Swift scalars take the other operand's type; anything else must agree.
  private func adapt(_ a: Variable, _ b: Variable) -> (Variable, Variable) {
    let (x, y) = (a.node.fields, b.node.fields)
    var (a, b) = (a, b)
    if x.pointee.isWeak, !y.pointee.isWeak {
      a = a.strong(as: y.pointee.dtype, operation: name)
    } else if y.pointee.isWeak, !x.pointee.isWeak {
      b = b.strong(as: x.pointee.dtype, operation: name)
    }
    guard a.dtype == b.dtype else {
      fatalError(
        "\(name): types differ: left \(describe(a)), right \(describe(b)); cast one with cast(to:)"
          + location(of: a, b))
    }
    return (a, b)
  }
}

extension Variable {
  /// A literal or Swift scalar as a constant of the given type.
  func strong(as dtype: DType, operation: String = "literal") -> Variable {
    let result = Node.make(shape: .scalar, count: 1, dtype: dtype)
    let bits = node.withUnsafeMutablePointerToElements { $0[1] }
    let data = result.fields.pointee.data
    if node.fields.pointee.isWholeNumber, dtype != .bool {
      var whole = Int64(bitPattern: bits)
      k_convert(dtype.kernelType, data, .int64, &whole, 1)
    } else if dtype.isFloatingPoint {
      var real = Double(bitPattern: bits)
      k_convert(dtype.kernelType, data, .float64, &real, 1)
    } else {
      let value = node.fields.pointee.isWholeNumber
        ? String(Int64(bitPattern: bits)) : String(Double(bitPattern: bits))
      fatalError("\(operation): the literal \(value) does not fit \(dtype)")
    }
    return Variable(result)
  }
}

extension Node {
  /// Gives the node its inputs, whether or not they will be recorded, so that its kernel can read them.
  func connect(
    _ primitive: Primitive, to inputs: [Variable], _ attributes: Attributes
  ) {
    fields.pointee.primitive = .passUnretained(primitive)
    fields.pointee.attributes = attributes
    if inputs.count > 0 { fields.pointee.first = .passRetained(inputs[0].node) }
    if inputs.count > 1 { fields.pointee.second = .passRetained(inputs[1].node) }
    if inputs.count > 2 { ensureExtras().inputs = Array(inputs[2...]) }
  }

  /// Keeps the inputs if one requires a gradient and recording is on; else forgets them.
  func finishConnecting(to inputs: [Variable], _ isDifferentiable: Bool) {
    let isNeeded =
      isDifferentiable && Context.isRecording
      && inputs.contains { $0.node.fields.pointee.requiresGradient }
    if isNeeded {
      fields.pointee.requiresGradient = true
      for input in inputs {
        fields.pointee.inputVersions &+= input.node.fields.pointee.version
      }
    } else {
      // The inputs are held by the caller: releasing them here cannot recurse.
      fields.pointee.first?.release()
      fields.pointee.second?.release()
      fields.pointee.primitive = nil
      fields.pointee.first = nil
      fields.pointee.second = nil
      fields.pointee.attributes = .none
      fields.pointee.extras = nil
    }
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
