import Autograd
import NN

/// How to make one of every layer, with the shape of an input; the names are those of the types.
struct LayerCase: Sendable {
  typealias Make = @Sendable (inout RandomGenerator) -> (any Module, (Variable) -> Variable)

  let name: String
  let input: Shape
  let make: Make

  init(_ name: String, _ input: Shape, calling make: @escaping Make) {
    self.name = name
    self.input = input
    self.make = make
  }

  init(
    _ name: String, _ input: Shape = [2, 4],
    _ make: @escaping @Sendable (inout RandomGenerator) -> any Layer
  ) {
    self.init(name, input) { generator in
      let layer = make(&generator)
      return (layer, { layer($0) })
    }
  }
}

/// Whole numbers below 5 that follow from an input.
private func indices(_ x: Variable) -> Variable {
  let x = x.detached()
  return 3 * (x .> 0).cast(to: .int64) + (x .> 0.5).cast(to: .int64)
}

let layerTable: [LayerCase] = activations + structures + dense + spatial + sequences

private let activations: [LayerCase] = [
  LayerCase("Softmax") { _ in Softmax() }, LayerCase("Softmin") { _ in Softmin() },
  LayerCase("LogSoftmax") { _ in LogSoftmax() }, LayerCase("GLU") { _ in GLU() },
  LayerCase("Softmax2d", [2, 2, 3, 3]) { _ in Softmax2d() }, LayerCase("ELU") { _ in ELU() },
  LayerCase("SELU") { _ in SELU() }, LayerCase("CELU") { _ in CELU() },
  LayerCase("GELU") { _ in GELU() }, LayerCase("SiLU") { _ in SiLU() },
  LayerCase("Hardswish") { _ in Hardswish() }, LayerCase("Mish") { _ in Mish() },
  LayerCase("Softplus") { _ in Softplus() }, LayerCase("Sigmoid") { _ in Sigmoid() },
  LayerCase("LogSigmoid") { _ in LogSigmoid() }, LayerCase("Hardsigmoid") { _ in Hardsigmoid() },
  LayerCase("Tanh") { _ in Tanh() }, LayerCase("Hardtanh") { _ in Hardtanh() },
  LayerCase("Softsign") { _ in Softsign() }, LayerCase("Hardshrink") { _ in Hardshrink() },
  LayerCase("Softshrink") { _ in Softshrink() }, LayerCase("Tanhshrink") { _ in Tanhshrink() },
  LayerCase("ReLU") { _ in ReLU() }, LayerCase("ReLU6") { _ in ReLU6() },
  LayerCase("LeakyReLU") { _ in LeakyReLU() }, LayerCase("PReLU") { _ in PReLU(channels: 4) },
  LayerCase("RReLU") { RReLU(using: &$0) },
  LayerCase("Threshold") { _ in Threshold(limit: 0.1, value: 1) },
]

private let structures: [LayerCase] = [
  LayerCase("Identity") { _ in Identity() }, LayerCase("Flatten", [2, 2, 3]) { _ in Flatten() },
  LayerCase("Unflatten") { _ in Unflatten(into: [2, 2]) },
  LayerCase("Reshape") { _ in Reshape(2, 2) },
  LayerCase("Permute", [2, 3, 4]) { _ in Permute(0, 2, 1) },
  LayerCase("Lambda") { _ in Lambda("sine") { sin($0) } },
  LayerCase("Parallel") { generator in
    Parallel(.maximum) {
      Linear(inputs: 4, outputs: 3, using: &generator)
      Linear(inputs: 4, outputs: 3, using: &generator)
    }
  },
  LayerCase("Residual") { generator in
    Residual { Linear(inputs: 4, outputs: 4, using: &generator) }
  },
  LayerCase("Sequential") { generator in
    Sequential {
      Linear(inputs: 4, outputs: 3, using: &generator)
      Tanh()
    }
  },
  LayerCase("Lazy") { generator in
    let layer = Linear.lazy(outputs: 3, using: &generator)
    layer.build(inputShape: [1, 4])
    return layer
  },
]

