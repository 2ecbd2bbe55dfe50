// Normalizations: shift and scale by statistics of the data, then by learned weights. The variance
// is that of the elements themselves (divided by n), computed in two passes.

/// The result of ``batchNorm(_:weight:bias:epsilon:)`` and the statistics of its batch.
public struct BatchNormalization {
  /// The normalized batch.
  public let output: Variable
  /// The mean of each channel, shape [C].
  public let mean: Variable
  /// The variance of each channel (divided by n), shape [C].
  public let variance: Variable
}

/// Normalizes each channel by the statistics of its batch: (x − μ) / √(σ² + ε) · weight + bias
/// (training).
///
/// Statistics are over all axes but axis 1; they are returned so that running averages can follow
/// them (Ioffe and Szegedy, arXiv:1502.03167).
///
/// - Parameters:
///   - x: Shape [N, C, …]; stops with an error for fewer than two axes.
///   - weight: Shape [C], or nil for ones.
///   - bias: Shape [C], or nil for zeros.
///   - epsilon: What is added to the variance.
public func batchNorm(
  _ x: Variable, weight: Variable? = nil, bias: Variable? = nil, epsilon: Double = 1e-5
) -> BatchNormalization {
  requireChannels(x, "batchNorm")
  requireVectors(x, weight, bias, "batchNorm")
  if let result = channelNorm(x, groups: 0, weight: weight, bias: bias, epsilon: epsilon),
    let mean = result.mean, let variance = result.variance
  {
    return BatchNormalization(output: result.output, mean: mean, variance: variance)
  }
  let axes = [0] + Array(2..<x.rank)
  let channels: Shape = [x.shape[1]]
  let normalized = Standardized(x, axes: axes, epsilon: epsilon)
  return BatchNormalization(
    output: scaleChannels(normalized.output, weight, bias, "batchNorm"),
    mean: normalized.mean.reshaped(to: channels),
    variance: normalized.variance.reshaped(to: channels))
}

/// Normalizes each channel by given statistics (inference).
///
/// - Parameters:
///   - x: Shape [N, C, …]; stops with an error for fewer than two axes.
///   - mean: Shape [C].
///   - variance: Shape [C].
///   - weight: Shape [C], or nil for ones.
///   - bias: Shape [C], or nil for zeros.
///   - epsilon: What is added to the variance.
public func batchNorm(
  _ x: Variable, mean: Variable, variance: Variable, weight: Variable? = nil,
  bias: Variable? = nil, epsilon: Double = 1e-5
) -> Variable {
  requireChannels(x, "batchNorm")
  let mean = perChannel(mean, x, "mean", "batchNorm")
  let factor = rsqrt(perChannel(variance, x, "variance", "batchNorm") + Variable(epsilon))
  return scaleChannels((x - mean) * factor, weight, bias, "batchNorm")
}

/// Normalizes over the last axes of each element of a batch (Ba et al., arXiv:1607.06450).
///
/// - Parameters:
///   - x: Any shape.
///   - normalizedAxes: How many of the last axes are normalized together.
///   - weight: The shape of those axes, or nil for ones.
///   - bias: The shape of those axes, or nil for zeros.
///   - epsilon: What is added to the variance.
public func layerNorm(
  _ x: Variable, normalizedAxes: Int = 1, weight: Variable? = nil, bias: Variable? = nil,
  epsilon: Double = 1e-5
) -> Variable {
  requireTrailingAxes(x, normalizedAxes, weight, bias, "layerNorm")
  return rowNorm(
    x, axes: normalizedAxes, weight: weight, bias: bias, epsilon: epsilon, isCentered: true)
}

/// Divides by the root mean square over the last axes: x / √(mean x² + ε) · weight
/// (arXiv:1910.07467).
///
/// - Parameters:
///   - x: Any shape.
///   - normalizedAxes: How many of the last axes are normalized together.
///   - weight: The shape of those axes, or nil for ones.
///   - epsilon: What is added to the mean square.
public func rmsNorm(
  _ x: Variable, normalizedAxes: Int = 1, weight: Variable? = nil, epsilon: Double = 1e-6
) -> Variable {
  requireTrailingAxes(x, normalizedAxes, weight, nil, "rmsNorm")
  return rowNorm(
    x, axes: normalizedAxes, weight: weight, bias: nil, epsilon: epsilon, isCentered: false)
}

