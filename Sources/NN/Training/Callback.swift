import Autograd

/// Something that watches or steers a training.
///
/// All methods are optional. They are called in the order in which the callbacks are listed, but
/// ``Checkpoint``s last, so that they save what the others have done.
///
/// ```swift
/// final class NormOfWeights: Callback {
///   func epochEnds(_ training: Training) {
///     let squares = training.model.parameters.map { square($0).sum().item() }
///     print("epoch \(training.epoch): \(squares.reduce(0, +).squareRoot())")
///   }
/// }
/// ```
///
/// For a few lines, a ``ClosureCallback`` will do.
public protocol Callback: AnyObject {
  /// The training is about to begin, or to be resumed: forget earlier trainings.
  func trainingBegins(_ training: Training) throws

  /// An epoch is about to begin, or to be taken up in its middle.
  func epochBegins(_ training: Training) throws

  /// An update was made.
  func batchEnds(_ training: Training) throws

  /// The last batch of an epoch was trained on; validation comes next.
  func validationBegins(_ training: Training) throws

  /// The epoch was validated and stands in the history.
  func epochEnds(_ training: Training) throws

  /// The training has ended: what is done to the weights now stays.
  func trainingEnds(_ training: Training) throws

  /// What the callback remembers, for a ``Checkpoint``.
  func savedState() -> [String: Tensor]

  /// Continues from a saved state; comes after ``trainingBegins(_:)``.
  func load(_ saved: [String: Tensor]) throws
}

extension Callback {
  /// Does nothing.
  public func trainingBegins(_ training: Training) throws {}
  /// Does nothing.
  public func epochBegins(_ training: Training) throws {}
  /// Does nothing.
  public func batchEnds(_ training: Training) throws {}
  /// Does nothing.
  public func validationBegins(_ training: Training) throws {}
  /// Does nothing.
  public func epochEnds(_ training: Training) throws {}
  /// Does nothing.
  public func trainingEnds(_ training: Training) throws {}
  /// Nothing.
  public func savedState() -> [String: Tensor] { [:] }
  /// Does nothing.
  public func load(_ saved: [String: Tensor]) throws {}
}

/// A callback made of closures.
///
/// ```swift
/// ClosureCallback(epochEnds: { training in
///   if training.epoch.isMultiple(of: 10) { print(training.history.rows.last!) }
/// })
/// ```
public final class ClosureCallback: Callback {
  /// A closure that is told how the training stands.
  public typealias Action = (Training) throws -> Void

  private let onEpochBegin, onBatchEnd, onEpochEnd, onTrainingEnd: Action?

  /// Creates a callback; closures that are nil do nothing.
  public init(
    epochBegins: Action? = nil, batchEnds: Action? = nil, epochEnds: Action? = nil,
    trainingEnds: Action? = nil
  ) {
    onEpochBegin = epochBegins
    onBatchEnd = batchEnds
    onEpochEnd = epochEnds
    onTrainingEnd = trainingEnds
  }

  /// Calls the closure.
  public func epochBegins(_ training: Training) throws { try onEpochBegin?(training) }
  /// Calls the closure.
  public func batchEnds(_ training: Training) throws { try onBatchEnd?(training) }
  /// Calls the closure.
  public func epochEnds(_ training: Training) throws { try onEpochEnd?(training) }
  /// Calls the closure.
  public func trainingEnds(_ training: Training) throws { try onTrainingEnd?(training) }
}