private let dense: [LayerCase] = [
  LayerCase("Linear") { Linear(inputs: 4, outputs: 3, using: &$0) },
  LayerCase("Bilinear", [2, 4]) { generator in
    let layer = Bilinear(inputs: (4, 4), outputs: 3, using: &generator)
    return (layer, { layer($0, tanh($0)) })
  },
  LayerCase("MLP") { MLP(sizes: [4, 5, 3], dropout: 0.2, using: &$0) },
  LayerCase("LowRankAdapter") { generator in
    LowRankAdapter(Linear(inputs: 4, outputs: 3, using: &generator), rank: 2, using: &generator)
  },
  LayerCase("WeightNorm") { WeightNorm(Linear(inputs: 4, outputs: 3, using: &$0)) },
  LayerCase("SpectralNorm") { generator in
    SpectralNorm(Linear(inputs: 4, outputs: 3, using: &generator), using: &generator)
  },
  LayerCase("Dropout") { Dropout(using: &$0) },
  LayerCase("SpatialDropout", [2, 3, 2, 2]) { SpatialDropout(using: &$0) },
  LayerCase("AlphaDropout") { AlphaDropout(using: &$0) },
  LayerCase("GaussianDropout") { GaussianDropout(using: &$0) },
  LayerCase("GaussianNoise") { GaussianNoise(standardDeviation: 0.1, using: &$0) },
  LayerCase("BatchNorm", [3, 4]) { _ in BatchNorm(channels: 4) },
  LayerCase("InstanceNorm", [2, 3, 4]) { _ in
    InstanceNorm(channels: 3, affine: true, tracksStatistics: true)
  },
  LayerCase("LayerNorm") { _ in LayerNorm(shape: [4]) },
  LayerCase("RMSNorm") { _ in RMSNorm(shape: [4]) },
  LayerCase("GroupNorm", [2, 4, 3]) { _ in GroupNorm(groups: 2, channels: 4) },
  LayerCase("LocalResponseNorm", [2, 4, 3]) { _ in LocalResponseNorm(size: 3) },
]

private let spatial: [LayerCase] = [
  LayerCase("Conv1d", [2, 2, 6]) { Conv1d(inputs: 2, outputs: 3, kernelSize: 3, using: &$0) },
  LayerCase("Conv2d", [2, 2, 5, 5]) {
    Conv2d(inputs: 2, outputs: 4, kernelSize: 3, stride: 2, padding: 1, groups: 2, using: &$0)
  },
  LayerCase("Conv3d", [1, 2, 3, 3, 3]) { Conv3d(inputs: 2, outputs: 2, kernelSize: 2, using: &$0) },
  LayerCase("ConvTranspose1d", [2, 2, 4]) {
    ConvTranspose1d(inputs: 2, outputs: 3, kernelSize: 3, using: &$0)
  },
  LayerCase("ConvTranspose2d", [2, 2, 3, 3]) {
    ConvTranspose2d(inputs: 2, outputs: 3, kernelSize: 2, stride: 2, using: &$0)
  },
  LayerCase("ConvTranspose3d", [1, 2, 2, 2, 2]) {
    ConvTranspose3d(inputs: 2, outputs: 2, kernelSize: 2, using: &$0)
  },
  LayerCase("SeparableConv2d", [2, 2, 4, 4]) {
    SeparableConv2d(inputs: 2, outputs: 3, kernelSize: 3, using: &$0)
  },
  LayerCase("AveragePool1d", [2, 2, 6]) { _ in AveragePool1d(size: 2) },
  LayerCase("AveragePool2d", [2, 2, 4, 4]) { _ in AveragePool2d(size: 3, padding: 1) },
  LayerCase("AveragePool3d", [1, 2, 4, 2, 2]) { _ in AveragePool3d(size: 2) },
  LayerCase("MaxPool1d", [2, 2, 6]) { _ in MaxPool1d(size: 2) },
  LayerCase("MaxPool2d", [2, 2, 4, 4]) { _ in MaxPool2d(size: 3, padding: 1) },
  LayerCase("MaxPool3d", [1, 2, 4, 2, 2]) { _ in MaxPool3d(size: 2) },
  LayerCase("AdaptiveAveragePool1d", [2, 2, 5]) { _ in AdaptiveAveragePool1d(outputSize: 2) },
  LayerCase("AdaptiveAveragePool2d", [2, 2, 4, 5]) { _ in AdaptiveAveragePool2d(outputSize: 2) },
  LayerCase("AdaptiveAveragePool3d", [1, 2, 3, 3, 3]) { _ in AdaptiveAveragePool3d(outputSize: 2) },
  LayerCase("AdaptiveMaxPool1d", [2, 2, 5]) { _ in AdaptiveMaxPool1d(outputSize: 2) },
  LayerCase("AdaptiveMaxPool2d", [2, 2, 4, 5]) { _ in AdaptiveMaxPool2d(outputSize: 2) },
  LayerCase("AdaptiveMaxPool3d", [1, 2, 3, 3, 3]) { _ in AdaptiveMaxPool3d(outputSize: 2) },
  LayerCase("GlobalAveragePool", [2, 3, 2, 2]) { _ in GlobalAveragePool() },
  LayerCase("GlobalMaxPool", [2, 3, 2, 2]) { _ in GlobalMaxPool() },
  LayerCase("Pad", [2, 2, 3, 3]) { _ in Pad(1, mode: .reflect) },
  LayerCase("PixelShuffle", [2, 4, 2, 2]) { _ in PixelShuffle(factor: 2) },
  LayerCase("PixelUnshuffle", [2, 1, 4, 4]) { _ in PixelUnshuffle(factor: 2) },
  LayerCase("ChannelShuffle", [2, 4, 2, 2]) { _ in ChannelShuffle(groups: 2) },
  LayerCase("Unfold2d", [2, 2, 4, 4]) { _ in Unfold2d(size: 2) },
  LayerCase("Fold2d", [2, 8, 9]) { _ in Fold2d(outputSize: 4, size: 2) },
  LayerCase("Upsample", [2, 2, 3, 3]) { _ in Upsample(scale: 2) },
]