/// Normalizes over groups of channels and all spatial axes of each element of a batch
/// (arXiv:1803.08494).
///
/// - Parameters:
///   - x: Shape [N, C, …]; stops with an error for fewer than two axes.
///   - groups: The number of groups; divides C, else stops with an error.
///   - weight: Shape [C], or nil for ones.
///   - bias: Shape [C], or nil for zeros.
///   - epsilon: What is added to the variance.
public func groupNorm(
  _ x: Variable, groups: Int, weight: Variable? = nil, bias: Variable? = nil,
  epsilon: Double = 1e-5
) -> Variable {
  requireChannels(x, "groupNorm")
  guard groups > 0, x.shape[1] % groups == 0 else {
    fatalError(
      "groupNorm: \(groups) groups do not divide the channels of \(describe(x))\(location(of: x))")
  }
  return inGroups(x, groups, weight, bias, epsilon, "groupNorm")
}

/// Group norm of x, whose channels the groups divide.
private func inGroups(
  _ x: Variable, _ groups: Int, _ weight: Variable?, _ bias: Variable?, _ epsilon: Double,
  _ operation: String
) -> Variable {
  requireVectors(x, weight, bias, operation)
  if groups > 0,
    let result = channelNorm(x, groups: groups, weight: weight, bias: bias, epsilon: epsilon)
  {
    return result.output
  }
  let size = x.count / Swift.max(1, x.shape[0] * groups)
  let grouped = x.reshaped(to: [x.shape[0], groups, size])
  let normalized = Standardized(grouped, axes: [2], epsilon: epsilon).output
  return scaleChannels(normalized.reshaped(to: x.shape), weight, bias, operation)
}

/// Normalizes over the spatial axes of each channel of each element of a batch (arXiv:1607.08022).
///
/// - Parameters:
///   - x: Shape [N, C, …]; stops with an error for fewer than three axes.
///   - weight: Shape [C], or nil for ones.
///   - bias: Shape [C], or nil for zeros.
///   - epsilon: What is added to the variance.
public func instanceNorm(
  _ x: Variable, weight: Variable? = nil, bias: Variable? = nil, epsilon: Double = 1e-5
) -> Variable {
  guard x.rank > 2 else {
    fatalError("instanceNorm: \(describe(x)) has no spatial axes\(location(of: x))")
  }
  return inGroups(x, x.shape[1], weight, bias, epsilon, "instanceNorm")
}

/// Data shifted and scaled to mean 0 and variance 1 over some axes.
private struct Standardized {
  let output: Variable
  let mean: Variable
  let variance: Variable

  init(_ x: Variable, axes: [Int], epsilon: Double) {
    x.requireFloatingPoint("normalization")
    mean = x.mean(axes: axes, keepingAxes: true)
    let deviations = x - mean
    variance = square(deviations).mean(axes: axes, keepingAxes: true)
    output = deviations * rsqrt(variance + Variable(epsilon))
  }
}

private func scaled(_ x: Variable, _ weight: Variable?, _ bias: Variable?) -> Variable {
  var result = x
  if let weight { result = result * weight }
  if let bias { result = result + bias }
  return result
}

private func scaleChannels(
  _ x: Variable, _ weight: Variable?, _ bias: Variable?, _ operation: String
) -> Variable {
  scaled(
    x, weight.map { perChannel($0, x, "weight", operation) },
    bias.map { perChannel($0, x, "bias", operation) })
}

/// Stops with an error unless weight and bias have an element for each channel of x.
private func requireVectors(
  _ x: Variable, _ weight: Variable?, _ bias: Variable?, _ operation: String
) {
  if let weight { _ = perChannel(weight, x, "weight", operation) }
  if let bias { _ = perChannel(bias, x, "bias", operation) }
}

/// A vector along the channels of x, with axes of size 1 so that it broadcasts.
private func perChannel(
  _ vector: Variable, _ x: Variable, _ name: String, _ operation: String
) -> Variable {
  guard vector.shape == [x.shape[1]] else {
    fatalError(
      "\(operation): the \(name) \(describe(vector)) does not fit the \(x.shape[1]) channels "
        + "of \(describe(x))"
        + location(of: vector, x))
  }
  return vector.reshaped(to: Shape([x.shape[1]] + x.shape.dropFirst(2).map { _ in 1 }))
}

private func requireChannels(_ x: Variable, _ operation: String) {
  guard x.rank >= 2 else {
    fatalError("\(operation): \(describe(x)) has no axis of channels\(location(of: x))")
  }
}

private func requireTrailingAxes(
  _ x: Variable, _ count: Int, _ weight: Variable?, _ bias: Variable?, _ operation: String
) {
  x.requireFloatingPoint(operation)
  guard count > 0, count <= x.rank else {
    fatalError(
      "\(operation): \(describe(x)) does not have \(count) axes to normalize\(location(of: x))")
  }
  let shape = Shape(x.shape.suffix(count))
  for (name, variable) in [("weight", weight), ("bias", bias)] {
    if let variable, variable.shape != shape {
      fatalError(
        "\(operation): the \(name) \(describe(variable)) does not fit the last axes \(shape) "
          + "of \(describe(x))"
          + location(of: variable, x))
    }
  }
}
