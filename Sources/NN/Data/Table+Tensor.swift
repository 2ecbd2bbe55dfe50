import Autograd

extension Table {
  /// How categories become numbers.
  public enum CategoryEncoding: Sendable, Hashable {
    /// One column for each category, 1 in that of the value and 0 in the others.
    case oneHot
    /// One column with the category's place.
    case index
  }

  /// Columns as a tensor [rows, features].
  ///
  /// Numbers stay, truth values become 0 and 1, and categories what `categories` says. Integers
  /// beyond 2²⁴ are rounded in float32.
  ///
  /// - Parameters:
  ///   - columns: The columns in the order wanted, by default all.
  ///   - categories: How categories become numbers.
  ///   - dtype: float32 or float64; others stop with an error.
  /// - Throws: `CSVError` if there is no such column.
  public func tensor(
    of columns: [String]? = nil, categories: CategoryEncoding = .oneHot, dtype: DType = .float32
  ) throws(CSVError) -> Tensor {
    guard dtype.isFloatingPoint else {
      fatalError("Table: a tensor of several columns is float32 or float64, not \(dtype)")
    }
    let names = columns ?? schema.columns.map(\.name)
    var features: [[Double]] = []
    for name in names {
      let (column, values) = try find(name)
      switch values {
      case .integers(let list): features.append(list.map(Double.init))
      case .reals(let list): features.append(list)
      case .booleans(let list): features.append(list.map { $0 ? 1 : 0 })
      case .categories(let list) where categories == .index:
        features.append(list.map(Double.init))
      case .categories(let list):
        for place in column.categories.indices { features.append(list.map { $0 == place ? 1 : 0 }) }
      }
    }
    let byColumn = Tensor(Array(features.joined()), shape: [features.count, rowCount])
    return byColumn.transposed().contiguous().converted(to: dtype)
  }

  /// The names of the features of ``tensor(of:categories:dtype:)``: the column's, or "column=text"
  /// for each category.
  ///
  /// - Throws: `CSVError` if there is no such column.
  public func featureNames(
    of columns: [String]? = nil, categories: CategoryEncoding = .oneHot
  ) throws(CSVError) -> [String] {
    var names: [String] = []
    for name in columns ?? schema.columns.map(\.name) {
      let column = try find(name).column
      guard column.kind == .category, categories == .oneHot else {
        names.append(name)
        continue
      }
      names += column.categories.map { "\(name)=\($0)" }
    }
    return names
  }

  /// One column as int64 [rows], for instance as class indices: whole numbers, truth values as 0 and
  /// 1, or the places of categories.
  ///
  /// - Throws: `CSVError` if there is no such column, or if it holds a number that is not whole.
  public func indices(of column: String) throws(CSVError) -> Tensor {
    switch try find(column).values {
    case .integers(let list), .categories(let list): return Tensor(list)
    case .booleans(let list): return Tensor(list.map { $0 ? 1 : 0 })
    case .reals(let list):
      var whole: [Int] = []
      for value in list {
        guard let index = Int(exactly: value) else {
          throw CSVError(
            reason: .notAnInteger("\(value)"), file: name, line: nil, column: nil, row: nil,
            field: column)
        }
        whole.append(index)
      }
      return Tensor(whole)
    }
  }
}
