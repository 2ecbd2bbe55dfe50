import Autograd

/// A table of typed columns, from a file of comma-separated values.
///
/// ```swift
/// let table = try Table(contentsOf: "titanic.csv", missingIn: ["age": .median])
/// let inputs = try table.tensor(of: ["age", "fare", "sex"])  // categories become one-hot
/// let targets = try table.indices(of: "survived")
/// ```
///
/// Types are inferred: whole numbers, decimal numbers, truth values, else categories. What was found
/// out is the ``schema``, which reads further files in the same way:
///
/// ```swift
/// let test = try Table(contentsOf: "test.csv", like: table.schema)
/// ```
public struct Table: Sendable {
  /// The values of a column, one for each row.
  public enum Values: Sendable, Equatable {
    /// Whole numbers.
    case integers([Int])
    /// Decimal numbers, NaN where a value is missing and that was asked for.
    case reals([Double])
    /// Truth values.
    case booleans([Bool])
    /// Places in the column's ``TableSchema/Column/categories``.
    case categories([Int])
  }

  /// The name of the file, for messages.
  public let name: String
  /// What the columns mean.
  public let schema: TableSchema
  /// The number of rows.
  public let rowCount: Int
  private let values: [Values]

  /// Reads the columns of a file, with types that are inferred.
  ///
  /// - Parameters:
  ///   - path: The file, with a header; use ``CSV`` and ``init(_:columns:missing:missingIn:)`` for
  ///     other forms.
  ///   - columns: The columns, by default all.
  ///   - missing: What missing values become. In columns of truth values and categories, NaN, mean
  ///     and median stand for refusing them.
  ///   - exceptions: What they become in some columns.
  /// - Throws: `CSVError` with the place of what is wrong.
  public init(
    contentsOf path: String, columns: [String]? = nil, missing: CSV.MissingValues = .refuse,
    missingIn exceptions: [String: CSV.MissingValues] = [:]
  ) throws(CSVError) {
    try self.init(
      CSV(contentsOf: path), columns: columns, missing: missing, missingIn: exceptions)
  }

  /// Reads the columns of a CSV, with types that are inferred.
  ///
  /// - Throws: `CSVError` with the place of what is wrong.
  public init(
    _ csv: CSV, columns: [String]? = nil, missing: CSV.MissingValues = .refuse,
    missingIn exceptions: [String: CSV.MissingValues] = [:]
  ) throws(CSVError) {
    let schema = try TableSchema(
      fitting: csv, columns: columns, missing: missing, missingIn: exceptions)
    try self.init(csv, like: schema)
  }

  /// Reads the columns of a file by a schema that was fitted to another.
  ///
  /// - Throws: `CSVError` with the place of a value that the schema does not know.
  public init(contentsOf path: String, like schema: TableSchema) throws(CSVError) {
    try self.init(CSV(contentsOf: path), like: schema)
  }

  /// Reads the columns of a CSV by a schema that was fitted to another.
  ///
  /// - Throws: `CSVError` with the place of a value that the schema does not know.
  public init(_ csv: CSV, like schema: TableSchema) throws(CSVError) {
    var indices: [Int] = []
    for column in schema.columns { indices.append(try csv.index(of: column.name)) }
    let isKept = (0..<csv.rowCount).map { row in
      zip(schema.columns, indices).allSatisfy { column, index in
        column.missing != .skipRow || csv.value(row: row, column: index) != nil
      }
    }
    var values: [Values] = []
    for (column, index) in zip(schema.columns, indices) {
      let reader = ColumnReader(csv: csv, index: index, column: column, isKept: isKept)
      values.append(try reader.values())
    }
    name = csv.name
    self.schema = schema
    rowCount = isKept.count { $0 }
    self.values = values
  }

  /// The values of a column.
  ///
  /// - Throws: `CSVError` if there is no such column.
  public func values(of column: String) throws(CSVError) -> Values { try find(column).values }

  /// The meaning and the values of a column.
  func find(_ name: String) throws(CSVError) -> (column: TableSchema.Column, values: Values) {
    guard let index = schema.columns.firstIndex(where: { $0.name == name }) else {
      throw CSVError(.noSuchColumn(name, columns: schema.columns.map(\.name)), file: self.name)
    }
    return (schema.columns[index], values[index])
  }
}

extension Table: CustomStringConvertible {
  /// The name, the number of rows, and a line for each column.
  public var description: String {
    let lines = schema.columns.map { column in
      let categories = column.categories.map { "'\($0)'" }.joined(separator: ", ")
      return "  \(column.name): \(column.kind)" + (categories.isEmpty ? "" : " \(categories)")
    }
    return (["\(name), \(rowCount) rows"] + lines).joined(separator: "\n")
  }
}

/// Reads one column.
private struct ColumnReader {
  let csv: CSV
  let index: Int
  let column: TableSchema.Column
  /// The rows that are not left out.
  let isKept: [Bool]

  func values() throws(CSVError) -> Table.Values {
    switch column.kind {
    case .integer: return .integers(try list { Int($0) })
    case .real:
      return .reals(
        try list { text in
          if text == "NaN" { return .nan }
          guard case .number(let value) = CSV.number(text) else { return nil }
          return value
        })
    case .boolean: return .booleans(try list(truthValue))
    case .category:
      let places = Dictionary(
        zip(column.categories, column.categories.indices), uniquingKeysWith: { first, _ in first })
      return .categories(try list { places[$0] })
    }
  }

  /// The values of all rows that are kept; a wrong value is an error in the others, too.
  private func list<Value>(_ parse: (String) -> Value?) throws(CSVError) -> [Value] {
    var result: [Value] = []
    for row in isKept.indices {
      guard let text = csv.value(row: row, column: index) ?? substitute else {
        if column.missing == .skipRow { continue }
        throw csv.error(.missingValue, row: row, column: index)
      }
      guard let value = parse(text) else {
        let reason =
          column.kind.complaint(about: text) ?? .unknownCategory(text, known: column.categories)
        throw csv.error(reason, row: row, column: index)
      }
      if isKept[row] { result.append(value) }
    }
    return result
  }

  /// What is read in place of a missing value.
  private var substitute: String? {
    switch column.missing {
    case .text(let text): text
    case .nan where column.kind == .real: "NaN"
    default: nil
    }
  }
}
