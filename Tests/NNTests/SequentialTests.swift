import Autograd
import NN
import Testing

@Suite struct SequentialTests {
  @Test(arguments: [false, true])
  func `Braces may hold conditions, loops and optional layers`(isDeep: Bool) {
    var generator = RandomGenerator(seed: 3)
    let extra: (any Layer)? = isDeep ? Softmax() : nil
    let model = Sequential {
      Linear(inputs: 2, outputs: 4, using: &generator)
      if isDeep {
        for _ in 0..<2 {
          Linear(inputs: 4, outputs: 4, using: &generator)
          ReLU()
        }
      } else {
        Tanh()
      }
      if let extra { extra }
    }
    #expect(model.layers.count == (isDeep ? 6 : 2))
    #expect(
      model.namedParameters.map(\.name)
        == (isDeep
          ? ["0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"]
          : ["0.weight", "0.bias"]))
    #expect(model(Variable(Tensor.zeros([3, 2]))).shape == [3, 4])
  }

  @Test func `Layers follow each other in order`() {
    let model = Sequential([LeakyReLU(slope: 0.5), Identity(), Flatten(), Tanh()])
    let y = model(double([-2, 1, 0, 4], [1, 2, 2]))
    #expect(y.shape == [1, 4])
    expect(y, equals: [-0.7615941559557649, 0.7615941559557649, 0, 0.999329299739067])
    let x = double([1, 2])
    #expect(Sequential {}(x).isIdentical(to: x))
  }

  @Test func `Activations agree with PyTorch`() {
    let x = double([-1.5, 0, 0.25, 2])
    expect(ReLU()(x), equals: [0, 0, 0.25, 2])
    expect(LeakyReLU(slope: 0.2)(x), equals: [-0.3, 0, 0.25, 2])
    expect(ELU(alpha: 0.5)(x), equals: [-0.3884349199257851, 0, 0.25, 2])
    expect(
      GELU()(x), equals: [-0.10021080190328704, 0, 0.14967658142073093, 1.9544997361036416])
    expect(
      GELU(approximation: .tanh)(x),
      equals: [-0.10042842301976707, 0, 0.149675350701685, 1.954597694087775])
    expect(
      SiLU()(x), equals: [-0.2736382857095345, 0, 0.14054412522144952, 1.7615941559557646])
    expect(
      Sigmoid()(x), equals: [0.18242552380635635, 0.5, 0.5621765008857981, 0.8807970779778823])
    expect(
      Tanh()(x), equals: [-0.9051482536448664, 0, 0.24491866240370913, 0.9640275800758169])
    expect(
      Softplus(beta: 2)(x),
      equals: [
        0.02429367578687103, 0.34657359027997264, 0.48703849209005334, 2.0090749639589047,
      ])
    expect(
      Softmax()(x),
      equals: [
        0.022547027838421843, 0.10104876823206327, 0.12974918673495803, 0.7466550171945567,
      ])
  }
}
