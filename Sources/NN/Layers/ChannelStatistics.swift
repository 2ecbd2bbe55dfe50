import Autograd

/// Running averages of the mean and the variance of each channel, for evaluation.
///
/// The names are PyTorch's, so that its weights load.
struct ChannelStatistics {
  let mean, variance, count: Variable

  init(channels: Int, dtype: DType) {
    mean = Variable(Tensor.zeros([channels], dtype: dtype))
    variance = Variable(Tensor.ones([channels], dtype: dtype))
    count = Variable(Tensor.zeros([], dtype: .int64))
  }

  var buffers: [Variable] { [mean, variance, count] }

  var members: [(name: String, value: Any)] {
    [("running_mean", mean), ("running_var", variance), ("num_batches_tracked", count)]
  }

  /// Moves the averages towards the statistics of a batch: r ← r + rate (s − r).
  func update(mean: Variable, variance: Variable, rate: Variable) {
    withoutRecording {
      self.mean.assign(lerp(self.mean, mean, rate))
      self.variance.assign(lerp(self.variance, variance, rate))
    }
  }
}

/// The weights and biases by which normalized channels are scaled and shifted, or none.
func scaleAndShift(
  _ shape: Shape, _ isAffine: Bool, bias: Bool = true, _ dtype: DType
) -> (weight: Variable?, bias: Variable?) {
  guard isAffine else { return (nil, nil) }
  let weight = Variable(Tensor.ones(shape, dtype: dtype), requiresGradient: true)
  guard bias else { return (weight, nil) }
  return (weight, Variable(Tensor.zeros(shape, dtype: dtype), requiresGradient: true))
}

/// Stops with an error unless x has so many channels in axis 1.
func requireChannels(_ count: Int, of x: Variable, for label: String) {
  guard x.rank >= 2, x.shape[1] == count else {
    fatalError(
      "\(label): the input \(describe(x)) is not [N, C, …] with C = \(count)\(location())")
  }
}

/// Stops with an error for a number of channels below 1.
func requirePositive(channels: Int, for layer: String) {
  guard channels > 0 else {
    fatalError("\(layer): \(channels) channels; there must be at least 1")
  }
}
