import Autograd
import NN
import Testing

@Suite struct DenseLayerTests {
  private let references: References
  private var generator = RandomGenerator(seed: 0)

  init() throws { references = try References(topic: "dense") }

  @Test mutating func `Affine maps are PyTorch's`() throws {
    try references("Linear").expect(
      layer: Linear(inputs: 3, outputs: 4, dtype: .float64, using: &generator))
    try references("Linear rank 3").expect(
      layer: Linear(inputs: 3, outputs: 2, bias: false, dtype: .float64, using: &generator))
  }

  @Test(arguments: ["[]", "[2]", "[2, 3]", "[0]"])
  func `Bilinear maps are PyTorch's for all ranks`(shape: String) throws {
    var generator = generator
    let layer = Bilinear(inputs: (3, 2), outputs: 4, dtype: .float64, using: &generator)
    let reference = try references("Bilinear \(shape)")
    reference.expectNames(of: layer, inputs: ["input1", "input2"])
    try reference.expect(layer, inputs: ["input1", "input2"]) { $0($1[0], $1[1]) }
  }

  @Test mutating func `A bilinear map may have no bias`() throws {
    let layer = Bilinear(
      inputs: (3, 2), outputs: 4, bias: false, dtype: .float64, using: &generator)
    try references("Bilinear without bias").expect(layer, inputs: ["input1", "input2"]) {
      $0($1[0], $1[1])
    }
    #expect(layer.label == "Bilinear((3, 2) → 4, no bias)")
  }

  @Test mutating func `Derivatives of a bilinear map are those of differences`() {
    let layer = Bilinear(inputs: (3, 2), outputs: 2, dtype: .float64, using: &generator)
    let report = gradCheck(
      { layer($0[0], $0[1]) }, at: [numbers([2, 3]), numbers([2, 2], seed: 2)])
    #expect(report.passed, "\(report)")
  }

  @Test
  mutating func `A bilinear map starts uniform within one over the root of its first inputs`() {
    let layer = Bilinear(inputs: (16, 50), outputs: 50, using: &generator)
    let weights = layer.weight.value.doubles()
    #expect(weights.allSatisfy { abs($0) <= 0.25 })
    let meanSquare = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(meanSquare - 0.0625 / 3) < 0.0005)
    #expect(layer.bias?.value.doubles().allSatisfy { abs($0) <= 0.25 } == true)
  }

  @Test mutating func `A multilayer perceptron is PyTorch's`() throws {
    let layer = MLP(
      sizes: [3, 4, 5, 2], activation: Tanh(), dtype: .float64, using: &generator)
    try references("MLP").expect(layer: layer)
    #expect(layer.label == "MLP(3 → 4 → 5 → 2)")
    expectDerivatives(of: layer, at: numbers([2, 3]))
  }

  @Test mutating func `A multilayer perceptron drops hidden features in training only`() {
    let layer = MLP(sizes: [3, 64, 1], dropout: 0.5, using: &generator)
    let x = Variable(Tensor.ones([1, 3]))
    #expect(layer(x).item() != layer(x).item())
    layer.isTraining = false
    #expect(layer(x).item() == layer(x).item())
    #expect(layer.namedRandomSources.map(\.name) == ["dropout.random"])
    #expect(MLP(sizes: [3, 1], using: &generator).dropout == nil)
    let plain = MLP(sizes: [3, 4, 1], bias: false, using: &generator)
    #expect(plain.namedParameters.map(\.name) == ["layers.0.weight", "layers.1.weight"])
  }

  @Test func `Shapes that do not fit are errors that say where`() async {
    let bilinear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Match: Layer {
        let score: Bilinear
        func forward(_ x: Variable) -> Variable { score(x, x) }
      }
      var generator = RandomGenerator(seed: 0)
      let match = Match(score: Bilinear(inputs: (3, 2), outputs: 4, using: &generator))
      _ = match(Variable(Tensor.zeros([2, 3])))
    }
    expect(
      bilinear, says: "Bilinear((3, 2) → 4): the inputs float32 [2, 3] and float32 [2, 3]",
      "(in score)")
    let perceptron = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      _ = MLP(sizes: [3, 4, 1], using: &generator)(Variable(Tensor.zeros([2, 4])))
    }
    expect(perceptron, says: "Linear(3 → 4): the input float32 [2, 4]", "(in layers.0)")
    let sizes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = MLP(sizes: [3], using: &generator)
    }
    expect(sizes, says: "MLP: the sizes [3] do not name an input and an output")
  }
}
