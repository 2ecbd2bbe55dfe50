import Autograd
import NN
import Testing

private struct Block: Layer {
  let first: Linear, activation = ReLU(), second: Linear

  init(using generator: inout RandomGenerator) {
    first = Linear(inputs: 4, outputs: 8, using: &generator)
    second = Linear(inputs: 8, outputs: 4, bias: false, using: &generator)
  }

  func forward(_ x: Variable) -> Variable { x + second(activation(first(x))) }
}

private struct Narrow: Layer {
  func forward(_ x: Variable) -> Variable { x.reshaped(3, 7) }
}

private struct Pair: Module {
  let left = Narrow(), block: Block
  let noise: RandomSource
  let mode = Mode()

  init(using generator: inout RandomGenerator) {
    block = Block(using: &generator)
    noise = RandomSource(splitFrom: &generator)
  }

  func callAsFunction(_ a: Variable, _ b: Variable) -> (Variable, Variable) {
    scope { (block(a), left(b)) }
  }
}

@Suite struct ModuleScopeTests {
  @Test func `An error without a parameter in sight says in which part it arose`() async {
    let nested = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = Sequential {
        Identity()
        Sequential {
          Identity()
          Narrow()
        }
      }
      _ = model(Variable(Tensor.zeros([2, 4])))
    }
    expect(nested, says: "[3, 7]", "(in 1.1)")
    let member = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      let pair = Pair(using: &generator)
      _ = pair(Variable(Tensor.zeros([2, 4])), Variable(Tensor.zeros([2, 4])))
    }
    expect(member, says: "(in left)")
    let alone = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Narrow()(Variable(Tensor.zeros([2, 4])))
    }
    expect(alone, says: "(in Narrow)")
  }

  @Test func `An error in a layer whose parameters have no names yet says in which part it arose`()
    async
  {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      let pair = Pair(using: &generator)
      _ = pair(Variable(Tensor.zeros([2, 5])), Variable(Tensor.zeros([2, 4])))
    }
    expect(result, says: "Linear(4 → 8)", "[2, 5]", "(in block.first)")
  }

  @Test func `After a call errors no longer speak of it`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Identity()(Variable(Tensor.zeros([2, 4])))
      _ = x.reshaped(3, 7)
    }
    expect(result, says: "[3, 7]")
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(!message.contains("(in "))
  }

  @Test func `The mode is switched below a module and restored after evaluating`() {
    var generator = RandomGenerator(seed: 0)
    let (a, b) = (Pair(using: &generator), Pair(using: &generator))
    #expect(a.isTraining)
    b.isTraining = false
    #expect(!b.isTraining)
    #expect(b.description.hasPrefix("Pair, 72 parameters, evaluating"))
    #expect(!a.description.contains("evaluating"))
    let both = Modules(parts: [a, b])
    #expect(both.isTraining)
    let isTraining = both.evaluating { both.isTraining }
    #expect(!isTraining)
    #expect(a.isTraining)
    #expect(!b.isTraining)
    #expect(Block(using: &generator).isTraining, "a module without modes counts as training")
  }

  private struct Modules: Module { let parts: [Pair] }

  @Test func `Sources of random numbers are found by path and differ`() {
    var generator = RandomGenerator(seed: 0)
    let both = Modules(parts: [Pair(using: &generator), Pair(using: &generator)])
    #expect(both.namedRandomSources.map(\.name) == ["parts.0.noise", "parts.1.noise"])
    let sources = both.namedRandomSources.map(\.source)
    #expect(sources[0].generator != sources[1].generator)
    #expect(both.namedBuffers.isEmpty)
  }

  @Test func `Parameters are frozen and unfrozen by name`() {
    var generator = RandomGenerator(seed: 0)
    let block = Block(using: &generator)
    block.freeze { name, _ in name.hasPrefix("first.") }
    #expect(block.namedParameters.map(\.name) == ["second.weight"])
    block.unfreeze { name, _ in name.hasSuffix("bias") }
    #expect(block.namedParameters.map(\.name) == ["first.bias", "second.weight"])
    block.unfreeze()
    #expect(block.parameters.count == 3)
  }
}
