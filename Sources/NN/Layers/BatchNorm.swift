import Autograd

/// Normalizes each channel by the statistics of its batch, and by running averages of them when
/// evaluating: (x − μ) / √(σ² + ε) · weight + bias (Ioffe and Szegedy, arXiv:1502.03167).
///
/// One type for all shapes [N, C, …]: PyTorch's BatchNorm1d, 2d and 3d. The variance is divided by
/// n in the normalization, and by n − 1 in the running average. No gradient flows through the
/// averages. Parts that are frozen should evaluate, too, or their averages move on:
/// `part.isTraining = false`.
public struct BatchNorm: Layer {
  /// What the normalized channels are multiplied by, of shape [channels], or nil.
  public let weight: Variable?
  /// What is added then, of shape [channels], or nil.
  public let bias: Variable?
  /// The number of channels.
  public let channels: Int
  /// The rate of the running averages, or nil if all batches count alike.
  public let momentum: Double?
  /// What is added to the variance.
  public let epsilon: Double
  let statistics: ChannelStatistics?
  let mode = Mode()

  /// Creates the layer with weights 1 and biases 0, averages 0 of the mean and 1 of the variance.
  ///
  /// - Parameters:
  ///   - channels: The number of channels, at least 1.
  ///   - epsilon: What is added to the variance.
  ///   - momentum: The rate at which the averages follow; nil to average all batches alike.
  ///   - affine: Whether there are weights and biases.
  ///   - tracksStatistics: Whether there are running averages; without them, batches are normalized
  ///     by their own statistics when evaluating, too.
  ///   - dtype: float32 or float64.
  public init(
    channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    tracksStatistics: Bool = true, dtype: DType = .float32
  ) {
    requirePositive(channels: channels, for: "BatchNorm")
    self.channels = channels
    self.epsilon = epsilon
    self.momentum = momentum
    (weight, bias) = scaleAndShift([channels], affine, dtype)
    statistics = tracksStatistics ? ChannelStatistics(channels: channels, dtype: dtype) : nil
  }

  /// The running average of the mean, of shape [channels], or nil.
  public var runningMean: Variable? { statistics?.mean }
  /// The running average of the variance, of shape [channels], or nil.
  public var runningVariance: Variable? { statistics?.variance }
  /// The number of batches seen in training, int64, or nil.
  public var batchCount: Variable? { statistics?.count }

  /// Weight, bias and the averages under PyTorch's names.
  public var members: [(name: String, value: Any)] {
    [("weight", weight as Any), ("bias", bias as Any), ("mode", mode)]
      + (statistics?.members ?? [])
  }

  /// The averages.
  public var buffers: [Variable] { statistics?.buffers ?? [] }

  /// The name with the number of channels.
  public var label: String { "BatchNorm(\(channels))" }

  /// Normalizes x of shape [N, C, …].
  ///
  /// Stops with an error for another number of channels, and where the batch's own statistics are
  /// needed but a channel has a single element. An empty batch leaves the averages alone.
  public func forward(_ x: Variable) -> Variable {
    requireChannels(channels, of: x, for: label)
    if !mode.isTraining, let statistics {
      // Copies: a graph that is recorded now must survive averages that move on.
      return batchNorm(
        x, mean: statistics.mean.detached(), variance: statistics.variance.detached(),
        weight: weight, bias: bias, epsilon: epsilon)
    }
    let count = x.count / channels
    guard count != 1 else {
      fatalError(
        "\(label): the input \(describe(x)) has one element for each channel, which has no "
          + "variance; train with larger batches, or evaluate\(location())")
    }
    let result = batchNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    if mode.isTraining, let statistics {
      track(result, count: count, in: statistics)
    }
    return result.output
  }

  private func track(
    _ batch: BatchNormalization, count: Int, in statistics: ChannelStatistics
  ) {
    statistics.count.assign(statistics.count + 1)
    guard count > 0 else { return }
    let rate = momentum.map { Variable($0) } ?? 1 / statistics.count.cast(to: batch.mean.dtype)
    let unbiased = Variable(Double(count) / Double(count - 1)) * batch.variance.detached()
    statistics.update(mean: batch.mean.detached(), variance: unbiased, rate: rate)
  }
}
