import Autograd

/// What a model makes of one batch.
public struct BatchResult {
  /// One number, to be made small; usually a mean over the examples of the batch.
  public let loss: Variable
  /// What metrics compare: what the model says, and what it should say.
  public let prediction, target: Variable?

  /// The number that the loss is.
  var lossNumber: Double {
    requireOneNumber()
    return loss.item()
  }

  func requireOneNumber() {
    guard loss.count == 1 else {
      fatalError(
        "fit, evaluate: the loss of a batch has shape \(loss.shape); it must be one number, such as "
          + "the mean over the examples")
    }
  }

  /// A result; without prediction and target if there are no metrics.
  public init(loss: Variable, prediction: Variable? = nil, target: Variable? = nil) {
    self.loss = loss
    self.prediction = prediction
    self.target = target
  }
}

/// Metrics fed batch by batch.
struct MetricSet {
  private(set) var metrics: [any Metric]

  init(_ metrics: [any Metric]) {
    let names = metrics.map(\.name)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      fatalError("metrics: two are named '\(name)'")
    }
    self.metrics = metrics
    reset()
  }

  var names: [String] { metrics.map(\.name) }
  var values: [Double] { metrics.map(\.value) }

  mutating func reset() {
    for index in metrics.indices { metrics[index].reset() }
  }

  mutating func update(_ result: BatchResult) {
    if metrics.isEmpty { return }
    guard let prediction = result.prediction, let target = result.target else {
      fatalError("metrics: the results of batches have no prediction and target to compare")
    }
    withoutRecording {
      for index in metrics.indices {
        metrics[index].update(prediction: prediction.detached(), target: target)
      }
    }
  }
}

/// The loop that every training is.
struct Trainer<Source: Dataset> {
  typealias Element = Source.Element

  let training: Training
  let loader: DataLoader<Source>
  var metrics: MetricSet
  let validation: (any Dataset<Element>)?
  let schedule: Schedule?
  let accumulating: Int
  var display: ProgressDisplay
  let compute: BatchFunction<Element>
  /// Whether the epoch under way was begun by a training of which only the losses are known.
  var isResumedInside = false

  /// Trains until the last epoch, or until a callback stops it.
  mutating func run(resumingFrom checkpoint: String?) throws -> History {
    let (training, callbacks) = (training, training.callbacks)
    for callback in callbacks { try callback.trainingBegins(training) }
    if let checkpoint { try training.resume(from: checkpoint) }
    isResumedInside = training.exampleCount > 0
    let modes = compute.modes
    let before = modes.map(\.isTraining)
    for mode in modes { mode.isTraining = true }
    defer {
      for (mode, wasTraining) in zip(modes, before) { mode.isTraining = wasTraining }
      display.finish()
    }
    while training.epoch <= training.epochs {
      if training.exampleCount == 0 { training.batch = 0 }
      for callback in callbacks { try callback.epochBegins(training) }
      if training.stopReason != nil { break }
      try runEpoch()
      if training.stopReason != nil { break }
      training.epoch += 1
    }
    training.history.stopReason = training.stopReason
    for callback in callbacks { try callback.trainingEnds(training) }
    return training.history
  }

  /// An epoch with its validation, from wherever the loader is.
  private mutating func runEpoch() throws {
    let (training, callbacks) = (training, training.callbacks)
    let start = ContinuousClock.now
    try trainEpoch()
    // An epoch that a callback broke off has no result.
    if training.stopReason != nil { return }
    for callback in callbacks { try callback.validationBegins(training) }
    var row = [training.meanLoss]
    row += isResumedInside ? metrics.values.map { _ in .nan } : metrics.values
    isResumedInside = false
    if let validation {
      metrics.reset()
      let (loss, values) = try training.model.evaluate(
        validation, batchSize: loader.batchSize, metrics: &metrics, compute)
      row += [loss] + values
    }
    let rate = training.optimizer.learningRate.cast(to: .float64).item()
    row += [rate, (ContinuousClock.now - start).seconds]
    training.history.append(row)
    (training.lossSum, training.exampleCount) = (0, 0)
    metrics.reset()
    for callback in callbacks { try callback.epochEnds(training) }
    display.epochEnded(training)
  }

  private mutating func trainEpoch() throws {
    let training = training
    // The end of an epoch that was trained on before.
    if training.exampleCount == 0, loader.position.batch == loader.batchCount {
      _ = try loader.next()
    }
    while true {
      let group = try nextGroup()
      if group.isEmpty { return }
      if let schedule { training.optimizer.learningRate = Variable(schedule(training.step)) }
      try update(by: group)
      display.batchEnded(training)
      for callback in training.callbacks { try callback.batchEnds(training) }
      if training.stopReason != nil { return }
    }
  }

  /// The batches of the next update.
  private func nextGroup() throws -> [(element: Element, count: Int)] {
    var group: [(Element, Int)] = []
    while group.count < accumulating {
      let count = loader.exampleCount(ofBatch: loader.position.batch)
      // A group ends with its epoch; the next call finds that out.
      if !group.isEmpty, loader.position.batch == loader.batchCount { break }
      guard let element = try loader.next() else { break }
      group.append((element, count))
    }
    return group
  }
}

extension Duration {
  /// The duration as a number.
  var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
