import Kernels

// The matrix product, and the products that are written with it.

/// c = a b for matrices in the last two axes; other axes broadcast. ∂/∂a: g bᵀ; ∂/∂b: aᵀ g.
let matmulPrimitive = Primitive(
  "matmul", .custom(multiplyMatrices),
  rule: .perInput([
    { s, g in matmul(g, s[1].transposed()) },
    { s, g in matmul(s[0].transposed(), g) },
  ]))

/// The kernel takes any strides, so transposed operands are read where they lie.
private let multiplyMatrices: @Sendable (Site) -> Void = { s in
  let (a, b, out) = (s[0].node.fields, s[1].node.fields, s.node.fields)
  let shape = out.pointee.shape
  let rank = shape.rank
  let (m, n, k) = (shape[rank - 2], shape[rank - 1], a.pointee.shape[a.pointee.shape.rank - 1])
  let (aRow, aColumn) = matrixStrides(a)
  let (bRow, bColumn) = matrixStrides(b)
  let type = out.pointee.dtype.kernelType
  if rank == 2 {
    k_matmul(
      type, Int64(m), Int64(n), Int64(k), a.pointee.data, aRow, aColumn, b.pointee.data, bRow,
      bColumn, out.pointee.data, Int64(n), false)
    return
  }
  let batch = Shape(shape.prefix(rank - 2))
  k_matmul_batched(
    type, Int64(batch.elementCount), Int64(m), Int64(n), Int64(k), a.pointee.data,
    batchOffsets(a, batch), aRow, aColumn, b.pointee.data, batchOffsets(b, batch), bRow, bColumn,
    out.pointee.data)
}

private func matrixStrides(_ x: UnsafeMutablePointer<Node.Header>) -> (Int64, Int64) {
  let rank = x.pointee.shape.rank
  if let strides = x.pointee.strides { return (Int64(strides[rank - 2]), Int64(strides[rank - 1])) }
  return (Int64(x.pointee.shape[rank - 1]), 1)
}

/// Where each matrix of a batch begins; a broadcast operand repeats its own.
private func batchOffsets(
  _ x: UnsafeMutablePointer<Node.Header>, _ batch: Shape
) -> [Int64] {
  let own = x.pointee.shape
  let strides = x.pointee.strides ?? own.rowMajorStrides
  var offsets: [Int64] = [0]
  for axis in 0..<batch.rank {
    let ownAxis = axis - (batch.rank - (own.rank - 2))
    let step = ownAxis < 0 || own[ownAxis] == 1 ? 0 : Int64(strides[ownAxis])
    offsets = offsets.flatMap { offset in (0..<batch[axis]).map { offset + Int64($0) * step } }
  }
  return offsets
}

/// The matrix product a b.
///
/// As NumPy's `matmul`: matrices lie in the last two axes, the other axes broadcast; a vector on the left is a row,
/// on the right a column, and its axis vanishes from the result.
///
/// - Parameters:
///   - a: Shape […, m, k] or [k].
///   - b: Shape […, k, n] or [k], of the same type; else stops with an error.
/// - Returns: Shape […, m, n].
public func matmul(_ a: Variable, _ b: Variable) -> Variable {
  guard a.dtype == b.dtype, a.dtype != .bool else {
    fatalError(
      "matmul: types differ or are bool: left \(describe(a)), right \(describe(b))\(location(of: b, a))")
  }
  guard a.rank > 0, b.rank > 0 else {
    fatalError("matmul: a scalar is not a matrix: left \(describe(a)), right \(describe(b))")
  }
  let k = a.shape[a.rank - 1]
  let rows = b.shape[b.rank == 1 ? 0 : b.rank - 2]
  guard k == rows else {
    fatalError(
      "matmul: inner dimensions differ: left \(describe(a)) has \(k), right \(describe(b)) has \(rows)"
        + location(of: b, a))
  }
  if a.rank == 1 { return matmul(a.unsqueezed(axis: 0), b).squeezed(axis: b.rank == 1 ? 0 : -2) }
  if b.rank == 1 { return matmul(a, b.unsqueezed(axis: 1)).squeezed(axis: -1) }
  if a.rank == 2, b.rank == 2 {
    return matmulPrimitive(a, b, shape: [a.shape[0], b.shape[1]])
  }
  if b.rank == 2 {
    // Many matrices by one: a single tall product.
    let tall = matmul(a.reshaped(-1, k), b)
    return tall.reshaped(to: a.shape.replacing(axis: a.rank - 1, with: b.shape[1]))
  }
  let aBatch = Shape(a.shape.dropLast(2))
  let bBatch = Shape(b.shape.dropLast(2))
  guard var shape = aBatch.broadcast(with: bBatch) else {
    fatalError(
      "matmul: batch axes do not broadcast: left \(describe(a)), right \(describe(b))"
        + location(of: b, a))
  }
  shape.append(a.shape[a.rank - 2])
  shape.append(b.shape[b.rank - 1])
  return matmulPrimitive(a, b, shape: shape)
}
