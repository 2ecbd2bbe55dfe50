import Kernels

// Reading and writing at positions that are themselves data.
//
// Indices are variables of an integer type, counted from 0; negative ones are not allowed. A
// position that occurs twice is read twice, and gets the sum of both gradients.

/// out[o, j, i] = x[o, indices[j], i], for a list of indices.
let indexSelectPrimitive: Primitive = .indexing("indexSelect", liveness: .picks) {
  out, x, indices, outer, size, count, inner in
  k_select_indices(out.dtype.size, out.data, x, indices, outer, size, count, inner)
} derivative: { g, indices, axis, size in
  added(g, by: indexAddPrimitive, indices, axis: axis, size: size)
}

/// out[o, indices[j], i] += x[o, j, i], into zeros.
let indexAddPrimitive: Primitive = .indexing("indexAdd", liveness: .moves) {
  out, x, indices, outer, count, size, inner in
  fill(out.data, 0, out.count, out.dtype)
  k_add_at_indices(out.dtype.kernelType, out.data, x, indices, outer, size, count, inner)
} derivative: { g, indices, axis, size in
  indexSelectPrimitive.apply(g, indices, axis: axis, size: size)
}

/// out[o, j, i] = x[o, indices[o, j, i], i].
let gatherPrimitive: Primitive = .indexing("gather", liveness: .picks) {
  out, x, indices, outer, size, count, inner in
  k_gather(out.dtype.size, out.data, x, indices, outer, size, count, inner)
} derivative: { g, indices, axis, size in
  added(g, by: scatterAddPrimitive, indices, axis: axis, size: size)
}

/// out[o, indices[o, j, i], i] += x[o, j, i], into zeros.
let scatterAddPrimitive: Primitive = .indexing("scatterAdd", liveness: .moves) {
  out, x, indices, outer, count, size, inner in
  fill(out.data, 0, out.count, out.dtype)
  k_scatter_add(out.dtype.kernelType, out.data, x, indices, outer, size, count, inner)
} derivative: { g, indices, axis, size in
  gatherPrimitive.apply(g, indices, axis: axis, size: size)
}

/// The last input with out[o, indices[o, j, i], i] = values[o, j, i]; inputs values, indices, x.
///
/// Where a position occurs twice the last value stays, and it alone gets the gradient.
let scatterPrimitive: Primitive = Primitive(
  "scatter",
  .custom { s in
    let out = s.node.fields.pointee
    let (values, indices, x) = (s[0].dense(), s[1].dense(), s[2].dense())
    let axis = s.integer
    out.data.copyMemory(from: x.node.fields.pointee.data, byteCount: out.count * out.dtype.size)
    k_scatter(
      out.dtype.size, out.data, values.node.fields.pointee.data,
      indices.node.fields.pointee.data.assumingMemoryBound(to: Int64.self),
      Int64(out.shape.elementCount(of: 0..<axis)), Int64(out.shape[axis]),
      Int64(values.shape[axis]), Int64(out.shape.elementCount(of: (axis + 1)..<out.shape.rank)))
    withExtendedLifetime((x, values, indices)) {}
  }, liveness: .picks,
  rule: .indexed { s, g, input in
    let (indices, axis) = (s[1], s.integer)
    let nothing = full(0, .scalar, g.dtype)
    switch input {
    case 0:
      let count = indices.shape[axis]
      let read = gatherPrimitive.apply(g, indices, axis: axis, size: count)
      // Every place gets the number of the value that was written there last.
      let numbers = Variable(Tensor.range(to: Double(indices.count), dtype: .int64))
        .reshaped(to: indices.shape)
      let last = scatter(numbers, at: indices, axis: axis, into: full(0, g.shape, .int64))
      let stayed = numbers .== gatherPrimitive.apply(last, indices, axis: axis, size: count)
      return select(stayed, read, nothing)
    case 2: return scatter(nothing.expanded(to: indices.shape), at: indices, axis: axis, into: g)
    default: return nil
    }
  })

extension Primitive {
  /// The kernel gets the input's and the result's sizes along the axis, the derivative the input's.
  fileprivate static func indexing(
    _ name: String, liveness: Liveness,
    _ kernel:
      @escaping @Sendable (
        _ out: Node.Header, _ x: UnsafeRawPointer, _ indices: UnsafePointer<Int64>,
        _ outer: Int64, _ size: Int64, _ newSize: Int64, _ inner: Int64
      ) -> Void,
    derivative:
      @escaping @Sendable (
        _ g: Variable, _ indices: Variable, _ axis: Int, _ size: Int
      ) -> Variable
  ) -> Primitive {
    Primitive(
      name,
      .custom { s in
        let (out, x, indices) = (s.node.fields.pointee, s[0].dense(), s[1].dense())
        let axis = s.integer
        kernel(
          out, x.node.fields.pointee.data,
          indices.node.fields.pointee.data.assumingMemoryBound(to: Int64.self),
          Int64(x.shape.elementCount(of: 0..<axis)), Int64(x.shape[axis]), Int64(out.shape[axis]),
          Int64(x.shape.elementCount(of: (axis + 1)..<x.rank)))
        withExtendedLifetime((x, indices)) {}
      }, liveness: liveness,
      rule: .indexed { s, g, input in
        input == 0 ? derivative(g, s[1], s.integer, s[0].shape[s.integer]) : nil
      })
  }

