import Autograd

// Normalizations of each example by itself, over its last axes or over groups of its channels. They
// do the same in training and in evaluation.

/// Normalizes over the last axes: (x − μ) / √(σ² + ε) · weight + bias (Ba, Kiros and Hinton,
/// arXiv:1607.06450).
public struct LayerNorm: Layer {
  /// What the normalized elements are multiplied by, of the normalized shape, or nil.
  public let weight: Variable?
  /// What is added then, of the normalized shape, or nil.
  public let bias: Variable?
  /// The last axes of the input, over which it is normalized.
  public let shape: Shape
  /// What is added to the variance.
  public let epsilon: Double

  /// Creates the layer with weights 1 and biases 0.
  ///
  /// - Parameters:
  ///   - shape: The last axes of the input; at least one, else it is an error.
  ///   - epsilon: What is added to the variance.
  ///   - affine: Whether there are weights.
  ///   - bias: Whether there are biases, too.
  ///   - dtype: float32 or float64.
  public init(
    shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true,
    dtype: DType = .float32
  ) {
    requireAxes(shape, for: "LayerNorm")
    self.shape = shape
    self.epsilon = epsilon
    (weight, self.bias) = scaleAndShift(shape, affine, bias: bias, dtype)
  }

  /// The name with the normalized shape.
  public var label: String { "LayerNorm(\(shape))" }

  /// Normalizes x of shape […] + ``shape``; stops with an error for others.
  public func forward(_ x: Variable) -> Variable {
    requireLastAxes(shape, of: x, for: label)
    return layerNorm(
      x, normalizedAxes: shape.rank, weight: weight, bias: bias, epsilon: epsilon)
  }
}

/// Divides by the root mean square over the last axes: x / √(mean x² + ε) · weight (Zhang and
/// Sennrich, arXiv:1910.07467).
public struct RMSNorm: Layer {
  /// What the normalized elements are multiplied by, of the normalized shape, or nil.
  public let weight: Variable?
  /// The last axes of the input, over which it is normalized.
  public let shape: Shape
  /// What is added to the mean square, or nil for the distance from 1 to the next number of the
  /// input's type.
  public let epsilon: Double?

  /// Creates the layer with weights 1.
  ///
  /// - Parameters:
  ///   - shape: The last axes of the input; at least one, else it is an error.
  ///   - epsilon: What is added to the mean square; nil for 2⁻²³ in float32 and 2⁻⁵² in float64, as
  ///     in PyTorch.
  ///   - affine: Whether there are weights.
  ///   - dtype: float32 or float64.
  public init(
    shape: Shape, epsilon: Double? = nil, affine: Bool = true, dtype: DType = .float32
  ) {
    requireAxes(shape, for: "RMSNorm")
    self.shape = shape
    self.epsilon = epsilon
    weight = scaleAndShift(shape, affine, bias: false, dtype).weight
  }

  /// The name with the normalized shape.
  public var label: String { "RMSNorm(\(shape))" }

  /// Normalizes x of shape […] + ``shape``; stops with an error for others.
  public func forward(_ x: Variable) -> Variable {
    requireLastAxes(shape, of: x, for: label)
    let smallest = x.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    return rmsNorm(
      x, normalizedAxes: shape.rank, weight: weight, epsilon: epsilon ?? smallest)
  }
}

/// Normalizes over groups of channels and all spatial axes: (x − μ) / √(σ² + ε) · weight + bias (Wu
/// and He, arXiv:1803.08494).
public struct GroupNorm: Layer {
  /// What the normalized channels are multiplied by, of shape [channels], or nil.
  public let weight: Variable?
  /// What is added then, of shape [channels], or nil.
  public let bias: Variable?
  /// The number of groups.
  public let groups: Int
  /// The number of channels.
  public let channels: Int
  /// What is added to the variance.
  public let epsilon: Double

  /// Creates the layer with weights 1 and biases 0.
  ///
  /// - Parameters:
  ///   - groups: The number of groups of channels that follow each other.
  ///   - channels: The number of channels; stops with an error unless the groups divide it.
  ///   - epsilon: What is added to the variance.
  ///   - affine: Whether there are weights and biases.
  ///   - dtype: float32 or float64.
  public init(
    groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true,
    dtype: DType = .float32
  ) {
    requirePositive(channels: channels, for: "GroupNorm")
    guard groups > 0, channels % groups == 0 else {
      fatalError("GroupNorm: \(groups) groups do not divide \(channels) channels")
    }
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    (weight, bias) = scaleAndShift([channels], affine, dtype)
  }

  /// The name with the numbers of groups and channels.
  public var label: String { "GroupNorm(\(groups) groups of \(channels) channels)" }

  /// Normalizes x of shape [N, C, …]; stops with an error for another number of channels.
  public func forward(_ x: Variable) -> Variable {
    requireChannels(channels, of: x, for: label)
    return groupNorm(x, groups: groups, weight: weight, bias: bias, epsilon: epsilon)
  }
}

private func requireAxes(_ shape: Shape, for layer: String) {
  guard shape.rank > 0, shape.elementCount > 0 else {
    fatalError("\(layer): the shape \(shape) has no elements in at least one axis")
  }
}

private func requireLastAxes(_ shape: Shape, of x: Variable, for label: String) {
  guard x.shape.suffix(shape.rank).elementsEqual(shape) else {
    fatalError(
      "\(label): the input \(describe(x)) does not end in the axes \(shape)\(location())")
  }
}
