// The same memory under another shape. Writing to a view copies it first, so views never change
// each other.

extension Tensor {
  /// The same elements in row-major order under another shape; stops with an error if the counts
  /// differ.
  ///
  /// Shares memory unless the tensor has gaps or is permuted.
  public func reshaped(to newShape: Shape) -> Tensor {
    guard newShape.elementCount == count else {
      fatalError(
        "reshaped: \(shape) has \(count) elements, \(newShape) \(newShape.elementCount)")
    }
    let source = contiguous()
    return Tensor(
      storage: source.storage, shape: newShape, dtype: dtype, offset: source.offset)
  }

  /// The same elements in row-major order under another shape; one size may be -1 and is then
  /// computed.
  ///
  /// Stops with an error if the element counts differ.
  public func reshaped(_ sizes: Int...) -> Tensor {
    reshaped(to: shape.filling(sizes))
  }

  /// With the axes in another order: axis `i` of the result is axis `axes[i]`.
  ///
  /// Shares memory.
  public func permuted(_ axes: [Int]) -> Tensor {
    view(layout.permuted(shape.permutation(axes)))
  }

  /// With two axes exchanged, the last two unless others are given.
  ///
  /// Shares memory.
  public func transposed(_ first: Int = -2, _ second: Int = -1) -> Tensor {
    view(layout.permuted(shape.transposition(first, second)))
  }

  /// Broadcast to a shape, without copying; stops with an error if the shape does not follow by
  /// NumPy's rules.
  public func expanded(to newShape: Shape) -> Tensor {
    guard let result = layout.expanded(to: newShape) else {
      fatalError("expanded: \(shape) does not broadcast to \(newShape)")
    }
    return view(result)
  }

  /// The part that the indices denote; shares memory.
  ///
  /// See ``TensorIndex`` for the notation. An index out of range, or more indices than axes, stops
  /// with an error.
  public subscript(indices: any TensorIndex...) -> Tensor { sliced(indices) }

  /// The tensor itself: `x[...]`.
  public subscript(all: UnboundedRange) -> Tensor { self }

  /// The part that the indices denote, which belong to the last axes: `x[..., 0]`.
  public subscript(
    all: UnboundedRange, first: any TensorIndex, rest: any TensorIndex...
  ) -> Tensor {
    sliced([ellipsis, first] + rest)
  }

  /// The part that the indices denote, the first of which belongs to the first axis and the rest to
  /// the last: `x[0, ..., 1]`.
  public subscript(
    first: any TensorIndex, all: UnboundedRange, rest: any TensorIndex...
  ) -> Tensor {
    sliced([first, ellipsis] + rest)
  }

  private func sliced(_ indices: [any TensorIndex]) -> Tensor {
    view(layout.part(Region(shape, indices, place: "")))
  }

  private var layout: StridedLayout { StridedLayout(shape, strides: strides) }

  private func view(_ layout: StridedLayout) -> Tensor {
    Tensor(
      storage: storage, shape: layout.shape, dtype: dtype, offset: offset + layout.offset,
      strides: layout.normalizedStrides)
  }
}