  /// Applies an indexing primitive, whose result has `size` elements along the axis; indices are in
  /// range.
  fileprivate func apply(
    _ x: Variable, _ indices: Variable, axis: Int, size: Int
  ) -> Variable {
    self(
      x, indices, shape: x.shape.replacing(axis: axis, with: size), attributes: .integer(axis))
  }
}

/// Sums at positions; for a mask: whether any is true.
private func added(
  _ x: Variable, by primitive: Primitive, _ indices: Variable, axis: Int, size: Int
) -> Variable {
  guard x.dtype == .bool else { return primitive.apply(x, indices, axis: axis, size: size) }
  return primitive.apply(x.cast(to: .int32), indices, axis: axis, size: size) .!= 0
}

// MARK: One list of indices for a whole axis

/// The slices of x at the given positions of an axis (PyTorch's `index_select`, NumPy's `take`).
///
/// - Parameters:
///   - x: The values, with at least one axis.
///   - indices: Positions along the axis, of any shape; an index out of range stops with an error.
///   - axis: The axis; negative counts from the end.
/// - Returns: The shape of x with the axis replaced by the shape of the indices.
public func indexSelect(_ x: Variable, at indices: Variable, axis: Int = 0) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "indexSelect", of: x)
  let list = validIndices(indices, below: x.shape[axis], operation: "indexSelect", of: x)
  let result = indexSelectPrimitive.apply(x, list.flattened(), axis: axis, size: indices.count)
  var sizes = Array(x.shape)
  sizes.replaceSubrange(axis...axis, with: Array(indices.shape))
  return result.reshaped(to: Shape(sizes))
}

/// A copy of x with values added at the given positions of an axis (PyTorch's `index_add`).
///
/// - Parameters:
///   - values: The shape of x with the axis replaced by the shape of the indices; else it is an
///     error.
///   - indices: Positions along the axis; where one occurs twice both values are added.
///   - axis: The axis; negative counts from the end.
///   - x: What to add to.
public func indexAdd(
  _ values: Variable, at indices: Variable, axis: Int = 0, into x: Variable
) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "indexAdd", of: x)
  let list = validIndices(indices, below: x.shape[axis], operation: "indexAdd", of: x)
  var sizes = Array(x.shape)
  sizes.replaceSubrange(axis...axis, with: Array(indices.shape))
  requireValues(values, Shape(sizes), x, operation: "indexAdd")
  let flat = values.reshaped(to: x.shape.replacing(axis: axis, with: indices.count))
  return x + indexAddPrimitive.apply(flat, list.flattened(), axis: axis, size: x.shape[axis])
}

/// The rows of a table at the given indices: `indices.shape` + [features].
///
/// - Parameters:
///   - indices: Row numbers, of any shape; one out of range stops with an error.
///   - table: Shape [rows, features].
///   - paddingIndex: A row that gets no gradient, or nil.
public func embedding(
  _ indices: Variable, _ table: Variable, paddingIndex: Int? = nil
) -> Variable {
  guard table.rank == 2 else {
    fatalError("embedding: the table is \(describe(table)), not a matrix\(location(of: table))")
  }
  let rows = indexSelect(table, at: indices)
  guard let paddingIndex else { return rows }
  let padding = Variable(Tensor(.whole(Int64(paddingIndex)), dtype: .int64))
  let isPadding = indices.cast(to: .int64) .== padding
  return select(isPadding.unsqueezed(axis: -1), rows.detached(), rows)
}

// MARK: An index for each element

/// out[i][j] = x[indices[i][j]][j] for axis 0, and so on for other axes (PyTorch's `gather`).
///
/// - Parameters:
///   - x: The values.
///   - indices: Positions along the axis: the shape of x but for the axis, else it is an error.
///   - axis: The axis; negative counts from the end.
/// - Returns: The shape of the indices.
public func gather(_ x: Variable, at indices: Variable, axis: Int) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "gather", of: x)
  requireAligned(indices, x, axis, operation: "gather")
  let indices = validIndices(indices, below: x.shape[axis], operation: "gather", of: x)
  return gatherPrimitive.apply(x, indices, axis: axis, size: indices.shape[axis])
}

