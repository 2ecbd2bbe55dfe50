import Kernels

// Running sums and products along an axis.

/// ∂/∂x: the sum that runs the other way.
///
/// The attribute is twice the axis, plus 1 if the sum runs from the end.
let cumulativeSumPrimitive = Primitive(
  "cumulativeSum",
  .custom { s in
    let dense = s[0].dense()
    let x = dense.node.fields
    let out = s.node.fields
    let shape = out.pointee.shape
    let axis = s.integer / 2
    k_cumulative_sum(
      out.pointee.dtype.kernelType, out.pointee.data, x.pointee.data,
      Int64(shape.elementCount(of: 0..<axis)), Int64(shape[axis]),
      Int64(shape.elementCount(of: (axis + 1)..<shape.rank)), s.integer % 2 == 1)
    withExtendedLifetime(dense) {}
  },
  rule: .perInput([
    { s, g in g.cumulativeSum(axis: s.integer / 2, reversed: s.integer % 2 == 0) }
  ]))

extension Variable {
  /// The running sum along an axis: element i is x₀ + … + xᵢ.
  ///
  /// Bool counts as int64.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative ones counting from the end.
  ///   - reversed: Whether it runs from the end: element i is then xᵢ + … + xₙ₋₁.
  public func cumulativeSum(axis: Int, reversed: Bool = false) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "cumulativeSum", of: self)
    let x = dtype == .bool ? cast(to: .int64) : self
    return cumulativeSumPrimitive(
      x, shape: shape, attributes: .integer(2 * axis + (reversed ? 1 : 0)))
  }

  /// The running product along an axis: element i is x₀ · … · xᵢ.
  ///
  /// It is made of products alone, so its derivatives of all orders are exact where elements are 0.
  /// Partial products double in length log₂ n times (Hillis and Steele, CACM 29, 1986).
  ///
  /// - Parameter axis: The axis, negative ones counting from the end.
  public func cumulativeProduct(axis: Int) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "cumulativeProduct", of: self)
    let n = shape[axis]
    var result = dtype == .bool ? cast(to: .int64) : self
    var length = 1
    while length < n {
      // Element i holds the product of the last `length` elements up to i, or of all if there are
      // fewer.
      let parts = result.split(sizes: [length, n - length], axis: axis)
      let before = slice(result, Region(shape, axis: axis, start: 0, count: n - length))
      result = concatenate([parts[0], before * parts[1]], axis: axis)
      length *= 2
    }
    return result
  }
}
