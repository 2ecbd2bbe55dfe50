import Autograd

/// Where a ``DataLoader`` is: the epoch, and the batch that comes next.
public struct DataLoaderPosition: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The number of the epoch, from 0.
  public var epoch: Int
  /// The number of the batch within the epoch, from 0; the number of batches at the epoch's end.
  public var batch: Int

  /// Creates a position, by default the beginning.
  public init(epoch: Int = 0, batch: Int = 0) {
    self.epoch = epoch
    self.batch = batch
  }

  /// "batch 3 of epoch 0".
  public var description: String { "batch \(batch) of epoch \(epoch)" }
}

extension DataLoader {
  /// The ``position`` as tensors, for a checkpoint, with a checksum of the epoch's order.
  public func savedState() -> [String: Tensor] {
    [
      "epoch": Tensor([position.epoch], shape: []), "batch": Tensor([position.batch], shape: []),
      "order": Tensor([orderChecksum], shape: []),
    ]
  }

  /// Continues from a saved position.
  ///
  /// - Parameter saved: What ``savedState()`` returned, of a loader made in the same way.
  /// - Throws: ``StateError`` if there is no such position, or if the order of the examples would
  ///   not be the same, since dataset, batch size, sampler or seed differ; then nothing has changed.
  public func load(_ saved: [String: Tensor]) throws(StateError) {
    try check(saved, against: savedState().map { ($0.key, $0.value) })
    let before = position
    let epoch = saved["epoch"]!.array(of: Int.self)[0]
    let batch = saved["batch"]!.array(of: Int.self)[0]
    guard 0..<Int.max ~= epoch, 0...batchCount ~= batch else {
      throw StateError(problems: [
        .mismatch("there is no batch \(batch) of epoch \(epoch); an epoch has \(batchCount)")
      ])
    }
    position = DataLoaderPosition(epoch: epoch, batch: batch)
    guard saved["order"]!.array(of: Int.self) == [orderChecksum] else {
      position = before
      throw StateError(problems: [
        .mismatch("the loader's order of examples is another: dataset, batch size or seed differ")
      ])
    }
  }

  /// A number that depends on every batch of the current epoch (FNV-1a).
  private var orderChecksum: Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for number in [batchSize, batchCount] + currentOrder {
      hash = (hash ^ UInt64(bitPattern: Int64(number))) &* 0x100_0000_01b3
    }
    return Int(truncatingIfNeeded: hash)
  }
}
