import Autograd
import NN
import Testing

@Suite struct NormalizationLayerTests {
  private let references: References

  init() throws { references = try References(topic: "normalization") }

  private func check(
    _ name: String, _ layer: any Layer, evaluating: Bool = false, twice: Bool = false
  ) throws {
    layer.isTraining = !evaluating
    try references(name).expect(layer: layer) { layer, x in twice ? layer(layer(x)) : layer(x) }
  }

  @Test(arguments: 1...4)
  func `Batch normalisation is PyTorch's for all ranks, with its buffers`(spatialRank: Int) throws {
    let name = "BatchNorm \(spatialRank)"
    try check(name, BatchNorm(channels: 3, dtype: .float64))
    try check("\(name) evaluating", BatchNorm(channels: 3, dtype: .float64), evaluating: true)
  }

  @Test func `Running averages follow at their rate, or average all batches`() throws {
    try check(
      "BatchNorm cumulative", BatchNorm(channels: 3, momentum: nil, dtype: .float64), twice: true)
    try check(
      "BatchNorm momentum", BatchNorm(channels: 3, epsilon: 0.1, momentum: 0.7, dtype: .float64),
      twice: true)
  }

  @Test func `Weights and averages of batch normalisation can be left out`() throws {
    try check("BatchNorm plain", BatchNorm(channels: 3, affine: false, dtype: .float64))
    let untracked = { BatchNorm(channels: 3, tracksStatistics: false, dtype: .float64) }
    try check("BatchNorm untracked", untracked())
    try check("BatchNorm untracked evaluating", untracked(), evaluating: true)
  }

  @Test func `Empty and constant batches are PyTorch's`() throws {
    try check("BatchNorm empty", BatchNorm(channels: 3, dtype: .float64))
    try check("BatchNorm constant", BatchNorm(channels: 3, dtype: .float64))
  }

  @Test func `Instance normalisation is PyTorch's`() throws {
    try check("InstanceNorm", InstanceNorm(channels: 3))
    try check("InstanceNorm affine", InstanceNorm(channels: 3, affine: true, dtype: .float64))
    let tracking = {
      InstanceNorm(
        channels: 3, epsilon: 0.01, momentum: 0.3, affine: true, tracksStatistics: true,
        dtype: .float64)
    }
    try check("InstanceNorm tracking", tracking(), twice: true)
    try check("InstanceNorm tracking evaluating", tracking(), evaluating: true)
    try check(
      "InstanceNorm image", InstanceNorm(channels: 3, tracksStatistics: true, dtype: .float64))
  }

  @Test func `Layer, root mean square and group normalisation are PyTorch's`() throws {
    try check("LayerNorm", LayerNorm(shape: [4], dtype: .float64))
    try check("LayerNorm axes", LayerNorm(shape: [3, 4], epsilon: 0.1, dtype: .float64))
    try check("LayerNorm without bias", LayerNorm(shape: [4], bias: false, dtype: .float64))
    try check("LayerNorm plain", LayerNorm(shape: [4], affine: false))
    try check("RMSNorm", RMSNorm(shape: [4], dtype: .float64))
    try check("RMSNorm axes", RMSNorm(shape: [3, 4], epsilon: 0.1, dtype: .float64))
    try check("RMSNorm small", RMSNorm(shape: [4], affine: false))
    try check("GroupNorm", GroupNorm(groups: 2, channels: 4, dtype: .float64))
    try check("GroupNorm one", GroupNorm(groups: 1, channels: 4, epsilon: 0.1, dtype: .float64))
    try check("GroupNorm vectors", GroupNorm(groups: 2, channels: 4, dtype: .float64))
    try check("GroupNorm plain", GroupNorm(groups: 4, channels: 4, affine: false))
  }

  @Test(arguments: [1, 2, 3, 6])
  func `Local response normalisation is PyTorch's`(size: Int) throws {
    try check(
      "LocalResponseNorm \(size)", LocalResponseNorm(size: size, alpha: 0.5, beta: 0.6, k: 1.5))
  }

  @Test func `Weight normalisation is PyTorch's`() throws {
    var generator = RandomGenerator(seed: 0)
    let linear = Linear(inputs: 4, outputs: 3, dtype: .float64, using: &generator)
    try check("WeightNorm", WeightNorm(linear))
    try check("WeightNorm axis 1", WeightNorm(Linear(weight: linear.weight), axis: 1))
  }

  @Test func `Spectral normalisation is PyTorch's, in training after power iterations`() throws {
    var generator = RandomGenerator(seed: 0)
    let linear = Linear(inputs: 4, outputs: 3, dtype: .float64, using: &generator)
    try check("SpectralNorm", SpectralNorm(linear, using: &generator))
    try check("SpectralNorm axis 1", SpectralNorm(linear, axis: 1, using: &generator))
    try check(
      "SpectralNorm evaluating", SpectralNorm(linear, using: &generator), evaluating: true)
    // Two calls in one graph: the second moves u and v on, which the first must survive.
    try references("SpectralNorm iterations").expect(
      layer: SpectralNorm(linear, iterations: 3, using: &generator)
    ) { $0($1) + $0(2 * $1) }
  }

  @Test func `First and second derivatives are those of differences`() {
    var generator = RandomGenerator(seed: 0)
    let x = numbers([2, 4, 3], low: -2, high: 2)
    let linear = Linear(inputs: 3, outputs: 2, dtype: .float64, using: &generator)
    let evaluating = BatchNorm(channels: 4, dtype: .float64)
    let spectral = SpectralNorm(linear, using: &generator)
    evaluating.isTraining = false
    spectral.isTraining = false
    let layers: [any Layer] = [
      BatchNorm(channels: 4, dtype: .float64), evaluating,
      InstanceNorm(channels: 4, affine: true, tracksStatistics: true, dtype: .float64),
      LayerNorm(shape: [4, 3], dtype: .float64), RMSNorm(shape: [3], dtype: .float64),
      GroupNorm(groups: 2, channels: 4, dtype: .float64), LocalResponseNorm(size: 3, alpha: 0.5),
      WeightNorm(linear), spectral,
    ]
    for layer in layers { expectDerivatives(of: layer, at: x) }
  }
}
