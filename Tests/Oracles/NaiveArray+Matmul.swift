// Products of matrices and tensors. Einstein summation is written first; it needs no other rule.

extension NaiveArray where Scalar: RealScalar {
  /// Einstein summation, as in `"ij,jk->ik"`.
  ///
  /// A letter that is not in the output is summed over; a letter twice in one operand takes the
  /// diagonal. Without an arrow, the output is the letters that occur once, in alphabetical order.
  package static func einsum(_ equation: String, _ operands: [Self]) -> Self {
    let sides = equation.filter { $0 != " " }.split(
      separator: "->", omittingEmptySubsequences: false)
    let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    precondition(inputs.count == operands.count, "einsum \(equation): \(operands.count) operands")
    let letters = inputs.flatMap { $0 }
    let singles = letters.filter { letter in letters.count { $0 == letter } == 1 }
    let output = sides.count > 1 ? Array(sides[1]) : singles.sorted()
    let summed = Set(letters).subtracting(output).sorted()

    var sizes: [Character: Int] = [:]
    for (labels, operand) in zip(inputs, operands) {
      precondition(labels.count == operand.rank, "einsum \(equation): rank \(operand.rank)")
      for (label, size) in zip(labels, operand.shape) {
        precondition(sizes[label, default: size] == size, "einsum \(equation): size of \(label)")
        sizes[label] = size
      }
    }

    let terms = allIndices(of: summed.map { sizes[$0]! })
    return NaiveArray(shape: output.map { sizes[$0]! }) { index in
      var position = Dictionary(uniqueKeysWithValues: zip(output, index))
      var sum: Scalar = 0
      for term in terms {
        for (label, i) in zip(summed, term) { position[label] = i }
        var product: Scalar = 1
        for (labels, operand) in zip(inputs, operands) {
          product = product * operand[labels.map { position[$0]! }]
        }
        sum = sum + product
      }
      return sum
    }
  }

  /// The matrix product over the last two axes; leading axes broadcast; a vector is a row on the
  /// left, a column on the right, and its axis is dropped from the result.
  package func matmul(_ other: Self) -> Self {
    if rank == 1 { return unsqueezed(0).matmul(other).squeezed([other.rank == 1 ? -1 : -2]) }
    if other.rank == 1 { return matmul(other.unsqueezed(1)).squeezed([-1]) }
    let (n, k) = (shape[rank - 2], shape[rank - 1])
    let (k2, m) = (other.shape[other.rank - 2], other.shape[other.rank - 1])
    precondition(k == k2, "matmul \(shape), \(other.shape)")
    let batch = broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    let left = broadcast(to: batch + [n, k])
    let right = other.broadcast(to: batch + [k, m])
    return NaiveArray(shape: batch + [n, m]) { index in
      let prefix = Array(index.dropLast(2))
      var sum: Scalar = 0
      for i in 0..<k {
        let a = left[prefix + [index[batch.count], i]]
        let b = right[prefix + [i, index[batch.count + 1]]]
        sum = sum + a * b
      }
      return sum
    }
  }

  /// `Σ aᵢbᵢ` of two vectors.
  package func dot(_ other: Self) -> Self { Self.einsum("i,i->", [self, other]) }

  /// `aᵢbⱼ` of two vectors.
  package func outer(_ other: Self) -> Self { Self.einsum("i,j->ij", [self, other]) }

  /// The sum over `axes` of self paired with `otherAxes` of other; the remaining axes in order.
  package func tensordot(_ other: Self, axes: [Int], _ otherAxes: [Int]) -> Self {
    let (a, b) = (axes.map { normalized($0) }, otherAxes.map { other.normalized($0) })
    let freeA = (0..<rank).filter { !a.contains($0) }
    let freeB = (0..<other.rank).filter { !b.contains($0) }
    let inner = a.map { shape[$0] }
    precondition(inner == b.map { other.shape[$0] }, "tensordot \(shape), \(other.shape)")
    let size = inner.reduce(1, *)
    let outerA = freeA.map { shape[$0] }
    let outerB = freeB.map { other.shape[$0] }
    let left = permuted(freeA + a).reshaped(to: [outerA.reduce(1, *), size])
    let right = other.permuted(b + freeB).reshaped(to: [size, outerB.reduce(1, *)])
    return left.matmul(right).reshaped(to: outerA + outerB)
  }

  /// `beta·self + alpha·(a @ b)`.
  package func addmm(_ a: Self, _ b: Self, beta: Scalar = 1, alpha: Scalar = 1) -> Self {
    self * beta + a.matmul(b) * alpha
  }

  /// `self @ weightᵀ + bias` with `weight` of shape `[out, in]`.
  package func linear(_ weight: Self, bias: Self? = nil) -> Self {
    let product = matmul(weight.transposed())
    return bias.map { product + $0 } ?? product
  }
}
