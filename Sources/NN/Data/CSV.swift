import Autograd

/// A table of comma-separated values (RFC 4180).
///
///     let cars = try CSV(contentsOf: "cars.csv")
///     let speed = try cars.numbers(in: "speed_mph")      // [4.0, 4.0, 7.0, …]
///
/// The first row is the header, unless there is none: then columns are named "0", "1" and so on.
/// Another delimiter than the comma is an option. ``Table`` reads columns of any type.
///
/// Fields may be quoted; a quoted field may hold delimiters, line breaks, and quotes written twice.
/// Lines end with LF or CRLF, the last one optionally. The text is UTF-8; a byte order mark is
/// skipped. Everything else is refused with its place: rows longer or shorter than the first,
/// blank lines (unless there is one column only), stray or unclosed quotes, names that are empty
/// or used twice, zero bytes, invalid UTF-8.
public struct CSV: Sendable {
  /// Bounds on what is read, so that a wrong file is an error and not a full memory.
  public struct Limits: Sendable {
    /// The largest number of bytes of the whole text.
    public var bytes = 1 << 31
    /// The largest number of rows, without the header.
    public var rows = 50_000_000
    /// The largest number of columns.
    public var columns = 100_000
    /// The largest number of bytes of one field.
    public var fieldBytes = 1 << 20

    /// The default limits.
    public init() {}
  }

  /// The name of the file, for messages.
  public let name: String
  /// The names of the columns, in order; "0", "1" and so on if the text has none.
  public let header: [String]
  /// The number of rows, without the header.
  public var rowCount: Int { fields.count / header.count - headerRows }

  /// The text, and where each field lies in it, row by row, the header first.
  let bytes: [UInt8]
  let fields: [Range<Int>]
  private let headerRows: Int
  private let columnIndex: [String: Int]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - delimiter: What separates fields: an ASCII sign, a tab or a space; else stops with an
  ///     error.
  ///   - hasHeader: Whether the first row has the names of the columns.
  ///   - limits: Bounds on what is read.
  /// - Throws: `CSVError` if the file cannot be read or is not such a table.
  public init(
    contentsOf path: String, delimiter: Character = ",", hasHeader: Bool = true,
    limits: Limits = Limits()
  ) throws(CSVError) {
    let bytes: [UInt8]
    do {
      bytes = try Platform.read(path, limit: limits.bytes)
    } catch {
      throw CSVError(.unreadable(error.message), file: path)
    }
    try self.init(
      parsing: bytes, name: path, delimiter: delimiter, hasHeader: hasHeader, limits: limits)
  }

  /// Reads a table from text.
  ///
  /// - Throws: `CSVError` if the text is not such a table; `name` stands for the file's name.
  public init(
    parsing text: String, name: String = "CSV", delimiter: Character = ",", hasHeader: Bool = true,
    limits: Limits = Limits()
  ) throws(CSVError) {
    try self.init(
      parsing: text.utf8, name: name, delimiter: delimiter, hasHeader: hasHeader, limits: limits)
  }

  /// Reads a table from the bytes of a text.
  ///
  /// - Throws: `CSVError` if the text is not such a table; `name` stands for the file's name.
  public init(
    parsing text: some Sequence<UInt8>, name: String = "CSV", delimiter: Character = ",",
    hasHeader: Bool = true, limits: Limits = Limits()
  ) throws(CSVError) {
    var parser = CSVParser(
      Array(text), name: name, delimiter: delimiter, hasHeader: hasHeader, limits: limits)
    try parser.parse()
    self.name = name
    bytes = parser.bytes
    fields = parser.fields
    header = parser.header
    headerRows = hasHeader ? 1 : 0
    columnIndex = Dictionary(uniqueKeysWithValues: zip(header, header.indices))
  }

  /// The texts of one column, without quotes.
  ///
  /// - Throws: `CSVError` if there is no such column.
  public func strings(in column: String) throws(CSVError) -> [String] {
    let index = try self.index(of: column)
    return (0..<rowCount).map { text(row: $0, column: index) }
  }

  // MARK: - For the other files of this type

  func index(of column: String) throws(CSVError) -> Int {
    guard let index = columnIndex[column] else {
      throw CSVError(.noSuchColumn(column, columns: header), file: name)
    }
    return index
  }

  func field(row: Int, column: Int) -> Range<Int> {
    fields[(row + headerRows) * header.count + column]
  }

  func text(row: Int, column: Int) -> String {
    bytes.unquotedText(in: field(row: row, column: column))
  }

  func error(_ reason: CSVError.Reason, row: Int, column: Int) -> CSVError {
    CSVError(
      reason, file: name, at: field(row: row, column: column).lowerBound, in: bytes, row: row + 1,
      field: header[column])
  }
}

extension CSVError {
  /// An error without a place.
  init(_ reason: Reason, file: String) {
    self.init(reason: reason, file: file, line: nil, column: nil, row: nil, field: nil)
  }

  /// An error at a byte; line and column are counted only now that they are needed.
  init(
    _ reason: Reason, file: String, at offset: Int, in bytes: [UInt8], row: Int? = nil,
    field: String? = nil
  ) {
    let before = bytes[..<offset]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
    self.init(reason: reason, file: file, line: line, column: column, row: row, field: field)
  }
}

extension [UInt8] {
  /// The text of a field: without the outer quotes, inner quotes halved.
  func unquotedText(in range: Range<Int>) -> String {
    guard range.count >= 2, self[range.lowerBound] == UInt8(ascii: "\"") else {
      return String(decoding: self[range], as: UTF8.self)
    }
    var text: [UInt8] = []
    var index = range.lowerBound + 1
    while index < range.upperBound - 1 {
      text.append(self[index])
      index += self[index] == UInt8(ascii: "\"") ? 2 : 1
    }
    return String(decoding: text, as: UTF8.self)
  }
}
