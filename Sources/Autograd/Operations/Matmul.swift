import Kernels

// The matrix product, and the products that are written with it.

/// c = a b for matrices in the last two axes, either of which may be read transposed; other axes
/// broadcast.
///
/// With A and B for the operands as they are read: ∂/∂A = g Bᵀ and ∂/∂B = Aᵀ g, themselves
/// transposed back.
let matmulPrimitive = Primitive(
  "matmul", .custom(multiplyMatrices),
  rule: .perInput([
    { s, g in
      let (ta, tb) = s.transposes
      return ta ? product(s[1], g, tb, true) : product(g, s[1], false, !tb)
    },
    { s, g in
      let (ta, tb) = s.transposes
      return tb ? product(g, s[0], true, ta) : product(s[0], g, !ta, false)
    },
  ]))

extension Site {
  /// Whether a matrix product reads its operands transposed.
  fileprivate var transposes: (Bool, Bool) {
    let flags = node.fields.pointee.flags
    return (flags.contains(.transposesFirst), flags.contains(.transposesSecond))
  }
}

/// The product of operands of rank 2 or more that are known to fit.
private func product(_ a: Variable, _ b: Variable, _ ta: Bool, _ tb: Bool) -> Variable {
  let (aShape, bShape) = (a.shape, b.shape)
  let m = aShape[aShape.rank - (ta ? 1 : 2)]
  let n = bShape[bShape.rank - (tb ? 2 : 1)]
  var flags: Node.Flags = []
  if ta { flags.insert(.transposesFirst) }
  if tb { flags.insert(.transposesSecond) }
  if aShape.rank == 2, bShape.rank == 2 {
    return matmulPrimitive(a, b, shape: [m, n], flags: flags)
  }
  guard var shape = Shape(aShape.dropLast(2)).broadcast(with: Shape(bShape.dropLast(2))) else {
    fatalError(
      "matmul: batch axes do not broadcast: left \(describe(a)), right \(describe(b))"
        + location(of: b, a))
  }
  shape.append(m)
  shape.append(n)
  return matmulPrimitive(a, b, shape: shape, flags: flags)
}

/// A product of few rows with a matrix that others may share, such as the weights of a recurrent
/// layer, and the cotangent of its result.
///
/// The cotangents of the matrix are as large as it is, however few rows each product has. So they
/// wait until all are known: Σ aᵢᵀ gᵢ is one product of all rows.
struct SharedFactorUse {
  private let rows: Variable
  private let cotangent: Variable
  private let isTransposed: Bool

  /// Nil if it is not of use to wait: joining the rows copies them.
  init?(_ site: Site, _ cotangent: Variable) {
    let (ta, tb) = site.transposes
    let (a, b) = (site[0].shape, site[1].shape)
    guard !ta, a.rank == 2, b.rank == 2, a[0] * (b[0] + b[1]) <= b[0] * b[1] else { return nil }
    (rows, self.cotangent, isTransposed) = (site[0], cotangent, tb)
  }

  /// Whether both can be parts of one product.
  func fits(_ other: SharedFactorUse) -> Bool {
    rows.shape == other.rows.shape && isTransposed == other.isTransposed
  }

  /// The cotangent of the matrix from all of its uses.
  static func join(_ uses: [SharedFactorUse]) -> Variable {
    let rows = stack(uses.map(\.rows)).flattened(to: 1)
    let cotangent = stack(uses.map(\.cotangent)).flattened(to: 1)
    return uses[0].isTransposed
      ? product(cotangent, rows, true, false) : product(rows, cotangent, true, false)
  }
}

/// The kernel takes any strides, so transposed operands are read where they lie.
private let multiplyMatrices: @Sendable (Site) -> Void = { s in
  let (ta, tb) = s.transposes
  let (a, b, out) = (s[0].node.fields, s[1].node.fields, s.node.fields)
  let shape = out.pointee.shape
  let rank = shape.rank
  let (m, n) = (Int64(shape[rank - 2]), Int64(shape[rank - 1]))
  let aRank = a.pointee.shape.rank
  let k = Int64(a.pointee.shape[aRank - (ta ? 2 : 1)])
  let (aRow, aColumn) = matrixStrides(a, ta)
  let (bRow, bColumn) = matrixStrides(b, tb)
  let type = out.pointee.dtype.kernelType
  if rank == 2 {
    k_matmul(
      type, m, n, k, a.pointee.data, aRow, aColumn, b.pointee.data, bRow, bColumn,
      out.pointee.data, n, false)
    return
  }
  let batch = Shape(shape.dropLast(2))
  k_matmul_batched(
    type, Int64(batch.elementCount), m, n, k, a.pointee.data, batchOffsets(a, batch), aRow,
    aColumn, b.pointee.data, batchOffsets(b, batch), bRow, bColumn, out.pointee.data)
}

/// The distances between rows and between columns of an operand as it is read.
private func matrixStrides(
  _ x: UnsafeMutablePointer<Node.Header>, _ isTransposed: Bool
) -> (Int64, Int64) {
  let rank = x.pointee.shape.rank
  var (row, column) = (x.pointee.shape[rank - 1], 1)
  if let strides = x.pointee.strides { (row, column) = (strides[rank - 2], strides[rank - 1]) }
  return isTransposed ? (Int64(column), Int64(row)) : (Int64(row), Int64(column))
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
/// As NumPy's `matmul`: matrices lie in the last two axes, the other axes broadcast; a vector on
/// the left is a row, on the right a column, and its axis vanishes from the result.
///
/// - Parameters:
///   - a: Shape […, m, k] or [k].
///   - b: Shape […, k, n] or [k], of the same type; else stops with an error.
///   - transposingSecond: Whether b is read as […, n, k], without a copy.
/// - Returns: Shape […, m, n].
public func matmul(_ a: Variable, _ b: Variable, transposingSecond: Bool = false) -> Variable {
  guard a.dtype == b.dtype, a.dtype != .bool else {
    let problem = a.dtype == b.dtype ? "bool has no products" : "types differ"
    fatalError(
      "matmul: \(problem): left \(describe(a)), right \(describe(b)); cast "
        + "\(a.dtype == b.dtype ? "both" : "one") with cast(to:)\(location(of: b, a))")
  }
  guard a.rank > 0, b.rank > 0 else {
    fatalError("matmul: a scalar is not a matrix: left \(describe(a)), right \(describe(b))")
  }
  let k = a.shape[a.rank - 1]
  let rows = b.shape[b.rank == 1 ? 0 : b.rank - (transposingSecond ? 1 : 2)]
  guard k == rows else {
    let transposed = transposingSecond ? " (transposed)" : ""
    fatalError(
      "matmul: inner dimensions differ: left \(describe(a)) has \(k), right \(describe(b))\(transposed) has "
        + "\(rows)\(location(of: b, a))")
  }
  if b.rank == 1 { return matmul(a, b.unsqueezed(axis: 1)).squeezed(axis: -1) }
  if a.rank == 1 {
    return matmul(a.unsqueezed(axis: 0), b, transposingSecond: transposingSecond).squeezed(axis: -2)
  }
  if a.rank > 2, b.rank == 2 {
    // Many matrices by one: a single tall product.
    let tall = product(
      a.reshaped(to: [a.shape.elementCount(of: 0..<(a.rank - 1)), k]), b, false, transposingSecond)
    return tall.reshaped(to: a.shape.replacing(axis: a.rank - 1, with: tall.shape[1]))
  }
  return product(a, b, false, transposingSecond)
}
