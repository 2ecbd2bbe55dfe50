import Kernels

// Putting arrays together and taking them apart.

/// Where each input begins along the axis.
final class JoinBox: AttributeBox {
  let axis: Int
  let starts: [Int]

  init(axis: Int, starts: [Int]) {
    self.axis = axis
    self.starts = starts
  }
}

/// The inputs one after the other along an axis; each gets its part of the cotangent.
let concatenatePrimitive = Primitive(
  "concatenate",
  .custom { s in
    let out = s.node.fields
    let box = s.box(JoinBox.self)
    if joinRows(s, box) { return }
    let strides = out.pointee.shape.rowMajorStrides
    let dtype = out.pointee.dtype
    for (index, start) in box.starts.enumerated() {
      let x = s.node.input(index).fields
      if x.pointee.count == 0 { continue }
      copyStrided(
        to: out.pointee.data + start * strides[box.axis] * dtype.size, strides: strides,
        from: x.pointee.data, strides: x.pointee.strides ?? x.pointee.shape.rowMajorStrides,
        shape: x.pointee.shape, dtype: dtype)
    }
  }, liveness: .moves,
  rule: .indexed { s, g, index in
    let box = s.box(JoinBox.self)
    let size = s.node.input(index).fields.pointee.shape[box.axis]
    return slice(g, Region(g.shape, axis: box.axis, start: box.starts[index], count: size))
  })

/// Joins what lies without gaps in pieces that are neither tiny nor to be divided themselves, on all
/// threads; false for anything else.
private func joinRows(_ s: Site, _ box: JoinBox) -> Bool {
  let out = s.node.fields
  let shape = out.pointee.shape
  let inputs = box.starts.indices.map { s.node.input($0).fields }
  let pieceBytes = shape.elementCount(of: (box.axis + 1)..<shape.rank) * out.pointee.dtype.size
  let rowBytes = shape[box.axis] * pieceBytes
  let isJoined = inputs.allSatisfy {
    $0.pointee.strides == nil && $0.pointee.shape[box.axis] * pieceBytes <= 1 << 17
  }
  guard isJoined, rowBytes >= 64 * inputs.count else { return false }
  let parts = inputs.map { UnsafeRawPointer($0.pointee.data) as UnsafeRawPointer? }
  let starts = box.starts.map { Int64($0 * pieceBytes) } + [Int64(rowBytes)]
  k_join(
    out.pointee.data, Int64(shape.elementCount(of: 0..<box.axis)), Int64(parts.count), parts,
    starts)
  return true
}

/// The variables one after the other along an axis (PyTorch's `cat`).
///
/// - Parameters:
///   - variables: At least one; their types and their shapes but for the axis are equal, else it is
///     an error.
///   - axis: The axis along which they are joined; negative counts from the end.
public func concatenate(_ variables: [Variable], axis: Int = 0) -> Variable {
  guard let first = variables.first else { fatalError("concatenate: there are no variables") }
  guard first.rank > 0 else {
    fatalError("concatenate: scalars have no axis to join along; use stack(_:axis:)")
  }
  let axis = resolve(axis: axis, rank: first.rank, operation: "concatenate", of: first)
  var starts: [Int] = []
  var size = 0
  for (index, x) in variables.enumerated() {
    guard x.dtype == first.dtype else {
      fatalError(
        "concatenate: types differ: variable 0 \(describe(first)), variable \(index) "
          + "\(describe(x)); cast one with cast(to:)\(location(of: x, first))")
    }
    guard x.rank == first.rank,
      x.shape.replacing(axis: axis, with: first.shape[axis]) == first.shape
    else {
      fatalError(
        "concatenate: shapes differ outside of axis \(axis): variable 0 \(describe(first)), "
          + "variable \(index) \(describe(x))\(location(of: x, first))")
    }
    starts.append(size)
    size += x.shape[axis]
  }
  if variables.count == 1 { return first }
  return concatenatePrimitive.apply(
    to: variables, shape: first.shape.replacing(axis: axis, with: size), dtype: first.dtype,
    attributes: .box(JoinBox(axis: axis, starts: starts)))
}

/// Constants side by side along an axis: a view, if they lie side by side in memory already.
func sideBySide(_ parts: [Variable], axis: Int) -> Variable {
  let first = parts[0].node.fields.pointee
  let strides = parts[0].layout.strides
  var size = 0
  for part in parts {
    let own = part.node.fields.pointee
    guard first.storage != nil, own.storage === first.storage, part.layout.strides == strides,
      own.data == first.data + size * strides[axis] * first.dtype.size
    else { return concatenate(parts, axis: axis) }
    size += own.shape[axis]
  }
  let shape = first.shape.replacing(axis: axis, with: size)
  let node = Node.make(
    shape: shape, count: shape.elementCount, dtype: first.dtype, storage: first.storage)
  node.fields.pointee.data = first.data
  node.fields.pointee.strides = normalized(strides, shape)
  node.traceView(of: parts[0].node, data: first.data, strides: node.fields.pointee.strides)
  return Variable(node)
}

/// The variables along a new axis.
///
/// - Parameters:
///   - variables: At least one, all of one type and shape; else it is an error. Literals adapt to
///     the others.
///   - axis: Where the new axis is, counted in the result; negative counts from the end.
public func stack(_ variables: [Variable], axis: Int = 0) -> Variable {
  guard let first = variables.first else { fatalError("stack: there are no variables") }
  let dtype = variables.first { !$0.node.fields.pointee.isWeak }?.dtype ?? .float32
  let axis = resolve(axis: axis, rank: first.rank + 1, operation: "stack")
  for (index, x) in variables.enumerated() where x.shape != first.shape {
    fatalError(
      "stack: shapes differ: variable 0 \(describe(first)), variable \(index) \(describe(x))"
        + location(of: x, first))
  }
  let parts = variables.map { x in
    (x.node.fields.pointee.isWeak ? x.strong(as: dtype, operation: "stack") : x)
      .unsqueezed(axis: axis)
  }
  return concatenate(parts, axis: axis)
}

