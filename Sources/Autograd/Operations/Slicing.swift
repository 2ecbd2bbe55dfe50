// Parts of arrays: views, and their counterpart that puts a part into zeros.

/// The part of an array and what surrounds it when it is put back.
final class RegionBox: AttributeBox {
  let region: Region
  let value: Double

  init(_ region: Region, value: Double = 0) {
    self.region = region
    self.value = value
  }
}

/// A part of an array; shares memory.
let slicePrimitive = Primitive(
  "slice", .view, liveness: .picks,
  rule: .perInput([{ s, g in place(g, in: s.box(RegionBox.self).region) }]))

extension Site {
  /// The part that a slice shows.
  var slicedRegion: Region { box(RegionBox.self).region }
}

/// An array that is zero, or has another value, but for a part.
let placePrimitive = Primitive(
  "place",
  .custom { s in
    let (x, out) = (s[0].node.fields, s.node.fields)
    let box = s.box(RegionBox.self)
    let dtype = out.pointee.dtype
    fill(out.pointee.data, box.value, out.pointee.count, dtype)
    if x.pointee.count == 0 { return }
    let strides = out.pointee.shape.rowMajorStrides
    let start = out.pointee.data + box.region.offset(strides) * dtype.size
    copyStrided(
      to: start, strides: box.region.strides(strides), from: x.pointee.data,
      strides: x.pointee.strides ?? x.pointee.shape.rowMajorStrides, shape: x.pointee.shape,
      dtype: dtype)
  }, liveness: .moves,
  rule: .perInput([{ s, g in slice(g, s.box(RegionBox.self).region) }]))

/// Writes what surrounds the part, which has no gaps, of a placed array.
func fillSurroundings(_ s: Site) {
  let out = s.node.fields
  let box = s.box(RegionBox.self)
  let dtype = out.pointee.dtype
  let strides = out.pointee.shape.rowMajorStrides
  var value: UInt64 = 0
  withUnsafeMutableBytes(of: &value) { fill($0.baseAddress!, box.value, 1, dtype) }
  // Axis by axis, what lies before and after the part, within it along the axes before.
  var starts = [Int](repeating: 0, count: strides.count)
  var shape = out.pointee.shape
  for (axis, size) in box.region.sizes.enumerated() {
    let (start, end) = (box.region.starts[axis], box.region.starts[axis] + size)
    for (from, to) in [(0, start), (end, shape[axis])] where from < to {
      starts[axis] = from
      let slab = shape.replacing(axis: axis, with: to - from)
      let offset = zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
      copyStrided(
        to: out.pointee.data + offset * dtype.size, strides: strides, from: &value,
        strides: [Int](repeating: 0, count: strides.count), shape: slab, dtype: dtype)
    }
    starts[axis] = start
    shape[axis] = size
  }
}

/// The part of x that the region denotes.
func slice(_ x: Variable, _ region: Region) -> Variable {
  x.view(by: slicePrimitive, x.layout.part(region), .box(RegionBox(region)))
}

/// An array of the region's whole shape that has x in the region and `value` elsewhere.
func place(_ x: Variable, in region: Region, surroundedBy value: Double = 0) -> Variable {
  placePrimitive(x, shape: region.whole, attributes: .box(RegionBox(region, value: value)))
}

extension Variable {
  /// The part that the indices denote; shares memory.
  ///
  /// Elements outside of the part get the exact gradient 0: that of `sqrt(x)[1...]` is 0 for x₀ =
  /// 0, not 0 · ∞. See ``TensorIndex`` for the notation. An index out of range, or more indices
  /// than axes, stops with an error.
  public subscript(indices: any TensorIndex...) -> Variable { sliced(indices) }

  /// The variable itself: `x[...]`.
  public subscript(all: UnboundedRange) -> Variable { self }

  /// The part that the indices denote, which belong to the last axes: `x[..., 0]`.
  public subscript(
    all: UnboundedRange, first: any TensorIndex, rest: any TensorIndex...
  ) -> Variable {
    sliced([ellipsis, first] + rest)
  }

  /// The part that the indices denote, the first of which belongs to the first axis and the rest to
  /// the last: `x[0, ..., 1]`.
  public subscript(
    first: any TensorIndex, all: UnboundedRange, rest: any TensorIndex...
  ) -> Variable {
    sliced([first, ellipsis] + rest)
  }

  private func sliced(_ indices: [any TensorIndex]) -> Variable {
    slice(self, Region(shape, indices, place: location(of: self)))
  }
}
