import Autograd
import NN
import Testing

/// Convolution layers against PyTorch's values and gradients in float64, with its names of
/// parameters.
@Suite struct ConvolutionReferenceTests {
  @Test func `Convolutions are PyTorch's in value and in all gradients`() throws {
    var generator = RandomGenerator(seed: 0)
    func conv1d(
      _ outputs: Int, _ kernel: SpatialSizes, stride: SpatialSizes = 1,
      padding: ConvolutionPadding = 0, dilation: SpatialSizes = 1, groups: Int = 1,
      bias: Bool = true
    ) -> Conv1d {
      Conv1d(
        inputs: 2, outputs: outputs, kernelSize: kernel, stride: stride, padding: padding,
        dilation: dilation, groups: groups, bias: bias, dtype: .float64, using: &generator)
    }
    func conv2d(
      _ outputs: Int, _ kernel: SpatialSizes, stride: SpatialSizes = 1,
      padding: ConvolutionPadding = 0, mode: PaddingMode = .zeros, dilation: SpatialSizes = 1,
      groups: Int = 1, bias: Bool = true
    ) -> Conv2d {
      Conv2d(
        inputs: 2, outputs: outputs, kernelSize: kernel, stride: stride, padding: padding,
        paddingMode: mode, dilation: dilation, groups: groups, bias: bias, dtype: .float64,
        using: &generator)
    }
    func conv3d(
      _ outputs: Int, _ kernel: SpatialSizes, stride: SpatialSizes = 1,
      padding: ConvolutionPadding, mode: PaddingMode = .zeros
    ) -> Conv3d {
      Conv3d(
        inputs: 2, outputs: outputs, kernelSize: kernel, stride: stride, padding: padding,
        paddingMode: mode, dtype: .float64, using: &generator)
    }
    let separable = SeparableConv2d(
      inputs: 2, outputs: 3, kernelSize: 3, stride: 2, padding: 1, depthMultiplier: 2,
      dtype: .float64, using: &generator)
    try expectReferences(
      "convolution", of: { !$0.hasPrefix("transpose") },
      [
        "conv1d": conv1d(3, 3),
        "conv1d all": conv1d(6, 3, stride: 2, padding: 2, dilation: 2, groups: 2),
        "conv1d same": conv1d(2, 4, padding: .same, bias: false),
        "conv1d sparse": conv1d(2, 2, stride: 4),
        "conv2d": conv2d(3, 3),
        "conv2d all": conv2d(
          2, [2, 3], stride: [2, 1], padding: [1, 2], dilation: [3, 1], groups: 2),
        "conv2d depthwise": conv2d(4, 3, padding: 1, groups: 2),
        "conv2d pointwise": conv2d(6, 1),
        "conv2d pointwise groups": conv2d(6, 1, groups: 2, bias: false),
        "conv2d pointwise padded": conv2d(3, 1, padding: 1),
        "conv2d few places": conv2d(6, 1),
        "conv2d whole": conv2d(3, [5, 4]),
        "conv2d reflect": conv2d(2, 3, padding: [2, 1], mode: .reflect),
        "conv2d replicate": conv2d(2, 3, padding: [2, 1], mode: .replicate),
        "conv2d circular": conv2d(2, 3, padding: [2, 1], mode: .circular),
        "conv2d reflect same": conv2d(2, [2, 3], padding: .same, mode: .reflect),
        "conv2d replicate same": conv2d(2, [2, 3], padding: .same, mode: .replicate),
        "conv2d circular same": conv2d(2, [2, 3], padding: .same, mode: .circular),
        "conv2d empty": conv2d(3, 3),
        "conv2d pointwise empty": conv2d(3, 1),
        "conv3d": conv3d(2, [2, 3, 2], stride: [1, 2, 1], padding: [1, 0, 1]),
        "conv3d circular": conv3d(1, 2, padding: 1, mode: .circular),
        "separable": separable, "weight norm": WeightNorm(conv2d(3, 2)),
      ])
  }

  @Test func `Transposed convolutions are PyTorch's in value and in all gradients`() throws {
    var generator = RandomGenerator(seed: 0)
    let flat = ConvTranspose1d(
      inputs: 2, outputs: 3, kernelSize: 3, dtype: .float64, using: &generator)
    let flatWithAll = ConvTranspose1d(
      inputs: 2, outputs: 6, kernelSize: 3, stride: 3, padding: 2, outputPadding: 1, groups: 2,
      dilation: 2, dtype: .float64, using: &generator)
    let image = ConvTranspose2d(
      inputs: 2, outputs: 2, kernelSize: 4, stride: 2, padding: 1, dtype: .float64,
      using: &generator)
    let imageWithAll = ConvTranspose2d(
      inputs: 2, outputs: 4, kernelSize: [3, 2], stride: [2, 3], padding: [1, 0],
      outputPadding: [1, 2], groups: 2, bias: false, dtype: .float64, using: &generator)
    let small = ConvTranspose2d(
      inputs: 2, outputs: 2, kernelSize: 2, dtype: .float64, using: &generator)
    let deep = ConvTranspose3d(
      inputs: 2, outputs: 2, kernelSize: [2, 3, 2], stride: [1, 2, 1], padding: [0, 1, 1],
      outputPadding: [0, 1, 0], dtype: .float64, using: &generator)
    let normalized = SpectralNorm(
      ConvTranspose1d(inputs: 2, outputs: 3, kernelSize: 2, dtype: .float64, using: &generator),
      axis: 1, using: &generator)
    normalized.isTraining = false
    try expectReferences(
      "convolution", of: { $0.hasPrefix("transpose") },
      [
        "transpose1d": flat, "transpose1d all": flatWithAll, "transpose2d": image,
        "transpose2d all": imageWithAll, "transpose2d empty": small, "transpose3d": deep,
        "transpose spectral norm": normalized,
      ])
  }
}

/// Compares one layer with each case of a topic whose name fulfils a condition; the input is
/// "input".
func expectReferences(
  _ topic: String, of isIncluded: (String) -> Bool = { _ in true },
  _ layers: [String: any Layer], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let references = try References(topic: topic)
  #expect(
    layers.keys.sorted() == references.names.filter(isIncluded), sourceLocation: sourceLocation)
  for (name, layer) in layers {
    try references(name).expect(layer, sourceLocation)
  }
}

extension Reference {
  fileprivate func expect(_ layer: some Layer, _ sourceLocation: SourceLocation) throws {
    try expect(layer, inputs: ["input"], sourceLocation: sourceLocation) { $0($1[0]) }
  }
}
