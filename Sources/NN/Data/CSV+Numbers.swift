extension CSV {
  /// What to do with a field that has no value: one that is empty, `NA` or `NaN`, spaces aside.
  public enum MissingValues: Sendable, Hashable, Codable {
    /// It is an error.
    case refuse
    /// Its whole row is left out, in all the columns asked for, so that they stay aligned.
    case skipRow
    /// It becomes NaN.
    case nan
    /// It becomes the mean of the column's numbers.
    case mean
    /// It becomes the median of the column's numbers: of an even count, the mean of the middle two.
    case median
    /// It is read as if the file had this text there.
    case text(String)
  }

  /// The numbers of one column.
  ///
  /// Numbers are decimal and finite: `3`, `-0.5`, `.5`, `6.02e23`, whatever the locale, spaces
  /// around them allowed. `inf`, `nan`, `0x1F`, `1,5` and `1_000` are not numbers.
  ///
  /// - Throws: `CSVError` with the place of the first field that is no number.
  public func numbers(
    in column: String, missing: MissingValues = .refuse
  ) throws(CSVError) -> [Double] {
    try numbers(in: [column], missing: missing)[0]
  }

  /// The numbers of several columns, one array for each, all of one length.
  ///
  /// - Throws: `CSVError` with the place of the first field that is no number.
  public func numbers(
    in columns: [String], missing: MissingValues = .refuse
  ) throws(CSVError) -> [[Double]] {
    var indices: [Int] = []
    for column in columns { indices.append(try index(of: column)) }
    var fills: [Double?] = []
    for column in indices { fills.append(try fill(for: column, missing)) }
    var result = [[Double]](repeating: [], count: columns.count)
    var values: [Double] = []
    for row in 0..<rowCount {
      values.removeAll(keepingCapacity: true)
      for (column, fill) in zip(indices, fills) {
        switch number(row: row, column: column) {
        case .number(let value): values.append(value)
        case .wrong(.missingValue) where missing == .skipRow: break
        case .wrong(let reason):
          guard reason == .missingValue, let fill else {
            throw error(reason, row: row, column: column)
          }
          values.append(fill)
        }
      }
      // A bad number is an error even in a row that will be skipped, so all fields are read.
      guard values.count == indices.count else { continue }
      for (column, value) in values.enumerated() { result[column].append(value) }
    }
    return result
  }

  /// Whether a column holds numbers: at least one, and nothing but numbers and missing values.
  ///
  /// - Throws: `CSVError` if there is no such column.
  public func isNumeric(_ column: String) throws(CSVError) -> Bool {
    switch inferredKind(ofColumn: try index(of: column)) {
    case .integer, .real: true
    case .boolean, .category: false
    }
  }

  // MARK: - For the other files of this type

  enum Reading {
    case number(Double)
    case wrong(CSVError.Reason)
  }

  func number(row: Int, column: Int) -> Reading {
    guard let text = value(row: row, column: column) else { return .wrong(.missingValue) }
    return CSV.number(text)
  }

  static func number(_ text: String) -> Reading {
    guard isDecimal(text.utf8), let value = Double(text) else { return .wrong(.notANumber(text)) }
    return value.isFinite ? .number(value) : .wrong(.outOfRange(text))
  }

  /// The text of a field without quotes and surrounding spaces; nil if it stands for no value.
  func value(row: Int, column: Int) -> String? {
    var field = bytes[field(row: row, column: column)]
    if field.first == UInt8(ascii: "\"") {
      field = Array(text(row: row, column: column).utf8)[...]
    }
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    field = field.drop(while: isSpace)
    while let last = field.last, isSpace(last) { field.removeLast() }
    if field.isEmpty || field.elementsEqual("NA".utf8) || field.elementsEqual("NaN".utf8) {
      return nil
    }
    return String(decoding: field, as: UTF8.self)
  }

  /// The number that takes the place of missing ones in a column; nil if none does.
  ///
  /// - Throws: `CSVError` if the text for it is no number.
  func fill(for column: Int, _ missing: MissingValues) throws(CSVError) -> Double? {
    switch missing {
    case .refuse, .skipRow: return nil
    case .nan: return .nan
    case .text(let text):
      switch CSV.number(text) {
      case .number(let value): return value
      case .wrong(let reason): throw error(reason, column: column)
      }
    case .mean, .median:
      let present = (0..<rowCount).compactMap { row -> Double? in
        guard case .number(let value) = number(row: row, column: column) else { return nil }
        return value
      }
      guard !present.isEmpty else { return nil }
      if missing == .mean { return present.reduce(0, +) / Double(present.count) }
      let sorted = present.sorted()
      let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
      return low + (high - low) / 2
    }
  }

  /// An error that concerns a column as a whole.
  func error(_ reason: CSVError.Reason, column: Int) -> CSVError {
    CSVError(reason: reason, file: name, line: nil, column: nil, row: nil, field: header[column])
  }
}

/// Whether a field is a decimal number: sign, digits, point, digits, exponent.
///
/// At least one digit stands beside the point. `Double.init` alone would also take `inf`, `nan` and
/// hexadecimal numbers.
private func isDecimal(_ field: String.UTF8View) -> Bool {
  var rest = field[...]
  func takeSign(_ rest: inout Substring.UTF8View) {
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  }
  func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
    let digits = rest.prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }
    rest = rest[digits.endIndex...]
    return digits.count
  }
  takeSign(&rest)
  var digits = takeDigits(&rest)
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    digits += takeDigits(&rest)
  }
  guard digits > 0 else { return false }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    takeSign(&rest)
    guard takeDigits(&rest) > 0 else { return false }
  }
  return rest.isEmpty
}
