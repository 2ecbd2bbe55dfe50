import Autograd

extension Module {
  /// Trains the model, whatever its call looks like.
  ///
  /// The closure computes a batch. A model of two inputs, on a dataset whose batches have three
  /// tensors:
  ///
  /// ```swift
  /// let history = try model.fit(loader, optimizer: optimizer, epochs: 20) { batch in
  ///   let y = model(Variable(batch.left), Variable(batch.right))
  ///   return BatchResult(loss: meanSquaredError(y, Variable(batch.target)))
  /// }
  /// ```
  ///
  /// Everything else is as for a ``Layer``, where the parameters are explained:
  /// ``Layer/fit(_:loss:optimizer:epochs:metrics:validation:schedule:accumulating:callbacks:resumingFrom:progress:compiling:)``.
  ///
  /// - Parameter compute: From a batch to its loss, and to what metrics compare if there are any.
  /// - Throws: ``EmptyData``, ``NonFiniteLoss``, ``CheckpointError``, ``ComputationChanged``; what
  ///   dataset, closure and callbacks throw.
  @discardableResult
  public func fit<Source: Dataset>(
    _ loader: DataLoader<Source>, optimizer: any Optimizer, epochs: Int,
    metrics: [any Metric] = [], validation: (any Dataset<Source.Element>)? = nil,
    schedule: Schedule? = nil, accumulating: Int = 1, callbacks: [any Callback] = [],
    resumingFrom checkpoint: String? = nil, progress: Progress = .automatic,
    compiling: Bool = true, computing compute: (_ batch: Source.Element) throws -> BatchResult
  ) throws -> History {
    guard epochs >= 0, accumulating > 0 else {
      fatalError(
        "fit: \(epochs) epochs, \(accumulating) batches for an update; at least 0 and 1")
    }
    guard loader.batchCount > 0 else {
      let count = loader.sampler.count
      throw EmptyData(
        purpose: "train",
        reason: count == 0 ? nil : "\(count) are less than a batch of \(loader.batchSize)")
    }
    if let validation, validation.count == 0 { throw EmptyData(purpose: "validate") }
    let set = MetricSet(metrics)
    var quantities = [Quantity.loss] + set.names.map { .metric($0) }
    if validation != nil {
      quantities += [.validationLoss] + set.names.map { .validationMetric($0) }
    }
    // Stable: only checkpoints move.
    let ordered = callbacks.filter { !($0 is Checkpoint) } + callbacks.filter { $0 is Checkpoint }
    let training = Training(
      of: self, by: optimizer, epochs: epochs, quantities: quantities + [.learningRate, .seconds],
      loader: loader, callbacks: ordered, hasSchedule: schedule != nil)
    return try withoutActuallyEscaping(compute) { compute in
      var trainer = Trainer(
        training: training, loader: loader, metrics: set, validation: validation,
        schedule: schedule, accumulating: accumulating, display: ProgressDisplay(progress),
        compute: BatchFunction(of: self, isCompiled: compiling, compute))
      return try trainer.run(resumingFrom: checkpoint)
    }
  }
}

extension Layer {
  /// Trains the model on the batches of a loader.
  ///
  /// ```swift
  /// let history = try model.fit(
  ///   loader, loss: { crossEntropy($0, classIndices: $1) }, optimizer: Adam(model),
  ///   epochs: 20, metrics: [CategoricalAccuracy()], validation: validationData,
  ///   callbacks: [EarlyStopping(patience: 5)])
  /// print(history)
  /// ```
  ///
  /// For each batch it does what a loop by hand does, bit for bit: forget the gradients, predict,
  /// compare, go back, step. The model is in training mode meanwhile, evaluates for the validation,
  /// and is at the end as it was.
  ///
  /// - Parameters:
  ///   - loader: Pairs of inputs and targets. Training begins at its position and leaves it at the
  ///     beginning of an epoch.
  ///   - loss: From predictions and targets to the mean loss of a batch.
  ///   - optimizer: The rule that improves the parameters.
  ///   - epochs: The number of passes over the data.
  ///   - metrics: What else to compute, of the training data (each example at the time it is trained
  ///     on) and of the validation data.
  ///   - validation: Data on which loss and metrics are computed after each epoch.
  ///   - schedule: The learning rate as a function of the updates so far; by default the
  ///     optimizer's stays as it is.
  ///   - accumulating: The number of batches for one update, which is that of one batch of all of
  ///     their examples. The last update of an epoch may have fewer.
  ///   - callbacks: What watches or steers the training.
  ///   - checkpoint: A file that a ``Checkpoint`` has written. If it is there, training continues
  ///     from it, bit for bit, as if it had not been interrupted; if not, it begins anew.
  ///   - progress: Where to show how far it is.
  ///   - compiling: Whether batches are computed by plans, to the same bits, if two recordings of a
  ///     step are the same. Pass false if Swift code in the model or in the loss goes by counters or
  ///     settings that change during the training: it would run while it is recorded only.
  /// - Returns: Loss, metrics, learning rate and duration of each epoch.
  /// - Throws: ``EmptyData`` if there is no batch or nothing to validate on; ``NonFiniteLoss``;
  ///   ``CheckpointError`` if the checkpoint is that of another training; ``ComputationChanged`` if a
  ///   plan turns out not to be what the model does; what dataset and callbacks throw.
  @discardableResult
  public func fit<Source: Dataset<Batch>>(
    _ loader: DataLoader<Source>, loss: (_ prediction: Variable, _ target: Variable) -> Variable,
    optimizer: any Optimizer, epochs: Int, metrics: [any Metric] = [],
    validation: (any Dataset<Batch>)? = nil, schedule: Schedule? = nil, accumulating: Int = 1,
    callbacks: [any Callback] = [], resumingFrom checkpoint: String? = nil,
    progress: Progress = .automatic, compiling: Bool = true
  ) throws -> History {
    try fit(
      loader, optimizer: optimizer, epochs: epochs, metrics: metrics, validation: validation,
      schedule: schedule, accumulating: accumulating, callbacks: callbacks,
      resumingFrom: checkpoint, progress: progress, compiling: compiling
    ) { batch in
      let prediction = self(batch.input)
      return BatchResult(
        loss: loss(prediction, batch.target), prediction: prediction, target: batch.target)
    }
  }
}
