import Autograd

/// A number that says how good a model is, gathered batch by batch.
///
/// Metrics are values: copies count on their own. Counts are integers and sums are exact, so the
/// value does not depend on the order or on the size of the batches.
///
/// ```swift
/// var accuracy = CategoricalAccuracy()
/// for (images, labels) in batches {
///   accuracy.update(prediction: model(images), target: labels)
/// }
/// print(accuracy.name, accuracy.value)
/// ```
public protocol Metric {
  /// A short name for reports, such as "accuracy".
  var name: String { get }

  /// The value for all examples since the beginning or the last ``reset()``.
  ///
  /// NaN if there were none, unless the metric says otherwise.
  var value: Double { get }

  /// Takes a batch into account.
  ///
  /// Nothing is recorded, and gradients do not flow.
  ///
  /// - Parameters:
  ///   - prediction: The model's output, float32 or float64.
  ///   - target: What it should be. Each metric says in which form; others stop with an error.
  mutating func update(prediction: Variable, target: Variable)

  /// Forgets all batches.
  mutating func reset()
}

/// The elements in float64, outside of the graph: as metrics compute.
func float64(_ x: Variable) -> Variable { x.detached().cast(to: .float64) }
