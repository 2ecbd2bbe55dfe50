import Autograd
import NN
import Testing

@Suite struct VisionErrorTests {
  private static func zeros(_ shape: Shape) -> Variable { Variable(Tensor.zeros(shape)) }

  @Test func `A kernel larger than the input is an error that names the layer`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential {
        Conv2d(inputs: 1, outputs: 2, kernelSize: 3, using: &generator)
        MaxPool2d(size: 2)
        Conv2d(inputs: 2, outputs: 2, kernelSize: 5, using: &generator)
      }
      _ = model(Self.zeros([1, 1, 8, 8]))
    }
    expect(result, says: "conv2d: the window spans 5 elements", "[1, 2, 3, 3]", "(in 2)")
    let pool = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        ReLU()
        AveragePool1d(size: 4)
      }
      _ = model(Self.zeros([2, 1, 3]))
    }
    expect(pool, says: "averagePool1d: the window spans 4 elements", "[2, 1, 3]", "(in 1)")
  }

  @Test func `Groups that do not divide the channels are an error`() async {
    let made = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv2d(inputs: 3, outputs: 4, kernelSize: 3, groups: 2, using: &generator)
    }
    expect(made, says: "Conv2d: 2 groups do not divide 3 inputs and 4 outputs")
    let given = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1d(weight: Self.zeros([3, 1, 2]), geometry: ConvolutionGeometry(groups: 2))
    }
    expect(given, says: "Conv1d: 2 groups do not divide axis 0 of the weight float32 [3, 1, 2]")
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = ConvTranspose2d(inputs: 0, outputs: 4, kernelSize: 3, using: &generator)
    }
    expect(none, says: "ConvTranspose2d: 0 inputs and 4 outputs")
  }

  @Test func `An input without an axis of examples is an error with a hint`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let layer = Conv2d(inputs: 3, outputs: 4, kernelSize: 3, using: &generator)
      _ = layer(Self.zeros([3, 8, 8]))
    }
    expect(
      result, says: "conv2d: the input float32 [3, 8, 8] does not have 4 axes with 3 channels",
      "unsqueezed(axis: 0)")
    let gray = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv2d(inputs: 1, outputs: 2, kernelSize: 3, using: &generator)(Self.zeros([5, 8, 8]))
    }
    expect(gray, says: "conv2d: the input float32 [5, 8, 8]", "unsqueezed(axis: 1) has one channel")
    let last = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv2d(inputs: 3, outputs: 2, kernelSize: 3, using: &generator)(Self.zeros([5, 8, 8, 3]))
    }
    expect(last, says: "conv2d: the input float32 [5, 8, 8, 3]", "movingAxis(-1, to: 1)")
    let lazy = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv1d.lazy(outputs: 4, kernelSize: 3, using: &generator)(Self.zeros([3, 8]))
    }
    expect(lazy, says: "Conv1d: the input float32 [3, 8] does not have 3 axes")
    let global = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GlobalAveragePool()(Self.zeros([3, 8]))
    }
    expect(global, says: "GlobalAveragePool: the input float32 [3, 8] is not [N, C, …]")
  }

  @Test func `Variables and sizes that do not fit a layer are errors where it is made`() async {
    let weight = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2d(weight: Self.zeros([2, 1, 3]))
    }
    expect(weight, says: "Conv2d: the weight float32 [2, 1, 3] does not have 4 axes")
    let bias = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConvTranspose1d(weight: Self.zeros([2, 3, 3]), bias: Self.zeros([2]))
    }
    expect(bias, says: "ConvTranspose1d: the bias float32 [2] does not have shape [3]")
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Conv3d(inputs: 1, outputs: 1, kernelSize: [3, 3], using: &generator)
    }
    expect(kernel, says: "Conv3d: kernelSize [3, 3] does not fit 3 spatial axes")
    let output = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = ConvTranspose1d(
        inputs: 1, outputs: 1, kernelSize: 3, stride: 2, outputPadding: 2, using: &generator)
    }
    expect(output, says: "ConvTranspose1d: outputPadding 2 is not below the stride 2")
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { Pad(4, mode: .reflect) }(Self.zeros([1, 1, 3]))
    }
    expect(padding, says: "padded: the widths (4, 4) are too large for axis 2", "(in 0)")
  }
}
