extension Tensor {
  /// Reads an array that NumPy's `np.save` has written (format npy, versions 1 to 3).
  ///
  /// Types are float32, float64, int32, int64, uint8 and bool, in either byte order, rows or
  /// columns first; the result lies in row-major order. Nothing in the file is evaluated, and the
  /// memory used is about the file's size, whatever it says about itself.
  ///
  /// ```swift
  /// let weights = try Tensor.load(npy: "weights.npy")
  /// ```
  ///
  /// - Throws: ``TensorFileError`` with the place if the file cannot be read, is not exactly one
  ///   such array, or has another type or more axes than a tensor can have.
  public static func load(npy path: String) throws(TensorFileError) -> Tensor {
    try onlyArray(ByteReader(contentsOf: path))
  }

  /// Reads a npy array from the bytes of a file.
  ///
  /// - Throws: ``TensorFileError`` as ``load(npy:)``; `name` stands for the file's name.
  public init(npyBytes bytes: [UInt8], name: String = "npy") throws(TensorFileError) {
    self = try Tensor.onlyArray(ByteReader(bytes, file: name))
  }

  /// Writes the tensor as a npy file (version 1), which NumPy's `np.load` reads.
  ///
  /// The file is replaced at once: after a failure the old one is still there.
  ///
  /// - Throws: ``TensorFileError`` if the file cannot be written.
  public func save(npy path: String) throws(TensorFileError) {
    try write(npyBytes(), to: path)
  }

  /// The bytes of a npy file (version 1) of the tensor, in row-major and little-endian order.
  public func npyBytes() -> [UInt8] {
    var bytes: [UInt8] = []
    appendNpy(to: &bytes)
    return bytes
  }

  func appendNpy(to bytes: inout [UInt8]) {
    let header = NpyHeader.bytes(of: self)
    bytes.reserveCapacity(bytes.count + header.count + count * dtype.size)
    bytes.append(contentsOf: header)
    appendBytes(to: &bytes)
  }

  private static func onlyArray(_ reader: ByteReader) throws(TensorFileError) -> Tensor {
    var reader = reader
    let tensor = try reader.takeNpy()
    try reader.requireEnd()
    return tensor
  }
}

extension ByteReader {
  /// Reads the npy array that comes next.
  mutating func takeNpy() throws(TensorFileError) -> Tensor {
    let header = try takeNpyHeader()
    guard header.isFortranOrder else {
      return try takeElements(header.shape, header.dtype, bigEndian: header.bigEndian)
    }
    // Columns first is the transposed array with rows first.
    let elements = try takeElements(
      Shape(header.shape.reversed()), header.dtype, bigEndian: header.bigEndian)
    return elements.permuted((0..<header.shape.rank).reversed()).contiguous()
  }
}

/// Replaces a file's content at once.
func write(_ bytes: [UInt8], to path: String) throws(TensorFileError) {
  do {
    try Platform.write(bytes, to: path)
  } catch {
    throw TensorFileError(.unwritable(error.message), file: path)
  }
}
