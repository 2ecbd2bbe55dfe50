import Autograd

/// Saves the whole training to a file, so that it can be continued bit for bit.
///
/// ```swift
/// let path = "run.checkpoint"
/// try model.fit(loader, …, callbacks: [Checkpoint(path)], resumingFrom: path)
/// ```
///
/// Run again after an interruption, this program goes on where the file says: weights, optimizer,
/// learning rate, random numbers of layers, the loader's place in the middle of an epoch, history,
/// and what callbacks remember. The file is replaced at once: an interrupted write leaves the old
/// one. It is also written when another callback, such as ``TimeLimit``, stops the training. What is
/// lost is the metrics of an epoch that was interrupted in its middle: they are NaN for the training
/// data.
///
/// ```swift
/// Checkpoint(bestTo: "best.checkpoint")  // by validation loss
/// try model.loadWeights(fromCheckpoint: "best.checkpoint")
/// ```
public final class Checkpoint: Callback {
  /// The file.
  public let path: String
  /// The number of epochs after each of which it is written; nil for the best only.
  public let everyEpochs: Int?
  /// The number of updates after each of which it is written, nil if not by updates.
  public let everySteps: Int?
  /// Whether it is written only after an epoch that was better than all before.
  public let savesBestOnly: Bool
  private let criterion: Criterion?

  /// Creates the callback, to save after every so many epochs.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - everyEpochs: The number of epochs between two saves, at least 1; else stops with an error.
  ///   - everySteps: The number of updates between two saves in the middle of epochs, too.
  public init(_ path: String, everyEpochs: Int = 1, everySteps: Int? = nil) {
    guard everyEpochs > 0, everySteps ?? 1 > 0 else {
      fatalError(
        "Checkpoint: every \(everyEpochs) epochs and \(everySteps ?? 1) steps must be at least 1")
    }
    self.path = path
    self.everyEpochs = everyEpochs
    self.everySteps = everySteps
    savesBestOnly = false
    criterion = nil
  }

  /// Creates the callback, to save after each epoch that is better than all before.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - criterion: What is better; by default the least validation loss, or the least loss if
  ///     there is no validation.
  public init(bestTo path: String, by criterion: Criterion? = nil) {
    self.path = path
    everyEpochs = nil
    everySteps = nil
    savesBestOnly = true
    self.criterion = criterion
  }

  /// Checks that there is such a quantity.
  public func trainingBegins(_ training: Training) {
    if let criterion { training.history.index(of: criterion.quantity, for: "Checkpoint") }
  }

  /// Saves if it is time, or if the training stops here.
  public func batchEnds(_ training: Training) throws {
    if savesBestOnly { return }
    let isDue = everySteps.map { training.step.isMultiple(of: $0) } ?? false
    if isDue || training.stopReason != nil { try training.save(to: path) }
  }

  /// Saves if it is time, or if the training stops here.
  public func epochEnds(_ training: Training) throws {
    if savesBestOnly {
      let best = training.history.bestEpoch(by: criterion ?? training.defaultCriterion)
      if best == training.epoch { try training.save(to: path) }
      return
    }
    let isDue = everyEpochs.map { training.epoch.isMultiple(of: $0) } ?? false
    if isDue || training.epoch == training.epochs || training.stopReason != nil {
      try training.save(to: path)
    }
  }
}

/// A checkpoint that does not fit; nothing was changed then.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The file cannot be read or written, or is malformed.
    case file(TensorFileError)
    /// The file holds tensors, but no training.
    case notACheckpoint
    /// A part of it belongs to another training: "model", "optimizer", "loader" and so on.
    case differs(part: String, StateError)
  }

  /// The file.
  public let path: String
  /// What is wrong.
  public let reason: Reason

  /// One line for people.
  public var description: String {
    switch reason {
    case .file(let error): error.description
    case .notACheckpoint: "\(path): this is not a checkpoint of a training"
    case .differs(let part, let error):
      "\(path) is the checkpoint of another training; \(part): \(error)"
    }
  }
}
