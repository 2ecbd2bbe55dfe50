extension Tensor {
  /// Reads an IDX file, the format of the MNIST database of handwritten digits.
  ///
  /// Four bytes say 0, 0, the type and the number of axes; then come the sizes in four bytes each,
  /// then the elements, all big-endian. Types are uint8, int32, float32 and float64.
  ///
  /// ```swift
  /// let images = try Tensor.load(idx: "train-images-idx3-ubyte")  // uint8 [60000, 28, 28]
  /// ```
  ///
  /// - Throws: ``TensorFileError`` with the place if the file cannot be read, is not exactly one
  ///   such array, or has another type or more axes than a tensor can have.
  public static func load(idx path: String) throws(TensorFileError) -> Tensor {
    try array(ByteReader(contentsOf: path))
  }

  /// Reads an IDX array from the bytes of a file.
  ///
  /// - Throws: ``TensorFileError`` as ``load(idx:)``; `name` stands for the file's name.
  public init(idxBytes bytes: [UInt8], name: String = "idx") throws(TensorFileError) {
    self = try Tensor.array(ByteReader(bytes, file: name))
  }

  private static func array(_ reader: ByteReader) throws(TensorFileError) -> Tensor {
    var reader = reader
    try reader.take(magic: [0, 0], of: "an IDX file")
    let type = try reader.takeByte()
    let dtype: DType
    switch type {
    case 0x08: dtype = .uint8
    case 0x0C: dtype = .int32
    case 0x0D: dtype = .float32
    case 0x0E: dtype = .float64
    case 0x09: throw reader.error(.unsupportedType("int8"), at: 2)
    case 0x0B: throw reader.error(.unsupportedType("int16"), at: 2)
    default: throw reader.error(.unsupportedType("number \(type)"), at: 2)
    }
    let rank = Int(try reader.takeByte())
    guard rank <= Shape.maximumRank else { throw reader.error(.tooManyAxes(rank), at: 3) }
    var sizes: [Int] = []
    for _ in 0..<rank { sizes.append(try reader.takeNumber(bytes: 4, bigEndian: true)) }
    let shape = try reader.shape(sizes, of: dtype, at: 4)
    let tensor = try reader.takeElements(shape, dtype, bigEndian: true)
    try reader.requireEnd()
    return tensor
  }
}
