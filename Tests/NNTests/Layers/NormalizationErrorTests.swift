import Autograd
import NN
import Testing

@Suite struct NormalizationErrorTests {
  @Test func `A channel with a single element has no variance to train with`() async {
    let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Identity()
        BatchNorm(channels: 3)
      }
      let single = Variable(Tensor.zeros([1, 3]))
      _ = model.evaluating { model(single) }
      _ = model(Variable(Tensor.zeros([1, 3, 2])))
      _ = model(single)
    }
    expect(
      batch, says: "BatchNorm(3): the input float32 [1, 3] has one element for each channel",
      "(in 1)")
    let instance = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { InstanceNorm(channels: 3) }(Variable(Tensor.zeros([2, 3, 1])))
    }
    expect(
      instance, says: "InstanceNorm(3): the input float32 [2, 3, 1] has one element", "(in 0)")
  }

  @Test func `Inputs that do not fit are errors that say where`() async {
    let channels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { BatchNorm(channels: 3) }(Variable(Tensor.zeros([2, 4])))
    }
    expect(
      channels, says: "BatchNorm(3): the input float32 [2, 4] is not [N, C, …] with C = 3",
      "(in 0)")
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { InstanceNorm(channels: 3) }(Variable(Tensor.zeros([2, 3])))
    }
    expect(rank, says: "InstanceNorm(3): the input float32 [2, 3]", "spatial axes", "(in 0)")
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { GroupNorm(groups: 2, channels: 4) }(Variable(Tensor.zeros([2, 3])))
    }
    expect(groups, says: "GroupNorm(2 groups of 4 channels)", "[2, 3]", "C = 4", "(in 0)")
    let axes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { LayerNorm(shape: [3, 4]) }(Variable(Tensor.zeros([4])))
    }
    expect(
      axes, says: "LayerNorm([3, 4]): the input float32 [4] does not end in the axes [3, 4]",
      "(in 0)")
    let root = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { RMSNorm(shape: [3]) }(Variable(Tensor.zeros([2, 4])))
    }
    expect(root, says: "RMSNorm([3]): the input float32 [2, 4]", "(in 0)")
    let response = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { LocalResponseNorm(size: 3) }(Variable(Tensor.zeros([2, 4])))
    }
    expect(response, says: "LocalResponseNorm(3): the input float32 [2, 4]", "(in 0)")
    let wrapped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let layer = WeightNorm(Linear(inputs: 3, outputs: 2, using: &generator))
      _ = Sequential { layer }(Variable(Tensor.zeros([2, 4])))
    }
    expect(wrapped, says: "Linear(3 → 2): the input float32 [2, 4]", "(in 0)")
  }

  @Test func `Layers that cannot be are errors`() async {
    let channels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm(channels: 0)
    }
    expect(channels, says: "BatchNorm: 0 channels")
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GroupNorm(groups: 3, channels: 4)
    }
    expect(groups, says: "GroupNorm: 3 groups do not divide 4 channels")
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LayerNorm(shape: [])
    }
    expect(shape, says: "LayerNorm: the shape []")
    let direction = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WeightNorm(Linear(weight: [[1, 2], [0, 0]]))
    }
    expect(direction, says: "WeightNorm: zeros have no direction", "Linear(2 → 2, no bias)")
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = SpectralNorm(Linear(weight: [[1, 2]]), axis: 2, using: &generator)
    }
    expect(axis, says: "SpectralNorm: 1 iterations along axis 2 of the weight [1, 2]")
  }
}
