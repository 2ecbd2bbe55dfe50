import Autograd

/// What a model is validated on after each epoch.
public enum Validation: Sendable {
  /// A share of the rows, drawn at random and left out of the training; from 0 to 1.
  case split(Double)
  /// Rows of their own.
  case data(inputs: Tensor, targets: Tensor)
}

extension Layer {
  /// Trains the model on the rows of two tensors, in batches of a new random order in each epoch.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 0)
  /// let history = try model.fit(
  ///   x, y, loss: { meanSquaredError($0, $1) }, optimizer: Adam(model),
  ///   epochs: 100, validation: .split(0.2), using: &generator)
  /// ```
  ///
  /// - Parameters:
  ///   - inputs: What goes in, one example along axis 0 after the other.
  ///   - targets: What should come out, with as many rows.
  ///   - batchSize: The number of examples in a batch, at least 1.
  ///   - shuffles: Whether the order of the rows is drawn anew for each epoch.
  ///   - loss: From predictions and targets to the mean loss of a batch.
  ///   - optimizer: The rule that improves the parameters.
  ///   - epochs: The number of passes over the data.
  ///   - metrics: What else to compute.
  ///   - validation: Rows on which loss and metrics are computed after each epoch.
  ///   - schedule: The learning rate as a function of the updates so far.
  ///   - accumulating: The number of batches for one update.
  ///   - callbacks: What watches or steers the training.
  ///   - checkpoint: A file of a ``Checkpoint`` to continue from, if it is there.
  ///   - progress: Where to show how far it is.
  ///   - compiling: Whether batches are computed by plans, to the same bits.
  ///   - generator: The source of the split and the orders. To continue from a checkpoint it must
  ///     be as it was for the interrupted training.
  /// - Returns: Loss, metrics, learning rate and duration of each epoch.
  /// - Throws: ``EmptyData`` if nothing is left to train or validate on; ``NonFiniteLoss``;
  ///   ``CheckpointError``; ``ComputationChanged``; what callbacks throw.
  @discardableResult
  public func fit(
    _ inputs: Tensor, _ targets: Tensor, batchSize: Int = 32, shuffles: Bool = true,
    loss: (_ prediction: Variable, _ target: Variable) -> Variable, optimizer: any Optimizer,
    epochs: Int, metrics: [any Metric] = [], validation: Validation? = nil,
    schedule: Schedule? = nil, accumulating: Int = 1, callbacks: [any Callback] = [],
    resumingFrom checkpoint: String? = nil, progress: Progress = .automatic,
    compiling: Bool = true, using generator: inout RandomGenerator
  ) throws -> History {
    requireBatchSize(batchSize, for: "fit")
    let all = TensorDataset(inputs: inputs, targets: targets)
    var training = all
    var held: TensorDataset?
    switch validation {
    case .none: break
    case .data(let inputs, let targets): held = TensorDataset(inputs: inputs, targets: targets)
    case .split(let share): (training, held) = try all.split(holding: share, using: &generator)
    }
    return try fit(
      DataLoader(training, batchSize: batchSize, shuffle: shuffles, using: &generator),
      loss: loss, optimizer: optimizer, epochs: epochs, metrics: metrics, validation: held,
      schedule: schedule, accumulating: accumulating, callbacks: callbacks,
      resumingFrom: checkpoint, progress: progress, compiling: compiling)
  }
}

extension TensorDataset {
  /// The rows in two parts, drawn at random, each in the order of the whole.
  fileprivate func split(
    holding share: Double, using generator: inout RandomGenerator
  ) throws -> (TensorDataset, TensorDataset?) {
    guard (0...1).contains(share) else {
      fatalError("fit: the share \(share) of rows to validate on must lie in 0...1")
    }
    let parts = Splits.parts(of: count, fractions: [1 - share, share], using: &generator)
    for (part, purpose) in zip(parts, ["train", "validate"]) where part.isEmpty {
      throw EmptyData(
        purpose: purpose, reason: "\(count) rows, and a share of \(share) to validate on")
    }
    let rows = parts.map { batch(at: $0) }
    return (
      TensorDataset(inputs: rows[0].inputs, targets: rows[0].targets),
      TensorDataset(inputs: rows[1].inputs, targets: rows[1].targets)
    )
  }
}
