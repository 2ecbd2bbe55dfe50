import Autograd
import NN
import Testing

@Suite struct FitTests {
  @Test func `A loop by hand and fit are the same bits`() throws {
    let model = Rings.model(), loader = Rings.loader()
    let optimizer = Adam(model.namedParameters, learningRate: 0.01)
    var losses: [Double] = []
    for _ in 0..<3 {
      var sum = 0.0
      for batch in loader {
        optimizer.zeroGradients()
        let loss = classLoss(model(batch.input), batch.target)
        loss.backward()
        optimizer.step()
        sum += loss.item() * Double(batch.count)
      }
      losses.append(sum / 60)
    }

    let twin = Rings.model()
    let history = try twin.fit(
      Rings.loader(), loss: classLoss, optimizer: Adam(twin.namedParameters, learningRate: 0.01),
      epochs: 3, progress: .silent)
    #expect(twin.bits == model.bits)
    #expect(history[.loss] == losses)
  }

  @Test func `A model learns, and its history says so`() throws {
    let (x, y) = Rings.data()
    let model = Rings.model()
    var generator = RandomGenerator(seed: 5)
    let history = try model.fit(
      x, y, batchSize: 10, loss: classLoss,
      optimizer: Adam(model.namedParameters, learningRate: 0.03), epochs: 40,
      metrics: [CategoricalAccuracy()], validation: .split(0.25), progress: .silent,
      using: &generator)
    #expect(history.epochCount == 40)
    #expect(history.stopReason == nil)
    #expect(history[.loss].last! < 0.1)
    #expect(history[.validationMetric("accuracy")].last! > 0.9)
    #expect(history[.metric("accuracy")][0] < history[.metric("accuracy")][39])
    #expect(history[.seconds].allSatisfy { $0 > 0 })
    #expect(history[.learningRate].allSatisfy { abs($0 - 0.03) < 1e-9 })
    let answers = Variable(model.predict(x)).argmax(axis: 1).array(of: Int.self)
    let right = zip(answers, y.array(of: Int.self)).count { $0 == $1 }
    #expect(right > 55)
  }

