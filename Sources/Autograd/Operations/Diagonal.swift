// Diagonals and triangles of matrices in the last two axes.

extension Variable {
  /// The elements on and below a diagonal, zeros above (PyTorch's `tril`).
  ///
  /// - Parameter diagonal: 0 for the main one, above it positive, below it negative.
  public func lowerTriangle(diagonal: Int = 0) -> Variable {
    triangle("lowerTriangle", diagonal) { $0 .>= $1 }
  }

  /// The elements on and above a diagonal, zeros below (PyTorch's `triu`).
  ///
  /// - Parameter diagonal: 0 for the main one, above it positive, below it negative.
  public func upperTriangle(diagonal: Int = 0) -> Variable {
    triangle("upperTriangle", diagonal) { $0 .<= $1 }
  }

  private func triangle(
    _ operation: String, _ diagonal: Int, _ isKept: (Variable, Variable) -> Variable
  ) -> Variable {
    requireMatrix(operation)
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let row = Variable(Tensor.range(to: Double(rows), dtype: .int64)).unsqueezed(axis: 1)
    let column = Variable(Tensor.range(to: Double(columns), dtype: .int64))
    let shifted = row + Variable(Tensor(.whole(Int64(diagonal)), dtype: .int64))
    return select(isKept(shifted, column), self, full(0, .scalar, dtype))
  }

  /// The diagonal of the matrices in two axes, as a new last axis.
  ///
  /// - Parameters:
  ///   - offset: 0 for the main diagonal, above it positive, below it negative.
  ///   - axes: The axes of rows and columns; negative count from the end.
  public func diagonal(offset: Int = 0, axes: (Int, Int) = (-2, -1)) -> Variable {
    let row = resolve(axis: axes.0, rank: rank, operation: "diagonal", of: self)
    let column = resolve(axis: axes.1, rank: rank, operation: "diagonal", of: self)
    guard row != column else {
      fatalError("diagonal: axis \(row) is given twice\(location(of: self))")
    }
    let others = (0..<rank).filter { $0 != row && $0 != column }
    let matrices = permuted(others + [row, column])
    let (rows, columns) = (shape[row], shape[column])
    let flat = matrices.reshaped(to: Shape(others.map { shape[$0] } + [rows * columns]))
    return slice(flat, diagonalRegion(flat.shape, rows, columns, offset))
  }

  /// The sum of the main diagonal of the matrices in the last two axes.
  public func trace() -> Variable {
    requireMatrix("trace")
    return diagonal().sum(axis: -1)
  }

  /// Square matrices with the last axis on a diagonal and zeros elsewhere (PyTorch's `diag_embed`).
  ///
  /// - Parameter offset: 0 for the main diagonal, above it positive, below it negative.
  public func diagonalMatrix(offset: Int = 0) -> Variable {
    guard rank > 0 else { fatalError("diagonalMatrix: a scalar is not a diagonal") }
    let size = shape[rank - 1] + Swift.abs(offset)
    var flat = shape
    flat[rank - 1] = size * size
    let placed = place(self, in: diagonalRegion(flat, size, size, offset))
    return placed.reshaped(to: Shape(shape.dropLast() + [size, size]))
  }

  private func requireMatrix(_ operation: String) {
    guard rank >= 2 else {
      fatalError("\(operation): \(describe(self)) is not a matrix\(location(of: self))")
    }
  }
}

/// The diagonal of matrices whose elements lie along the last axis: every (columns + 1)-th one.
private func diagonalRegion(_ flat: Shape, _ rows: Int, _ columns: Int, _ offset: Int) -> Region {
  let count = Swift.max(0, Swift.min(rows + Swift.min(offset, 0), columns - Swift.max(offset, 0)))
  let start = offset >= 0 ? offset : -offset * columns
  var region = Region(flat, axis: flat.rank - 1, start: count == 0 ? 0 : start, count: count)
  region.steps[flat.rank - 1] = columns + 1
  return region
}
