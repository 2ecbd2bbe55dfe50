/// A node of the computation graph: a value, and how it was computed.
///
/// All mathematics is on variables. An operation computes its value at once and, if an input
/// requires a gradient, records itself; ``gradients(of:withRespectTo:seed:createGraph:)`` and
/// ``backward(seed:createGraph:)`` walk the record backwards.
///
/// ```swift
/// let x = Variable([1, 2, 3], requiresGradient: true)
/// let y = (x * x).sum()
/// y.backward()
/// print(x.gradient!)        // [2, 4, 6]
/// ```
///
/// A variable is a handle: copies denote the same node, and `==` is the element-by-element
/// comparison ``equal(_:_:)``; use ``isIdentical(to:)`` to ask for the same node. The graph lives
/// as long as someone holds its result. Nodes belong to one thread at a time, so `Variable` is not
/// `Sendable`; its ``value`` is.
public struct Variable {
  let node: Node

  @inline(__always) init(_ node: Node) { self.node = node }

  /// Creates a leaf from a tensor or a literal of any nesting.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - requiresGradient: Whether operations on it are recorded. Stops with an error for a type
  ///     that is not floating-point.
  ///   - name: A name for errors and pictures of the graph.
  public init(_ value: Tensor, requiresGradient: Bool = false, name: String? = nil) {
    // To lay out the elements anew is not to look at them.
    node = Context.untraced { Node.make(value) }
    if Context.isTracing { Recorder.current?.note(node, of: value) }
    if requiresGradient { self.requiresGradient = true }
    if let name { node.ensureExtras().name = name }
  }

  /// Creates a leaf from a Swift array of elements in row-major order; their type decides the
  /// ``dtype``.
  ///
  /// - Parameters:
  ///   - elements: The elements.
  ///   - shape: The shape, or nil for one axis.
  ///   - requiresGradient: Whether operations on it are recorded.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(
    _ elements: [Scalar], shape: Shape? = nil, requiresGradient: Bool = false
  ) {
    self.init(Tensor(elements, shape: shape), requiresGradient: requiresGradient)
  }

  /// Creates a scalar that adapts to the type of the other operand, as literals do.
  ///
  /// `Variable(rate) * gradient` has the gradient's ``dtype``. By itself it is float32.
  public init(_ scalar: Double) { node = Node.makeWeak(scalar, whole: nil) }

  /// The sizes of the axes.
  public var shape: Shape { node.fields.pointee.shape }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// The number of elements.
  public var count: Int { node.fields.pointee.count }

  /// The type of the elements.
  public var dtype: DType { node.fields.pointee.dtype }

  /// The value, without the graph.
  ///
  /// It shares memory where it can and never changes when the variable does.
  public var value: Tensor {
    if Context.isTracing { Recorder.current?.requireReadable(node, place: "") }
    return node.tensor
  }

  /// The only element, as a `Double`; stops with an error if there is not exactly one.
  public func item(file: StaticString = #fileID, line: UInt = #line) -> Double {
    if Context.isTracing { Recorder.current?.requireReadable(node, place: " at \(file):\(line)") }
    return node.tensor.item()
  }

  /// The elements in row-major order; stops with an error if `type` does not match the ``dtype``.
  public func array<Scalar: TensorScalar>(
    of type: Scalar.Type = Scalar.self, file: StaticString = #fileID, line: UInt = #line
  ) -> [Scalar] {
    if Context.isTracing { Recorder.current?.requireReadable(node, place: " at \(file):\(line)") }
    return node.tensor.array(of: type)
  }

  /// Whether operations on the variable are recorded, so that gradients can flow to it.
  ///
  /// It can be set on leaves only, and on floating-point types only; else it stops with an error.
  public var requiresGradient: Bool {
    get { node.fields.pointee.requiresGradient }
    nonmutating set {
      if newValue, !dtype.isFloatingPoint {
        fatalError("requiresGradient: \(dtype) has no gradient; use float32 or float64")
      }
      if !isLeaf {
        fatalError(
          "requiresGradient: only leaves can change it; use detached() first\(location(of: self))")
      }
      node.fields.pointee.requiresGradient = newValue
      if newValue { node.fields.pointee.isWeak = false }
    }
  }

  /// Whether the variable was not computed from others that require a gradient.
  public var isLeaf: Bool { !node.isRecorded }

  /// The gradient that ``backward(seed:createGraph:)`` has accumulated in a leaf; nil before the
  /// first.
  public var gradient: Variable? {
    get {
      let gradient = node.fields.pointee.extras?.gradient
      if Context.isTracing {
        Recorder.current?.note(readingGradient: gradient?.node, of: node)
      }
      return gradient
    }
    nonmutating set {
      if let newValue, newValue.shape != shape || newValue.dtype != dtype {
        fatalError(
          "gradient: \(newValue.dtype) \(newValue.shape) does not fit the variable's \(dtype) \(shape)"
        )
      }
      if Context.isTracing { Recorder.current?.note(gradient: newValue?.node, of: node) }
      if newValue != nil || node.fields.pointee.extras != nil {
        node.ensureExtras().gradient = newValue
      }
    }
  }

  /// A name for errors and pictures of the graph, for example "encoder.hidden.weight".
  public var name: String? {
    get { node.fields.pointee.extras?.name }
    nonmutating set { node.ensureExtras().name = newValue }
  }

  /// Names the variable and returns it: `let h = relu(x).named("hidden")`.
  public func named(_ name: String) -> Variable {
    self.name = name
    return self
  }

  /// The name of the operation that made the variable; nil for a leaf.
  public var operationName: String? {
    node.fields.pointee.extras?.function?.name ?? node.primitive?.name
  }

  /// Whether both denote the same node.
  public func isIdentical(to other: Variable) -> Bool { node === other.node }

  /// The same value outside of the graph: no gradient flows through it.
  ///
  /// Shares memory.
  public func detached() -> Variable {
    Variable(node.viewNode())
  }

  /// Replaces the value of a leaf in place: the only change that a variable can undergo.
  ///
  /// Optimizers use it on parameters and states. Graphs that were recorded with the old value can
  /// no longer be differentiated: trying to do so is an error, not a wrong gradient.
  ///
  /// - Parameter newValue: A variable of the same shape and type; else stops with an error.
  public func assign(_ newValue: Variable) {
    guard isLeaf else { fatalError("assign: only a leaf can change\(location(of: self))") }
    let source = newValue.node.fields.pointee.isWeak ? newValue.strong(as: dtype) : newValue
    guard source.shape == shape, source.dtype == dtype else {
      fatalError(
        "assign: \(source.dtype) \(source.shape) does not fit \(dtype) \(shape)\(location(of: self))"
      )
    }
    if Context.isTracing { Recorder.current?.note(assignmentOf: source.node, to: node) }
    node.replaceValue(by: source.node)
  }
}

