import Kernels

// Between masks and positions. How many elements a mask selects is found by counting, so the shapes
// of these results depend on values.

/// The elements of x where the mask is true, in row-major order, along one axis.
///
/// - Parameters:
///   - x: The values.
///   - mask: Bool, else it is an error; both broadcast.
public func maskedSelect(_ x: Variable, _ mask: Variable) -> Variable {
  guard let shape = x.shape.broadcast(with: mask.shape), mask.dtype == .bool else {
    fatalError(
      "maskedSelect: the mask \(describe(mask)) does not fit \(describe(x))\(location(of: x))")
  }
  let positions = Variable(truePositions(mask.expanded(to: shape).value))
  return indexSelect(x.expanded(to: shape).flattened(), at: positions)
}

/// The places of the elements that are not zero, in row-major order.
///
/// - Returns: int64, shape [count, rank]: each row is one place.
public func nonzero(_ x: Variable) -> Variable {
  let found = truePositions((x.dtype == .bool ? x : x.cast(to: .bool)).value)
  let strides = x.shape.rowMajorStrides
  var places: [Int] = []
  places.reserveCapacity(found.count * x.rank)
  for position in found {
    for axis in 0..<x.rank { places.append(position / strides[axis] % x.shape[axis]) }
  }
  return Variable(places, shape: [found.count, x.rank])
}

/// Ones at the given positions of a new last axis, zeros elsewhere.
///
/// - Parameters:
///   - indices: Integers in 0..<count; others stop with an error.
///   - count: The size of the new axis.
///   - dtype: The type of the result.
public func oneHot(_ indices: Variable, count: Int, dtype: DType = .float32) -> Variable {
  let list = validIndices(indices, below: count, operation: "oneHot")
  let positions = Variable(Tensor.range(to: Double(count), dtype: .int64))
  return (list.unsqueezed(axis: -1) .== positions).cast(to: dtype)
}

private func truePositions(_ mask: Tensor) -> [Int] {
  let mask = mask.contiguous()
  let found = [Int64](unsafeUninitializedCapacity: mask.count) { buffer, count in
    if let out = buffer.baseAddress {
      let data = mask.data.assumingMemoryBound(to: UInt8.self)
      count = Int(k_find_true(out, data, Int64(mask.count)))
    }
    withExtendedLifetime(mask) {}
  }
  return found.map(Int.init)
}
