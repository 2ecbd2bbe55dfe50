/// Where the elements of an array lie: what the views of tensors and of variables have in common.
struct StridedLayout {
  var shape: Shape
  /// Distances between neighbours along each axis, in elements.
  var strides: [Int]
  /// Where the first element lies, in elements from the first of the original array.
  var offset = 0

  init(_ shape: Shape, strides: [Int]?) {
    self.shape = shape
    self.strides = strides ?? shape.rowMajorStrides
  }

  /// The strides, or nil if they are those of a row-major array without gaps.
  var normalizedStrides: [Int]? { normalized(strides, shape) }

  /// Axis `i` of the result is axis `axes[i]`.
  func permuted(_ axes: [Int]) -> StridedLayout {
    var result = self
    result.shape = Shape(axes.map { shape[$0] })
    result.strides = axes.map { strides[$0] }
    return result
  }

  /// Repeated along axes of size 1 and new axes in front; nil if the shape does not follow by
  /// NumPy's rules.
  func expanded(to newShape: Shape) -> StridedLayout? {
    guard shape.broadcast(with: newShape) == newShape else { return nil }
    let missing = newShape.rank - shape.rank
    var result = self
    result.shape = newShape
    result.strides = (0..<newShape.rank).map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
    return result
  }

  /// The same elements in row-major order under another shape of as many elements, at least one; nil
  /// if axes would be merged that no single stride walks along.
  func reshaped(to newShape: Shape) -> StridedLayout? {
    var result = self
    result.shape = newShape
    result.strides = [Int](repeating: 1, count: newShape.rank)
    let old = (0..<shape.rank).filter { shape[$0] != 1 }
    var (first, next) = (0, 0)
    while first < old.count {
      // The least number of old axes and of new ones that hold the same elements.
      var (end, nextEnd) = (first + 1, next)
      var (size, newSize) = (shape[old[first]], 1)
      while size != newSize {
        if newSize < size {
          newSize *= newShape[nextEnd]
          nextEnd += 1
        } else {
          size *= shape[old[end]]
          end += 1
        }
      }
      for axis in first..<(end - 1)
      where strides[old[axis]] != strides[old[axis + 1]] * shape[old[axis + 1]] {
        return nil
      }
      var stride = strides[old[end - 1]]
      for axis in (next..<nextEnd).reversed() {
        result.strides[axis] = stride
        stride *= newShape[axis]
      }
      (first, next) = (end, nextEnd)
    }
    return result
  }

  /// A part.
  func part(_ region: Region) -> StridedLayout {
    var result = self
    result.shape = region.shape
    result.strides = region.strides(strides)
    result.offset += region.offset(strides)
    return result
  }
}

/// Strides, or nil if they are those of a row-major array without gaps.
func normalized(_ strides: [Int], _ shape: Shape) -> [Int]? {
  var expected = 1
  for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
    if shape[axis] == 0 { return nil }
    if shape[axis] != 1, strides[axis] != expected { return strides }
    expected *= shape[axis]
  }
  return nil
}

// The variable, if there is one, is for errors: they say to which layer it belongs.
extension Shape {
  /// Axes counted from 0 in a new order; stops with an error if they are not a permutation.
  func permutation(_ axes: [Int], of variable: Variable? = nil) -> [Int] {
    let resolved = axes.map {
      resolve(axis: $0, rank: rank, operation: "permuted", of: variable)
    }
    guard Set(resolved).count == rank, resolved.count == rank else {
      fatalError(
        "permuted: \(axes) is not a permutation of the \(rank) axes of \(self)"
          + (variable.map { location(of: $0) } ?? ""))
    }
    return resolved
  }

  /// The order of the axes with two of them exchanged.
  func transposition(_ first: Int, _ second: Int, of variable: Variable? = nil) -> [Int] {
    var axes = Array(0..<rank)
    axes.swapAt(
      resolve(axis: first, rank: rank, operation: "transposed", of: variable),
      resolve(axis: second, rank: rank, operation: "transposed", of: variable))
    return axes
  }

  /// Sizes of which one may be -1 and is then computed; stops with an error if there is no such
  /// size.
  func filling(_ sizes: [Int], of variable: Variable? = nil) -> Shape {
    guard let free = sizes.firstIndex(of: -1) else { return Shape(sizes) }
    let known = sizes.enumerated().reduce(1) { $1.offset == free ? $0 : $0 * $1.element }
    guard known > 0, elementCount % known == 0, sizes.lastIndex(of: -1) == free else {
      fatalError(
        "reshaped: \(self) does not divide into \(sizes)"
          + (variable.map { location(of: $0) } ?? ""))
    }
    var full = sizes
    full[free] = elementCount / known
    return Shape(full)
  }
}
