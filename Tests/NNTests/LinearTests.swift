import Autograd
import NN
import Testing

@Suite struct LinearTests {
  @Test func `y = x Wᵀ + b`() {
    let layer = Linear(
      weight: double([1, 2, 3, 4, 5, 6], [3, 2]), bias: double([0.5, -0.5, 0]))
    let y = layer(double([1, -1, 0, 2], [2, 2]))
    #expect(y.shape == [2, 3])
    expect(y, equals: [-0.5, -1.5, -1, 4.5, 7.5, 12])
    expect(layer(double([1, -1])), equals: [-0.5, -1.5, -1])
    #expect(layer(double([Double](repeating: 1, count: 16), [2, 4, 2])).shape == [2, 4, 3])
  }

  @Test func `Gradients reach weight, bias and input`() {
    let layer = Linear(
      weight: double([1, 2, 3, 4], [2, 2], requiresGradient: true),
      bias: double([0, 0], requiresGradient: true))
    let x = double([1, -1, 0, 2, 3, 1], [3, 2], requiresGradient: true)
    layer(x).sum().backward()
    expect(layer.weight.gradient, equals: [4, 2, 4, 2])
    expect(layer.bias?.gradient, equals: [3, 3])
    expect(x.gradient, equals: [4, 6, 4, 6, 4, 6])
  }

  @Test(arguments: [DType.float32, .float64])
  func `Weights are uniform within one over the root of the inputs`(dtype: DType) {
    var generator = RandomGenerator(seed: 7)
    let layer = Linear(inputs: 100, outputs: 400, dtype: dtype, using: &generator)
    #expect(layer.weight.shape == [400, 100])
    #expect(layer.bias?.shape == [400])
    #expect(layer.weight.dtype == dtype)
    #expect(layer.parameters.allSatisfy { $0.requiresGradient })
    let weights = layer.weight.value.doubles()
    #expect(weights.allSatisfy { abs($0) <= 0.1 })
    // The variance of U(−a, a) is a²/3; 40,000 draws give it within 1 %.
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(variance - 0.01 / 3) < 0.0001)
    let mean = weights.reduce(0, +) / Double(weights.count)
    #expect(abs(mean) < 0.001)
    let biases = layer.bias?.value.doubles() ?? []
    #expect(biases.allSatisfy { abs($0) <= 0.1 } && Set(biases).count > 390)
  }

  @Test func `A seed decides the weights`() {
    func weights(_ seed: UInt64) -> [Float] {
      var generator = RandomGenerator(seed: seed)
      return Linear(inputs: 3, outputs: 2, using: &generator).weight.array()
    }
    #expect(weights(1) == weights(1))
    #expect(weights(1) != weights(2))
  }

  @Test func `Without a bias there is none`() {
    var generator = RandomGenerator(seed: 1)
    let layer = Linear(inputs: 2, outputs: 3, bias: false, using: &generator)
    #expect(layer.bias == nil)
    #expect(layer.namedParameters.map(\.name) == ["weight"])
    #expect(layer.label == "Linear(2 → 3, no bias)")
    expect(layer(Variable(Tensor.zeros([1, 2]))), equals: [0, 0, 0])
  }

  @Test func `A wrong input is an error that names the layer`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let model = Sequential {
        Linear(inputs: 2, outputs: 8, using: &generator)
        Tanh()
        Linear(inputs: 9, outputs: 1, using: &generator)
      }
      _ = model.parameters
      _ = model(Variable(Tensor.zeros([4, 2])))
    }
    expect(result, says: "Linear(9 → 1): the input", "[4, 8]", "9 elements", "[1, 9]", "(in 2)")
  }

  @Test func `A weight that is no matrix is an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(weight: Variable(Tensor.zeros([3, 2])), bias: Variable(Tensor.zeros([2])))
    }
    expect(result, says: "Linear: the weight [3, 2] and the bias [2]")
  }
}
