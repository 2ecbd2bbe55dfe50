import Kernels

/// An n-dimensional array of numbers: memory, no mathematics.
///
/// A tensor is a value. Copies share memory until one of them is written, and views
/// (``reshaped(to:)``, ``transposed(_:_:)``, ``expanded(to:)``, slices) share it too. Mathematics
/// is on ``Variable``, which holds a tensor.
///
/// ```swift
/// let a: Tensor = [[1, 2, 3], [4, 5, 6]]
/// a.shape                  // [2, 3]
/// a.dtype                  // float32
/// a.array(of: Float.self)  // [1, 2, 3, 4, 5, 6]
/// ```
public struct Tensor: Sendable {
  /// The sizes of the axes.
  public let shape: Shape
  /// The type of the elements.
  public let dtype: DType

  var storage: Storage
  /// Where the first element lies, in elements from the start of the storage.
  var offset: Int
  /// Distances between neighbours along each axis, in elements; nil if row-major without gaps.
  var strides: [Int]?

  init(storage: Storage, shape: Shape, dtype: DType, offset: Int = 0, strides: [Int]? = nil) {
    self.storage = storage
    self.shape = shape
    self.dtype = dtype
    self.offset = offset
    self.strides = strides
  }

  /// A tensor of new memory with undefined contents, for the caller to fill.
  init(uninitialized shape: Shape, dtype: DType) {
    let storage = Storage(byteCount: shape.elementCount * dtype.size)
    self.init(storage: storage, shape: shape, dtype: dtype)
  }

  /// Creates a tensor from elements in row-major order.
  ///
  /// - Parameters:
  ///   - elements: The elements; their Swift type decides the ``dtype``.
  ///   - shape: The shape, or nil for one axis. Stops with an error if its element count differs.
  @_disfavoredOverload
  public init<Scalar: TensorScalar>(_ elements: [Scalar], shape: Shape? = nil) {
    let shape = shape ?? [elements.count]
    guard shape.elementCount == elements.count else {
      fatalError(
        "Tensor: shape \(shape) holds \(shape.elementCount) elements, not \(elements.count)")
    }
    self.init(uninitialized: shape, dtype: Scalar.dtype)
    elements.withUnsafeBytes { bytes in
      if let source = bytes.baseAddress {
        storage.memory.copyMemory(from: source, byteCount: bytes.count)
      }
    }
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// The number of axes.
  public var rank: Int { shape.rank }

  /// Whether the elements lie in row-major order without gaps.
  public var isContiguous: Bool { strides == nil }

  /// The address of the first element, valid while the storage lives.
  var data: UnsafeMutableRawPointer { storage.memory + offset * dtype.size }

  /// Distances between neighbours along each axis, in elements.
  var effectiveStrides: [Int] { strides ?? shape.rowMajorStrides }

  /// The same elements in row-major order without gaps: itself if they are so already, else a copy.
  public func contiguous() -> Tensor {
    guard let strides else { return self }
    if Context.isTracing { Recorder.current?.note(reading: self) }
    let result = Tensor(uninitialized: shape, dtype: dtype)
    copyStrided(
      to: result.data, strides: shape.rowMajorStrides, from: data, strides: strides, shape: shape,
      dtype: dtype)
    return result
  }

  /// The elements in row-major order; stops with an error if `type` does not match the ``dtype``.
  public func array<Scalar: TensorScalar>(of type: Scalar.Type = Scalar.self) -> [Scalar] {
    requireType(Scalar.self, operation: "array(of:)")
    if Context.isTracing { Recorder.current?.note(reading: self) }
    let source = contiguous()
    return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let target = buffer.baseAddress {
        UnsafeMutableRawPointer(target).copyMemory(
          from: source.data, byteCount: count * dtype.size)
      }
      initialized = count
      withExtendedLifetime(source) {}
    }
  }

  /// The elements converted to `Double`, in row-major order, whatever the ``dtype``.
  public func doubles() -> [Double] {
    if Context.isTracing { Recorder.current?.note(reading: self) }
    let source = contiguous()
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let target = buffer.baseAddress {
        k_convert(.float64, target, dtype.kernelType, source.data, Int64(count))
      }
      initialized = count
      withExtendedLifetime(source) {}
    }
  }

  /// The only element, as a `Double`; stops with an error if there is not exactly one.
  public func item() -> Double {
    guard count == 1 else { fatalError("item: the tensor has shape \(shape), not one element") }
    return doubles()[0]
  }

  /// One element; each index may be negative to count from the end.
  ///
  /// Writing copies shared memory first.
  ///
  /// Stops with an error if there are not as many indices as axes, one is out of range, or the
  /// Swift type does not match the ``dtype``.
  public subscript<Scalar: TensorScalar>(indices: Int...) -> Scalar {
    get {
      requireType(Scalar.self, operation: "subscript")
      if Context.isTracing { Recorder.current?.note(reading: self) }
      let position = position(of: indices)
      return withExtendedLifetime(storage) {
        data.load(fromByteOffset: position * dtype.size, as: Scalar.self)
      }
    }
    set {
      requireType(Scalar.self, operation: "subscript")
      // In a tensor with gaps, one place in memory may be several elements.
      if strides != nil || !isKnownUniquelyReferenced(&storage) {
        let copy = Tensor(uninitialized: shape, dtype: dtype)
        copyStrided(
          to: copy.data, strides: shape.rowMajorStrides, from: data, strides: effectiveStrides,
          shape: shape, dtype: dtype)
        self = copy
      }
      let position = position(of: indices)
      data.storeBytes(of: newValue, toByteOffset: position * dtype.size, as: Scalar.self)
    }
  }

  private func position(of indices: [Int]) -> Int {
    guard indices.count == rank else {
      fatalError("subscript: \(indices.count) indices for shape \(shape)")
    }
    let strides = effectiveStrides
    var position = 0
    for (axis, index) in indices.enumerated() {
      let wrapped = index < 0 ? index + shape[axis] : index
      guard wrapped >= 0, wrapped < shape[axis] else {
        fatalError("subscript: index \(index) is out of range for axis \(axis) of shape \(shape)")
      }
      position += wrapped * strides[axis]
    }
    return position
  }

  private func requireType<Scalar: TensorScalar>(_ type: Scalar.Type, operation: String) {
    guard Scalar.dtype == dtype else {
      fatalError("\(operation): the tensor holds \(dtype), not \(Scalar.dtype) (\(type))")
    }
  }
}

/// Copies between two strided arrays of one shape.
func copyStrided(
  to target: UnsafeMutableRawPointer, strides targetStrides: [Int],
  from source: UnsafeRawPointer, strides sourceStrides: [Int], shape: Shape, dtype: DType
) {
  // `Int` and `Int64` have one layout, which is what the kernel reads.
  let sizes = shape.map(Int64.init)
  targetStrides.map(Int64.init).withUnsafeBufferPointer { targetStrides in
    sourceStrides.map(Int64.init).withUnsafeBufferPointer { sourceStrides in
      k_copy_strided(
        dtype.size, target, targetStrides.baseAddress, source, sourceStrides.baseAddress, sizes,
        Int32(shape.rank))
    }
  }
}
