import Autograd

/// Normalizes each channel of each example over its spatial axes: (x − μ) / √(σ² + ε) · weight +
/// bias (Ulyanov, Vedaldi and Lempitsky, arXiv:1607.08022).
///
/// One type for all shapes [N, C, …]: PyTorch's InstanceNorm1d, 2d and 3d, with its defaults: no
/// weights, and no running averages.
public struct InstanceNorm: Layer {
  /// What the normalized channels are multiplied by, of shape [channels], or nil.
  public let weight: Variable?
  /// What is added then, of shape [channels], or nil.
  public let bias: Variable?
  /// The number of channels.
  public let channels: Int
  /// The rate of the running averages.
  public let momentum: Double
  /// What is added to the variance.
  public let epsilon: Double
  let statistics: ChannelStatistics?
  let mode = Mode()

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - channels: The number of channels, at least 1.
  ///   - epsilon: What is added to the variance.
  ///   - momentum: The rate at which the averages follow.
  ///   - affine: Whether there are weights, 1 at first, and biases, 0 at first.
  ///   - tracksStatistics: Whether there are running averages of mean and variance, by which
  ///     examples are normalized when evaluating.
  ///   - dtype: float32 or float64.
  public init(
    channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    tracksStatistics: Bool = false, dtype: DType = .float32
  ) {
    requirePositive(channels: channels, for: "InstanceNorm")
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

  /// Weight, bias and the averages under PyTorch's names; "num_batches_tracked" stays 0, as there.
  public var members: [(name: String, value: Any)] {
    [("weight", weight as Any), ("bias", bias as Any), ("mode", mode)]
      + (statistics?.members ?? [])
  }

  /// The averages.
  public var buffers: [Variable] { statistics?.buffers ?? [] }

  /// The name with the number of channels.
  public var label: String { "InstanceNorm(\(channels))" }

  /// Normalizes x of shape [N, C, …] with one spatial axis or more.
  ///
  /// Stops with an error for another number of channels, and where an example's own statistics are
  /// needed but a channel has a single element.
  public func forward(_ x: Variable) -> Variable {
    let axes = Array(spatialAxes(of: x, for: label))
    requireChannels(channels, of: x, for: label)
    if !mode.isTraining, let statistics {
      // Copies: a graph that is recorded now must survive averages that move on.
      return batchNorm(
        x, mean: statistics.mean.detached(), variance: statistics.variance.detached(),
        weight: weight, bias: bias, epsilon: epsilon)
    }
    guard x.shape.dropFirst(2).contains(where: { $0 != 1 }) else {
      fatalError(
        "\(label): the input \(describe(x)) has one element for each channel of an example, which "
          + "has no variance\(location())")
    }
    if mode.isTraining, let statistics, x.count > 0 {
      let values = x.detached()
      statistics.update(
        mean: values.mean(axes: [0] + axes),
        variance: values.variance(axes: axes, correction: 1).mean(axis: 0),
        rate: Variable(momentum))
    }
    return instanceNorm(x, weight: weight, bias: bias, epsilon: epsilon)
  }
}