extension Variable: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
  /// Creates a scalar that adapts to the other operand.
  public init(floatLiteral value: Double) { node = Node.makeWeak(value, whole: nil) }

  /// Creates a scalar that adapts to the other operand, integer or floating-point.
  public init(integerLiteral value: Int64) { node = Node.makeWeak(Double(value), whole: value) }

  /// Creates a bool scalar.
  public init(booleanLiteral value: Bool) { self.init(Tensor(booleanLiteral: value)) }

  /// Creates a constant from a literal of any nesting; numbers are float32, truth values bool.
  public init(arrayLiteral elements: Tensor.Literal...) {
    self.init(Tensor(.array(elements)))
  }
}

extension Node {
  static func make(_ value: Tensor) -> Node {
    let count = value.count
    if count * value.dtype.size <= inlineByteLimit {
      let node = make(shape: value.shape, count: count, dtype: value.dtype)
      let source = value.contiguous()
      node.fields.pointee.data.copyMemory(
        from: source.data, byteCount: count * value.dtype.size)
      withExtendedLifetime(source) {}
      return node
    }
    let node = make(shape: value.shape, count: count, dtype: value.dtype, storage: value.storage)
    node.fields.pointee.data = value.data
    node.fields.pointee.strides = value.strides
    return node
  }

  @inline(__always) static func makeWeak(_ value: Double, whole: Int64?) -> Node {
    let node = Node.create(minimumCapacity: 2) { buffer in
      let elements = buffer.withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
      elements.storeBytes(of: Float(value), as: Float.self)
      return Header(
        shape: .scalar, flags: whole == nil ? .weak : [.weak, .wholeNumber],
        inputVersions: Context.birthTag, count32: 1, data: elements, storage: nil)
    }
    node.withUnsafeMutablePointerToElements { elements in
      // Element 0 holds the float32 value, by which the node goes if it never meets another
      // operand.
      elements[1] = whole.map(UInt64.init(bitPattern:)) ?? value.bitPattern
    }
    liveNodes.pointee &+= 1
    return unsafeDowncast(node, to: Node.self)
  }

  /// The value as a tensor: shared memory, or a copy if it lies in the node itself.
  var tensor: Tensor {
    let own = self.fields.pointee
    if let storage = own.storage {
      let offset = (own.data - storage.memory) / own.dtype.size
      return Tensor(
        storage: storage, shape: own.shape, dtype: own.dtype, offset: offset,
        strides: own.strides)
    }
    let copy = Tensor(uninitialized: own.shape, dtype: own.dtype)
    copy.storage.memory.copyMemory(
      from: own.data, byteCount: own.count * own.dtype.size)
    return copy
  }

  /// A constant with the same value and, where the value does not lie in the node, the same memory.
  func viewNode() -> Node {
    let own = self.fields.pointee
    let node = Node.make(
      shape: own.shape, count: own.count, dtype: own.dtype, storage: own.storage)
    if own.storage == nil {
      node.fields.pointee.data.copyMemory(
        from: own.data, byteCount: own.count * own.dtype.size)
    } else {
      node.fields.pointee.data = own.data
      node.fields.pointee.strides = own.strides
    }
    node.traceView(of: self, data: own.data, strides: own.strides)
    return node
  }

  /// Takes over the value of another node of the same shape and type.
  func replaceValue(by source: Node) {
    fields.pointee.version &+= 1
    fields.pointee.isWeak = false
    let bytes = fields.pointee.count &* fields.pointee.dtype.size
    if fields.pointee.storage == nil {
      if Context.isDeferring { return }
      let contiguous = source.fields.pointee.strides == nil ? source : source.contiguousCopy()
      fields.pointee.data.copyMemory(from: contiguous.fields.pointee.data, byteCount: bytes)
      withExtendedLifetime(contiguous) {}
    } else {
      // Sharing the new value's memory is cheaper than copying it, and safe: nobody writes to
      // shared memory.
      let tensor = source.tensor
      fields.pointee.data = tensor.data
      fields.pointee.strides = tensor.strides
      fields.pointee.storage = tensor.storage
    }
  }

  /// A constant with the same elements in row-major order without gaps.
  func contiguousCopy() -> Node { Node.make(tensor.contiguous()) }
}
