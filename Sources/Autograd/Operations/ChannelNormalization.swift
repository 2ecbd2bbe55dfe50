import Kernels

// Batch norm and group norm as primitives. Instance norm is group norm with a group for each channel.

private final class ChannelNormBox: AttributeBox {
  /// The number of groups of channels that are normalized together, or 0 for each channel over the
  /// batch.
  let groups: Int
  let epsilon: Double
  let hasWeight: Bool
  let hasBias: Bool

  init(groups: Int, epsilon: Double, hasWeight: Bool, hasBias: Bool) {
    self.groups = groups
    self.epsilon = epsilon
    self.hasWeight = hasWeight
    self.hasBias = hasBias
  }

  /// How many gradients are sums.
  var sums: Int { (hasWeight ? 1 : 0) + (hasBias ? 1 : 0) }

  /// What x is seen as, and its axes that are normalized together; the weight has the other ones,
  /// and those of the channels.
  func view(of x: Variable) -> (shape: Shape, axes: [Int], weight: Shape) {
    let (batch, channels) = (x.shape[0], x.shape[1])
    let length = x.count / (batch * channels)
    if groups == 0 { return ([batch, channels, length], [0, 2], [channels, 1]) }
    let size = channels / groups
    return ([batch, groups, size, length], [2, 3], [groups, size, 1])
  }

  /// What is normalized together has a mean and a variance.
  func statistics(of x: Variable) -> Int { groups == 0 ? x.shape[1] : x.shape[0] * groups }
}

/// The result, the means and the variances, one after the other; inputs x, weight and bias.
let channelNormForwardPrimitive = Primitive(
  "channelNormForward",
  .custom { s in
    let box = s.box(ChannelNormBox.self)
    let out = s.node.fields.pointee
    let inputs = (0..<s.node.inputCount).map { s[$0].dense() }
    let memory = inputs.map { UnsafeRawPointer($0.node.fields.pointee.data) }
    let x = inputs[0]
    k_channel_norm(
      out.dtype.kernelType, out.data, memory[0], box.hasWeight ? memory[1] : nil,
      box.hasBias ? memory[memory.count - 1] : nil, Int64(x.shape[0]), Int64(x.shape[1]),
      Int64(x.count / (x.shape[0] * x.shape[1])), Int64(box.groups), box.epsilon)
    withExtendedLifetime(inputs) {}
  }, rule: .none)

/// The result alone, which lies in that of ``channelNormForwardPrimitive``; inputs x, that, weight and
/// bias.
let channelNormPrimitive = Primitive(
  "channelNorm", .view,
  rule: .allInputs { s, g in
    let box = s.box(ChannelNormBox.self)
    let (x, channels) = (s[0], s[0].shape[1])
    let partials = box.groups == 0 ? 0 : x.shape[0]
    let all = channelNormGradientPrimitive.apply(
      to: [x, g.dense(), s[1]] + (box.hasWeight ? [s[2]] : []),
      shape: [x.count + (1 + partials) * box.sums * channels], dtype: x.dtype,
      attributes: .box(box))
    // Copies: what is kept of the gradient of a parameter should not hold that of x.
    let sums = (0..<box.sums).map {
      all.part(from: x.count + $0 * channels, shape: [channels]).copied()
    }
    return [all.part(from: 0, shape: x.shape), nil] + sums
  })

