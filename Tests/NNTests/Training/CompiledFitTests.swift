import Autograd
import NN
import Testing

/// A linear map with something of Swift around it.
private final class Peculiar: Layer {
  enum Kind: String, CaseIterable { case counting, reading, drawing, scaling, switching }

  let linear: Linear
  let kind: Kind
  private(set) var calls = 0
  private var generator = RandomGenerator(seed: 9)

  init(_ kind: Kind) {
    self.kind = kind
    var generator = RandomGenerator(seed: 1)
    linear = Linear(inputs: 2, outputs: 2, using: &generator)
  }

  var members: [(name: String, value: Any)] { [("linear", linear)] }

  func forward(_ x: Variable) -> Variable {
    calls += 1
    let y = linear(x)
    switch kind {
    case .counting: return calls > 5 ? y * 2 : y
    case .reading: return y.sum().item() > 0 ? y * 2 : y
    case .drawing: return y + Variable(Tensor.normal([2], using: &generator))
    case .scaling: return y * Variable(1 / Double(calls))
    case .switching: return calls % 2 == 0 ? y * 2 : y
    }
  }
}

/// Examples with a number beside the tensors, which may change what is computed.
private struct Weighted: Dataset {
  struct Element: Sendable {
    let x: Tensor, y: Tensor
    let weight: Double
    let parts: [Tensor?]
  }

  let data = Rings.dataset()
  var count: Int { data.count }

  func batch(at indices: [Int]) -> Element {
    let batch = data.batch(at: indices)
    return Element(
      x: batch.inputs, y: batch.targets, weight: indices[0] < 30 ? 1 : 2,
      parts: [batch.inputs, nil])
  }
}

private func rich() -> Sequential {
  var generator = RandomGenerator(seed: 2)
  return Sequential {
    Linear(inputs: 2, outputs: 16, using: &generator)
    BatchNorm(channels: 16)
    ReLU()
    Dropout(probability: 0.2, using: &generator)
    Noise(using: &generator)
    Linear(inputs: 16, outputs: 2, using: &generator)
  }
}

private func bits(_ history: History) -> [[UInt64]] {
  // All but the seconds.
  history.rows.map { $0.dropLast().map(\.bitPattern) }
}

@Suite struct CompiledFitTests {
  /// Trains eager and compiled, and expects the same bits of everything.
  private func expectSameBits<Model: Layer>(
    _ make: @autoclosure () -> Model, sourceLocation: SourceLocation = #_sourceLocation,
    _ train: (Model, _ compiling: Bool) throws -> History
  ) throws {
    let (model, twin) = (make(), make())
    let eager = try train(model, false)
    let compiled = try train(twin, true)
    #expect(bits(eager) == bits(compiled), sourceLocation: sourceLocation)
    let (ours, theirs) = (model.state(), twin.state())
    #expect(ours.keys == theirs.keys, sourceLocation: sourceLocation)
    for (name, value) in ours {
      let isSame = theirs[name]?.doubles().map(\.bitPattern) == value.doubles().map(\.bitPattern)
      #expect(isSame, "\(name)", sourceLocation: sourceLocation)
    }
  }

  private static let optimizers: [(name: String, make: @Sendable (any Layer) -> any Optimizer)] = [
    ("SGD", { SGD($0.namedParameters, learningRate: 0.1) }),
    (
      "Adam, clipped and averaging",
      {
        Adam($0.namedParameters).clipped(byGlobalNorm: 0.1).averaging(.exponential(decay: 0.9))
      }
    ),
    ("accumulating", { Adam($0.namedParameters).accumulating(3) }),
    ("lookahead", { Lookahead(Adam($0.namedParameters), interval: 3) }),
    ("sharpness aware", { SharpnessAware(SGD($0.namedParameters, learningRate: 0.1)) }),
    ("LBFGS", { LBFGS($0.namedParameters, maximumIterations: 3) }),
    (
      "Muon in a group",
      { model in
        OptimizerGroup([
          Muon(model.namedParameters.filter { $0.value.rank == 2 }),
          AdamW(model.namedParameters.filter { $0.value.rank != 2 }),
        ])
      }
    ),
  ]

  /// Two look at the loss itself, which several batches do not have.
  private static let cases =
    optimizers.map { ($0.name, 1) }
    + optimizers.filter { !["sharpness aware", "LBFGS"].contains($0.name) }.map { ($0.name, 2) }

