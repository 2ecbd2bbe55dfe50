import Autograd
import NN
import Testing

@Suite struct CallbackTests {
  /// Trains a weight that is set to given values, so that the loss of an epoch is their square.
  private func train(
    _ values: [Double], _ callbacks: [any Callback], validation: Bool = true
  ) throws -> (history: History, weight: Double) {
    let model = Scale(1, dtype: .float64)
    let one = Tensor([1.0], shape: [1, 1])
    let data = TensorDataset(inputs: one, targets: Tensor([0.0], shape: [1, 1]))
    let setter = ClosureCallback(batchEnds: { training in
      model.weight.assign(Variable(values[training.epoch - 1]).cast(to: .float64))
    })
    let history = try model.fit(
      DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 0), epochs: values.count,
      metrics: [MeanAbsoluteErrorMetric()], validation: validation ? data : nil,
      callbacks: [setter] + callbacks, progress: .silent)
    return (history, model.weight.item())
  }

  @Test func `Early stopping waits for its patience and puts the best weights back`() throws {
    let values: [Double] = [5, 4, 3, 4, 4, 2.9, 3, 3, 3, 1]
    let stopping = EarlyStopping(patience: 3)
    let (history, weight) = try train(values, [stopping])
    #expect(history.epochCount == 9)
    #expect(weight == 2.9)
    #expect(stopping.bestEpoch == 6)
    #expect(abs(stopping.bestValue - 2.9 * 2.9) < 1e-12)
    #expect(
      history.stopReason == "no better validation loss for 3 epochs, best in epoch 6")
    #expect(history.bestEpoch(by: .least(.validationLoss)) == 6)
  }

  @Test func `Early stopping can keep the last weights, and demand an improvement of some size`()
    throws
  {
    let stopping = EarlyStopping(patience: 2, minimumChange: 0.5, restoresBest: false)
    // 3² − 2.95² is less than a half.
    let (history, weight) = try train([3, 2.95, 2.97, 1], [stopping])
    #expect(history.epochCount == 3)
    #expect(weight == 2.97)
    #expect(stopping.bestEpoch == 1)
  }

  @Test func `Early stopping goes by the quantity that is asked for`() throws {
    let stopping = EarlyStopping(.greatest(.validationMetric("error")), patience: 1)
    let (history, weight) = try train([1, 2, 3, 2.5, 9], [stopping])
    #expect(history.epochCount == 4)
    #expect(weight == 3)
    // The best weights come back when the epochs are over, too.
    #expect(try train([1, 2], [EarlyStopping(patience: 5)]).weight == 1)
  }

  @Test func `Without validation early stopping goes by the training loss`() throws {
    // The loss of an epoch is that before its batch: of 1, then of the values.
    let (history, _) = try train([2, 3, 4, 5], [EarlyStopping(patience: 2)], validation: false)
    #expect(history.epochCount == 3)
    #expect(history[.loss] == [1, 4, 9])
  }

  @Test func `NaN is never an improvement, and anything is better than NaN`() {
    let least = Criterion.least(.loss)
    #expect(!least.isBetter(.nan, than: 1))
    #expect(least.isBetter(1, than: .nan))
    #expect(!least.isBetter(.nan, than: .nan))
    #expect(!least.isBetter(1, than: 1))
    #expect(Criterion.greatest(.loss).isBetter(2, than: 1.5, by: 0.4))
    #expect(!Criterion.greatest(.loss).isBetter(2, than: 1.5, by: 0.5))
  }

  @Test func `A goal ends the training`() throws {
    let (history, _) = try train([3, 2, 1, 0], [StopAt(.least(.validationLoss), 4)])
    #expect(history.epochCount == 2)
    #expect(history.stopReason == "the validation loss has reached 4")
    let (other, _) = try train(
      [1, 2, 3, 0], [StopAt(.greatest(.validationMetric("error")), 2.5)])
    #expect(other.epochCount == 3)
  }

  @Test func `A quantity that there is not stops with the list of those there are`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Scale(1)
      let data = TensorDataset(inputs: Tensor.ones([1, 1]), targets: Tensor.zeros([1, 1]))
      try model.fit(
        DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0.1), epochs: 1,
        callbacks: [EarlyStopping(.least(.validationLoss), patience: 1)], progress: .silent)
    }
    expect(
      result, says: "EarlyStopping: there is no 'validation loss'",
      "'loss', 'learning rate', 'seconds'")
  }

  @Test func `The history is written after each epoch`() throws {
    try withFolder { folder in
      let path = folder + "/log.csv"
      var lines: [Int] = []
      let reader = ClosureCallback(epochEnds: { _ in
        lines.append(try CSV(contentsOf: path).rowCount)
      })
      let (history, _) = try train([3, 2, 1], [CSVLog(path), reader])
      #expect(lines == [1, 2, 3])
      let table = try CSV(contentsOf: path)
      #expect(
        table.header == [
          "epoch", "loss", "error", "validation loss", "validation error", "learning rate",
          "seconds",
        ])
      #expect(try table.numbers(in: "epoch") == [1, 2, 3])
      #expect(try table.numbers(in: "validation loss") == [9, 4, 1])
      #expect(try table.numbers(in: "seconds") == history[.seconds])
    }
  }

  @Test func `Averages are what is validated and what remains, weights are what is trained`() throws
  {
    let model = Scale(0, dtype: .float64)
    let one = Tensor([1.0], shape: [1, 1])
    // The gradient of w by the loss w is 1, so that each update lowers w by 1.
    let data = TensorDataset(inputs: one, targets: one)
    let optimizer = SGD(model.namedParameters, learningRate: 1).averaging(.equal(from: 1, every: 1))
    var weights: [Double] = []
    let history = try model.fit(
      DataLoader(data, batchSize: 1), loss: { prediction, _ in prediction.sum() },
      optimizer: optimizer, epochs: 3, validation: data,
      callbacks: [
        AverageWeights(of: optimizer),
        ClosureCallback(batchEnds: { _ in weights.append(model.weight.item()) }),
      ], progress: .silent)
    #expect(weights == [-1, -2, -3])
    #expect(history[.validationLoss] == [-1, -1.5, -2])
    #expect(model.weight.item() == -2)
  }

  @Test func `The learning rate falls on a plateau`() throws {
    let plateau = ReduceOnPlateau(learningRate: 0.5, factor: 0.1, patience: 1)
    let (history, _) = try train([3, 2, 2, 2, 2, 2], [ReduceLearningRate(plateau)])
    // No improvement in epochs 3 and 4, more than the patience of one.
    #expect(history[.learningRate].map { ($0 * 1000).rounded() } == [500, 500, 500, 500, 50, 50])
    let rising = ReduceOnPlateau(learningRate: 0.5, goal: .greatest, factor: 0.1, patience: 0)
    let callback = ReduceLearningRate(rising, by: .validationMetric("error"))
    let (other, _) = try train([1, 2, 1, 1], [callback])
    #expect(other[.learningRate].map { ($0 * 1000).rounded() } == [500, 500, 500, 50])
  }

  @Test func `A plateau and a schedule together stop with an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Scale(1)
      let data = TensorDataset(inputs: Tensor.ones([1, 1]), targets: Tensor.zeros([1, 1]))
      try model.fit(
        DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model, learningRate: 0.1), epochs: 1, schedule: .constant(1),
        callbacks: [ReduceLearningRate(ReduceOnPlateau(learningRate: 1))], progress: .silent)
    }
    expect(result, says: "ReduceLearningRate: the training has a schedule")
  }

  @Test func `Cross-validation trains once for each fold`() throws {
    let data = Rings.dataset()
    var generator = RandomGenerator(seed: 0)
    let folds = Splits.folds(of: data.count, into: 3, using: &generator)
    var seen: [[Int]] = []
    let accuracies = try crossValidate(data, folds: folds) { training, validation in
      seen.append(validation.indices)
      #expect(training.count == 40)
      let model = Rings.model()
      try model.fit(
        DataLoader(training, batchSize: 10, shuffle: true, using: &generator), loss: classLoss,
        optimizer: Adam(model, learningRate: 0.05), epochs: 60, metrics: [CategoricalAccuracy()],
        validation: validation, callbacks: [EarlyStopping(patience: 10)], progress: .silent)
      return try model.evaluate(validation, loss: classLoss, metrics: [CategoricalAccuracy()])
        .metrics["accuracy"]!
    }
    #expect(accuracies.count == 3)
    #expect(accuracies.allSatisfy { $0 > 0.7 }, "\(accuracies)")
    #expect(seen.flatMap { $0 }.sorted() == Array(0..<60))
  }

  @Test func `Hooks come in their order, checkpoints last`() throws {
    final class Trace: Callback {
      var calls: [String] = []
      func trainingBegins(_ training: Training) { calls.append("begin") }
      func epochBegins(_ training: Training) { calls.append("epoch \(training.epoch)") }
      func batchEnds(_ training: Training) {
        calls.append("batch \(training.batch) of \(training.batchCount), step \(training.step)")
      }
      func validationBegins(_ training: Training) { calls.append("validate") }
      func epochEnds(_ training: Training) {
        calls.append("ended, \(training.history.epochCount) in history")
        if training.epoch == 2 { training.stop("enough") }
      }
      func trainingEnds(_ training: Training) { calls.append("end") }
    }
    let trace = Trace(), model = Scale(1)
    let data = TensorDataset(inputs: Tensor.ones([3, 1]), targets: Tensor.zeros([3, 1]))
    let history = try model.fit(
      DataLoader(data, batchSize: 2), loss: { meanSquaredError($0, $1) },
      optimizer: SGD(model.namedParameters, learningRate: 0.1), epochs: 5, callbacks: [trace],
      progress: .silent)
    let epoch = { (n: Int) in
      [
        "epoch \(n)", "batch 1 of 2, step \(2 * n - 1)", "batch 2 of 2, step \(2 * n)", "validate",
        "ended, \(n) in history",
      ]
    }
    #expect(trace.calls == ["begin"] + epoch(1) + epoch(2) + ["end"])
    #expect(history.stopReason == "enough")
  }
}