/// The gradients by x, weight and bias, and memory for partial sums; inputs x, g, the forward result
/// and weight.
let channelNormGradientPrimitive = Primitive(
  "channelNormGradient",
  .custom { s in
    let box = s.box(ChannelNormBox.self)
    let out = s.node.fields.pointee
    let (x, g, forward) = (s[0].dense(), s[1].dense(), s[2])
    let weight = box.hasWeight ? s[3].dense() : nil
    k_channel_norm_gradient(
      out.dtype.kernelType, out.data, x.node.fields.pointee.data,
      weight.map { UnsafeRawPointer($0.node.fields.pointee.data) }, box.hasBias,
      forward.node.fields.pointee.data, g.node.fields.pointee.data, Int64(x.shape[0]),
      Int64(x.shape[1]), Int64(x.count / (x.shape[0] * x.shape[1])), Int64(box.groups),
      box.epsilon)
    withExtendedLifetime((x, g, weight)) {}
  },
  rule: .allInputs { s, cotangent in
    let box = s.box(ChannelNormBox.self)
    let (x, channels) = (s[0], s[0].shape[1])
    let view = box.view(of: x)
    let sums = (0..<box.sums).map {
      cotangent.part(from: x.count + $0 * channels, shape: view.weight)
    }
    let gradient = NormalizationGradient(
      x: x.reshaped(to: view.shape), g: s[1].reshaped(to: view.shape),
      weight: box.hasWeight ? s[3].reshaped(to: view.weight) : nil, axes: view.axes,
      epsilon: box.epsilon, isCentered: true)
    let parts = gradient.cotangents(
      byX: cotangent.part(from: 0, shape: view.shape), byWeight: box.hasWeight ? sums[0] : nil,
      byBias: box.hasBias ? sums[box.sums - 1] : nil)
    return [
      parts.x.reshaped(to: x.shape), parts.g.reshaped(to: x.shape), nil,
      parts.weight.map { $0.reshaped(to: [channels]) },
    ]
  })

/// The mean of each channel over the batch, which lies in the forward result; inputs x and that.
let channelMeanPrimitive = Primitive(
  "channelMean", .view,
  rule: .perInput([{ s, g in overChannels(g, s[0]) / statisticsCount(s[0]) }, nil]))

/// The variance of each channel over the batch, likewise; ∂/∂x: 2 (x − μ) g / n.
let channelVariancePrimitive = Primitive(
  "channelVariance", .view,
  rule: .perInput([
    { s, g in
      let axes = [0] + Array(2..<s[0].rank)
      let deviation = s[0] - s[0].mean(axes: axes, keepingAxes: true)
      return 2 * deviation * (overChannels(g, s[0]) / statisticsCount(s[0]))
    }, nil,
  ]))

/// A vector along axis 1 of x.
private func overChannels(_ vector: Variable, _ x: Variable) -> Variable {
  vector.reshaped(to: Shape([x.shape[1]] + [Int](repeating: 1, count: x.rank - 2)))
}

private func statisticsCount(_ x: Variable) -> Variable {
  Variable(Double(x.count / x.shape[1]))
}

/// Batch norm (no groups) or group norm of x [N, C, …] in one pass, with the statistics of the
/// channels for batch norm; nil where the composition does as well: few elements in a row.
func channelNorm(
  _ x: Variable, groups: Int, weight: Variable?, bias: Variable?, epsilon: Double
) -> (output: Variable, mean: Variable?, variance: Variable?)? {
  let parameters = [weight, bias].compactMap { $0 }
  guard x.dtype.isFloatingPoint, x.count >= 16 * x.shape[0] * x.shape[1], x.count > 0,
    parameters.allSatisfy({ $0.dtype == x.dtype })
  else { return nil }
  let box = ChannelNormBox(
    groups: groups, epsilon: epsilon, hasWeight: weight != nil, hasBias: bias != nil)
  let x = x.dense()
  let count = box.statistics(of: x)
  let forward = withoutRecording {
    channelNormForwardPrimitive.apply(
      to: [x] + parameters.map { $0.dense() }, shape: [x.count + 2 * count], dtype: x.dtype,
      attributes: .box(box))
  }
  let output = channelNormPrimitive.view(
    of: forward, shape: x.shape, inputs: [x, forward] + parameters, attributes: .box(box))
  if groups > 0 { return (output, nil, nil) }
  func statistic(_ primitive: Primitive, _ index: Int) -> Variable {
    primitive.view(
      of: forward, from: x.count + index * count, shape: [count], inputs: [x, forward])
  }
  return (output, statistic(channelMeanPrimitive, 0), statistic(channelVariancePrimitive, 1))
}
