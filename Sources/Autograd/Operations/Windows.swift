import Kernels

// Sliding windows along an axis: what convolution and pooling are made of.

/// Where the windows of an axis lie: window w holds the elements w · stride + k · dilation for k in
/// 0..<size.
private final class WindowsBox: AttributeBox {
  let axis: Int
  let size: Int
  let stride: Int
  let dilation: Int
  init(axis: Int, size: Int, stride: Int, dilation: Int) {
    self.axis = axis
    self.size = size
    self.stride = stride
    self.dilation = dilation
  }
}

/// ∂/∂x: the sum over the windows in which an element lies.
///
/// The result is a view whose elements may overlap in memory.
let windowsPrimitive = Primitive(
  "windows", .view, liveness: .moves,
  rule: .perInput([
    { s, g in
      let box = s.box(WindowsBox.self)
      let length = s[0].shape[box.axis]
      // A mask: an element is alive if it is so in any window.
      if g.dtype == .bool { return addWindows(g.cast(to: .int32), length, box) .!= 0 }
      return addWindows(g, length, box)
    }
  ]))

/// The transpose of windows: adds each window where it lies.
let addWindowsPrimitive = Primitive(
  "addWindows",
  .custom { s in
    let box = s.box(WindowsBox.self)
    let dense = s[0].dense()
    let x = dense.node.fields
    let out = s.node.fields
    let shape = out.pointee.shape
    out.pointee.data.initializeMemory(
      as: UInt8.self, repeating: 0, count: out.pointee.count * out.pointee.dtype.size)
    k_add_windows(
      out.pointee.dtype.kernelType, out.pointee.data, x.pointee.data,
      Int64(shape.elementCount(of: 0..<box.axis)), Int64(shape[box.axis]),
      Int64(shape.elementCount(of: (box.axis + 1)..<shape.rank)),
      Int64(x.pointee.shape[box.axis]), Int64(box.size), Int64(box.stride), Int64(box.dilation))
    withExtendedLifetime(dense) {}
  }, liveness: .moves,
  rule: .perInput([
    { s, g in
      let box = s.box(WindowsBox.self)
      return takeWindows(g, count: s[0].shape[box.axis], box)
    }
  ]))

private func addWindows(_ x: Variable, _ length: Int, _ box: WindowsBox) -> Variable {
  var shape = x.shape
  shape.remove(at: shape.rank - 1)
  shape[box.axis] = length
  return addWindowsPrimitive(x, shape: shape, attributes: .box(box))
}

private func takeWindows(_ x: Variable, count: Int, _ box: WindowsBox) -> Variable {
  let fields = x.node.fields
  var strides = fields.pointee.strides ?? x.shape.rowMajorStrides
  strides.append(strides[box.axis] * box.dilation)
  strides[box.axis] *= box.stride
  let shape = x.shape.replacing(axis: box.axis, with: count).appending(box.size)
  return windowsPrimitive.view(
    of: x, shape: shape, data: fields.pointee.data, strides: normalized(strides, shape),
    attributes: .box(box))
}

private func requirePositive(_ operation: String, _ size: Int, _ stride: Int, _ dilation: Int) {
  guard size > 0, stride > 0, dilation > 0 else {
    fatalError(
      "\(operation): size \(size), stride \(stride) and dilation \(dilation) must be positive")
  }
}

extension Variable {
  /// The sliding windows along an axis, without copying.
  ///
  /// The axis becomes the number of windows, ⌊(length − dilation (size − 1) − 1) / stride⌋ + 1, and
  /// a new last axis holds the elements of each: element k of window w is element w · stride + k ·
  /// dilation.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - size: The number of elements in a window. Stops with an error if a window is longer than
  ///     the axis.
  ///   - stride: The distance from one window to the next.
  ///   - dilation: The distance between the elements of a window.
  /// - Returns: Shape […, windows, …, size].
  public func windows(axis: Int, size: Int, stride: Int = 1, dilation: Int = 1) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "windows", of: self)
    requirePositive("windows", size, stride, dilation)
    let span = dilation * (size - 1) + 1
    guard span <= shape[axis] else {
      fatalError(
        "windows: a window of size \(size) and dilation \(dilation) spans \(span) elements, "
          + "axis \(axis) of "
          + "\(describe(self)) has \(shape[axis])\(location(of: self))")
    }
    let box = WindowsBox(axis: axis, size: size, stride: stride, dilation: dilation)
    return takeWindows(self, count: (shape[axis] - span) / stride + 1, box)
  }

  /// The transpose of ``windows(axis:size:stride:dilation:)``: adds windows where they lie in an
  /// axis of zeros.
  ///
  /// - Parameters:
  ///   - axis: The axis that counts the windows; the elements of each lie in the last axis.
  ///   - length: The length of the axis in the result. Stops with an error if the last window does
  ///     not fit.
  ///   - stride: The distance from one window to the next.
  ///   - dilation: The distance between the elements of a window.
  /// - Returns: Shape […, length, …], without the last axis.
  public func addingWindows(
    axis: Int, length: Int, stride: Int = 1, dilation: Int = 1
  ) -> Variable {
    guard rank > 1 else {
      fatalError("addingWindows: \(describe(self)) has no axis of windows besides the last one")
    }
    let axis = resolve(axis: axis, rank: rank - 1, operation: "addingWindows", of: self)
    let size = shape[rank - 1]
    requirePositive("addingWindows", size, stride, dilation)
    let needed = shape[axis] == 0 ? 0 : (shape[axis] - 1) * stride + dilation * (size - 1) + 1
    guard needed <= length, dtype != .bool else {
      fatalError(
        "addingWindows: the \(shape[axis]) windows of \(describe(self)) need \(needed) "
          + "elements, not \(length)"
          + location(of: self))
    }
    return addWindows(
      self, length, WindowsBox(axis: axis, size: size, stride: stride, dilation: dilation))
  }
}
