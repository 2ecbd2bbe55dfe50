import Autograd

/// What a training reached, epoch by epoch.
///
/// ```swift
/// let history = try model.fit(x, y, …)
/// print(history)                    // a table
/// print(history[.validationLoss])   // [0.52, 0.31, …], one for each epoch
/// try history.figure().write(to: "training.svg")
/// ```
public struct History: Sendable, Equatable, CustomStringConvertible {
  /// The numbers that are kept for each epoch.
  public let quantities: [Quantity]
  /// For each epoch the values of the ``quantities``, in their order.
  public private(set) var rows: [[Double]] = []
  /// Why the training ended before its last epoch, or nil if it did not.
  public internal(set) var stopReason: String?

  /// Creates a history without epochs.
  public init(of quantities: [Quantity]) { self.quantities = quantities }

  /// The number of epochs that have ended.
  public var epochCount: Int { rows.count }

  /// The values of a quantity, one for each epoch.
  ///
  /// Stops with an error that lists the quantities if this one is not kept.
  public subscript(quantity: Quantity) -> [Double] {
    let column = index(of: quantity, for: "History")
    return rows.map { $0[column] }
  }

  /// The epoch, counted from 1, with the best value, the first of several; nil if there is none.
  public func bestEpoch(by criterion: Criterion) -> Int? {
    let values = self[criterion.quantity]
    var best: Int?
    for (index, value) in values.enumerated() where !value.isNaN {
      if best.map({ criterion.isBetter(value, than: values[$0]) }) ?? true { best = index }
    }
    return best.map { $0 + 1 }
  }

  /// Adds an epoch; stops with an error if there is not one value for each quantity.
  public mutating func append(_ row: [Double]) {
    guard row.count == quantities.count else {
      fatalError("History: \(row.count) values, but \(quantities.count) quantities")
    }
    rows.append(row)
  }

  /// The place of a quantity; stops with an error if it is not kept.
  @discardableResult func index(of quantity: Quantity, for user: String) -> Int {
    guard let column = quantities.firstIndex(of: quantity) else {
      let names = quantities.map { "'\($0)'" }.joined(separator: ", ")
      fatalError("\(user): there is no '\(quantity)' in this training; there are \(names)")
    }
    return column
  }

  /// A table with a line for each epoch; of more than 20 epochs, some in the middle are left out.
  public var description: String {
    let header = ["epoch"] + quantities.map(\.description)
    let shown =
      rows.count <= 20 ? Array(rows.indices) : Array(0..<10) + Array(rows.count - 10..<rows.count)
    var cells = shown.map { index in
      [String(index + 1)]
        + zip(quantities, rows[index]).map { $0 == .seconds ? $1.fixed(2) : $1.significant(4) }
    }
    if shown.count < rows.count { cells.insert(header.map { _ in "…" }, at: 10) }
    let widths = header.indices.map { column in
      ([header] + cells).map { $0[column].count }.max() ?? 0
    }
    let lines = ([header] + cells).map { line in
      zip(line, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        .joined(separator: "  ")
    }
    return (lines + (stopReason.map { ["stopped: \($0)"] } ?? [])).joined(separator: "\n")
  }

  /// The history as comma-separated values with a header, numbers in full precision; NaN is a
  /// missing value to ``CSV``.
  public var csv: String { ([csvHeader] + rows.indices.map(csvLine)).joined() }

  /// Writes ``csv`` to a file, which is replaced at once or not at all.
  ///
  /// - Throws: ``TrainingFileError`` if the file cannot be written.
  public func writeCSV(to path: String) throws(TrainingFileError) {
    do {
      try Platform.write(Array(csv.utf8), to: path)
    } catch {
      throw TrainingFileError(path: path, message: error.message)
    }
  }

  private var csvHeader: String {
    let names = quantities.map { quantity in
      let name = quantity.description
      // Names of metrics are the caller's.
      guard name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return name }
      let parts = name.split(separator: "\"", omittingEmptySubsequences: false)
      return "\"\(parts.joined(separator: "\"\""))\""
    }
    return (["epoch"] + names).joined(separator: ",") + "\n"
  }

  private func csvLine(_ index: Int) -> String {
    let values = rows[index].map { $0.isNaN ? "NaN" : "\($0)" }
    return ([String(index + 1)] + values).joined(separator: ",") + "\n"
  }
}

/// A file of a training that could not be written.
public struct TrainingFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The operating system's reason.
  public let message: String

  /// One line for people: `cannot write 'runs/log.csv': No such file or directory`.
  public var description: String { "cannot write '\(path)': \(message)" }
}
