import Autograd
import NN
import Testing

/// Updates a metric with all rows at once, and again in batches of other sizes and orders; the
/// values must have the same bits.
func value<M: Metric>(
  of metric: M, prediction: Tensor, target: Tensor,
  sourceLocation: SourceLocation = #_sourceLocation
) -> Double {
  var whole = metric
  whole.update(prediction: Variable(prediction), target: Variable(target))
  var generator = RandomGenerator(seed: 7)
  for size in [1, 7, 16] {
    let order = Variable(Tensor.permutation(prediction.shape[0], using: &generator))
    let predictions = indexSelect(Variable(prediction), at: order).split(size: size)
    let targets = indexSelect(Variable(target), at: order).split(size: size)
    var streamed = metric
    streamed.update(prediction: predictions[0], target: targets[0])
    streamed.reset()
    for (prediction, target) in zip(predictions, targets) {
      streamed.update(prediction: prediction, target: target)
    }
    #expect(
      streamed.value.bitPattern == whole.value.bitPattern,
      "\(metric.name) in batches of \(size): \(streamed.value), at once \(whole.value)",
      sourceLocation: sourceLocation)
  }
  return whole.value
}

/// Whether two numbers agree to a relative error that float64 keeps easily.
func expect(
  _ value: Double, near expected: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    abs(value - expected) <= 1e-13 * max(1, abs(expected)), "\(value), expected \(expected)",
    sourceLocation: sourceLocation)
}
