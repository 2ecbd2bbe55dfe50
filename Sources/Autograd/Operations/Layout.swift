import Kernels

// Views and copies that move elements: reshape, permute, expand, cast.

/// The same elements, in row-major order, under another shape.
let reshapePrimitive = Primitive(
  "reshape", .view, liveness: .moves,
  rule: .perInput([{ s, g in g.reshaped(to: s[0].shape) }]))

/// Axis `i` of the result is axis `permutation[i]` of the input; the attribute holds four bits an
/// axis.
let permutePrimitive = Primitive(
  "permute", .view, liveness: .moves,
  rule: .perInput([
    { s, g in
      var inverse = [Int](repeating: 0, count: g.rank)
      for axis in 0..<g.rank { inverse[(s.integer >> (4 * axis)) & 15] = axis }
      return g.permuted(inverse)
    }
  ]))

/// Repeats along axes of size 1, without copying.
///
/// Backward sums to the input's shape by itself.
let expandPrimitive = Primitive(
  "expand", .view, liveness: .linear, rule: .perInput([.cotangent]))

let castPrimitive = Primitive(
  "cast",
  .custom { s in
    let x = s[0].dense()
    let out = s.node.fields
    k_convert(
      out.pointee.dtype.kernelType, out.pointee.data, x.dtype.kernelType,
      x.node.fields.pointee.data, Int64(x.count))
    withExtendedLifetime(x) {}
  }, liveness: .linear,
  rule: .perInput([{ s, g in g.cast(to: s[0].dtype) }]))

/// The same elements without gaps, in new memory.
let copyPrimitive = Primitive(
  "contiguous",
  .custom { s in
    let x = s[0].node.fields
    let out = s.node.fields
    copyStrided(
      to: out.pointee.data, strides: out.pointee.shape.rowMajorStrides, from: x.pointee.data,
      strides: x.pointee.strides ?? x.pointee.shape.rowMajorStrides, shape: x.pointee.shape,
      dtype: x.pointee.dtype)
  }, liveness: .linear, rule: .perInput([.cotangent]))

extension Variable {
  /// The same elements in row-major order under another shape; one size may be -1 and is then
  /// computed.
  ///
  /// Shares memory unless axes are merged that are not next to each other in memory. Stops with an
  /// error if the element counts differ.
  public func reshaped(to newShape: Shape) -> Variable {
    if newShape == shape { return self }
    guard newShape.elementCount == count else {
      fatalError(
        "reshaped: \(shape) has \(count) elements, \(newShape) \(newShape.elementCount)"
          + location(of: self))
    }
    guard node.fields.pointee.strides != nil, count > 0, let view = layout.reshaped(to: newShape)
    else {
      let x = dense()
      return reshapePrimitive.view(
        of: x, shape: newShape, data: x.node.fields.pointee.data, strides: nil)
    }
    return self.view(by: reshapePrimitive, view)
  }

  /// The same elements in row-major order under another shape; one size may be -1 and is then
  /// computed.
  ///
  /// Stops with an error if the element counts differ.
  public func reshaped(_ sizes: Int...) -> Variable {
    reshaped(to: shape.filling(sizes, of: self))
  }

  /// Merges the axes `start` to `end`, both included, into one; a scalar becomes one axis of size
  /// 1.
  public func flattened(from start: Int = 0, to end: Int = -1) -> Variable {
    if rank == 0 { return reshaped(to: [1]) }
    let start = resolve(axis: start, rank: rank, operation: "flattened", of: self)
    let end = resolve(axis: end, rank: rank, operation: "flattened", of: self)
    guard start <= end else { fatalError("flattened: axis \(start) lies after axis \(end)") }
    var sizes = Array(shape)
    sizes.replaceSubrange(start...end, with: [shape.elementCount(of: start..<(end + 1))])
    return reshaped(to: Shape(sizes))
  }

