/// The bytes of a file, and how far they have been read.
///
/// Every read is checked against what is left, by comparison and never by addition, so that no
/// number in a file can overflow.
struct ByteReader {
  let bytes: [UInt8]
  let file: String
  private(set) var position = 0

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Reads a file into memory.
  init(contentsOf path: String) throws(TensorFileError) {
    do {
      // Far above any file that fits into memory.
      bytes = try Platform.read(path, limit: 1 << 40)
    } catch {
      throw TensorFileError(.unreadable(error.message), file: path)
    }
    file = path
  }

  var remaining: Int { bytes.count - position }

  /// The place of the next `count` bytes, which are passed over.
  mutating func take(_ count: Int) throws(TensorFileError) -> Range<Int> {
    guard count <= remaining else {
      throw error(.truncated(expected: count, found: remaining))
    }
    defer { position += count }
    return position..<(position + count)
  }

  /// Passes over the given bytes, or throws an error that this is not such a file.
  mutating func take(magic: [UInt8], of format: String) throws(TensorFileError) {
    guard bytes[position...].starts(with: magic) else { throw error(.wrongMagic(format: format)) }
    position += magic.count
  }

  mutating func takeByte() throws(TensorFileError) -> UInt8 { bytes[try take(1).lowerBound] }

  /// An unsigned number of at most four bytes.
  mutating func takeNumber(bytes count: Int, bigEndian: Bool) throws(TensorFileError) -> Int {
    let field = bytes[try take(count)]
    let ordered = bigEndian ? Array(field) : field.reversed()
    return ordered.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Throws an error if there are bytes left.
  func requireEnd() throws(TensorFileError) {
    if remaining > 0 { throw error(.trailingBytes(remaining)) }
  }

  func error(_ reason: TensorFileError.Reason, at offset: Int? = nil) -> TensorFileError {
    TensorFileError(reason, file: file, offset: offset ?? position)
  }

  // MARK: Elements

  /// The shape of given sizes, or an error if memory cannot hold such an array.
  func shape(_ sizes: [Int], of dtype: DType, at offset: Int) throws(TensorFileError) -> Shape {
    guard sizes.count <= Shape.maximumRank else {
      throw error(.tooManyAxes(sizes.count), at: offset)
    }
    // Products are checked without the zeros, so that none can pass through an overflow unseen.
    var count = 1
    for size in sizes {
      guard 0...Int(Int32.max) ~= size else { throw error(.tooLarge, at: offset) }
      let (product, hasOverflowed) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !hasOverflowed, product <= Int.max / 8 else { throw error(.tooLarge, at: offset) }
      count = product
    }
    return Shape(sizes)
  }

  /// Reads the elements of an array in row-major order.
  mutating func takeElements(
    _ shape: Shape, _ dtype: DType, bigEndian: Bool
  ) throws(TensorFileError) -> Tensor {
    let range = try take(shape.elementCount * dtype.size)
    let source = bytes[range]
    if dtype == .bool, let place = source.firstIndex(where: { $0 > 1 }) {
      throw error(.invalidBool(bytes[place]), at: place)
    }
    return Tensor(bytes: source, shape: shape, dtype: dtype, swapped: bigEndian)
  }
}

extension Tensor {
  /// A tensor of elements in row-major order, as they lie in memory or with their bytes reversed.
  init(bytes: ArraySlice<UInt8>, shape: Shape, dtype: DType, swapped: Bool) {
    self.init(uninitialized: shape, dtype: dtype)
    bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress, !source.isEmpty else { return }
      guard swapped, dtype.size > 1 else {
        return storage.memory.copyMemory(from: start, byteCount: source.count)
      }
      for index in 0..<count {
        let offset = index * dtype.size
        if dtype.size == 4 {
          let word = start.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
          storage.memory.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: UInt32.self)
        } else {
          let word = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          storage.memory.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: UInt64.self)
        }
      }
    }
  }

  /// The elements in row-major order as they lie in memory: little-endian on every supported
  /// platform.
  func appendBytes(to bytes: inout [UInt8]) {
    let source = contiguous()
    bytes.append(
      contentsOf: UnsafeRawBufferPointer(start: source.data, count: count * dtype.size))
    withExtendedLifetime(source) {}
  }
}