private let sequences: [LayerCase] = [
  LayerCase("Embedding", [2, 3]) { generator in
    let layer = Embedding(count: 5, features: 4, paddingIndex: 0, using: &generator)
    return (layer, { layer(indices($0)) + $0.mean() })
  },
  LayerCase("EmbeddingBag", [2, 3]) { generator in
    let layer = EmbeddingBag(count: 5, features: 4, using: &generator)
    return (layer, { layer(indices($0)) + $0.mean() })
  },
  LayerCase("RNNCell", [2, 4]) { generator in
    let layer = RNNCell(inputs: 4, hidden: 3, using: &generator)
    return (layer, { x in layer(x, layer(x)).hidden })
  },
  LayerCase("GRUCell", [2, 4]) { generator in
    let layer = GRUCell(inputs: 4, hidden: 3, using: &generator)
    return (layer, { x in layer(x, layer(x)).hidden })
  },
  LayerCase("LSTMCell", [2, 4]) { generator in
    let layer = LSTMCell(inputs: 4, hidden: 3, using: &generator)
    return (layer, { x in layer(x, layer(x)).hidden })
  },
  LayerCase("Recurrent", [2, 3, 4]) { generator in
    let layer = LSTM(inputs: 4, hidden: 3, bidirectional: true, using: &generator)
    return (layer, { layer($0).outputs })
  },
  LayerCase("SinusoidalPositionalEncoding", [2, 3, 4]) { _ in SinusoidalPositionalEncoding() },
  LayerCase("LearnedPositionalEncoding", [2, 3, 4]) {
    LearnedPositionalEncoding(positions: 5, features: 4, using: &$0)
  },
  LayerCase("MultiHeadAttention", [2, 3, 4]) {
    MultiHeadAttention(features: 4, heads: 2, dropout: 0.1, rotary: RotaryEmbedding(), using: &$0)
  },
  LayerCase("TransformerEncoderLayer", [2, 3, 4]) {
    TransformerEncoderLayer(features: 4, heads: 2, feedForward: 6, using: &$0)
  },
  LayerCase("TransformerEncoder", [2, 3, 4]) { generator in
    TransformerEncoder(
      layers: [TransformerEncoderLayer(features: 4, heads: 2, feedForward: 6, using: &generator)],
      norm: LayerNorm(shape: [4]))
  },
  LayerCase("TransformerDecoderLayer", [2, 3, 4]) { generator in
    let layer = TransformerDecoderLayer(features: 4, heads: 2, feedForward: 6, using: &generator)
    return (layer, { layer($0, memory: tanh($0)) })
  },
  LayerCase("TransformerDecoder", [2, 3, 4]) { generator in
    let layer = TransformerDecoder(layers: [
      TransformerDecoderLayer(features: 4, heads: 2, feedForward: 6, using: &generator)
    ])
    return (layer, { layer($0, memory: tanh($0)) })
  },
  LayerCase("Transformer", [2, 3, 4]) { generator in
    let model = Transformer(
      features: 4, heads: 2, encoderLayers: 1, decoderLayers: 1, feedForward: 6, using: &generator)
    return (model, { model($0, tanh($0)) })
  },
]
