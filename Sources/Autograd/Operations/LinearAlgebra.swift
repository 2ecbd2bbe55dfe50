// Products of vectors, matrices and arrays, composed of the matrix product.

/// The inner product Σ aᵢ bᵢ of two vectors of one length; else stops with an error.
public func dot(_ a: Variable, _ b: Variable) -> Variable {
  guard a.rank == 1, a.shape == b.shape else {
    fatalError(
      "dot: the operands are not vectors of one length: left \(describe(a)), right \(describe(b))"
        + location(of: a, b))
  }
  return matmul(a, b)
}

/// The outer product of two vectors: aᵢ bⱼ, of shape [m, n]; stops with an error for other ranks.
public func outer(_ a: Variable, _ b: Variable) -> Variable {
  guard a.rank == 1, b.rank == 1 else {
    fatalError(
      "outer: the operands are not vectors: left \(describe(a)), right \(describe(b))"
        + location(of: a, b))
  }
  return a.unsqueezed(axis: 1) * b
}

/// `beta` c + `alpha` a b, with the matrix product of a and b.
///
/// - Parameters:
///   - c: What is added; broadcasts to the product. Not read if `beta` is 0, so its NaNs do not
///     matter.
///   - a: Shape [m, k].
///   - b: Shape [k, n].
///   - beta: The factor of c.
///   - alpha: The factor of the product.
/// - Returns: Shape [m, n].
public func addmm(
  _ c: Variable, _ a: Variable, _ b: Variable, beta: Double = 1, alpha: Double = 1
) -> Variable {
  guard a.rank == 2, b.rank == 2 else {
    fatalError(
      "addmm: the operands are not matrices: left \(describe(a)), right \(describe(b))"
        + location(of: b, a))
  }
  var product = matmul(a, b)
  guard c.shape.broadcast(with: product.shape) == product.shape else {
    fatalError(
      "addmm: \(describe(c)) does not broadcast to the product \(product.shape)\(location(of: c))")
  }
  if alpha != 1 { product = Variable(alpha) * product }
  if beta == 0 { return product }
  return (beta == 1 ? c : Variable(beta) * c) + product
}

/// The affine map x wᵀ + b, with PyTorch's layout of weights.
///
/// - Parameters:
///   - x: Shape […, in].
///   - weight: Shape [out, in]; else stops with an error.
///   - bias: Shape [out], or nil for none.
/// - Returns: Shape […, out].
public func linear(_ x: Variable, _ weight: Variable, bias: Variable? = nil) -> Variable {
  guard weight.rank == 2, x.rank > 0, x.shape[x.rank - 1] == weight.shape[1] else {
    fatalError(
      "linear: the input \(describe(x)) does not end with the second axis of the weight "
        + "\(describe(weight))"
        + location(of: weight, x))
  }
  let y = matmul(x, weight, transposingSecond: true)
  guard let bias else { return y }
  guard bias.shape == [weight.shape[0]] else {
    fatalError(
      "linear: the bias \(describe(bias)) does not fit the weight \(describe(weight))"
        + location(of: bias, weight))
  }
  return y + bias
}

/// The product summed over pairs of axes: axis `leftAxes[i]` of a with axis `rightAxes[i]` of b.
///
/// - Parameters:
///   - a: The left array.
///   - b: The right array, of the same type.
///   - leftAxes: Axes of a, negative ones counting from the end.
///   - rightAxes: As many axes of b, of the same sizes; else stops with an error.
/// - Returns: The other axes of a, then those of b.
public func tensordot(
  _ a: Variable, _ b: Variable, leftAxes: [Int], rightAxes: [Int]
) -> Variable {
  let left = leftAxes.map { resolve(axis: $0, rank: a.rank, operation: "tensordot", of: a) }
  let right = rightAxes.map { resolve(axis: $0, rank: b.rank, operation: "tensordot", of: b) }
  guard Set(left).count == left.count, Set(right).count == right.count,
    left.map({ a.shape[$0] }) == right.map({ b.shape[$0] })
  else {
    fatalError(
      "tensordot: axes \(leftAxes) of \(describe(a)) do not pair with axes \(rightAxes) of "
        + "\(describe(b))"
        + location(of: a, b))
  }
  let leftFree = (0..<a.rank).filter { !left.contains($0) }
  let rightFree = (0..<b.rank).filter { !right.contains($0) }
  let k = left.reduce(1) { $0 * a.shape[$1] }
  let m = leftFree.reduce(1) { $0 * a.shape[$1] }
  let n = rightFree.reduce(1) { $0 * b.shape[$1] }
  let product = matmul(
    a.permuted(leftFree + left).reshaped(to: [m, k]),
    b.permuted(right + rightFree).reshaped(to: [k, n]))
  return product.reshaped(to: Shape(leftFree.map { a.shape[$0] } + rightFree.map { b.shape[$0] }))
}

/// The product summed over the last `axes` axes of a and the first `axes` axes of b.
///
/// - Parameters:
///   - a: The left array.
///   - b: The right array, of the same type.
///   - axes: How many axes to sum over; 2 if not given, 0 for the outer product.
public func tensordot(_ a: Variable, _ b: Variable, axes: Int = 2) -> Variable {
  guard axes >= 0, axes <= a.rank, axes <= b.rank else {
    fatalError(
      "tensordot: \(axes) axes are too many for left \(describe(a)), right \(describe(b))"
        + location(of: a, b))
  }
  return tensordot(
    a, b, leftAxes: Array((a.rank - axes)..<a.rank), rightAxes: Array(0..<axes))
}
