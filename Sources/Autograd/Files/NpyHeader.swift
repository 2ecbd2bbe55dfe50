/// What the header of a npy array says (NumPy's `numpy.lib.format`, versions 1 to 3).
struct NpyHeader {
  var dtype: DType
  var bigEndian: Bool
  var isFortranOrder: Bool
  var shape: Shape

  /// As NumPy: a longer header would belong to a record type, which is not supported anyway.
  static let lengthLimit = 10_000

  static let magic = [0x93] + Array("NUMPY".utf8)

  /// The type that a type string denotes, and whether its bytes are in big-endian order.
  static func type(_ descr: String) -> (dtype: DType, bigEndian: Bool)? {
    switch descr {
    case "<f4": (.float32, false)
    case ">f4": (.float32, true)
    case "<f8": (.float64, false)
    case ">f8": (.float64, true)
    case "<i4": (.int32, false)
    case ">i4": (.int32, true)
    case "<i8": (.int64, false)
    case ">i8": (.int64, true)
    case "|u1": (.uint8, false)
    case "|b1": (.bool, false)
    default: nil
    }
  }

  /// The bytes of a version 1 header: the array itself begins at a multiple of 64 bytes.
  static func bytes(of tensor: Tensor) -> [UInt8] {
    let descr =
      switch tensor.dtype {
      case .float32: "<f4"
      case .float64: "<f8"
      case .int32: "<i4"
      case .int64: "<i8"
      case .uint8: "|u1"
      case .bool: "|b1"
      }
    let sizes = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
    var text = Array("{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }".utf8)
    let start = magic.count + 4
    while (start + text.count + 1) % 64 != 0 { text.append(UInt8(ascii: " ")) }
    text.append(UInt8(ascii: "\n"))
    return magic + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
  }
}

extension ByteReader {
  /// Reads magic, version and header of a npy array.
  mutating func takeNpyHeader() throws(TensorFileError) -> NpyHeader {
    try take(magic: NpyHeader.magic, of: "a npy array")
    let place = position
    let (major, minor) = (Int(try takeByte()), Int(try takeByte()))
    guard 1...3 ~= major, minor == 0 else {
      throw error(.unknownVersion(major: major, minor: minor), at: place)
    }
    let lengthPlace = position
    let length = try takeNumber(bytes: major == 1 ? 2 : 4, bigEndian: false)
    guard length <= NpyHeader.lengthLimit else {
      throw error(
        .malformedHeader("\(length) bytes are more than \(NpyHeader.lengthLimit)"), at: lengthPlace)
    }
    var parser = NpyHeaderParser(self, try take(length))
    return try parser.parse()
  }
}

/// Reads the literal of a header: a Python dictionary with exactly three keys, in any order.
///
///     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
///
/// This is a grammar of its own for these literals; nothing is evaluated.
private struct NpyHeaderParser {
  private let reader: ByteReader
  private let end: Int
  private var position: Int

  init(_ reader: ByteReader, _ range: Range<Int>) {
    self.reader = reader
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func parse() throws(TensorFileError) -> NpyHeader {
    var descr: (text: String, place: Int)?
    var isFortranOrder: Bool?
    var sizes: (values: [Int], place: Int)?
    try expect("{")
    while !take("}") {
      skipSpaces()
      let place = position
      let key = try string()
      try expect(":")
      skipSpaces()
      let valuePlace = position
      switch key {
      case "descr" where descr == nil: descr = (try typeString(), valuePlace)
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truthValue()
      case "shape" where sizes == nil: sizes = (try tuple(), valuePlace)
      default: throw error("the key '\(key)' is unknown or used twice", at: place)
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    try requireRest()
    guard let descr, let isFortranOrder, let sizes else {
      throw error("the keys 'descr', 'fortran_order' and 'shape' are required")
    }
    guard let type = NpyHeader.type(descr.text) else {
      throw reader.error(
        .unsupportedType("'\(descr.text)'"), at: descr.place)
    }
    let shape = try reader.shape(sizes.values, of: type.dtype, at: sizes.place)
    return NpyHeader(
      dtype: type.dtype, bigEndian: type.bigEndian, isFortranOrder: isFortranOrder, shape: shape)
  }

  /// Spaces, and a line feed at the very end.
  private mutating func requireRest() throws(TensorFileError) {
    while position < end - 1, reader.bytes[position] == UInt8(ascii: " ") { position += 1 }
    guard position == end - 1, reader.bytes[position] == UInt8(ascii: "\n") else {
      throw error("after the dictionary come spaces and a line feed")
    }
  }

  private var next: UInt8? { position < end ? reader.bytes[position] : nil }

  private mutating func skipSpaces() {
    while next == UInt8(ascii: " ") { position += 1 }
  }

  /// Passes over a character and the spaces before it, if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(TensorFileError) {
    guard take(character) else { throw error("'\(character)' is expected") }
  }

  /// A string in single or double quotes, of printable ASCII without quotes or backslashes.
  private mutating func string() throws(TensorFileError) -> String {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw error("a string is expected")
    }
    position += 1
    let start = position
    while let byte = next, byte != quote {
      guard 0x20..<0x7F ~= byte, byte != UInt8(ascii: "\\") else {
        throw error("a string here is of printable ASCII characters")
      }
      position += 1
    }
    guard next == quote else { throw error("a string has no end") }
    position += 1
    return String(decoding: reader.bytes[start..<(position - 1)], as: UTF8.self)
  }

  /// The type: a string; a list would be a record type.
  private mutating func typeString() throws(TensorFileError) -> String {
    if next == UInt8(ascii: "[") {
      throw reader.error(.unsupportedType("of records"), at: position)
    }
    return try string()
  }

  private mutating func truthValue() throws(TensorFileError) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where reader.bytes[position..<end].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw error("True or False is expected")
  }

  /// (), (3,), (3, 4) or (3, 4,); (3) is a number and no tuple.
  private mutating func tuple() throws(TensorFileError) -> [Int] {
    try expect("(")
    var numbers: [Int] = []
    while !take(")") {
      numbers.append(try number())
      if take(",") { continue }
      if numbers.count == 1 { throw error("',' is expected, as (n) is no tuple") }
      try expect(")")
      break
    }
    return numbers
  }

  /// Decimal digits without a leading zero.
  private mutating func number() throws(TensorFileError) -> Int {
    let start = position
    skipSpaces()
    let digits = reader.bytes[position..<end].prefix { 0x30...0x39 ~= $0 }
    guard let first = digits.first, first != 0x30 || digits.count == 1 else {
      throw error("a size in decimal digits is expected")
    }
    // More digits than this are more than any size; `Int` reads the rest without overflow.
    guard digits.count <= 18 else { throw reader.error(.tooLarge, at: start) }
    position += digits.count
    return digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
  }

  private func error(_ expected: String, at place: Int? = nil) -> TensorFileError {
    reader.error(.malformedHeader(expected), at: place ?? position)
  }
}
