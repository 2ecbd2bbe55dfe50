import Autograd

/// Validates with the averages of the weights that an optimizer keeps, and ends the training with
/// them.
///
/// ```swift
/// let optimizer = Adam(model).averaging(.exponential(decay: 0.999))
/// try model.fit(loader, …, optimizer: optimizer, callbacks: [AverageWeights(of: optimizer)])
/// ```
///
/// List it first: whatever looks at the model at the end of an epoch, such as ``EarlyStopping`` and
/// ``Checkpoint``, then sees the averages. Training itself goes on with the weights.
public final class AverageWeights: Callback {
  /// The optimizer that keeps the averages.
  public let optimizer: AveragedParameters
  /// The weights while the averages are in their place.
  private var own: [Tensor]?

  /// Creates the callback.
  public init(of optimizer: AveragedParameters) { self.optimizer = optimizer }

  /// Forgets earlier trainings.
  public func trainingBegins(_ training: Training) { own = nil }

  /// Puts the weights back.
  public func epochBegins(_ training: Training) {
    guard let own else { return }
    for (parameter, value) in zip(parameters, own) { parameter.assign(Variable(value)) }
    self.own = nil
  }

  /// Puts the averages in the place of the weights.
  public func validationBegins(_ training: Training) { useAverages() }

  /// Leaves the averages in the place of the weights.
  public func trainingEnds(_ training: Training) { useAverages() }

  private var parameters: [Variable] { optimizer.namedParameters.map(\.value) }

  private func useAverages() {
    guard own == nil else { return }
    own = parameters.map(\.value)
    optimizer.assignAverages()
  }

  /// The weights, if the averages are in their place.
  public func savedState() -> [String: Tensor] {
    guard let own else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(optimizer.namedParameters.map(\.name), own))
  }

  /// Continues from a saved state.
  ///
  /// - Throws: ``StateError`` if it is that of other parameters.
  public func load(_ saved: [String: Tensor]) throws(StateError) {
    own = nil
    if saved.isEmpty { return }
    try check(saved, against: optimizer.namedParameters.map { ($0.name, $0.value.value) })
    own = optimizer.namedParameters.map { saved[$0.name]! }
  }
}