  @Test(arguments: cases)
  func `The bits of eager training`(name: String, accumulating: Int) throws {
    let make = try #require(Self.optimizers.first { $0.name == name }).make
    try expectSameBits(rich()) { model, compiling in
      try model.fit(
        Rings.loader(batchSize: 16), loss: classLoss, optimizer: make(model), epochs: 6,
        metrics: [CategoricalAccuracy()], validation: Rings.dataset(seed: 7),
        schedule: Schedule { 0.1 / Double($0 + 1) }, accumulating: accumulating, progress: .silent,
        compiling: compiling)
    }
  }

  @Test func `The model is called only while it is recorded`() throws {
    let model = Peculiar(.counting)
    // Five epochs of one batch: as it is, recorded twice, and two by the plan.
    try model.fit(
      Rings.loader(batchSize: 60), loss: classLoss, optimizer: Adam(model.namedParameters),
      epochs: 5, progress: .silent)
    #expect(model.calls == 3)
  }

  @Test(arguments: [Peculiar.Kind.reading, .drawing, .scaling, .switching])
  fileprivate func `A model that Swift steers trains as it is`(kind: Peculiar.Kind) throws {
    try expectSameBits(Peculiar(kind)) { model, compiling in
      try model.fit(
        Rings.loader(batchSize: 20), loss: classLoss, optimizer: Adam(model.namedParameters),
        epochs: 10, progress: .silent, compiling: compiling)
    }
  }

  @Test func `A model that changes its mind later stops the training`() throws {
    let model = Peculiar(.counting)
    func train(_ compiling: Bool) throws {
      try model.fit(
        Rings.loader(batchSize: 20), loss: classLoss, optimizer: Adam(model.namedParameters),
        epochs: 20, progress: .silent, compiling: compiling)
    }
    let error = #expect(throws: ComputationChanged.self) { try train(true) }
    #expect(error?.description.contains("pass compiling: false") == true)
    try train(false)
  }

  @Test func `Parts that are frozen, thawed or evaluating meanwhile`() throws {
    try expectSameBits(rich()) { model, compiling in
      let change = ClosureCallback(epochBegins: { training in
        if training.epoch == 3 { model.freeze { name, _ in name.hasPrefix("0.") } }
        if training.epoch == 5 { model.unfreeze() }
        if training.epoch == 7 { (model.layers[1] as? BatchNorm)?.isTraining = false }
        if training.epoch == 9 { try model.load(model.state()) }
      })
      return try model.fit(
        Rings.loader(batchSize: 20), loss: classLoss, optimizer: Adam(model.namedParameters),
        epochs: 10, callbacks: [change], progress: .silent, compiling: compiling)
    }
  }

  @Test func `A penalty, hooks and a closure of one's own`() throws {
    try expectSameBits(rich()) { model, compiling in
      let loader = DataLoader(Weighted(), batchSize: 15)
      return try model.fit(
        loader, optimizer: Adam(model.namedParameters), epochs: 6, progress: .silent,
        compiling: compiling
      ) { batch in
        let y = model(Variable(batch.x) + Variable(batch.parts[0]!) * 0)
        let penalty = model.parameters.map { square($0).sum() }.reduce(0, +)
        let loss = classLoss(y, Variable(batch.y)) * Variable(batch.weight)
        return BatchResult(loss: loss + penalty * 0.001)
      }
    }
  }

  @Test func `Hooks are called at every step`() throws {
    let model = rich()
    var calls = 0
    model.parameters[0].addGradientHook { _ in
      calls += 1
      return nil
    }
    try model.fit(
      Rings.loader(batchSize: 60), loss: classLoss, optimizer: Adam(model.namedParameters),
      epochs: 7, progress: .silent)
    #expect(calls == 7)
  }

  @Test func `A loss that is not finite leaves the parameters alone`() throws {
    for compiling in [false, true] {
      let model = Scale(2)
      let x = Tensor([1, 2, 3, 4, 5, .infinity] as [Float], shape: [6, 1])
      let data = TensorDataset(inputs: x, targets: Tensor.zeros([6, 1]))
      var weight = 0.0
      let error = #expect(throws: NonFiniteLoss.self) {
        try model.fit(
          DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
          optimizer: SGD(model.namedParameters, learningRate: 0.01), epochs: 1,
          callbacks: [ClosureCallback(batchEnds: { _ in weight = model.weight.item() })],
          progress: .silent, compiling: compiling)
      }
      #expect(error?.batch == 6)
      #expect(model.weight.item() == weight)
    }
  }
}
