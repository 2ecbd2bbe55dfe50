import Autograd
import NN
import Testing

@Suite struct TrainingErrorTests {
  /// Two inputs of five examples, and a target of one.
  private static func dataset(_ x: [Float], targets: [Float]? = nil) -> TensorDataset {
    let count = x.count / 2
    let y = targets ?? [Float](repeating: 1, count: count)
    return TensorDataset(
      inputs: Tensor(x, shape: [count, 2]), targets: Tensor(y, shape: [count, 1]))
  }

  private func failure(
    of model: some Layer, on data: TensorDataset, batchSize: Int = 1, rate: Double = 0.1,
    epochs: Int = 3, validation: TensorDataset? = nil
  ) -> NonFiniteLoss? {
    #expect(throws: NonFiniteLoss.self) {
      try model.fit(
        DataLoader(data, batchSize: batchSize), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: Variable(rate)), epochs: epochs,
        validation: validation, progress: .silent)
    }
  }

  @Test func `A loss that is not finite is blamed on the first part that is not`() throws {
    /// √x of a number below 0.
    struct Root: Layer {
      func forward(_ x: Variable) -> Variable { sqrt(x) }
    }
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Linear(inputs: 2, outputs: 1, using: &generator)
      Root()
      Tanh()
    }
    let linear = try #require(model.layers[0] as? Linear)
    linear.weight.assign(Variable(Tensor([1, 1] as [Float], shape: [1, 2])))
    linear.bias?.assign(Variable(Tensor([0] as [Float])))
    let weights = model.bits
    let error = failure(of: model, on: Self.dataset([1, 1, -3, 1]), rate: 0)
    #expect(error?.epoch == 1)
    #expect(error?.batch == 2)
    #expect(error?.loss.isNaN == true)
    #expect(
      error?.description
        == "the loss of batch 2 of epoch 1 is nan: the first output that is not finite is that of "
        + "'1', Root")
    #expect(model.bits == weights)
  }

  @Test func `Inputs, parameters and the loss itself are blamed, too`() {
    var generator = RandomGenerator(seed: 0)
    let model = Linear(inputs: 2, outputs: 1, using: &generator)
    let inputs = failure(of: model, on: Self.dataset([1, 1, .nan, 1]))
    #expect(inputs?.origin == "the inputs of the batch are not all finite")
    let loss = failure(of: model, on: Self.dataset([1, 1], targets: [.infinity]))
    #expect(loss?.origin.hasPrefix("all outputs of the model are finite") == true)
    // A step that is far too large makes infinite weights.
    let weights = failure(of: model, on: Self.dataset([10, 10]), rate: 3e38)
    #expect(weights?.origin.hasPrefix("the parameter 'weight' is not finite") == true)
    #expect(weights?.origin.contains("learning rate") == true)
    #expect((weights?.history.epochCount ?? 0) == (weights?.epoch ?? 0) - 1)
  }

  @Test func `Random numbers are drawn again when the batch is computed again`() {
    var generator = RandomGenerator(seed: 0)
    /// Infinite if a drawn number is below 0.
    struct Gamble: Layer {
      let source: RandomSource
      let weight = Variable(Tensor(1.0), requiresGradient: true)
      func forward(_ x: Variable) -> Variable {
        let drawn = Tensor.uniform([1], low: -1, using: &source.generator)
        return weight * x / relu(Variable(drawn))
      }
    }
    let model = Gamble(source: RandomSource(splitFrom: &generator))
    let error = failure(
      of: Sequential([model]), on: Self.dataset([1, 1], targets: nil).first, rate: 0, epochs: 50)
    #expect(error?.origin.contains("'0', Gamble") == true)
  }

  @Test func `Nothing to train, validate or evaluate on is an error`() throws {
    let model = Scale(1)
    let none = TensorDataset(inputs: Tensor.zeros([0, 1]), targets: Tensor.zeros([0, 1]))
    let some = TensorDataset(inputs: Tensor.ones([3, 1]), targets: Tensor.zeros([3, 1]))
    func fit(_ loader: DataLoader<TensorDataset>, validation: TensorDataset? = nil) throws {
      try model.fit(
        loader, loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0.1), epochs: 1,
        validation: validation, progress: .silent)
    }
    let empty = #expect(throws: EmptyData.self) { try fit(DataLoader(none, batchSize: 2)) }
    #expect(empty?.description == "there is no example to train on")
    let dropped = #expect(throws: EmptyData.self) {
      try fit(DataLoader(some, batchSize: 4, dropsLast: true))
    }
    #expect(dropped?.description.hasSuffix("3 are less than a batch of 4") == true)
    let validation = #expect(throws: EmptyData.self) {
      try fit(DataLoader(some, batchSize: 2), validation: none)
    }
    #expect(validation?.purpose == "validate")
    let evaluation = #expect(throws: EmptyData.self) {
      try model.evaluate(none, loss: { meanSquaredError($0, $1) })
    }
    #expect(evaluation?.purpose == "evaluate")
    #expect(model.predict(Tensor.zeros([0, 1])).shape == [0, 1])
  }

  @Test(arguments: [(0.1, "validate"), (0.0, "validate"), (1.0, "train")])
  func `A split that leaves nothing is an error`(share: Double, purpose: String) {
    let model = Scale(1)
    var generator = RandomGenerator(seed: 0)
    let error = #expect(throws: EmptyData.self) {
      try model.fit(
        Tensor.ones([3, 1]), Tensor.zeros([3, 1]), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0.1), epochs: 1,
        validation: .split(share), progress: .silent, using: &generator)
    }
    #expect(error?.purpose == purpose)
  }

  @Test func `Numbers out of range stop with an error`() async {
    let accumulating = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = Scale(1)
      let data = TensorDataset(inputs: Tensor.ones([1, 1]), targets: Tensor.zeros([1, 1]))
      try model.fit(
        DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0.1), epochs: 1, accumulating: 0)
    }
    expect(accumulating, says: "fit: 1 epochs, 0 batches for an update")
    let names = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Scale(1)
      _ = try model.evaluate(
        Tensor.ones([1, 1]), Tensor.zeros([1, 1]), loss: { meanSquaredError($0, $1) },
        metrics: [MeanAbsoluteErrorMetric(), MeanAbsoluteErrorMetric()])
    }
    expect(names, says: "two are named 'error'")
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Scale(1).predict(Tensor.ones([1, 1]), batchSize: 0)
    }
    expect(size, says: "predict: the batch size 0")
    let metrics = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Scale(1)
      let data = TensorDataset(inputs: Tensor.ones([1, 1]), targets: Tensor.zeros([1, 1]))
      try model.fit(
        DataLoader(data, batchSize: 1), optimizer: SGD(model.namedParameters, learningRate: 0.1),
        epochs: 1, metrics: [MeanAbsoluteErrorMetric()], progress: .silent
      ) { BatchResult(loss: model($0.input).sum()) }
    }
    expect(metrics, says: "have no prediction and target")
    let losses = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Scale(1)
      try model.fit(
        DataLoader(Self.dataset([1, 1, 1, 1]), batchSize: 2),
        loss: { meanSquaredError($0[0..., 0...0], $1, reduction: .none) }, optimizer: SGD(model),
        epochs: 1, progress: .silent)
    }
    expect(losses, says: "the loss of a batch has shape [2, 1]; it must be one number")
  }
}

extension TensorDataset {
  /// The first column of the inputs.
  fileprivate var first: TensorDataset {
    TensorDataset(inputs: inputs[..., 0..<1], targets: targets)
  }
}
