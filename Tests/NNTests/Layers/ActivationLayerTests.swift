import Autograd
import NN
import Testing

@Suite struct ActivationLayerTests {
  private static let layers: [(name: String, layer: @Sendable () -> any Layer)] = [
    ("ReLU", { ReLU() }), ("ReLU6", { ReLU6() }), ("LeakyReLU", { LeakyReLU(slope: 0.2) }),
    ("RReLU evaluating", { evaluatingRReLU() }),
    ("Threshold", { Threshold(limit: 0.5, value: -2) }),
    ("ELU", { ELU(alpha: 0.7) }), ("SELU", { SELU() }), ("CELU", { CELU(alpha: 0.7) }),
    ("GELU", { GELU() }), ("GELU tanh", { GELU(approximation: .tanh) }), ("SiLU", { SiLU() }),
    ("Hardswish", { Hardswish() }), ("Mish", { Mish() }), ("Softplus", { Softplus(beta: 2) }),
    ("Sigmoid", { Sigmoid() }), ("LogSigmoid", { LogSigmoid() }),
    ("Hardsigmoid", { Hardsigmoid() }), ("Tanh", { Tanh() }), ("Hardtanh", { Hardtanh() }),
    ("Hardtanh wide", { Hardtanh(low: -3, high: 6) }), ("Softsign", { Softsign() }),
    ("Hardshrink", { Hardshrink() }), ("Softshrink", { Softshrink() }),
    ("Tanhshrink", { Tanhshrink() }),
    ("Softmax", { Softmax() }), ("Softmax axis 1", { Softmax(axis: 1) }),
    ("Softmin", { Softmin(axis: 1) }), ("LogSoftmax", { LogSoftmax(axis: -2) }),
    ("Softmax2d", { Softmax2d() }), ("GLU", { GLU(axis: 1) }), ("GLU last", { GLU() }),
  ]

  @Sendable private static func evaluatingRReLU() -> RReLU {
    var generator = RandomGenerator(seed: 0)
    let layer = RReLU(low: 0.1, high: 0.3, using: &generator)
    layer.isTraining = false
    return layer
  }

  @Test(arguments: layers.map(\.name))
  func `Values and derivatives are PyTorch's, also at kinks`(name: String) throws {
    let reference = try References(topic: "activations")(name)
    let layer = Self.layers.first { $0.name == name }!.layer()
    let x = reference.leaf("x")
    reference.expect(layer(x), gradientsBy: ["x": x])
    #expect(layer.parameters.isEmpty)
  }

  @Test func `Each case of PyTorch's is compared`() throws {
    let names = try References(topic: "activations").names
    #expect(
      Set(names) == Set(Self.layers.map(\.name) + ["PReLU", "PReLU channels", "PReLU rank 2"]))
  }

  @Test(arguments: layers.map(\.name))
  func `First and second derivatives are those of differences`(name: String) {
    let layer = Self.layers.first { $0.name == name }!.layer()
    expectDerivatives(of: layer, at: numbers([1, 2, 2, 2], low: -2.45, high: 2.35))
  }

  @Test func `Learned slopes are PyTorch's`() throws {
    let references = try References(topic: "activations")
    try references("PReLU").expect(layer: PReLU(dtype: .float64))
    try references("PReLU channels").expect(layer: PReLU(channels: 4, dtype: .float64))
    try references("PReLU rank 2").expect(layer: PReLU(channels: 3, dtype: .float64))
    expect(PReLU().weight, equals: [0.25])
    expectDerivatives(of: PReLU(channels: 2, dtype: .float64), at: numbers([2, 2, 3]))
  }

  @Test func `Random slopes differ from element to element and are the mean in evaluation`() {
    var generator = RandomGenerator(seed: 1)
    let layer = RReLU(using: &generator)
    let x = Variable(Tensor.full(-1, [10_000]), requiresGradient: true)
    let y = layer(x)
    let slopes = y.value.doubles().map { -$0 }
    #expect(slopes.allSatisfy { (0.125...1.0 / 3).contains($0) })
    #expect(Set(slopes).count > 9000)
    // The standard deviation of U(1/8, 1/3) is 0.06.
    let mean = slopes.reduce(0, +) / 10_000
    #expect(abs(mean - 0.22917) < 5 * 0.0006)
    let gradient = gradient(of: y.sum(), withRespectTo: x)
    #expect(gradient.value.doubles() == slopes)
    expect(layer(double([0, 2])), equals: [0, 2])
    let evaluated = layer.evaluating { layer(double([-48, 3])) }
    expect(evaluated, equals: [-11, 3])
  }

  @Test func `Far from 0 there is no overflow`() {
    let far = double([-1e300, 1e300])
    expect(Hardswish()(far), equals: [0, 1e300])
    expect(Mish()(far), equals: [0, 1e300])
    expect(SELU()(far), equals: [-1.7580993408473766, 1.0507009873554805e300])
    expect(CELU(alpha: 2)(far), equals: [-2, 1e300])
    expect(Softsign()(far), equals: [-1, 1])
    expect(GLU()(far), equals: [-1e300])
    for layer in [Hardswish(), Mish(), SELU(), CELU(), Softsign(), ELU()] as [any Layer] {
      let x = Variable(far.value, requiresGradient: true)
      let slopes = gradient(of: layer(x).sum(), withRespectTo: x).value.doubles()
      #expect(slopes.allSatisfy { $0.isFinite }, "\(layer.label): \(slopes)")
    }
  }

  @Test func `Empty inputs stay empty and types stay what they are`() {
    for layer in Self.layers.map({ $0.layer() }) {
      let y = layer(Variable(Tensor.zeros([1, 2, 3, 4])))
      #expect(y.dtype == .float32, "\(layer.label)")
      #expect(layer(Variable(Tensor.zeros([0, 2, 3, 4]))).count == 0, "\(layer.label)")
    }
  }

  @Test func `Layers print their numbers`() {
    #expect(Hardtanh(low: -2, high: 3).label == "Hardtanh(low: -2.0, high: 3.0)")
    #expect(PReLU(channels: 4).label == "PReLU(4)")
    #expect(Threshold(limit: 1, value: 0).label == "Threshold(limit: 1.0, value: 0.0)")
  }

  @Test func `Shapes that do not fit are errors that say where`() async {
    let slopes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Identity()
        PReLU(channels: 3)
      }
      _ = model(Variable(Tensor.zeros([2, 4])))
    }
    expect(slopes, says: "prelu: the slope float32 [3]", "[2, 4]", "(in 1)")
    let image = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { Softmax2d() }(Variable(Tensor.zeros([2, 4])))
    }
    expect(image, says: "Softmax2d: the input float32 [2, 4] is neither", "(in 0)")
    let half = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential { GLU() }(Variable(Tensor.zeros([2, 5])))
    }
    expect(half, says: "glu: axis 1 of float32 [2, 5]", "(in 0)")
  }
}
