import Autograd

/// Reads a dataset batch by batch, epoch after epoch.
///
/// ```swift
/// let loader = DataLoader(data, batchSize: 32, shuffle: true, using: &generator)
/// for _ in 0..<epochs {
///   for batch in loader {  // one epoch
///     optimizer.zeroGradients()
///     crossEntropy(model(batch.input), classIndices: batch.target).backward()
///     optimizer.step()
///   }
/// }
/// ```
///
/// The loader knows its ``position``: the epoch, and the batch that comes next. A loop goes from
/// there to the end of the epoch, so one that was left early is continued by the next loop. The
/// order is a function of seed and epoch alone: a loader made in the same way and set to a saved
/// position goes on with the same batches, bit for bit, in the middle of an epoch too.
///
/// A `for` loop stops the program if a batch cannot be read. To handle the error ask for the
/// batches yourself:
///
/// ```swift
/// while let batch = try loader.next() { … }
/// ```
///
/// With `prefetch`, batches are read ahead on another thread while the model works on the current
/// one; the batches and their order are the same.
///
/// A loader belongs to one thread at a time, so it is not `Sendable`.
public final class DataLoader<Source: Dataset>: Sequence {
  /// The dataset.
  public let dataset: Source
  /// The number of examples in a batch; the last may have fewer.
  public let batchSize: Int
  /// Whether a last batch with fewer examples is left out.
  public let dropsLast: Bool
  /// How many batches are read ahead.
  public let prefetch: Int
  /// Which examples an epoch visits, in which order.
  public let sampler: any Sampler

  private var current = DataLoaderPosition()
  private var order: (epoch: Int, indices: [Int])?
  private let reader: BatchReader<Source>

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - dataset: The examples.
  ///   - batchSize: The number of examples in a batch, at least 1; else stops with an error.
  ///   - sampler: The order; by default that of the dataset.
  ///   - dropsLast: Whether to leave out a last batch with fewer examples.
  ///   - prefetch: How many batches to read ahead on another thread; 0 reads each when it is asked
  ///     for.
  public init(
    _ dataset: Source, batchSize: Int, sampler: (any Sampler)? = nil, dropsLast: Bool = false,
    prefetch: Int = 0
  ) {
    guard batchSize > 0, prefetch >= 0 else {
      fatalError(
        "DataLoader: batches of \(batchSize) examples, \(prefetch) read ahead; at least 1 and 0")
    }
    self.dataset = dataset
    self.batchSize = batchSize
    self.sampler = sampler ?? SequentialSampler(count: dataset.count)
    self.dropsLast = dropsLast
    self.prefetch = prefetch
    reader = BatchReader(dataset)
  }

  /// Creates a loader that may shuffle: then each epoch has an order of its own.
  ///
  /// - Parameters:
  ///   - dataset: The examples.
  ///   - batchSize: The number of examples in a batch, at least 1; else stops with an error.
  ///   - shuffle: Whether the order is drawn anew for each epoch.
  ///   - dropsLast: Whether to leave out a last batch with fewer examples.
  ///   - prefetch: How many batches to read ahead on another thread.
  ///   - generator: The source, from which a generator of the loader's own is split off.
  public convenience init(
    _ dataset: Source, batchSize: Int, shuffle: Bool, dropsLast: Bool = false, prefetch: Int = 0,
    using generator: inout RandomGenerator
  ) {
    self.init(
      dataset, batchSize: batchSize,
      sampler: shuffle ? ShuffledSampler(count: dataset.count, using: &generator) : nil,
      dropsLast: dropsLast, prefetch: prefetch)
  }

  /// The number of batches in an epoch.
  public var batchCount: Int {
    dropsLast ? sampler.count / batchSize : (sampler.count + batchSize - 1) / batchSize
  }

  /// The epoch, and the batch that comes next.
  ///
  /// Setting it goes there; stops with an error if an epoch has no such batch.
  public var position: DataLoaderPosition {
    get { current }
    set {
      guard newValue.epoch >= 0, 0...batchCount ~= newValue.batch else {
        fatalError("DataLoader: there is no \(newValue); an epoch has \(batchCount) batches")
      }
      current = newValue
      reader.forget()
    }
  }

  /// Reads the next batch; nil once at the end of each epoch, after which the next epoch begins.
  ///
  /// - Throws: What the dataset throws. The position stays, so that the next call tries again.
  public func next() throws -> Source.Element? {
    guard current.batch < batchCount else {
      current = DataLoaderPosition(epoch: current.epoch + 1, batch: 0)
      reader.forget()
      return nil
    }
    if prefetch > 0 {
      for batch in current.batch..<Swift.min(current.batch + 1 + prefetch, batchCount) {
        reader.request(batch, at: indices(ofBatch: batch))
      }
    }
    let element = try reader.read(current.batch, at: indices(ofBatch: current.batch))
    current.batch += 1
    return element
  }

  /// The batches from the ``position`` to the end of the epoch.
  public func makeIterator() -> Iterator { Iterator(loader: self) }

  /// The batches from the position of a loader to the end of the epoch.
  public struct Iterator: IteratorProtocol {
    fileprivate let loader: DataLoader

    /// The next batch, nil at the end of the epoch; stops with an error if it cannot be read.
    public mutating func next() -> Source.Element? {
      do {
        return try loader.next()
      } catch {
        fatalError("DataLoader: \(loader.position) cannot be read: \(error)")
      }
    }
  }

  /// The order of the current epoch.
  var currentOrder: [Int] {
    if let order, order.epoch == current.epoch { return order.indices }
    let indices = sampler.indices(inEpoch: current.epoch)
    guard indices.count == sampler.count else {
      fatalError(
        "DataLoader: the sampler gave \(indices.count) examples in epoch \(current.epoch), but its "
          + "count is \(sampler.count)")
    }
    requireRange(indices, below: dataset.count, of: "DataLoader")
    order = (current.epoch, indices)
    return indices
  }

  private func indices(ofBatch batch: Int) -> [Int] {
    let order = currentOrder
    let start = batch * batchSize
    return Array(order[start..<Swift.min(start + batchSize, order.count)])
  }
}