extension Variable {
  /// Consecutive parts of the given sizes along an axis, sharing memory.
  ///
  /// Stops with an error if the sizes do not add up to the size of the axis.
  public func split(sizes: [Int], axis: Int = 0) -> [Variable] {
    let axis = resolve(axis: axis, rank: rank, operation: "split", of: self)
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == shape[axis] else {
      fatalError(
        "split: the sizes \(sizes) do not add up to axis \(axis) of \(shape)\(location(of: self))")
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return slice(self, Region(shape, axis: axis, start: start, count: size))
    }
  }

  /// Consecutive parts of `size` along an axis, sharing memory; the last one may be smaller.
  ///
  /// Stops with an error for a size below 1.
  public func split(size: Int, axis: Int = 0) -> [Variable] {
    let axis = resolve(axis: axis, rank: rank, operation: "split", of: self)
    guard size > 0 else { fatalError("split: the size \(size) is not positive") }
    return stride(from: 0, to: shape[axis], by: size).map { start in
      let count = Swift.min(size, shape[axis] - start)
      return slice(self, Region(shape, axis: axis, start: start, count: count))
    }
  }

  /// At most `count` consecutive parts of equal size along an axis, sharing memory; the last one
  /// may be smaller (PyTorch's `chunk`).
  public func chunked(into count: Int, axis: Int = 0) -> [Variable] {
    let axis = resolve(axis: axis, rank: rank, operation: "chunked", of: self)
    guard count > 0 else { fatalError("chunked: the count \(count) is not positive") }
    return split(size: Swift.max(1, (shape[axis] + count - 1) / count), axis: axis)
  }

  /// The elements along an axis, one by one without that axis, sharing memory (PyTorch's `unbind`).
  public func unstacked(axis: Int = 0) -> [Variable] {
    let axis = resolve(axis: axis, rank: rank, operation: "unstacked", of: self)
    return (0..<shape[axis]).map { position in
      var region = Region(shape, axis: axis, start: position, count: 1)
      region.shape.remove(at: axis)
      region.axes.remove(at: axis)
      return slice(self, region)
    }
  }

  /// The whole repeated along each axis (PyTorch's `repeat`, NumPy's `tile`).
  ///
  /// - Parameter counts: How often, for each axis; further counts in front make new axes. Fewer
  ///   counts than axes, or negative ones, are an error.
  public func repeated(_ counts: [Int]) -> Variable {
    guard counts.count >= rank, counts.allSatisfy({ $0 >= 0 }) else {
      fatalError("repeated: the counts \(counts) do not fit \(shape)\(location(of: self))")
    }
    let missing = [Int](repeating: 1, count: counts.count - rank)
    var result = reshaped(to: Shape(missing + Array(shape)))
    for (axis, count) in counts.enumerated() where count != 1 {
      let shape = result.shape
      let outer = shape.elementCount(of: 0..<axis)
      let inner = shape.elementCount(of: axis..<shape.rank)
      result = result.reshaped(to: [outer, 1, inner]).expanded(to: [outer, count, inner])
        .reshaped(to: shape.replacing(axis: axis, with: shape[axis] * count))
    }
    return result
  }

  /// The whole repeated along each axis (PyTorch's `repeat`, NumPy's `tile`).
  public func repeated(_ counts: Int...) -> Variable { repeated(counts) }

  /// With elements of one value before and after each axis.
  ///
  /// - Parameters:
  ///   - widths: How many before and how many after, for each axis from the first; not negative,
  ///     and as many as axes, else it is an error.
  ///   - value: The value of the new elements.
  public func padded(_ widths: [(before: Int, after: Int)], value: Double = 0) -> Variable {
    guard widths.count == rank, widths.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      fatalError("padded: the widths \(widths) do not fit \(shape)\(location(of: self))")
    }
    if widths.allSatisfy({ $0.before == 0 && $0.after == 0 }) { return self }
    var region = Region(Shape(zip(shape, widths).map { $0 + $1.before + $1.after }))
    region.starts = widths.map(\.before)
    region.shape = shape
    return place(self, in: region, surroundedBy: value)
  }

  /// With the order of the elements reversed along the given axes, or along all; shares memory.
  public func flipped(axes: [Int]? = nil) -> Variable {
    let axes = reductionAxes(axes, operation: "flipped")
    if count == 0 { return self }
    var region = Region(shape)
    for axis in axes.list {
      region.starts[axis] = shape[axis] - 1
      region.steps[axis] = -1
    }
    return slice(self, region)
  }

  /// With the elements moved `shift` places along an axis; those that leave at one end enter at the
  /// other.
  ///
  /// - Parameters:
  ///   - shift: How far: positive moves towards higher positions.
  ///   - axis: The axis; negative counts from the end.
  public func rolled(by shift: Int, axis: Int) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "rolled", of: self)
    let size = shape[axis]
    let split = size == 0 ? 0 : ((size - shift % size) % size)
    if split == 0 { return self }
    let head = slice(self, Region(shape, axis: axis, start: 0, count: split))
    let tail = slice(self, Region(shape, axis: axis, start: split, count: size - split))
    return concatenate([tail, head], axis: axis)
  }
}
