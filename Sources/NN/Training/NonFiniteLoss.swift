import Autograd

/// A loss that is NaN or infinite: there is nothing to learn from it.
///
/// The parameters are still those before the batch. To find the place, the batch is computed once
/// more, with the same random numbers.
public struct NonFiniteLoss: Error, CustomStringConvertible {
  /// The epoch and the batch in it, counted from 1.
  public let epoch, batch: Int
  /// The loss.
  public let loss: Double
  /// What was not finite first, for people.
  public let origin: String
  /// The epochs that had ended.
  public let history: History

  /// One sentence for people: "the loss of batch 3 of epoch 2 is nan: the first output that is not
  /// finite is that of 'hidden', Linear(2 → 8)".
  public var description: String {
    "the loss of batch \(batch) of epoch \(epoch) is \(loss.significant(4)): \(origin)"
  }

  init<Element>(
    in training: Training, of element: Element, _ compute: (Element) throws -> BatchResult
  ) {
    epoch = training.epoch
    batch = training.batch
    loss = training.loss
    history = training.history
    if let batch = element as? Batch, !isAllFinite(batch.input) {
      origin = "the inputs of the batch are not all finite"
    } else {
      origin = Self.origin(in: training.model) { _ = try compute(element) }
    }
  }

  private static func origin(in model: any Module, _ call: () throws -> Void) -> String {
    if let name = model.namedParameters.first(where: { !isAllFinite($0.value) })?.name {
      return "the parameter '\(name)' is not finite; the update before was too large, so a smaller "
        + "learning rate or clipped gradients may help"
    }
    let finder = NonFiniteFinder()
    // What the call may throw, it has not thrown a moment ago.
    try? withoutRecording {
      try Scope.run(finder, observer: finder, describe: modulePath, call)
    }
    if let found = finder.found { return "the first output that is not finite is that of \(found)" }
    return "all outputs of the model are finite, so it arose in the loss itself"
  }
}

/// Listens for the first call whose result is not finite.
private final class NonFiniteFinder: CallObserver {
  private(set) var found: String?

  func begin() {}

  func end<Result>(_ module: any Module, _ result: Result) {
    guard found == nil, !variables(in: result).allSatisfy(isAllFinite) else { return }
    found = "'\(modulePath(Scope.owners))', \(module.label)"
  }
}

/// Whether all elements are finite numbers.
private func isAllFinite(_ variable: Variable) -> Bool {
  guard variable.dtype.isFloatingPoint else { return true }
  return withoutRecording { isFinite(variable).all().item() == 1 }
}