  /// Splits one axis into several; stops with an error if their product is not its size.
  public func unflattened(axis: Int, into sizes: Shape) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "unflattened", of: self)
    guard sizes.elementCount == shape[axis] else {
      fatalError("unflattened: \(sizes) does not make up axis \(axis) of \(shape)")
    }
    var all = Array(shape)
    all.replaceSubrange(axis...axis, with: Array(sizes))
    return reshaped(to: Shape(all))
  }

  /// Without the axis, which must have size 1; without any axis of size 1 if none is given.
  public func squeezed(axis: Int? = nil) -> Variable {
    guard let axis else { return reshaped(to: Shape(shape.filter { $0 != 1 })) }
    let resolved = resolve(axis: axis, rank: rank, operation: "squeezed", of: self)
    guard shape[resolved] == 1 else {
      fatalError("squeezed: axis \(axis) of \(shape) has size \(shape[resolved]), not 1")
    }
    var result = shape
    result.remove(at: resolved)
    return reshaped(to: result)
  }

  /// With a new axis of size 1 at the given place, counted in the result.
  public func unsqueezed(axis: Int) -> Variable {
    let resolved = resolve(axis: axis, rank: rank + 1, operation: "unsqueezed")
    var result = shape
    result.insert(1, at: resolved)
    return reshaped(to: result)
  }

  /// With the axes in another order: axis `i` of the result is axis `axes[i]` of the variable.
  ///
  /// Shares memory.
  public func permuted(_ axes: [Int]) -> Variable {
    let axes = shape.permutation(axes, of: self)
    if axes == Array(0..<rank) { return self }
    var code = 0
    for (place, axis) in axes.enumerated() { code |= axis << (4 * place) }
    return view(by: permutePrimitive, layout.permuted(axes), .integer(code))
  }

  /// With two axes exchanged, the last two unless others are given.
  ///
  /// Shares memory.
  public func transposed(_ first: Int = -2, _ second: Int = -1) -> Variable {
    permuted(shape.transposition(first, second, of: self))
  }

  /// With one axis moved to another place, the others keeping their order.
  ///
  /// Shares memory.
  public func movingAxis(_ source: Int, to destination: Int) -> Variable {
    let source = resolve(axis: source, rank: rank, operation: "movingAxis", of: self)
    let destination = resolve(axis: destination, rank: rank, operation: "movingAxis", of: self)
    var axes = Array(0..<rank)
    axes.insert(axes.remove(at: source), at: destination)
    return permuted(axes)
  }

  /// Broadcast to a shape, without copying; stops with an error if the shape does not follow by
  /// NumPy's rules.
  public func expanded(to newShape: Shape) -> Variable {
    if newShape == shape { return self }
    if count == 1, rank <= newShape.rank, dtype.size * newShape.elementCount <= Node.inlineByteLimit
    {
      return repeated(to: newShape)
    }
    guard let result = layout.expanded(to: newShape) else {
      fatalError("expanded: \(shape) does not broadcast to \(newShape)\(location(of: self))")
    }
    return view(by: expandPrimitive, result)
  }

  var layout: StridedLayout { StridedLayout(shape, strides: node.fields.pointee.strides) }

  /// Records a view, which shares the variable's memory.
  func view(
    by primitive: Primitive, _ layout: StridedLayout, _ attributes: Attributes = .none
  ) -> Variable {
    let data = node.fields.pointee.data + layout.offset * dtype.size
    return primitive.view(
      of: self, shape: layout.shape, data: data, strides: layout.normalizedStrides,
      attributes: attributes)
  }

  /// One element, written out in a node of few: cheaper than a view of it.
  private func repeated(to newShape: Shape) -> Variable {
    let result = Node.make(shape: newShape, count: newShape.elementCount, dtype: dtype)
    if !Context.isDeferring {
      k_fill(
        dtype.kernelType, result.fields.pointee.data, node.fields.pointee.data,
        Int64(result.fields.pointee.count))
    }
    result.traceView(
      of: node, data: node.fields.pointee.data,
      strides: [Int](repeating: 0, count: newShape.rank))
    result.record(expandPrimitive, node)
    return Variable(result)
  }

  /// The same elements as another type: floats to integers are truncated, anything to bool is x ≠
  /// 0.
  ///
  /// Gradients flow through casts between floating-point types.
  public func cast(to newType: DType) -> Variable {
    if node.fields.pointee.isWeak { return strong(as: newType, operation: "cast") }
    if newType == dtype { return self }
    return castPrimitive(self, shape: shape, dtype: newType)
  }

  /// The same elements in row-major order without gaps; itself if they are so already.
  public func contiguous() -> Variable { dense() }

  /// A copy in memory of its own, through which gradients flow.
  public func copied() -> Variable { copyPrimitive(self, shape: shape) }

  /// The variable without gaps, recorded as a copy if it had some.
  func dense() -> Variable {
    node.fields.pointee.strides == nil ? self : copyPrimitive(self, shape: shape)
  }

  /// Summed over broadcast axes down to a shape that broadcasts to this one: where a cotangent
  /// reaches a smaller input.
  ///
  /// A larger shape (of a reduced input) is reached by repeating.
  func summed(to target: Shape) -> Variable {
    reduced(to: target, sumPrimitive)
  }

  /// As ``summed(to:)`` for masks: whether any element is true.
  func any(to target: Shape) -> Variable {
    reduced(to: target, reduceMaximumPrimitive)
  }

  private func reduced(to target: Shape, _ primitive: Primitive) -> Variable {
    let missing = rank - target.rank
    guard missing >= 0 else { return expanded(to: target) }
    var axes: AxisSet = []
    for axis in 0..<rank where axis < missing || (target[axis - missing] == 1 && shape[axis] != 1) {
      axes.insert(AxisSet(axis: axis))
    }
    let result = axes.isEmpty ? self : primitive.reduce(self, axes, keepingAxes: false)
    return result.reshapedOrExpanded(to: target)
  }

  private func reshapedOrExpanded(to target: Shape) -> Variable {
    count == target.elementCount ? reshaped(to: target) : expanded(to: target)
  }
}
