import Autograd

/// The perplexity: e to the mean cross-entropy, the number of equally likely classes that would be
/// as hard to guess.
///
/// The prediction holds logits [examples, C, …] or [C]; the target class indices, int64, of the
/// shape without the axis of classes. Others stop with an error. Cross-entropies are computed in
/// double precision.
public struct Perplexity: Metric, Sendable {
  /// "perplexity".
  public let name = "perplexity"
  /// Examples with this class index do not count.
  public let ignoreIndex: Int?
  private var losses = RunningStatistics()

  /// Creates the metric.
  ///
  /// - Parameter ignoreIndex: Examples with this class index do not count, such as padding.
  public init(ignoreIndex: Int? = nil) { self.ignoreIndex = ignoreIndex }

  /// The perplexity; NaN without examples.
  public var value: Double { exp(Variable(Tensor([losses.mean]))).item() }

  /// Takes a batch into account.
  public mutating func update(prediction: Variable, target: Variable) {
    let all = crossEntropy(
      float64(prediction), classIndices: target, ignoreIndex: ignoreIndex, reduction: .none)
    for (loss, label) in zip(all.value.doubles(), target.array(of: Int.self))
    where label != ignoreIndex {
      losses.update(loss)
    }
  }

  /// Forgets all batches.
  public mutating func reset() { self = Perplexity(ignoreIndex: ignoreIndex) }
}
