import Autograd
import NN
import Testing

@Suite struct NormalizationEdgeTests {
  @Test func `A graph survives averages that move on after it was recorded`() {
    let layer = BatchNorm(channels: 2, dtype: .float64)
    let x = Variable(numbers([4, 2]).value, requiresGradient: true)
    let before = layer.evaluating { layer(x) }
    let loss = (before + layer(x)).sum()
    loss.backward()
    // Evaluating by mean 0 and variance 1, and a batch whose sum does not depend on x.
    expect(x.gradient, equals: [Double](repeating: 1 / (1 + 1e-5).squareRoot(), count: 8))
  }

  @Test func `Evaluating leaves the averages alone`() {
    let layer = BatchNorm(channels: 2)
    let before = layer.state()
    layer.evaluating { _ = layer(Variable(Tensor.ones([3, 2]))) }
    #expect(layer.state().mapValues { $0.doubles() } == before.mapValues { $0.doubles() })
    _ = layer(Variable(Tensor.ones([3, 2])))
    #expect(layer.batchCount?.value.array(of: Int64.self) == [1])
    expect(layer.runningMean, equals: [0.1, 0.1], within: 1e-7)
    expect(layer.runningVariance, equals: [0.9, 0.9], within: 1e-7)
  }

  @Test func `Averages are buffers that training and unfreezing leave alone`() {
    let layer = BatchNorm(channels: 2)
    #expect(layer.namedParameters.map(\.name) == ["weight", "bias"])
    #expect(
      layer.namedBuffers.map(\.name) == ["running_mean", "running_var", "num_batches_tracked"])
    layer.freeze()
    layer.unfreeze()
    #expect(layer.namedParameters.count == 2)
    let y = layer(Variable(Tensor([1, 3, 5, 7], shape: [2, 2]).converted(to: .float32)))
    #expect(y.requiresGradient)
    #expect(layer.runningMean?.requiresGradient == false)
    #expect(layer.runningMean?.isLeaf == true)
  }

  @Test func `A part of a model evaluates while the rest trains`() {
    let model = Sequential {
      BatchNorm(channels: 2)
      BatchNorm(channels: 2)
    }
    model.layers[0].isTraining = false
    _ = model(Variable(Tensor.ones([3, 2])))
    let counts = model.namedBuffers.filter { $0.name.hasSuffix("tracked") }
    #expect(counts.map { $0.value.item() } == [0, 1])
    #expect(model.description.contains("0: BatchNorm(2), 4 parameters, evaluating"))
    #expect(!model.description.contains("1: BatchNorm(2), 4 parameters, evaluating"))
  }

  @Test func `Examples without variance give the bias, and finite gradients`() {
    let x = Variable(Tensor.full(0.3, [2, 4, 3], dtype: .float64), requiresGradient: true)
    let layers: [any Layer] = [
      BatchNorm(channels: 4, dtype: .float64), InstanceNorm(channels: 4),
      LayerNorm(shape: [3], dtype: .float64), GroupNorm(groups: 2, channels: 4, dtype: .float64),
    ]
    for layer in layers {
      let y = layer(x)
      #expect(y.value.doubles().allSatisfy { abs($0) < 1e-12 }, "\(layer.label)")
      let slopes = gradient(of: square(y).sum(), withRespectTo: x).value.doubles()
      #expect(slopes.allSatisfy { abs($0) < 1e-9 }, "\(layer.label)")
    }
    let zeros = Variable(Tensor.zeros([2, 3], dtype: .float64), requiresGradient: true)
    let y = RMSNorm(shape: [3], dtype: .float64)(zeros)
    #expect(y.value.doubles() == [0, 0, 0, 0, 0, 0])
    let slopes = gradient(of: y.sum(), withRespectTo: zeros).value.doubles()
    #expect(slopes.allSatisfy { $0.isFinite })
  }

  @Test func `Empty batches pass`() {
    let layers: [any Layer] = [
      InstanceNorm(channels: 4, tracksStatistics: true), LayerNorm(shape: [4, 3]),
      RMSNorm(shape: [3]), GroupNorm(groups: 2, channels: 4), LocalResponseNorm(size: 3),
    ]
    for layer in layers {
      #expect(layer(Variable(Tensor.zeros([0, 4, 3]))).shape == [0, 4, 3], "\(layer.label)")
      #expect(layer.state().values.allSatisfy { $0.doubles().allSatisfy(\.isFinite) })
    }
  }

  @Test func `A weight that is normalised by its spectrum stretches nothing`() {
    var generator = RandomGenerator(seed: 3)
    let linear = Linear(weight: double([3, 0, 0, 1], [2, 2]))
    let layer = SpectralNorm(linear, using: &generator)
    expect(layer.weight, equals: [1, 0, 0, 1.0 / 3], within: 1e-7)
    let (left, right) = (layer.left.value.doubles(), layer.right.value.doubles())
    _ = layer.evaluating { layer(double([1, 1], [1, 2])) }
    #expect(layer.left.value.doubles() == left && layer.right.value.doubles() == right)
    #expect(layer.label == "SpectralNorm(Linear(2 → 2, no bias))")
    let zero = SpectralNorm(Linear(weight: double([0, 0, 0, 0], [2, 2])), using: &generator)
    #expect(zero.left.value.doubles() == [0, 0])
  }

  @Test func `A wrapped layer computes what it did before`() {
    var generator = RandomGenerator(seed: 0)
    let linear = Linear(inputs: 4, outputs: 3, using: &generator)
    let x = Variable(numbers([2, 4]).value.converted(to: .float32))
    let layer = WeightNorm(linear)
    #expect(allClose(layer(x), linear(x), relative: 1e-6, absolute: 1e-6))
    #expect(layer.length.shape == [3, 1])
    let names = ["bias", "parametrizations.weight.original0", "parametrizations.weight.original1"]
    #expect(Sequential { layer }.namedParameters.map(\.name) == names.map { "0.\($0)" })
  }
}
