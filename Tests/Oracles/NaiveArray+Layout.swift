// Layout: each operation is the formula of where an output element comes from.

extension NaiveArray {
  /// The same elements under another shape; one size may be −1.
  package func reshaped(to shape: [Int]) -> Self {
    let known = shape.filter { $0 != -1 }.reduce(1, *)
    return NaiveArray(elements, shape: shape.map { $0 == -1 ? count / known : $0 })
  }

  package func flattened(from start: Int = 0, through end: Int = -1) -> Self {
    if rank == 0 { return reshaped(to: [1]) }
    let (first, last) = (normalized(start), normalized(end))
    let middle = shape[first...last].reduce(1, *)
    return reshaped(to: shape[..<first] + [middle] + shape[(last + 1)...])
  }

  package func unflattened(axis: Int, into sizes: [Int]) -> Self {
    let axis = normalized(axis)
    return reshaped(to: shape[..<axis] + sizes + shape[(axis + 1)...])
  }

  /// Without the given axes of size 1 (nil: all of them).
  package func squeezed(_ axes: [Int]? = nil) -> Self {
    let removed = axes.map { $0.map { normalized($0) } } ?? shape.indices.filter { shape[$0] == 1 }
    precondition(removed.allSatisfy { shape[$0] == 1 }, "squeeze \(removed) of \(shape)")
    return reshaped(to: shape.indices.filter { !removed.contains($0) }.map { shape[$0] })
  }

  /// With a new axis of size 1 at `axis` of the result.
  package func unsqueezed(_ axis: Int) -> Self {
    var shape = self.shape
    shape.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
    return reshaped(to: shape)
  }

  /// Axis `i` of the result is axis `axes[i]` of the array.
  package func permuted(_ axes: [Int]) -> Self {
    let axes = axes.map { normalized($0) }
    precondition(axes.sorted() == Array(0..<rank), "permutation \(axes) of rank \(rank)")
    return NaiveArray(shape: axes.map { shape[$0] }) { index in
      var source = index
      for (i, axis) in axes.enumerated() { source[axis] = index[i] }
      return self[source]
    }
  }

  package func transposed(_ a: Int = -2, _ b: Int = -1) -> Self {
    var axes = Array(0..<rank)
    axes.swapAt(normalized(a), normalized(b))
    return permuted(axes)
  }

  /// The axis `source` moved to `destination`, the others in order.
  package func movedAxis(from source: Int, to destination: Int) -> Self {
    var axes = Array(0..<rank)
    let axis = axes.remove(at: normalized(source))
    axes.insert(axis, at: normalized(destination))
    return permuted(axes)
  }

  /// The whole array repeated `counts[i]` times along axis `i`; missing leading counts or axes are
  /// 1.
  package func tiled(_ counts: [Int]) -> Self {
    let rank = max(self.rank, counts.count)
    let counts = Array(repeating: 1, count: rank - counts.count) + counts
    let source = reshaped(to: Array(repeating: 1, count: rank - self.rank) + shape)
    let sizes = counts.indices.map { source.shape[$0] * counts[$0] }
    return NaiveArray(shape: sizes) { index in
      source[index.indices.map { index[$0] % source.shape[$0] }]
    }
  }

  /// Each element repeated `count` times in a row along `axis`.
  package func repeated(_ count: Int, axis: Int) -> Self {
    let axis = normalized(axis)
    return selecting((0..<shape[axis] * count).map { $0 / count }, axis: axis)
  }

  /// The elements at `positions` along `axis`, in that order.
  package func selecting(_ positions: [Int], axis: Int) -> Self {
    let axis = normalized(axis)
    var shape = self.shape
    shape[axis] = positions.count
    return NaiveArray(shape: shape) { index in
      var source = index
      source[axis] = positions[index[axis]]
      return self[source]
    }
  }

  /// The subarray at one position of `axis`, without that axis.
  package func select(_ position: Int, axis: Int) -> Self {
    let axis = normalized(axis)
    return selecting([position < 0 ? position + shape[axis] : position], axis: axis)
      .squeezed([axis])
  }
}

// MARK: - Joining and splitting

extension NaiveArray {
  /// The arrays one after the other along `axis`.
  package static func concatenate(_ arrays: [Self], axis: Int = 0) -> Self {
    let axis = arrays[0].normalized(axis)
    var sources: [(array: Int, position: Int)] = []
    for (i, array) in arrays.enumerated() {
      sources += (0..<array.shape[axis]).map { (i, $0) }
    }
    var shape = arrays[0].shape
    shape[axis] = sources.count
    return NaiveArray(shape: shape) { index in
      let (array, position) = sources[index[axis]]
      var source = index
      source[axis] = position
      return arrays[array][source]
    }
  }

  /// The arrays side by side along a new axis.
  package static func stack(_ arrays: [Self], axis: Int = 0) -> Self {
    let axis = axis < 0 ? axis + arrays[0].rank + 1 : axis
    return concatenate(arrays.map { $0.unsqueezed(axis) }, axis: axis)
  }

  /// Consecutive pieces of the given sizes along `axis`.
  package func split(_ sizes: [Int], axis: Int = 0) -> [Self] {
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return selecting(Array(start..<start + size), axis: axis)
    }
  }

  /// The subarrays along `axis`, without that axis.
  package func unbind(axis: Int = 0) -> [Self] {
    (0..<shape[normalized(axis)]).map { select($0, axis: axis) }
  }
}
