/// What the columns of a table mean, as found in the data it was fitted to.
///
/// It is fitted to the training data and then reads other files in the same way: with the same
/// types, the same numbers for the same categories, and the same values in place of missing ones.
/// It is `Codable`, to be saved with a model.
public struct TableSchema: Sendable, Hashable, Codable {
  /// The type of a column.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Whole numbers that `Int` can hold.
    case integer
    /// Decimal numbers.
    case real
    /// `true` and `false` in any case of letters.
    case boolean
    /// Any text.
    case category
  }

  /// What one column means.
  public struct Column: Sendable, Hashable, Codable {
    /// Its name.
    public let name: String
    /// The type of its values.
    public let kind: Kind
    /// The texts of a category column in ascending order; empty for the other types.
    public let categories: [String]
    /// What missing values become; means and medians are fitted, and stand here as text.
    public let missing: CSV.MissingValues
  }

  /// The columns.
  public let columns: [Column]

  /// Finds out what columns mean.
  ///
  /// The type of a column is the first in the order of ``Kind`` that fits all its values; without
  /// any value it is a category. Integer columns whose missing values become NaN, a mean, a median
  /// or a text with decimals are real.
  ///
  /// - Parameters:
  ///   - csv: The training data.
  ///   - names: The columns, by default all.
  ///   - missing: What missing values become. In columns of truth values and categories, NaN, mean
  ///     and median stand for refusing them.
  ///   - exceptions: What they become in some columns.
  /// - Throws: `CSVError` if there is no such column, or if a text for missing values does not fit
  ///   the type of a column.
  public init(
    fitting csv: CSV, columns names: [String]? = nil, missing: CSV.MissingValues = .refuse,
    missingIn exceptions: [String: CSV.MissingValues] = [:]
  ) throws(CSVError) {
    for name in exceptions.keys.sorted() { _ = try csv.index(of: name) }
    var columns: [Column] = []
    for name in names ?? csv.header {
      let index = try csv.index(of: name)
      columns.append(try Column(fitting: csv, index, exceptions[name] ?? missing))
    }
    self.columns = columns
  }
}

extension TableSchema.Column {
  fileprivate init(
    fitting csv: CSV, _ index: Int, _ missing: CSV.MissingValues
  ) throws(CSVError) {
    name = csv.header[index]
    var kind = csv.inferredKind(ofColumn: index)
    var missing = missing
    var categories: Set<String> = []
    switch kind {
    case .integer, .real:
      if missing == .nan { kind = .real }
      if missing == .mean || missing == .median {
        kind = .real
        missing = try csv.fill(for: index, missing).map { .text("\($0)") } ?? .refuse
      }
      if kind == .integer, case .text(let text) = missing, Int(text) == nil { kind = .real }
    case .boolean, .category:
      if [.nan, .mean, .median].contains(missing) { missing = .refuse }
    }
    if kind == .category {
      for row in 0..<csv.rowCount {
        if let text = csv.value(row: row, column: index) { categories.insert(text) }
      }
      if case .text(let text) = missing { categories.insert(text) }
    }
    self.kind = kind
    self.missing = missing
    // By code points, not by the tables of a version of Unicode.
    self.categories = categories.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    if case .text(let text) = missing, kind != .category {
      if let reason = kind.complaint(about: text) { throw csv.error(reason, column: index) }
    }
  }
}

extension CSV {
  /// The first type that fits all values of a column.
  func inferredKind(ofColumn column: Int) -> TableSchema.Kind {
    var candidates: [TableSchema.Kind] = [.integer, .real, .boolean]
    var hasValue = false
    for row in 0..<rowCount {
      guard let text = value(row: row, column: column) else { continue }
      hasValue = true
      candidates.removeAll { $0.complaint(about: text) != nil }
      if candidates.isEmpty { return .category }
    }
    return hasValue ? candidates[0] : .category
  }
}

extension TableSchema.Kind {
  /// Why a text is no value of the type, or nil if it is.
  func complaint(about text: String) -> CSVError.Reason? {
    switch self {
    case .integer: return Int(text) == nil ? .notAnInteger(text) : nil
    case .real:
      guard case .wrong(let reason) = CSV.number(text) else { return nil }
      return reason
    case .boolean: return truthValue(text) == nil ? .notABoolean(text) : nil
    case .category: return nil
    }
  }
}

/// The truth value that a text denotes.
func truthValue(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "true": true
  case "false": false
  default: nil
  }
}
