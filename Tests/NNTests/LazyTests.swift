import Autograd
import NN
import Testing

@Suite struct LazyTests {
  private func model(seed: UInt64 = 0) -> Sequential {
    var generator = RandomGenerator(seed: seed)
    return Sequential {
      Linear.lazy(outputs: 8, using: &generator)
      Tanh()
      Linear.lazy(outputs: 2, bias: false, using: &generator)
    }
  }

  @Test func `Sizes are those of the first input, and names those of the layer`() {
    let lazy = model()
    #expect(lazy.parameterCount == 0)
    #expect(lazy.description.contains("0: Linear(sizes not known yet)"))
    lazy.build(inputShape: [1, 3])
    #expect(lazy.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight"])
    #expect(lazy.parameters.map(\.shape) == [[8, 3], [8], [2, 8]])
    #expect(lazy(Variable(Tensor.zeros([5, 3]))).shape == [5, 2])
    #expect(lazy.description.contains("0: Linear(3 → 8), 32 parameters"))
  }

  @Test func `The type is that of the first input, and numbers depend on the seed alone`() {
    let (a, b) = (model(), model())
    a.build(inputShape: [1, 3], dtype: .float64)
    b.build(inputShape: [7, 3], dtype: .float64)
    #expect(a.parameters.allSatisfy { $0.dtype == .float64 })
    #expect(a.parameters.map { $0.value.doubles() } == b.parameters.map { $0.value.doubles() })
  }

  @Test func `Parameters that are not there yet are not asked for`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential {
        Identity()
        Linear.lazy(outputs: 8, using: &generator)
      }
      _ = model.namedParameters
    }
    expect(result, says: "'1'", "build(inputShape:)")
  }

  private func normalized() -> Sequential {
    Sequential { Lazy { x in BatchNorm(channels: x.shape[1]) } }
  }

  @Test func `A layer that building makes trains afterwards, and has seen no batch`() {
    let model = normalized()
    model.build(inputShape: [1, 3])
    #expect(model.isTraining)
    #expect(model.namedBuffers.map { $0.value.value.doubles() } == [[0, 0, 0], [1, 1, 1], [0]])
    _ = model(Variable(Tensor.ones([2, 3])))
    #expect(model.namedBuffers[2].value.item() == 1)
  }

  @Test func `A layer that is made while the model evaluates does, too`() {
    let model = normalized()
    model.isTraining = false
    model.build(inputShape: [1, 3])
    #expect(!model.isTraining)
    _ = model(Variable(Tensor.ones([1, 3])))
    model.isTraining = true
    #expect(model.isTraining)
    _ = model(Variable(Tensor.ones([2, 3])))
    #expect(model.namedBuffers[2].value.item() == 1)
  }
}
