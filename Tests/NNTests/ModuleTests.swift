import Autograd
import NN
import Testing

private func leaf(_ shape: Shape, _ value: Double = 1) -> Variable {
  Variable(Tensor.full(value, shape), requiresGradient: true)
}

private struct Block: Layer {
  var weight = leaf([2, 2])
  func forward(_ x: Variable) -> Variable { matmul(x, weight) }
}

/// A module with a signature of its own, which holds everything that can hold variables.
private final class Everything: Module {
  let embed = leaf([3])
  let layers = [Block(), Block()]
  let gate: Variable? = leaf([1])
  let absent: Block? = nil
  let heads = ["b": leaf([4]), "a": leaf([5])]
  let pair: (first: Block, Block) = (Block(), Block())
  let rows = [[leaf([1])], [nil, leaf([2])]]
  let mean = Variable(Tensor.zeros([3]))
  let counts = Variable([1, 2, 3] as [Int])
  let size = 3
  let label = "text"
  lazy var cache: Variable = leaf([6])
  var buffers: [Variable] { [mean] }

  func callAsFunction(_ a: Variable, _ b: Variable) -> Variable { a + b }
}

private class Base: Module {
  let weight = leaf([1])
}

private final class Derived: Base {
  let bias = leaf([1])
  var parent: Base?
}

private struct Encoder: Module {
  let encoder = Derived()
  let tied: Derived
  let output: Variable

  init() {
    tied = encoder
    output = encoder.weight
  }
}

@Suite struct ModuleTests {
  @Test func `Parameters are found wherever they are stored, with PyTorch's paths`() {
    let module = Everything()
    #expect(
      module.namedParameters.map(\.name) == [
        "embed", "layers.0.weight", "layers.1.weight", "gate", "heads.a", "heads.b",
        "pair.first.weight", "pair.1.weight", "rows.0.0", "rows.1.1",
      ])
    #expect(module.namedBuffers.map(\.name) == ["mean", "counts"])
    #expect(module.parameterCount == 3 + 4 + 4 + 1 + 5 + 4 + 4 + 4 + 1 + 2)
    _ = module.cache
    #expect(module.namedParameters.last?.name == "cache")
  }

  @Test func `A shared variable is listed once, under its first path`() {
    let module = Encoder()
    #expect(module.namedParameters.map(\.name) == ["encoder.weight", "encoder.bias"])
  }

  @Test func `Modules that refer to each other end the walk`() {
    let module = Derived()
    module.parent = module
    #expect(module.namedParameters.map(\.name) == ["weight", "bias"])
  }

  @Test func `What was computed is not a parameter`() {
    struct Caching: Module {
      let weight = leaf([2])
      var last: Variable?
    }
    var module = Caching()
    module.last = 2 * module.weight
    #expect(module.parameters.count == 1)
    #expect(module.namedBuffers.isEmpty)
  }

  @Test func `Parameters without a name get their path, which grows with the module around them`() {
    struct Outer: Module {
      let block: Block
      let own = leaf([1]).named("mine")
    }
    let block = Block()
    _ = block.parameters
    #expect(block.weight.name == "weight")
    let outer = Outer(block: block)
    _ = outer.parameters
    #expect(block.weight.name == "block.weight")
    #expect(outer.own.name == "mine")
    _ = block.parameters
    #expect(block.weight.name == "block.weight")
  }

  @Test func `Errors of operations name the layer`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Outer: Module { let block = Block() }
      let outer = Outer()
      _ = outer.parameters
      _ = outer.block(Variable(Tensor.zeros([4, 3])))
    }
    expect(result, says: "matmul: inner dimensions differ", "(in block)")
  }

  @Test func `Freezing and unfreezing leave buffers alone`() {
    let module = Everything()
    let before = module.namedParameters.map(\.name)
    module.embed.gradient = Variable(Tensor.ones([3]))
    module.freeze()
    #expect(module.parameters.isEmpty)
    #expect(module.embed.gradient == nil)
    module.unfreeze()
    #expect(module.namedParameters.map(\.name) == before)
    #expect(!module.mean.requiresGradient)
    #expect(!module.counts.requiresGradient)
  }

  @Test func `A module prints as a tree`() {
    struct Net: Module {
      let body = Sequential {
        Block()
        ReLU()
      }
      let scale = leaf([1])
    }
    #expect(
      Net().description == """
        Net, 5 parameters
          body: Sequential, 4 parameters
            0: Block, 4 parameters
            1: ReLU
        """)
  }
}

@Suite struct ModuleStateTests {
  @Test func `A state restores every value and stays what it was`() throws {
    let module = Everything()
    let saved = module.state()
    #expect(saved["mean"]?.shape == [3])
    #expect(saved["layers.1.weight"]?.array(of: Float.self) == [1, 1, 1, 1])
    for parameter in module.parameters { parameter.assign(3 * parameter.detached()) }
    #expect(saved["embed"]?.array(of: Float.self) == [1, 1, 1])
    #expect(module.embed.array(of: Float.self) == [3, 3, 3])
    try module.load(saved)
    #expect(module.embed.array(of: Float.self) == [1, 1, 1])
    #expect(module.layers[1].weight.array(of: Float.self) == [1, 1, 1, 1])
    #expect(module.embed.requiresGradient)
  }

  @Test func `A state that does not fit changes nothing and says all that is wrong`() {
    let module = Derived()
    let wrong: [String: Tensor] = [
      "weight": Tensor.full(7, [2]), "other": Tensor.zeros([1]),
    ]
    let error = #expect(throws: StateError.self) { try module.load(wrong) }
    #expect(
      error?.problems == [
        .missing("bias"), .unexpected("other"), .shape("weight", expected: [1], found: [2]),
      ])
    #expect(
      error?.description == "the saved state does not fit: no value for 'bias'; no variable for "
        + "the value 'other'; 'weight' has shape [1], its value [2]")
    #expect(module.weight.item() == 1)
    let types = #expect(throws: StateError.self) {
      try module.load([
        "weight": Tensor.full(7, [1]), "bias": Tensor.zeros([1], dtype: .float64),
      ])
    }
    #expect(types?.problems == [.dtype("bias", expected: .float32, found: .float64)])
    #expect(module.weight.item() == 1)
  }
}
