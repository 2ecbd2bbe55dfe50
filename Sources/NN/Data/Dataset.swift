import Autograd

/// Examples that can be read by number, several at once.
///
/// A dataset returns batches rather than single examples, because gathering many rows in one call
/// is fast. Conform a type of your own to read examples from elsewhere:
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 1000
///   func batch(at indices: [Int]) -> Batch {
///     let x = Tensor(indices.map(Float.init), shape: [indices.count, 1])
///     return Batch(inputs: x, targets: square(Variable(x)).value)
///   }
/// }
/// ```
///
/// Batches may be read on another thread, so that datasets and batches are `Sendable`. A batch
/// should depend on the indices alone; then training can be repeated and resumed bit for bit.
public protocol Dataset<Element>: Sendable {
  /// A batch: several examples together.
  associatedtype Element: Sendable

  /// The number of examples.
  var count: Int { get }

  /// Reads the examples with the given numbers, in that order; numbers may repeat.
  ///
  /// - Throws: Whatever keeps the examples from being read.
  func batch(at indices: [Int]) throws -> Element
}

/// Several examples: what goes into a model, and what should come out.
public struct Batch: Sendable {
  /// What goes into the model, one example along axis 0 after the other.
  public let inputs: Tensor
  /// What should come out, with as many examples along axis 0.
  public let targets: Tensor

  /// Creates a batch; stops with an error if the numbers of examples differ.
  public init(inputs: Tensor, targets: Tensor) {
    requireEqualRows(inputs, targets, of: "Batch")
    self.inputs = inputs
    self.targets = targets
  }

  /// ``inputs`` as a constant of a graph.
  public var input: Variable { Variable(inputs) }

  /// ``targets`` as a constant of a graph.
  public var target: Variable { Variable(targets) }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }
}

/// Examples that lie in memory: the rows along axis 0 of two tensors.
///
/// ```swift
/// let data = TensorDataset(inputs: x, targets: y)  // [1000, 784] and [1000]
/// let batch = data.batch(at: [3, 1, 4])            // [3, 784] and [3]
/// ```
public struct TensorDataset: Dataset {
  /// What goes into the model.
  public let inputs: Tensor
  /// What should come out.
  public let targets: Tensor

  /// Creates a dataset; stops with an error if the numbers of rows differ.
  public init(inputs: Tensor, targets: Tensor) {
    requireEqualRows(inputs, targets, of: "TensorDataset")
    self.inputs = inputs.contiguous()
    self.targets = targets.contiguous()
  }

  /// The number of rows.
  public var count: Int { inputs.shape[0] }

  /// Gathers rows; neighbouring ones in ascending order are not copied.
  ///
  /// Stops with an error if there is no such row.
  public func batch(at indices: [Int]) -> Batch {
    Batch(inputs: rows(of: inputs, at: indices), targets: rows(of: targets, at: indices))
  }
}

/// Some of the examples of a dataset.
public struct Subset<Base: Dataset>: Dataset {
  /// The whole.
  public let base: Base
  /// The numbers of the examples in the whole.
  public let indices: [Int]

  /// Creates the part of a dataset with the given numbers; stops with an error if one is out of
  /// range.
  public init(_ base: Base, at indices: [Int]) {
    requireRange(indices, below: base.count, of: "Subset")
    self.base = base
    self.indices = indices
  }

  /// The number of examples in the part.
  public var count: Int { indices.count }

  /// Reads examples of the part by their numbers in it.
  ///
  /// Stops with an error if there is no such number.
  public func batch(at indices: [Int]) throws -> Base.Element {
    requireRange(indices, below: count, of: "Subset")
    return try base.batch(at: indices.map { self.indices[$0] })
  }
}

/// A dataset whose batches are passed through a function: ``Dataset/map(_:)`` makes it.
public struct MappedDataset<Base: Dataset, Element: Sendable>: Dataset {
  /// The dataset that is read.
  public let base: Base
  private let transform: @Sendable (Base.Element) throws -> Element

  fileprivate init(_ base: Base, transform: @escaping @Sendable (Base.Element) throws -> Element) {
    self.base = base
    self.transform = transform
  }

  /// The number of examples.
  public var count: Int { base.count }

  /// Reads examples and passes them through the function.
  public func batch(at indices: [Int]) throws -> Element { try transform(base.batch(at: indices)) }
}

extension Dataset {
  /// The dataset with a function applied to each batch when it is read.
  ///
  /// ```swift
  /// let scaled = bytes.map { batch in
  ///   Batch(inputs: (batch.input.cast(to: .float32) / 255).value, targets: batch.targets)
  /// }
  /// ```
  public func map<Result: Sendable>(
    _ transform: @escaping @Sendable (Element) throws -> Result
  ) -> MappedDataset<Self, Result> {
    MappedDataset(self, transform: transform)
  }
}
