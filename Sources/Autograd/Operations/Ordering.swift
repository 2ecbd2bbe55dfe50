import Kernels

// Largest and smallest elements, and sorting. Positions carry no gradient; values get theirs
// through gather.

let argmaxPrimitive = Primitive.position("argmax", largest: true)
let argminPrimitive = Primitive.position("argmin", largest: false)

/// The stable order of each row along the last axis; the attribute is 1 for descending.
let argsortPrimitive = Primitive(
  "argsort",
  .custom { s in
    let x = s[0].dense()
    let out = s.node.fields.pointee
    let size = x.shape[x.rank - 1]
    k_argsort(
      x.dtype.kernelType, out.data.assumingMemoryBound(to: Int64.self), x.node.fields.pointee.data,
      size == 0 ? 0 : Int64(x.count / size), Int64(size), s.integer == 1)
    withExtendedLifetime(x) {}
  }, rule: .none)

extension Primitive {
  /// The attribute is the axis.
  fileprivate static func position(_ name: String, largest: Bool) -> Primitive {
    Primitive(
      name,
      .custom { s in
        let x = s[0].dense()
        let axis = s.integer
        k_arg_reduce(
          largest, x.dtype.kernelType,
          s.node.fields.pointee.data.assumingMemoryBound(to: Int64.self),
          x.node.fields.pointee.data, Int64(x.shape.elementCount(of: 0..<axis)),
          Int64(x.shape[axis]), Int64(x.shape.elementCount(of: (axis + 1)..<x.rank)))
        withExtendedLifetime(x) {}
      }, rule: .none)
  }
}

extension Variable {
  /// The position of the first largest element along an axis, or in row-major order of all; NaN
  /// counts as larger.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative counting from the end; nil for all elements. Without elements it
  ///     is an error.
  ///   - keepingAxes: Whether the axis stays, with size 1.
  /// - Returns: int64, without gradient.
  public func argmax(axis: Int? = nil, keepingAxes: Bool = false) -> Variable {
    position(argmaxPrimitive, axis, keepingAxes)
  }

  /// The position of the first smallest element along an axis, or in row-major order of all; NaN
  /// counts as smaller.
  ///
  /// - Parameters:
  ///   - axis: The axis, negative counting from the end; nil for all elements. Without elements it
  ///     is an error.
  ///   - keepingAxes: Whether the axis stays, with size 1.
  /// - Returns: int64, without gradient.
  public func argmin(axis: Int? = nil, keepingAxes: Bool = false) -> Variable {
    position(argminPrimitive, axis, keepingAxes)
  }

  private func position(_ primitive: Primitive, _ axis: Int?, _ keepingAxes: Bool) -> Variable {
    guard let axis else {
      let kept = Shape([Int](repeating: 1, count: rank))
      return flattened().position(primitive, 0, false).reshaped(to: keepingAxes ? kept : .scalar)
    }
    let resolved = resolve(axis: axis, rank: rank, operation: primitive.name, of: self)
    guard shape[resolved] > 0 else {
      fatalError("\(primitive.name): axis \(resolved) of \(shape) is empty\(location(of: self))")
    }
    let x = dtype == .bool ? cast(to: .uint8) : self
    let kept = shape.replacing(axis: resolved, with: 1)
    let result = primitive(x, shape: kept, dtype: .int64, attributes: .integer(resolved))
    return keepingAxes ? result : result.squeezed(axis: resolved)
  }

  /// The positions of the elements along an axis in ascending order: those of equal elements stay
  /// in order, NaN counts as the largest.
  ///
  /// - Parameters:
  ///   - axis: The axis; negative counts from the end.
  ///   - descending: Whether the order is descending; equal elements stay in order then, too.
  /// - Returns: int64 of the same shape, without gradient.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Variable {
    let axis = resolve(axis: axis, rank: rank, operation: "argsort", of: self)
    let rows = (dtype == .bool ? cast(to: .uint8) : self).movingAxis(axis, to: -1)
    let order = argsortPrimitive(
      rows, shape: rows.shape, dtype: .int64, attributes: .integer(descending ? 1 : 0))
    return order.movingAxis(-1, to: axis)
  }

  /// The elements in ascending order along an axis, and where each was.
  ///
  /// Equal elements stay in order, NaN counts as the largest.
  ///
  /// - Parameters:
  ///   - axis: The axis; negative counts from the end.
  ///   - descending: Whether the order is descending.
  public func sorted(
    axis: Int = -1, descending: Bool = false
  ) -> (values: Variable, indices: Variable) {
    let indices = argsort(axis: axis, descending: descending)
    return (gather(self, at: indices, axis: axis), indices)
  }

  /// The `count` largest (or smallest) elements along an axis, the largest (smallest) first, and
  /// where they were.
  ///
  /// - Parameters:
  ///   - count: How many; more than there are is an error.
  ///   - axis: The axis; negative counts from the end.
  ///   - largest: Whether the largest are wanted, or the smallest.
  public func topK(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Variable, indices: Variable) {
    let axis = resolve(axis: axis, rank: rank, operation: "topK", of: self)
    guard count >= 0, count <= shape[axis] else {
      fatalError(
        "topK: axis \(axis) of \(shape) has \(shape[axis]) elements, not \(count)"
          + location(of: self))
    }
    let order = argsort(axis: axis, descending: largest)
    let indices = slice(order, Region(shape, axis: axis, start: 0, count: count))
    return (gather(self, at: indices, axis: axis), indices)
  }
}
