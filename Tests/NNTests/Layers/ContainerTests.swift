import Autograd
import NN
import Testing

@Suite struct ContainerTests {
  private var generator = RandomGenerator(seed: 0)

  @Test mutating func `A residual connection adds what it goes around`() {
    let x = numbers([2, 3])
    let block = Residual { Lambda("twice") { 2 * $0 } }
    expect(block(x), equals: x.value.doubles().map { 3 * $0 })
    let wide = Residual(
      projection: Linear(inputs: 3, outputs: 4, bias: false, dtype: .float64, using: &generator)
    ) {
      Linear(inputs: 3, outputs: 4, dtype: .float64, using: &generator)
      Tanh()
    }
    #expect(
      wide.namedParameters.map(\.name) == ["body.0.weight", "body.0.bias", "projection.weight"])
    let sum = wide.projection!(x) + wide.body(x)
    expect(wide(x), equals: sum.value.doubles())
    expectDerivatives(of: wide, at: x)
    #expect(Residual {}(x).value.doubles() == x.value.doubles().map { 2 * $0 })
  }

  private static let mergings: [Parallel.Merging] = [
    .sum, .mean, .product, .maximum, .concatenation(axis: 1), .stack(axis: 0),
  ]

  @Test(arguments: mergings)
  func `Branches are merged`(merging: Parallel.Merging) {
    let layer = Parallel(merging) {
      Lambda("plus 1") { $0 + 1 }
      Lambda("times 3") { 3 * $0 }
    }
    let y = layer(double([2, -1], [1, 2]))
    let expected: [Double] =
      switch merging {
      case .sum: [9, -3]
      case .mean: [4.5, -1.5]
      case .product: [18, 0]
      case .maximum: [6, 0]
      case .concatenation, .stack: [3, 0, 6, -3]
      }
    expect(y, equals: expected)
    let shape: Shape =
      switch merging {
      case .concatenation: [1, 4]
      case .stack: [2, 1, 2]
      default: [1, 2]
      }
    #expect(y.shape == shape)
    expectDerivatives(of: layer, at: numbers([2, 3]))
  }

  @Test mutating func `Branches are named by place`() {
    let layer = Parallel(.concatenation(axis: -1)) {
      Linear(inputs: 3, outputs: 2, dtype: .float64, using: &generator)
      Identity()
      Linear(inputs: 3, outputs: 4, bias: false, dtype: .float64, using: &generator)
    }
    #expect(layer.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.weight"])
    #expect(layer(numbers([2, 3])).shape == [2, 9])
    expectDerivatives(of: layer, at: numbers([2, 3]))
    #expect(
      layer.summary(inputShape: [1, 3], dtype: .float64).rows.map(\.path) == ["", "0", "1", "2"])
  }

  @Test func `Structure changes shapes, and elements keep their order`() {
    let x = numbers([2, 6])
    let split = Unflatten(into: [2, 3])(x)
    #expect(split.shape == [2, 2, 3])
    #expect(split.value.doubles() == x.value.doubles())
    #expect(Unflatten(axis: 0, into: [1, 2])(x).shape == [1, 2, 6])
    #expect(Reshape(3, -1)(x).shape == [2, 3, 2])
    #expect(Reshape(6)(split).value.doubles() == x.value.doubles())
    #expect(Reshape(-1, 3)(Variable(Tensor.zeros([0, 6]))).shape == [0, 2, 3])
    #expect(Flatten()(split).shape == [2, 6])
    let turned = Permute(0, 2, 1)(split)
    #expect(turned.shape == [2, 3, 2])
    #expect(Permute(0, 2, 1)(turned).value.doubles() == x.value.doubles())
    for layer in [Unflatten(into: [2, 3]), Reshape(3, 2), Permute(1, 0)] as [any Layer] {
      expectDerivatives(of: layer, at: x)
    }
  }

  @Test func `A function is a layer with a name`() {
    let model = Sequential { Lambda("square") { square($0) } }
    expect(model(double([3])), equals: [9])
    #expect(model.description.contains("0: square"))
    #expect(model.summary(inputShape: [1]).rows[1].label == "square")
  }

  @Test mutating func `Arrays and dictionaries of modules need nothing of their own`() {
    struct Experts: Layer {
      let stages: [Linear]
      let heads: [String: Linear]
      func forward(_ x: Variable) -> Variable {
        let hidden = stages.reduce(x) { tanh($1($0)) }
        return heads["mean"]!(hidden) + heads["scale"]!(hidden)
      }
    }
    let model = Experts(
      stages: (0..<2).map { _ in Linear(inputs: 3, outputs: 3, bias: false, using: &generator) },
      heads: [
        "scale": Linear(inputs: 3, outputs: 1, bias: false, using: &generator),
        "mean": Linear(inputs: 3, outputs: 1, bias: false, using: &generator),
      ])
    #expect(
      model.namedParameters.map(\.name) == [
        "stages.0.weight", "stages.1.weight", "heads.mean.weight", "heads.scale.weight",
      ])
    let rows = model.summary(inputShape: [1, 3]).rows
    #expect(rows.map(\.path) == ["", "stages.0", "stages.1", "heads.mean", "heads.scale"])
  }

  @Test mutating func `A layer that stands in two places is counted once`() {
    let shared = Linear(inputs: 3, outputs: 3, using: &generator)
    let model = Sequential {
      shared
      Tanh()
      shared
    }
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias"])
    #expect(model.parameterCount == 12)
    #expect(model.summary(inputShape: [1, 3]).trainedCount == 12)
    let optimizer = SGD(model.namedParameters, learningRate: 0.1)
    model(Variable(Tensor.ones([1, 3]))).sum().backward()
    optimizer.step()
    let last = model.layers[2] as? Linear
    #expect(last?.weight.isIdentical(to: shared.weight) == true)
  }

  @Test func `Shapes that do not fit are errors that say where`() async {
    let residual = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential {
        Identity()
        Residual { Linear(inputs: 3, outputs: 1, using: &generator) }
      }
      _ = model(Variable(Tensor.zeros([2, 3])))
    }
    expect(
      residual, says: "Residual: the layers return float32 [2, 1], but the input is float32 [2, 3]",
      "a projection", "(in 1)")
    let branches = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Parallel(.sum) {
          Identity()
          Lambda("sum") { $0.sum(axis: 1, keepingAxes: true) }
        }
      }
      _ = model(Variable(Tensor.zeros([2, 3])))
    }
    expect(
      branches, says: "Parallel(sum): the shapes of the branches differ: [2, 3], [2, 1]", "(in 0)")
    let inside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential {
        Parallel(.sum) {
          Identity()
          Reshape(5)
        }
      }
      _ = model(Variable(Tensor.zeros([2, 3])))
    }
    expect(inside, says: "Reshape([5]): the examples of float32 [2, 3] have 3", "(in 0.1)")
    let nothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parallel(.sum) {}
    }
    expect(nothing, says: "Parallel: there are no branches")
  }
}
