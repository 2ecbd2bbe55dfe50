extension CSV {
  /// What to do with a field that has no value: one that is empty or `NA`, spaces aside.
  public enum MissingValues: Sendable {
    /// It is an error.
    case refuse
    /// Its whole row is left out, in all the columns asked for, so that they stay aligned.
    case skipRow
    /// It becomes NaN.
    case nan
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
    var result = [[Double]](repeating: [], count: columns.count)
    var values: [Double] = []
    for row in 0..<rowCount {
      values.removeAll(keepingCapacity: true)
      for column in indices {
        switch number(row: row, column: column) {
        case .number(let value): values.append(value)
        case .wrong(.missingValue) where missing == .skipRow: break
        case .wrong(.missingValue) where missing == .nan: values.append(.nan)
        case .wrong(let reason): throw error(reason, row: row, column: column)
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
    let index = try index(of: column)
    var hasNumber = false
    for row in 0..<rowCount {
      switch number(row: row, column: index) {
      case .number: hasNumber = true
      case .wrong(.missingValue): break
      case .wrong: return false
      }
    }
    return hasNumber
  }

  private enum Reading {
    case number(Double)
    case wrong(CSVError.Reason)
  }

  private func number(row: Int, column: Int) -> Reading {
    var field = bytes[field(row: row, column: column)]
    if field.first == UInt8(ascii: "\"") {
      field = Array(text(row: row, column: column).utf8)[...]
    }
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    field = field.drop(while: isSpace)
    while let last = field.last, isSpace(last) { field.removeLast() }
    if field.isEmpty || field.elementsEqual("NA".utf8) { return .wrong(.missingValue) }

    let text = String(decoding: field, as: UTF8.self)
    guard isDecimal(field), let value = Double(text) else { return .wrong(.notANumber(text)) }
    return value.isFinite ? .number(value) : .wrong(.outOfRange(text))
  }
}

/// Whether a field is a decimal number: sign, digits, point, digits, exponent.
///
/// At least one digit stands beside the point. `Double.init` alone would also take `inf`, `nan` and
/// hexadecimal numbers.
private func isDecimal(_ field: ArraySlice<UInt8>) -> Bool {
  var rest = field
  func takeSign(_ rest: inout ArraySlice<UInt8>) {
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  }
  func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
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
