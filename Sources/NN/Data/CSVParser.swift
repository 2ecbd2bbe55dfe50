/// Finds the fields of a table: one pass over the bytes, no text is copied.
struct CSVParser {
  private(set) var bytes: [UInt8]
  private(set) var fields: [Range<Int>] = []
  private(set) var header: [String] = []

  private let name: String
  private let delimiter: UInt8
  private let hasHeader: Bool
  private let limits: CSV.Limits
  private var position = 0
  private var rows = 0

  init(
    _ bytes: [UInt8], name: String, delimiter: Character, hasHeader: Bool, limits: CSV.Limits
  ) {
    guard let byte = delimiter.asciiValue, byte > 0, byte != .quote, !delimiter.isNewline,
      delimiter.isPunctuation || delimiter.isWhitespace || delimiter.isSymbol
    else {
      fatalError(
        "CSV: '\(delimiter)' cannot separate fields; it is not an ASCII sign, tab or space")
    }
    self.delimiter = byte
    self.hasHeader = hasHeader
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    self.name = name
    self.limits = limits
  }

  mutating func parse() throws(CSVError) {
    guard bytes.count <= limits.bytes else {
      throw CSVError(.tooLarge("more than \(limits.bytes) bytes"), file: name)
    }
    guard !bytes.isEmpty else { throw CSVError(.empty, file: name) }
    if let offset = firstInvalidUTF8() { throw error(.invalidUTF8, at: offset) }
    if let offset = bytes.firstIndex(of: 0) { throw error(.nulCharacter, at: offset) }
    if !hasHeader { rows = 1 }
    try parseRow(expecting: nil)
    if hasHeader { try readHeader() } else { header = fields.indices.map(String.init) }
    while position < bytes.count {
      rows += 1
      guard rows <= limits.rows else {
        throw error(.tooLarge("more than \(limits.rows) rows"), at: position)
      }
      try parseRow(expecting: header.count)
    }
  }

  private mutating func readHeader() throws(CSVError) {
    var seen: Set<String> = []
    for field in fields {
      let column = bytes.unquotedText(in: field)
      if column.isEmpty { throw error(.emptyHeader, at: field.lowerBound) }
      guard seen.insert(column).inserted else {
        throw error(.duplicateHeader(column), at: field.lowerBound)
      }
      header.append(column)
    }
  }

  /// Reads one row: fields between delimiters, then LF, CRLF or the end of the text.
  private mutating func parseRow(expecting expected: Int?) throws(CSVError) {
    let start = position
    var count = 0
    while true {
      let fieldStart = position
      let end = try bytes[at: position] == .quote ? quotedFieldEnd() : plainFieldEnd()
      guard end - fieldStart <= limits.fieldBytes else {
        throw error(.tooLarge("a field of more than \(limits.fieldBytes) bytes"), at: fieldStart)
      }
      fields.append(fieldStart..<end)
      count += 1
      guard count <= limits.columns else {
        throw error(.tooLarge("more than \(limits.columns) columns"), at: fieldStart)
      }
      position = end
      guard bytes[at: position] == delimiter else { break }
      position += 1
    }
    if let expected, count != expected {
      throw CSVError(
        .raggedRow(fields: count, expected: expected), file: name, at: start, in: bytes, row: rows)
    }
    if bytes[at: position] == .carriageReturn { position += 1 }
    if bytes[at: position] == .lineFeed { position += 1 }
  }

  /// The end of a field without quotes: before a delimiter, a line's end or the end of the text.
  private func plainFieldEnd() throws(CSVError) -> Int {
    var end = position
    while end < bytes.count {
      switch bytes[end] {
      case delimiter, .lineFeed: return end
      case .quote: throw error(.strayQuote, at: end)
      case .carriageReturn:
        guard bytes[at: end + 1] == .lineFeed else { throw error(.bareCarriageReturn, at: end) }
        return end
      default: end += 1
      }
    }
    return end
  }

  /// The end of a quoted field: past the quote that no other quote follows.
  private func quotedFieldEnd() throws(CSVError) -> Int {
    var end = position + 1
    while end < bytes.count {
      if bytes[end] != .quote {
        end += 1
      } else if bytes[at: end + 1] == .quote {
        end += 2
      } else {
        return try checkedEnd(end + 1)
      }
    }
    throw error(.unterminatedQuote, at: position)
  }

  /// What may follow a closing quote.
  private func checkedEnd(_ end: Int) throws(CSVError) -> Int {
    switch bytes[at: end] {
    case nil, delimiter, .lineFeed: return end
    case .carriageReturn:
      guard bytes[at: end + 1] == .lineFeed else { throw error(.bareCarriageReturn, at: end) }
      return end
    default: throw error(.textAfterQuote, at: end)
    }
  }

  private func firstInvalidUTF8() -> Int? {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return nil }
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }

  private func error(_ reason: CSVError.Reason, at offset: Int) -> CSVError {
    let column = fields.count - (hasHeader ? rows : rows - 1) * header.count
    let known = rows > 0 && header.indices.contains(column)
    return CSVError(
      reason, file: name, at: offset, in: bytes, row: rows > 0 ? rows : nil,
      field: known ? header[column] : nil)
  }
}

extension UInt8 {
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}

extension [UInt8] {
  /// The byte at an offset, nil past the end.
  fileprivate subscript(at offset: Int) -> UInt8? { offset < count ? self[offset] : nil }
}
