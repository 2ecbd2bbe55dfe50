import Autograd
import NN
import Testing

@Suite struct EmbeddingTests {
  private let references: References
  private var generator = RandomGenerator(seed: 0)

  init() throws { references = try References(topic: "dense") }

  @Test mutating func `Rows and their gradients are PyTorch's`() throws {
    for name in ["Embedding", "Embedding scalar", "Embedding empty"] {
      try references(name).expect(
        layer: Embedding(count: 5, features: 3, dtype: .float64, using: &generator))
    }
    try references("Embedding padding").expect(
      layer: Embedding(
        count: 5, features: 3, paddingIndex: 2, dtype: .float64, using: &generator))
  }

  @Test(arguments: ["sum", "mean", "max"])
  func `Bags are PyTorch's, with and without padding`(mode: String) throws {
    let reductions: [String: EmbeddingBag.Reduction] = [
      "sum": .sum, "mean": .mean, "max": .maximum,
    ]
    var generator = generator
    for padding in [nil, 0] {
      let name = "EmbeddingBag \(mode)\(padding == nil ? "" : " padding")"
      try references(name).expect(
        layer: EmbeddingBag(
          count: 5, features: 2, reduction: reductions[mode]!, paddingIndex: padding,
          dtype: .float64, using: &generator))
    }
  }

  @Test mutating func `Empty bags give zeros`() {
    for reduction in [EmbeddingBag.Reduction.sum, .mean, .maximum] {
      let layer = EmbeddingBag(count: 5, features: 2, reduction: reduction, using: &generator)
      expect(
        layer(Variable(Tensor.zeros([3, 0], dtype: .int64))), equals: .init(repeating: 0, count: 6))
      #expect(layer(Variable(Tensor.zeros([0, 3], dtype: .int64))).shape == [0, 2])
    }
  }

  @Test mutating func `The row for padding is zero and stays so`() {
    let layer = Embedding(count: 4, features: 3, paddingIndex: 1, using: &generator)
    let padding = Array(layer.weight.value.doubles()[3..<6])
    #expect(padding == [0, 0, 0])
    #expect(layer.weight.value.doubles().filter { $0 == 0 }.count == 3)
    let optimizer = SGD(layer.namedParameters, learningRate: 0.1)
    let before = layer.weight.value.doubles()
    layer(Variable([0, 1, 1] as [Int])).sum().backward()
    optimizer.step()
    let after = layer.weight.value.doubles()
    #expect(Array(after[3..<6]) == [0, 0, 0])
    #expect(after[0] != before[0])
    #expect(after[6...] == before[6...])
  }

  @Test mutating func `Vectors are normal with mean 0 and variance 1`() {
    let values = Embedding(count: 200, features: 100, using: &generator).weight.value.doubles()
    let mean = values.reduce(0, +) / 20_000
    let meanSquare = values.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(meanSquare - 1) < 0.05)
  }

  @Test mutating func `Indices may be int32 or int64`() {
    let layer = Embedding(count: 4, features: 2, using: &generator)
    let long = layer(Variable([3, 0] as [Int]))
    let short = layer(Variable(Tensor([3, 0] as [Int32])))
    #expect(long.value.doubles() == short.value.doubles())
  }

  @Test mutating func `An output layer can share the table`() {
    let embedding = Embedding(count: 5, features: 3, dtype: .float64, using: &generator)
    let model = Sequential {
      embedding
      Tanh()
      Linear(weight: embedding.weight)
    }
    #expect(model.namedParameters.map(\.name) == ["0.weight"])
    #expect(model.parameterCount == 15)
    let indices = Variable([1, 4] as [Int])
    let logits = model(indices)
    #expect(logits.shape == [2, 5])
    // The gradient is that of both uses together.
    let (table, output) = (embedding.weight.value, embedding.weight.value)
    let report = gradCheck(
      { Linear(weight: $0[1])(tanh(Embedding(weight: $0[0])(indices))) },
      at: [Variable(table), Variable(output)])
    #expect(report.passed, "\(report)")
    let a = Variable(table, requiresGradient: true)
    let b = Variable(output, requiresGradient: true)
    let apart = square(Linear(weight: b)(tanh(Embedding(weight: a)(indices)))).sum()
    let slopes = gradients(of: apart, withRespectTo: [a, b])
    let tied = gradient(of: square(logits).sum(), withRespectTo: embedding.weight)
    expect(tied, equals: (slopes[0]! + slopes[1]!).value.doubles())
  }

  @Test func `What does not fit is an error that says where`() async {
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential { Embedding(count: 4, features: 2, using: &generator) }
      _ = model(Variable([4] as [Int]))
    }
    expect(range, says: "4", "(in 0)")
    let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential { Embedding(count: 4, features: 2, using: &generator) }
      _ = model(Variable([1, 2]))
    }
    expect(
      type, says: "Embedding(4 × 2): the indices float32 [2] are not int32 or int64", "(in 0)")
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Embedding(count: 4, features: 2, paddingIndex: 4, using: &generator)
    }
    expect(padding, says: "Embedding: the padding index 4 is not in 0..<4")
    let bag = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let bag = EmbeddingBag(count: 4, features: 2, paddingIndex: 0, using: &generator)
      _ = Sequential { bag }(Variable(Tensor.zeros([], dtype: .int64)))
    }
    expect(bag, says: "EmbeddingBag(4 × 2, mean, padding 0)", "no axis of a bag", "(in 0)")
  }
}
