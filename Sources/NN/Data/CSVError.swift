/// What is wrong with a table of comma-separated values, and where.
///
/// Its description starts as compilers' messages do, so that editors can jump to the place:
/// `cars.csv:4:3: row 3, field 'distance_ft': 'ten' is not a decimal number`.
public struct CSVError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The file cannot be read; the operating system's words.
    case unreadable(String)
    /// There is not even one row.
    case empty
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// A zero byte: this is hardly a text file.
    case nulCharacter
    /// A quote inside a field that does not begin with one.
    case strayQuote
    /// Something other than a delimiter or the end of the line after a closing quote.
    case textAfterQuote
    /// A quoted field that never ends; the place is its opening quote.
    case unterminatedQuote
    /// A carriage return without a line feed.
    case bareCarriageReturn
    /// A row whose number of fields differs from the first row's.
    case raggedRow(fields: Int, expected: Int)
    /// A column without a name.
    case emptyHeader
    /// Two columns with one name.
    case duplicateHeader(String)
    /// More than the limits allow; for instance "more than 1000000 rows".
    case tooLarge(String)
    /// A question for a column that the table does not have.
    case noSuchColumn(String, columns: [String])
    /// A field without a value (empty, `NA` or `NaN`) where one is needed.
    case missingValue
    /// A field that is not a whole number, in a column of whole numbers.
    case notAnInteger(String)
    /// A field that is not `true` or `false`, in a column of truth values.
    case notABoolean(String)
    /// A text that is none of the categories of its column.
    case unknownCategory(String, known: [String])
    /// A field that is not a decimal number.
    case notANumber(String)
    /// A number beyond the range of `Double`.
    case outOfRange(String)
  }

  /// What is wrong.
  public let reason: Reason
  /// The name of the file.
  public let file: String
  /// The line, from 1, if the error has a place; a quoted field may span several.
  public let line: Int?
  /// The column, from 1, in characters.
  public let column: Int?
  /// The row of data, from 1 and without the header, if known.
  public let row: Int?
  /// The name of the field's column, if known.
  public let field: String?

  /// One line for people: file, line, column, row, field and reason.
  public var description: String {
    var place = file
    if let line, let column { place += ":\(line):\(column)" }
    var record: [String] = []
    if let row { record.append("row \(row)") }
    if let field { record.append("field '\(field)'") }
    let prefix = record.isEmpty ? "" : record.joined(separator: ", ") + ": "
    return "\(place): \(prefix)\(reason)"
  }
}

extension CSVError.Reason: CustomStringConvertible {
  /// The reason as part of a sentence.
  public var description: String {
    switch self {
    case .unreadable(let message): "cannot read the file: \(message)"
    case .empty: "the file is empty"
    case .invalidUTF8: "this is not UTF-8 text"
    case .nulCharacter: "a NUL character does not belong in text"
    case .strayQuote: "a quote inside a field; quote the whole field and double the quotes in it"
    case .textAfterQuote: "text after the closing quote; a quote within quotes is written twice"
    case .unterminatedQuote: "this quote is never closed"
    case .bareCarriageReturn: "a carriage return without a line feed"
    case .raggedRow(let fields, let expected):
      "\(counted(fields, "field")), but the first row has \(expected)"
    case .emptyHeader: "a column without a name"
    case .duplicateHeader(let name): "the column name '\(name)' is used twice"
    case .tooLarge(let message): message
    case .noSuchColumn(let name, let columns):
      "no column '\(name)'; the columns are \(columns.map { "'\($0)'" }.joined(separator: ", "))"
    case .missingValue: "the value is missing"
    case .notAnInteger(let text): "'\(text)' is not a whole number"
    case .notABoolean(let text): "'\(text)' is neither true nor false"
    case .unknownCategory(let text, let known):
      "'\(text)' is not one of \(known.prefix(20).map { "'\($0)'" }.joined(separator: ", "))"
        + (known.count > 20 ? " and \(known.count - 20) more" : "")
    case .notANumber(let text): "'\(text)' is not a decimal number"
    case .outOfRange(let text): "'\(text)' is too large for a 64-bit number"
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}