  @Test func `The loss of an epoch is the mean over examples, not over batches`() throws {
    // Nothing is learned: w stays 2, and batches of 2, 2 and 1 have unequal losses.
    let model = Scale(2)
    let x = Tensor([1, 2, 3, 4, 10] as [Float], shape: [5, 1])
    let data = TensorDataset(inputs: x, targets: Tensor.zeros([5, 1]))
    let history = try model.fit(
      DataLoader(data, batchSize: 2), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 0), epochs: 2,
      metrics: [MeanAbsoluteErrorMetric()], validation: data, progress: .silent)
    // 4 (1 + 4 + 9 + 16 + 100) / 5 and 2 (1 + 2 + 3 + 4 + 10) / 5.
    #expect(history[.loss] == [104, 104])
    #expect(history[.validationLoss] == [104, 104])
    #expect(history[.metric("error")] == [8, 8])
    #expect(history[.validationMetric("error")] == [8, 8])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func `Accumulated batches make the update of one batch`(accumulating: Int) throws {
    // Batches of 2, 2, 2, 2 and 1, in double precision.
    func train(batchSize: Int, accumulating: Int) throws -> [Double] {
      let model = Scale(0.5, dtype: .float64)
      let x = Tensor((1...9).map(Double.init), shape: [9, 1])
      let data = TensorDataset(inputs: x, targets: Tensor.ones([9, 1], dtype: .float64))
      var weights: [Double] = []
      try model.fit(
        DataLoader(data, batchSize: batchSize), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0.001), epochs: 2,
        accumulating: accumulating,
        callbacks: [ClosureCallback(batchEnds: { _ in weights.append(model.weight.item()) })],
        progress: .silent)
      return weights
    }
    let parts = try train(batchSize: 2, accumulating: accumulating)
    let whole = try train(batchSize: 2 * accumulating, accumulating: 1)
    #expect(parts.count == whole.count)
    for (a, b) in zip(parts, whole) { #expect(abs(a - b) < 1e-14) }
  }

  @Test func `A schedule gives the rate of each update`() throws {
    let model = Scale(1)
    var rates: [Double] = []
    let data = TensorDataset(inputs: Tensor.ones([5, 1]), targets: Tensor.zeros([5, 1]))
    let history = try model.fit(
      DataLoader(data, batchSize: 2), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 7), epochs: 2,
      schedule: Schedule { 0.5 / Double($0 + 1) },
      callbacks: [
        ClosureCallback(batchEnds: { rates.append($0.optimizer.learningRate.item()) })
      ], progress: .silent)
    let expected = (1...6).map { 0.5 / Double($0) }
    #expect(rates == expected)
    #expect(history[.learningRate] == [expected[2], expected[5]])
  }

  @Test func `Training is in training mode, validation is not, and the model is left as it was`()
    throws
  {
    let model = ModeProbe()
    let data = TensorDataset(inputs: Tensor.ones([4, 1]), targets: Tensor.zeros([4, 1]))
    model.isTraining = false
    try model.fit(
      DataLoader(data, batchSize: 2), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 0), epochs: 1, validation: data,
      progress: .silent)
    #expect(model.seen.modes == [true, true, false, false])
    #expect(!model.isTraining)
    _ = model.predict(Tensor.ones([1, 1]))
    #expect(model.seen.modes.last == false)
  }

  @Test func `A model with two inputs is trained by a closure`() throws {
    struct Pair: Module {
      let weight = Variable(Tensor(0.0), requiresGradient: true)
      func callAsFunction(_ a: Variable, _ b: Variable) -> Variable { scope { weight * a + b } }
    }
    let model = Pair()
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [4, 1])
    let data = TensorDataset(inputs: x, targets: x).map { batch in (batch.inputs, batch.targets) }
    let history = try model.fit(
      DataLoader(data, batchSize: 2), optimizer: SGD(model.namedParameters, learningRate: 0.05),
      epochs: 60, validation: data, progress: .silent
    ) { batch in
      let (a, b) = (Variable(batch.0), Variable(batch.1))
      return BatchResult(loss: meanSquaredError(model(a, b), 4 * a))
    }
    #expect(abs(model.weight.item() - 3) < 1e-3)
    #expect(history[.validationLoss].last! < 1e-4)
  }

  @Test func `The optimizers that look at the loss several times work, too`() throws {
    let model = Scale(0, dtype: .float64)
    let x = Tensor((1...6).map(Double.init), shape: [6, 1])
    let data = TensorDataset(inputs: x, targets: (Variable(x) * 3).value)
    try model.fit(
      DataLoader(data, batchSize: 6), loss: { meanSquaredError($0, $1) },
      optimizer: LBFGS(model.namedParameters), epochs: 5, progress: .silent)
    #expect(abs(model.weight.item() - 3) < 1e-8)
  }

  @Test func `A training keeps no graph alive`() throws {
    let model = Rings.model(), loader = Rings.loader()
    let optimizer = Adam(model.namedParameters, learningRate: 0.01)
    var counts: [Int] = []
    func train(compiling: Bool) throws {
      try model.fit(
        loader, loss: classLoss, optimizer: optimizer, epochs: 3,
        callbacks: [ClosureCallback(batchEnds: { _ in counts.append(liveNodeCount()) })],
        progress: .silent, compiling: compiling)
    }
    // Afterwards the optimizer has its plan.
    try train(compiling: false)
    let nodes = liveNodeCount()
    counts = []
    try train(compiling: false)
    #expect(liveNodeCount() == nodes)
    #expect(counts.allSatisfy { $0 < nodes + 30 }, "graphs of earlier batches are alive")
    counts = []
    try train(compiling: true)
    #expect(liveNodeCount() == nodes)
    #expect(counts[20] == counts[10], "plans hold more and more")
  }
}

/// y = w x.
struct Scale: Layer {
  let weight: Variable

  init(_ weight: Double, dtype: DType = .float32) {
    self.weight = Variable(
      Tensor([weight], shape: []).converted(to: dtype), requiresGradient: true)
  }

  func forward(_ x: Variable) -> Variable { weight * x }
}

/// Notes in which mode it was called.
private struct ModeProbe: Layer {
  final class Seen { var modes: [Bool] = [] }
  let mode = Mode()
  let seen = Seen()
  let weight = Variable(Tensor(1.0), requiresGradient: true)

  func forward(_ x: Variable) -> Variable {
    seen.modes.append(mode.isTraining)
    return weight * x
  }
}

/// The mean distance from the target.
struct MeanAbsoluteErrorMetric: Metric {
  let name = "error"
  private var sum = 0.0
  private var count = 0

  mutating func update(prediction: Variable, target: Variable) {
    sum += abs(prediction - target).sum().item()
    count += target.count
  }
  var value: Double { sum / Double(count) }
  mutating func reset() { (sum, count) = (0, 0) }
}
