import Kernels

extension Tensor {
  /// A tensor whose elements all have one value.
  ///
  /// - Parameters:
  ///   - value: The value; converted to the type as ``Variable/cast(to:)`` does.
  ///   - shape: The shape.
  ///   - dtype: The type of the elements.
  public static func full(_ value: Double, _ shape: Shape, dtype: DType = .float32) -> Tensor {
    let result = Tensor(uninitialized: shape, dtype: dtype)
    fill(result.data, value, result.count, dtype)
    return result
  }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(0, shape, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dtype: DType = .float32) -> Tensor {
    full(1, shape, dtype: dtype)
  }

  /// The numbers from `start` up to, but without, `end`, `step` apart.
  ///
  /// Element i is start + i · step, computed in double. Stops with an error for a step of 0.
  public static func range(
    from start: Double = 0, to end: Double, by step: Double = 1, dtype: DType = .float32
  ) -> Tensor {
    guard step != 0 else { fatalError("range: the step is 0") }
    let count = ((end - start) / step).rounded(.up)
    guard count <= Double(Int32.max) else {
      fatalError("range: from \(start) to \(end) by \(step) has \(count) elements")
    }
    let result = Tensor(uninitialized: [Int(Swift.max(0, count))], dtype: dtype)
    k_ramp(dtype.kernelType, result.data, start, step, Int64(result.count))
    return result
  }

  /// `count` numbers from `start` to `end`, both included, at equal distances.
  ///
  /// Each half is computed from its own end, so that both ends are exact and the numbers symmetric.
  public static func linspace(
    from start: Double, to end: Double, count: Int, dtype: DType = .float32
  ) -> Tensor {
    guard count >= 0 else { fatalError("linspace: the count \(count) is negative") }
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    let values = (0..<count).map { i in
      i < (count + 1) / 2 ? start + Double(i) * step : end - Double(count - 1 - i) * step
    }
    return Tensor(values).converted(to: dtype)
  }

  /// The matrix with ones on the diagonal and zeros elsewhere.
  public static func identity(_ size: Int, dtype: DType = .float32) -> Tensor {
    let shape: Shape = [size, size]
    var values = [Double](repeating: 0, count: shape.elementCount)
    for i in 0..<size { values[i * size + i] = 1 }
    return Tensor(values, shape: shape).converted(to: dtype)
  }

  /// The same elements as another type: floats to integers are truncated, anything to bool is x ≠
  /// 0.
  public func converted(to newType: DType) -> Tensor {
    if newType == dtype { return self }
    let source = contiguous()
    let result = Tensor(uninitialized: shape, dtype: newType)
    k_convert(newType.kernelType, result.data, dtype.kernelType, source.data, Int64(count))
    withExtendedLifetime(source) {}
    return result
  }
}

/// Writes one value, converted to the type, into `count` elements.
func fill(_ data: UnsafeMutableRawPointer, _ value: Double, _ count: Int, _ dtype: DType) {
  var value = value
  // No type is larger than 8 bytes.
  var element: UInt64 = 0
  k_convert(dtype.kernelType, &element, .float64, &value, 1)
  k_fill(dtype.kernelType, data, &element, Int64(count))
}

/// A constant whose elements all have one value.
func full(_ value: Double, _ shape: Shape, _ dtype: DType) -> Variable {
  let node = Context.untraced {
    Node.make(shape: shape, count: shape.elementCount, dtype: dtype)
  }
  fill(node.fields.pointee.data, value, node.fields.pointee.count, dtype)
  return Variable(node)
}
