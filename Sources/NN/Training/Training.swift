import Autograd

/// A training that is under way, as its callbacks see it.
public final class Training {
  /// The model.
  public let model: any Module
  /// The rule that improves its parameters.
  public let optimizer: any Optimizer
  /// The number of epochs after which it ends.
  public let epochs: Int
  /// The number of batches in an epoch.
  public let batchCount: Int
  /// The epoch that is under way, or has just ended, counted from 1.
  public internal(set) var epoch = 1
  /// The batches of the epoch that have been trained on.
  public internal(set) var batch = 0
  /// The updates of the parameters so far, in all epochs.
  public internal(set) var step = 0
  /// The loss of the last batch, NaN before the first.
  public internal(set) var loss = Double.nan
  /// The epochs that have ended.
  public internal(set) var history: History
  /// Why the training is about to end early, if it is.
  public private(set) var stopReason: String?

  /// The losses of the epoch so far, summed over examples, and the number of these.
  var lossSum = 0.0
  var exampleCount = 0

  /// Whether the learning rate is a function of the updates so far.
  let hasSchedule: Bool
  let loader: any PositionedLoader
  let callbacks: [any Callback]
  /// Found once: the walk over the model takes time.
  let randomSources: [(name: String, source: RandomSource)]

  init(
    of model: any Module, by optimizer: any Optimizer, epochs: Int, quantities: [Quantity],
    loader: any PositionedLoader, callbacks: [any Callback] = [], hasSchedule: Bool = false
  ) {
    self.model = model
    self.optimizer = optimizer
    self.epochs = epochs
    self.loader = loader
    self.callbacks = callbacks
    self.hasSchedule = hasSchedule
    batchCount = loader.batchCount
    history = History(of: quantities)
    randomSources = model.namedRandomSources
  }

  /// Ends the training after the batch or epoch that is under way.
  ///
  /// - Parameter reason: For people; the first one given stands in the ``History``.
  public func stop(_ reason: String) { stopReason = stopReason ?? reason }

  /// The last value of a quantity, nil before the end of the first epoch.
  ///
  /// Stops with an error that lists the quantities if this one is not kept.
  public func last(_ quantity: Quantity) -> Double? { history[quantity].last }

  /// The mean loss of the epoch so far.
  var meanLoss: Double { lossSum / Double(exampleCount) }

  /// The least validation loss, or the least loss if there is no validation.
  var defaultCriterion: Criterion {
    .least(history.quantities.contains(.validationLoss) ? .validationLoss : .loss)
  }
}

/// A loader as checkpoints need it.
protocol PositionedLoader: AnyObject {
  var batchCount: Int { get }
  var position: DataLoaderPosition { get set }
  func savedState() -> [String: Tensor]
  func load(_ saved: [String: Tensor]) throws(StateError)
}

extension DataLoader: PositionedLoader {
  /// The number of examples in a batch of an epoch.
  func exampleCount(ofBatch batch: Int) -> Int {
    Swift.min(batchSize, sampler.count - batch * batchSize)
  }
}
