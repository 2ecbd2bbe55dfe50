import Autograd

/// Turns columns of numbered categories into one feature for each category: 1 in that of the value,
/// 0 in the others.
///
/// ```swift
/// let codes = Tensor([[10, 0], [30, 1], [10, 2]], dtype: .int64)
/// let encoder = OneHotEncoder(fitting: codes)
/// encoder(Variable(codes))  // [[1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [1, 0, 0, 0, 1]]
/// ```
///
/// (scikit-learn: `OneHotEncoder`.)
public struct OneHotEncoder: FittedTransform {
  /// What becomes of values that did not occur in the training data.
  public enum UnknownValues: Sendable, Hashable {
    /// They stop the program with an error.
    case refuse
    /// They become zeros.
    case zeros
  }

  /// The values of each column, ascending, as int64.
  public let categories: [Variable]
  /// What becomes of other values.
  public let unknown: UnknownValues
  /// The type of the features.
  public let dtype: DType

  /// Finds the categories of data.
  ///
  /// - Parameters:
  ///   - data: int64 […, columns], not empty; else stops with an error.
  ///   - unknown: What becomes of values that are not in the data.
  ///   - dtype: The type of the features.
  public init(fitting data: Tensor, unknown: UnknownValues = .refuse, dtype: DType = .float32) {
    guard data.dtype == .int64, data.rank > 0, data.count > 0 else {
      fatalError(
        "OneHotEncoder: cannot fit \(data.dtype) \(data.shape); int64 […, columns] is needed, with "
          + "at least one example")
    }
    self.init(
      (0..<data.shape[data.rank - 1]).map { column in
        Variable(Tensor(Set(data[..., column].array(of: Int.self)).sorted()))
      }, unknown, dtype)
  }

  /// Creates an encoder of the categories 0..<count of each column; a saved state can be loaded into
  /// it.
  ///
  /// - Parameters:
  ///   - categoryCounts: The number of categories of each column, at least 1; else stops with an
  ///     error.
  ///   - unknown: What becomes of other values.
  ///   - dtype: The type of the features.
  public init(
    categoryCounts: [Int], unknown: UnknownValues = .refuse, dtype: DType = .float32
  ) {
    guard !categoryCounts.isEmpty, categoryCounts.allSatisfy({ $0 > 0 }) else {
      fatalError("OneHotEncoder: columns of \(categoryCounts) categories; at least 1 is needed")
    }
    self.init(categoryCounts.map { Variable(Tensor(Array(0..<$0))) }, unknown, dtype)
  }

  private init(_ categories: [Variable], _ unknown: UnknownValues, _ dtype: DType) {
    self.categories = categories
    self.unknown = unknown
    self.dtype = dtype
  }

  /// The categories.
  public var buffers: [Variable] { categories }

  /// The name with the numbers of categories.
  public var label: String {
    "OneHotEncoder(\(categories.map { String($0.count) }.joined(separator: " + ")))"
  }

  /// Maps int64 […, columns] to […, features], the features of the first column first.
  ///
  /// Stops with an error for another type, another number of columns, or an unknown value that is
  /// refused.
  public func forward(_ x: Variable) -> Variable {
    guard x.dtype == .int64, x.rank > 0, x.shape[x.rank - 1] == categories.count else {
      fatalError(
        "\(label): the input \(describe(x)) is not int64 […, \(categories.count)]"
          + location(of: categories[0]))
    }
    let features = categories.enumerated().map { column, values in
      let isValue = x[..., column, newAxis] .== values
      if unknown == .refuse { requireKnown(isValue, x, column) }
      return isValue.cast(to: dtype)
    }
    return concatenate(features, axis: -1)
  }

  /// Maps […, features] to int64 […, columns]: of each column the category whose feature is
  /// greatest, the first of equal ones.
  ///
  /// So it reads probabilities, too. Stops with an error for another number of features.
  public func inverse(_ y: Variable) -> Variable {
    let sizes = categories.map(\.count)
    guard y.rank > 0, y.shape[y.rank - 1] == sizes.reduce(0, +) else {
      fatalError(
        "\(label): \(describe(y)) does not have \(sizes.reduce(0, +)) features"
          + location(of: categories[0]))
    }
    let values = zip(y.split(sizes: sizes, axis: -1), categories).map { features, values in
      indexSelect(values, at: features.argmax(axis: -1))
    }
    return stack(values, axis: -1)
  }

  private func requireKnown(_ isValue: Variable, _ x: Variable, _ column: Int) {
    let isKnown = isValue.any(axes: [isValue.rank - 1]).value.array(of: Bool.self)
    guard let place = isKnown.firstIndex(of: false) else { return }
    let value = x.value[..., column].array(of: Int.self)[place]
    let known = categories[column].value.array(of: Int.self)
    fatalError(
      "\(label): \(value) in column \(column) is not one of the categories \(known)"
        + location(of: categories[0]))
  }
}
