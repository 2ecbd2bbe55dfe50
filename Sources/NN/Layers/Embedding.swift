import Autograd

/// A table with a learned vector for each of `count` things, which integers choose from.
///
/// An output layer can share the table: logits of the next word are the products of a state with
/// all vectors (Press and Wolf, arXiv:1608.05859).
///
/// ```swift
/// let embedding = Embedding(count: 1000, features: 64, using: &generator)
/// let output = Linear(weight: embedding.weight)
/// ```
public struct Embedding: Layer {
  /// The vectors, of shape [count, features].
  public let weight: Variable
  /// The row that stands for padding and gets no gradient, or nil.
  public let paddingIndex: Int?

  /// Creates the table with elements drawn from N(0, 1), as PyTorch does, and zeros for padding.
  ///
  /// - Parameters:
  ///   - count: The number of vectors, at least 1.
  ///   - features: The number of elements of each, at least 1.
  ///   - paddingIndex: The row that stands for padding, in 0..<count, else it is an error; or nil.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    count: Int, features: Int, paddingIndex: Int? = nil, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    guard count > 0, features > 0 else {
      fatalError(
        "Embedding: \(count) vectors of \(features) features; both must be at least 1")
    }
    var values = Variable(Tensor.normal([count, features], dtype: dtype, using: &generator))
    if let paddingIndex {
      let rows = Variable(Tensor.range(to: Double(count), dtype: .int64))
      let isPadding = rows .== Variable(Tensor(.whole(Int64(paddingIndex)), dtype: .int64))
      values = select(isPadding.unsqueezed(axis: 1), 0, values)
    }
    self.init(weight: Variable(values.value, requiresGradient: true), paddingIndex: paddingIndex)
  }

  /// Creates the layer with a given table.
  ///
  /// - Parameters:
  ///   - weight: Shape [count, features]; else stops with an error.
  ///   - paddingIndex: The row that stands for padding, in 0..<count, else it is an error; or nil.
  public init(weight: Variable, paddingIndex: Int? = nil) {
    guard weight.rank == 2 else {
      fatalError("Embedding: the weight \(weight.shape) is not [count, features]")
    }
    if let paddingIndex, !(0..<weight.shape[0]).contains(paddingIndex) {
      fatalError(
        "Embedding: the padding index \(paddingIndex) is not in 0..<\(weight.shape[0])")
    }
    self.weight = weight
    self.paddingIndex = paddingIndex
  }

  /// The name with the sizes.
  public var label: String {
    "Embedding(\(weight.shape[0]) × \(weight.shape[1])"
      + "\(paddingIndex.map { ", padding \($0)" } ?? ""))"
  }

  /// The vectors of some indices: int32 or int64 of any shape […] becomes […, features].
  ///
  /// Stops with an error for indices out of range, and for other types.
  public func forward(_ indices: Variable) -> Variable {
    requireIndices(indices, of: weight, for: label)
    return embedding(indices, weight, paddingIndex: paddingIndex)
  }
}

/// The sum, the mean or the largest of the vectors in a bag, as for the words of a text.
///
/// It is an ``Embedding`` that is reduced over the last axis of the indices. Padding does not
/// count, so it fills up shorter bags.
public struct EmbeddingBag: Layer {
  /// How the vectors of a bag become one.
  public enum Reduction: Sendable {
    /// Their sum.
    case sum
    /// Their mean.
    case mean
    /// The largest of them, element by element.
    case maximum
  }

  /// The vectors, of shape [count, features].
  public let weight: Variable
  /// The row that stands for padding, or nil.
  public let paddingIndex: Int?
  /// How the vectors of a bag become one.
  public let reduction: Reduction

  /// Creates the table with elements drawn from N(0, 1), as PyTorch does, and zeros for padding.
  ///
  /// - Parameters:
  ///   - count: The number of vectors, at least 1.
  ///   - features: The number of elements of each, at least 1.
  ///   - reduction: How the vectors of a bag become one.
  ///   - paddingIndex: The row that stands for padding, in 0..<count, else it is an error; or nil.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    count: Int, features: Int, reduction: Reduction = .mean, paddingIndex: Int? = nil,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    let table = Embedding(
      count: count, features: features, paddingIndex: paddingIndex, dtype: dtype,
      using: &generator)
    weight = table.weight
    self.paddingIndex = paddingIndex
    self.reduction = reduction
  }

  /// The name with the sizes.
  public var label: String {
    "EmbeddingBag(\(weight.shape[0]) × \(weight.shape[1]), \(reduction)"
      + "\(paddingIndex.map { ", padding \($0)" } ?? ""))"
  }

  /// One vector for each bag: int32 or int64 of shape […, size of a bag] becomes […, features].
  ///
  /// A bag with nothing but padding gives zeros. Stops with an error for indices out of range, for
  /// other types, and for a scalar.
  public func forward(_ indices: Variable) -> Variable {
    requireIndices(indices, of: weight, for: label)
    guard indices.rank > 0 else {
      fatalError("\(label): the indices \(describe(indices)) have no axis of a bag\(location())")
    }
    let rows = embedding(indices, weight, paddingIndex: paddingIndex)
    let padding = Variable(Tensor(.whole(Int64(paddingIndex ?? -1)), dtype: .int64))
    let isPadding = indices.cast(to: .int64) .== padding
    let counts = (.!isPadding).cast(to: weight.dtype).sum(axis: -1, keepingAxes: true)
    let ignored = isPadding.unsqueezed(axis: -1)
    switch reduction {
    case .sum: return rows.maskedFilled(ignored, with: 0).sum(axis: -2)
    case .mean: return rows.maskedFilled(ignored, with: 0).sum(axis: -2) / maximum(counts, 1)
    case .maximum:
      if indices.shape.last == 0 { return rows.sum(axis: -2) }
      let largest = rows.maskedFilled(ignored, with: Variable(-Double.infinity)).max(axis: -2)
      return select(counts .== 0, 0, largest)
    }
  }
}

private func requireIndices(_ indices: Variable, of weight: Variable, for label: String) {
  guard indices.dtype == .int32 || indices.dtype == .int64 else {
    fatalError(
      "\(label): the indices \(describe(indices)) are not int32 or int64\(location(of: weight))")
  }
}
