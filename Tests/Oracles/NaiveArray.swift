// An array written to be obviously right, not fast: a shape and its elements in row-major order,
// addressed by whole multi-indices. Most operations are one formula for the element at an index.

/// A dense row-major array.
package struct NaiveArray<Scalar: Sendable>: Sendable {
  package private(set) var shape: [Int]
  package var elements: [Scalar]

  /// An array of the given elements in row-major order; without a shape, a vector.
  package init(_ elements: [Scalar], shape: [Int]? = nil) {
    self.shape = shape ?? [elements.count]
    self.elements = elements
    precondition(self.shape.reduce(1, *) == elements.count, "\(elements.count) in \(self.shape)")
  }

  /// An array of rank 0.
  package init(scalar: Scalar) { self.init([scalar], shape: []) }

  /// An array of equal elements.
  package init(repeating value: Scalar, shape: [Int]) {
    self.init(Array(repeating: value, count: shape.reduce(1, *)), shape: shape)
  }

  /// An array by formula: the element at each multi-index.
  package init(shape: [Int], _ element: ([Int]) -> Scalar) {
    self.init(allIndices(of: shape).map(element), shape: shape)
  }

  package var rank: Int { shape.count }
  package var count: Int { elements.count }

  /// All multi-indices in row-major order.
  package var indices: [[Int]] { allIndices(of: shape) }

  /// The element at a multi-index.
  package subscript(index: [Int]) -> Scalar {
    get { elements[offset(of: index)] }
    set { elements[offset(of: index)] = newValue }
  }

  private func offset(of index: [Int]) -> Int {
    precondition(index.count == rank, "index \(index) in \(shape)")
    var offset = 0
    for (i, size) in zip(index, shape) {
      precondition(i >= 0 && i < size, "index \(index) in \(shape)")
      offset = offset * size + i
    }
    return offset
  }

  /// A non-negative axis from one that may count from the end.
  package func normalized(_ axis: Int) -> Int {
    let result = axis < 0 ? axis + rank : axis
    precondition(result >= 0 && result < rank, "axis \(axis) of rank \(rank)")
    return result
  }

  package func map<Result>(_ body: (Scalar) -> Result) -> NaiveArray<Result> {
    NaiveArray<Result>(elements.map(body), shape: shape)
  }
}

/// All multi-indices of a shape in row-major order: one empty index for rank 0.
package func allIndices(of shape: [Int]) -> [[Int]] {
  var result: [[Int]] = [[]]
  for size in shape {
    result = result.flatMap { prefix in (0..<size).map { prefix + [$0] } }
  }
  return result
}

// MARK: - Broadcasting

/// The common shape of two arrays by NumPy's rule: sizes align at the end, 1 stretches.
package func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int] {
  let rank = max(a.count, b.count)
  let left = Array(repeating: 1, count: rank - a.count) + a
  let right = Array(repeating: 1, count: rank - b.count) + b
  return zip(left, right).map { x, y in
    precondition(x == y || x == 1 || y == 1, "shapes \(a) and \(b) do not broadcast")
    return x == 1 ? y : x
  }
}

extension NaiveArray {
  /// The array stretched to a shape by NumPy's rule.
  package func broadcast(to shape: [Int]) -> NaiveArray {
    precondition(broadcastShape(self.shape, shape) == shape, "\(self.shape) to \(shape)")
    return NaiveArray(shape: shape) { index in
      let tail = index.suffix(rank)
      return self[zip(tail, self.shape).map { i, size in size == 1 ? 0 : i }]
    }
  }

  /// `body` on each pair of elements, broadcasting.
  package func combined<Other, Result>(
    with other: NaiveArray<Other>, _ body: (Scalar, Other) -> Result
  ) -> NaiveArray<Result> {
    let shape = broadcastShape(self.shape, other.shape)
    let left = broadcast(to: shape)
    let right = other.broadcast(to: shape)
    let elements = zip(left.elements, right.elements).map { body($0, $1) }
    return NaiveArray<Result>(elements, shape: shape)
  }
}

// MARK: - Precision

/// An array of the widest hardware float.
package typealias WideArray = NaiveArray<WideFloat>

extension NaiveArray where Scalar: BinaryFloatingPoint {
  /// The same numbers in another precision.
  package init<Source: BinaryFloatingPoint>(converting elements: [Source], shape: [Int]? = nil) {
    self.init(elements.map { Scalar($0) }, shape: shape)
  }
}

extension NaiveArray where Scalar: RealScalar {
  /// The same numbers as constants of another kind of scalar.
  package func constants<Other: RealScalar>(as _: Other.Type = Other.self) -> NaiveArray<Other> {
    map { Other($0.primal) }
  }

  /// The numbers without their derivatives.
  package var primal: WideArray { map(\.primal) }
}
