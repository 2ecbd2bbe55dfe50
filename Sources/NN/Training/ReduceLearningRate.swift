import Autograd

/// Lowers the learning rate when a training no longer gets better.
///
/// ```swift
/// let plateau = ReduceOnPlateau(learningRate: 0.1, factor: 0.5, patience: 3)
/// try model.fit(loader, …, callbacks: [ReduceLearningRate(plateau)])
/// ```
///
/// It sets the optimizer's rate from the first epoch on, so there must be no schedule besides; else
/// it stops with an error.
public final class ReduceLearningRate: Callback {
  /// The rule, with the rate now.
  public private(set) var plateau: ReduceOnPlateau
  private let initial: ReduceOnPlateau
  private let givenQuantity: Quantity?
  private var quantity = Quantity.loss

  /// Creates the callback.
  ///
  /// - Parameters:
  ///   - plateau: The rule, which also knows whether small values are good.
  ///   - quantity: What it looks at after each epoch; by default the validation loss, or the loss
  ///     if there is no validation.
  public init(_ plateau: ReduceOnPlateau, by quantity: Quantity? = nil) {
    self.plateau = plateau
    initial = plateau
    givenQuantity = quantity
  }

  /// Begins with the rule's first rate.
  public func trainingBegins(_ training: Training) {
    if training.hasSchedule {
      fatalError("ReduceLearningRate: the training has a schedule, which sets the rate, too")
    }
    quantity = givenQuantity ?? training.defaultCriterion.quantity
    training.history.index(of: quantity, for: "ReduceLearningRate")
    plateau = initial
    training.optimizer.learningRate = Variable(plateau.learningRate)
  }

  /// Sets the rate of the next epoch.
  public func epochEnds(_ training: Training) {
    let rate = plateau.update(with: training.last(quantity)!)
    training.optimizer.learningRate = Variable(rate)
  }

  /// The state of the rule.
  public func savedState() -> [String: Tensor] { plateau.savedState() }

  /// Continues from a saved state.
  ///
  /// - Throws: ``StateError`` if it is not one.
  public func load(_ saved: [String: Tensor]) throws(StateError) { try plateau.load(saved) }
}