/// As ``gather(_:at:axis:)`` with other axes broadcast (PyTorch's `take_along_dim`, NumPy's
/// `take_along_axis`).
public func takeAlongAxis(_ x: Variable, at indices: Variable, axis: Int) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "takeAlongAxis", of: x)
  guard indices.rank == x.rank,
    let shape = x.shape.replacing(axis: axis, with: 1)
      .broadcast(with: indices.shape.replacing(axis: axis, with: 1))
  else {
    fatalError(
      "takeAlongAxis: the indices \(describe(indices)) do not broadcast with \(describe(x)) "
        + "outside of axis \(axis)\(location(of: x))")
  }
  return gather(
    x.expanded(to: shape.replacing(axis: axis, with: x.shape[axis])),
    at: indices.expanded(to: shape.replacing(axis: axis, with: indices.shape[axis])), axis: axis)
}

/// A copy of x with values written at positions: for axis 0 out[indices[i][j]][j] = values[i][j]
/// (PyTorch's `scatter`).
///
/// Where a position occurs twice, the last value in the order of the axis stays and gets the
/// gradient.
///
/// - Parameters:
///   - values: The shape of the indices.
///   - indices: Positions along the axis: the shape of x but for the axis, else it is an error.
///   - axis: The axis; negative counts from the end.
///   - x: What to write into.
public func scatter(
  _ values: Variable, at indices: Variable, axis: Int, into x: Variable
) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "scatter", of: x)
  requireAligned(indices, x, axis, operation: "scatter")
  requireValues(values, indices.shape, x, operation: "scatter")
  let indices = validIndices(indices, below: x.shape[axis], operation: "scatter", of: x)
  return scatterPrimitive.apply(
    to: [values, indices, x], shape: x.shape, dtype: x.dtype, attributes: .integer(axis))
}

/// A copy of x with values added at positions: for axis 0 out[indices[i][j]][j] += values[i][j]
/// (PyTorch's `scatter_add`).
///
/// - Parameters:
///   - values: The shape of the indices.
///   - indices: Positions along the axis: the shape of x but for the axis, else it is an error.
///   - axis: The axis; negative counts from the end.
///   - x: What to add to.
public func scatterAdd(
  _ values: Variable, at indices: Variable, axis: Int, into x: Variable
) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "scatterAdd", of: x)
  requireAligned(indices, x, axis, operation: "scatterAdd")
  requireValues(values, indices.shape, x, operation: "scatterAdd")
  let indices = validIndices(indices, below: x.shape[axis], operation: "scatterAdd", of: x)
  return x + scatterAddPrimitive.apply(values, indices, axis: axis, size: x.shape[axis])
}

// MARK: Checks

/// The indices as int64, each in 0..<limit; else stops with an error.
func validIndices(
  _ indices: Variable, below limit: Int, operation: String, of x: Variable? = nil
) -> Variable {
  let place = x.map { " of \(describe($0))\(location(of: $0))" } ?? ""
  let isLiteral = indices.node.fields.pointee.isWeak && indices.node.fields.pointee.isWholeNumber
  guard isLiteral || indices.dtype.isInteger else {
    fatalError(
      "\(operation): the indices \(describe(indices))\(place) are not integers; use an array of "
        + "Int or cast(to: .int64)")
  }
  let list = indices.cast(to: .int64).dense()
  check(list) { list in
    guard let (index, position) = firstInvalidIndex(list, below: limit) else { return }
    fatalError(
      "\(operation): index \(index) at position \(position) is not in 0..<\(limit)" + place)
  }
  return list
}

/// The first int64 index that is not in 0..<limit and where it is in row-major order; nil if all
/// are.
package func firstInvalidIndex(
  _ indices: Variable, below limit: Int
) -> (index: Int, position: Int)? {
  let list = indices.dense()
  let data = list.node.fields.pointee.data.assumingMemoryBound(to: Int64.self)
  let position = Int(k_find_invalid_index(data, Int64(list.count), Int64(limit)))
  return withExtendedLifetime(list) { position < 0 ? nil : (Int(data[position]), position) }
}

private func requireAligned(
  _ indices: Variable, _ x: Variable, _ axis: Int, operation: String
) {
  guard indices.rank == x.rank,
    indices.shape.replacing(axis: axis, with: x.shape[axis]) == x.shape
  else {
    fatalError(
      "\(operation): the indices \(describe(indices)) and \(describe(x)) differ outside of axis "
        + "\(axis)\(location(of: x))")
  }
}

private func requireValues(_ values: Variable, _ shape: Shape, _ x: Variable, operation: String) {
  guard values.shape == shape, values.dtype == x.dtype else {
    fatalError(
      "\(operation): the values are \(describe(values)), not \(x.dtype) \(shape)\(location(of: x))")
  }
}
