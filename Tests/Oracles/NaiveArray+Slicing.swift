// Slices, padding, order reversal and the parts of matrices.

/// `start:stop:step` of one axis as in Python: bounds may be missing, negative or out of range.
package struct NaiveSlice: Sendable {
  var start: Int?
  var stop: Int?
  var step: Int

  package init(_ start: Int? = nil, _ stop: Int? = nil, step: Int = 1) {
    precondition(step != 0, "slice step 0")
    self.start = start
    self.stop = stop
    self.step = step
  }

  /// The whole axis.
  package static let all = NaiveSlice()

  /// The positions it takes of an axis of `size`.
  package func positions(of size: Int) -> [Int] {
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? size : size - 1
    func limited(_ bound: Int) -> Int {
      min(max(bound < 0 ? bound + size : bound, lowest), highest)
    }
    let first = start.map(limited) ?? (step > 0 ? lowest : highest)
    let end = stop.map(limited) ?? (step > 0 ? highest : lowest)
    return Array(stride(from: first, to: end, by: step))
  }
}

extension NaiveArray {
  /// One slice per leading axis.
  package func sliced(_ slices: [NaiveSlice]) -> Self {
    var result = self
    for (axis, slice) in slices.enumerated() {
      result = result.selecting(slice.positions(of: shape[axis]), axis: axis)
    }
    return result
  }

  /// `before` and `after` elements of `value` added to each axis; negative counts crop.
  package func padded(_ widths: [(before: Int, after: Int)], with value: Scalar) -> Self {
    let sizes = shape.indices.map { shape[$0] + widths[$0].before + widths[$0].after }
    return NaiveArray(shape: sizes) { index in
      let source = index.indices.map { index[$0] - widths[$0].before }
      let isInside = source.indices.allSatisfy { source[$0] >= 0 && source[$0] < shape[$0] }
      return isInside ? self[source] : value
    }
  }

  package func flipped(_ axes: [Int]) -> Self {
    axes.reduce(self) { array, axis in
      array.selecting((0..<shape[normalized(axis)]).reversed(), axis: axis)
    }
  }

  /// Element `i` along `axis` moves to `i + shift`, around the end.
  package func rolled(_ shift: Int, axis: Int) -> Self {
    let size = shape[normalized(axis)]
    let sources = (0..<size).map { (($0 - shift) % size + size) % size }
    return selecting(sources, axis: axis)
  }

  /// The diagonal `column − row = offset` of two axes, as a new last axis.
  package func diagonal(offset: Int = 0, _ axis1: Int = 0, _ axis2: Int = 1) -> Self {
    let (a, b) = (normalized(axis1), normalized(axis2))
    let (row, column) = (max(0, -offset), max(0, offset))
    let size = max(0, min(shape[a] - row, shape[b] - column))
    let kept = (0..<rank).filter { $0 != a && $0 != b }
    return NaiveArray(shape: kept.map { shape[$0] } + [size]) { index in
      var source = Array(repeating: 0, count: rank)
      for (i, axis) in kept.enumerated() { source[axis] = index[i] }
      source[a] = row + index[kept.count]
      source[b] = column + index[kept.count]
      return self[source]
    }
  }
}

extension NaiveArray where Scalar: RealScalar {
  /// The elements of the last two axes with `column − row ≤ offset`, the others 0.
  package func tril(_ offset: Int = 0) -> Self {
    keepingMatrixPart { row, column in column - row <= offset }
  }

  /// The elements of the last two axes with `column − row ≥ offset`, the others 0.
  package func triu(_ offset: Int = 0) -> Self {
    keepingMatrixPart { row, column in column - row >= offset }
  }

  private func keepingMatrixPart(_ isKept: (Int, Int) -> Bool) -> Self {
    NaiveArray(shape: shape) { index in
      isKept(index[rank - 2], index[rank - 1]) ? self[index] : 0
    }
  }

  /// The sum of the diagonal of a matrix.
  package func trace() -> Self { diagonal().sum() }
}
