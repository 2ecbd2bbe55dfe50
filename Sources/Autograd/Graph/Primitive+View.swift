import Kernels

// Results that share the memory of an input.

extension Primitive {
  /// Records a result that shares the input's memory.
  func view(
    of x: Variable, shape: Shape, data: UnsafeMutableRawPointer, strides: [Int]?,
    attributes: Attributes = .none
  ) -> Variable {
    let source = x.node.fields
    let storage: Storage
    var place = data
    if let own = source.pointee.storage {
      storage = own
    } else if shape.elementCount * x.dtype.size <= 4096 {
      // Few elements, in the node itself: a copy is as cheap as a view, repeated or not.
      return copy(of: x, shape: shape, data: data, strides: strides, attributes: attributes)
    } else {
      // Few elements that become many: a copy of those that there are.
      let bytes = source.pointee.count * x.dtype.size
      storage = Storage(byteCount: bytes)
      if !Context.isDeferring {
        storage.memory.copyMemory(from: source.pointee.data, byteCount: bytes)
      }
      place = storage.memory + (data - source.pointee.data)
    }
    let node = Node.make(
      shape: shape, count: shape.elementCount, dtype: source.pointee.dtype, storage: storage)
    node.fields.pointee.data = place
    node.fields.pointee.strides = strides
    node.traceView(of: x.node, data: data, strides: strides)
    node.record(self, x.node, attributes)
    return Variable(node)
  }

  /// Records a result of several inputs that lies in an array without gaps, whose memory it shares,
  /// from the element `start` on.
  func view(
    of base: Variable, from start: Int = 0, shape: Shape, inputs: [Variable],
    attributes: Attributes = .none
  ) -> Variable {
    let source = base.node.fields
    let count = shape.elementCount
    let data = source.pointee.data + start * base.dtype.size
    let node = Node.make(
      shape: shape, count: count, dtype: base.dtype, storage: source.pointee.storage)
    if source.pointee.storage == nil {
      node.fields.pointee.data.copyMemory(from: data, byteCount: count * base.dtype.size)
    } else {
      node.fields.pointee.data = data
    }
    node.traceView(of: base.node, data: data, strides: nil)
    node.connect(self, to: inputs, attributes)
    node.finishConnecting(isDifferentiable)
    return Variable(node)
  }

  private func copy(
    of x: Variable, shape: Shape, data: UnsafeMutableRawPointer, strides: [Int]?,
    attributes: Attributes
  ) -> Variable {
    let dtype = x.dtype
    let node = Node.make(shape: shape, count: shape.elementCount, dtype: dtype)
    let out = node.fields.pointee.data
    if let strides, !Context.isDeferring {
      copyStrided(
        to: out, strides: shape.rowMajorStrides, from: data, strides: strides, shape: shape,
        dtype: dtype)
    } else if !Context.isDeferring {
      out.copyMemory(from: data, byteCount: node.fields.pointee.count * dtype.size)
    }
    node.traceView(of: x.node, data: data, strides: strides)
    node.record(self, x.node, attributes)
    return Variable(node)
  }
}
