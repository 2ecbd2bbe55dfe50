// Gathering and scattering by integer indices; negative indices count from the end.

extension NaiveArray {
  /// `out[i…, k, j…] = self[i…, indices[i…, k, j…], j…]` along `axis`.
  package func gathered(_ indices: NaiveArray<Int>, axis: Int) -> Self {
    let axis = normalized(axis)
    return NaiveArray(shape: indices.shape) { index in
      var source = index
      source[axis] = wrapped(indices[index], axis)
      return self[source]
    }
  }

  /// `self` with `self[i…, indices[i…, k, j…], j…] = source[i…, k, j…]`; the last of several wins.
  package func scattered(_ indices: NaiveArray<Int>, axis: Int, from source: Self) -> Self {
    scattered(indices, axis: axis, from: source) { _, new in new }
  }

  fileprivate func scattered(
    _ indices: NaiveArray<Int>, axis: Int, from source: Self,
    _ combine: (Scalar, Scalar) -> Scalar
  ) -> Self {
    let axis = normalized(axis)
    var result = self
    for index in indices.indices {
      var target = index
      target[axis] = wrapped(indices[index], axis)
      result[target] = combine(result[target], source[index])
    }
    return result
  }

  private func wrapped(_ position: Int, _ axis: Int) -> Int {
    position < 0 ? position + shape[axis] : position
  }

  /// The elements at `positions` along `axis`; indices of any rank replace the axis by their axes.
  package func taken(_ positions: NaiveArray<Int>, axis: Int = 0) -> Self {
    let axis = normalized(axis)
    let flat = selecting(positions.elements.map { wrapped($0, axis) }, axis: axis)
    return flat.reshaped(to: shape[..<axis] + positions.shape + shape[(axis + 1)...])
  }

  /// The rows of a table `[count, features]`: shape of `indices` + `[features]`.
  package func embedding(_ indices: NaiveArray<Int>) -> Self { taken(indices) }
}

extension NaiveArray where Scalar: RealScalar {
  /// As `scattered`, adding to what is there.
  package func scatterAdd(_ indices: NaiveArray<Int>, axis: Int, from source: Self) -> Self {
    scattered(indices, axis: axis, from: source) { $0 + $1 }
  }

  /// `source`'s subarray `k` along `axis` added to subarray `positions[k]`.
  package func indexAdd(_ positions: [Int], axis: Int, from source: Self) -> Self {
    let axis = normalized(axis)
    let indices = NaiveArray<Int>(shape: source.shape) { positions[$0[axis]] }
    return scatterAdd(indices, axis: axis, from: source)
  }

  /// 1 at each index along a new last axis, else 0.
  package static func oneHot(_ indices: NaiveArray<Int>, classes: Int) -> Self {
    NaiveArray(shape: indices.shape + [classes]) { index in
      indices[Array(index.dropLast())] == index.last! ? 1 : 0
    }
  }
}
