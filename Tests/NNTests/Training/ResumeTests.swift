import Autograd
import NN
import Testing

/// A training that was interrupted and resumed is the training that was not, bit for bit.
@Suite struct ResumeTests {
  /// What a training ends with.
  private struct Outcome: Equatable {
    let weights: [String: [UInt32]]
    let history: [[UInt64]]
    let optimizer: [String: [Double]]
    let stopReason: String?
  }

  private struct Interruption: Error {}

  /// Trains for up to six epochs of eight batches with everything that has a state, and saves every
  /// `everySteps` updates; breaks down after an update, if one is given.
  private func train(
    to path: String, breakingAfter limit: Int? = nil, everySteps: Int? = 1, accumulating: Int = 1,
    metrics: [any Metric] = []
  ) throws -> Outcome {
    let model = Rings.model()
    let optimizer = Adam(model.namedParameters, learningRate: 0.05)
      .averaging(.exponential(decay: 0.9))
    let stopping = EarlyStopping(patience: 2, minimumChange: 0.05)
    let breakdown = ClosureCallback(batchEnds: { training in
      if training.step == limit { throw Interruption() }
    })
    let history = try model.fit(
      Rings.loader(), loss: classLoss, optimizer: optimizer, epochs: 6, metrics: metrics,
      validation: Rings.dataset(seed: 9), schedule: Schedule { 0.05 / (1 + 0.1 * Double($0)) },
      accumulating: accumulating,
      callbacks: [
        breakdown, Checkpoint(path, everySteps: everySteps), AverageWeights(of: optimizer),
        stopping,
      ],
      resumingFrom: path, progress: .silent)
    return Outcome(
      weights: model.bits, history: history.bits,
      optimizer: optimizer.savedState().mapValues { $0.doubles() }, stopReason: history.stopReason)
  }

  /// In the first epoch, at an epoch's last batch, just after it, in the middle, at the very end.
  @Test(arguments: [2, 8, 9, 13, 16, 17, 24])
  func `Training goes on where it was interrupted`(limit: Int) throws {
    try withFolder { folder in
      let expected = try train(to: folder + "/whole")
      let path = folder + "/broken"
      #expect(throws: Interruption.self) { try train(to: path, breakingAfter: limit) }
      #expect(try train(to: path) == expected)
    }
  }

  @Test func `Training that was interrupted at every update is the same, too`() throws {
    try withFolder { folder in
      let expected = try train(to: folder + "/whole")
      let path = folder + "/broken"
      // The file is that of the update before, so each run makes two.
      for limit in 2...20 {
        #expect(throws: Interruption.self) { try train(to: path, breakingAfter: limit) }
      }
      #expect(try train(to: path) == expected)
    }
  }

  @Test func `Accumulated batches are resumed, too`() throws {
    try withFolder { folder in
      let expected = try train(to: folder + "/whole", accumulating: 3)
      let path = folder + "/broken"
      #expect(throws: Interruption.self) {
        try train(to: path, breakingAfter: 5, accumulating: 3)
      }
      #expect(try train(to: path, accumulating: 3) == expected)
    }
  }

  @Test func `Checkpoints by epochs lose the epoch that was interrupted`() throws {
    try withFolder { folder in
      let metrics = [CategoricalAccuracy()]
      let expected = try train(to: folder + "/whole", everySteps: nil, metrics: metrics)
      let path = folder + "/broken"
      #expect(throws: Interruption.self) {
        try train(to: path, breakingAfter: 20, everySteps: nil, metrics: metrics)
      }
      #expect(try train(to: path, everySteps: nil, metrics: metrics) == expected)
    }
  }

  @Test func `Training metrics of an epoch interrupted in its middle are NaN`() throws {
    try withFolder { folder in
      let path = folder + "/broken"
      let metrics = [CategoricalAccuracy()]
      #expect(throws: Interruption.self) {
        try train(to: path, breakingAfter: 12, metrics: metrics)
      }
      let outcome = try train(to: path, metrics: metrics)
      // Loss and accuracy of training, then of validation, then the rate.
      let accuracies = outcome.history.map { Double(bitPattern: $0[1]) }
      #expect(accuracies[1].isNaN)
      #expect(accuracies.count { $0.isNaN } == 1)
      let expected = try train(to: folder + "/whole", metrics: metrics)
      #expect(outcome.weights == expected.weights)
      #expect(outcome.history.map { $0[0] } == expected.history.map { $0[0] })
    }
  }

  @Test func `A training that has ended stays as it ended`() throws {
    try withFolder { folder in
      let path = folder + "/checkpoint"
      let expected = try train(to: path)
      #expect(try train(to: path) == expected)
    }
  }

  @Test func `A time limit leaves a checkpoint in the middle of an epoch`() throws {
    try withFolder { folder in
      func train(
        _ path: String, _ callbacks: [any Callback]
      ) throws -> (History, [String: [UInt32]]) {
        let model = Rings.model()
        let history = try model.fit(
          Rings.loader(), loss: classLoss, optimizer: Adam(model.namedParameters), epochs: 3,
          callbacks: callbacks + [Checkpoint(path)], resumingFrom: path, progress: .silent)
        return (history, model.bits)
      }
      let expected = try train(folder + "/whole", [])
      let path = folder + "/limited"
      let stopped = try train(path, [TimeLimit(.zero)])
      #expect(stopped.0.epochCount == 0)
      #expect(stopped.0.stopReason?.hasPrefix("the time limit") == true)
      let resumed = try train(path, [])
      #expect(resumed.0.bits == expected.0.bits)
      #expect(resumed.1 == expected.1)
    }
  }

  @Test func `A plateau is resumed, too`() throws {
    try withFolder { folder in
      func train(_ path: String, epochs: Int) throws -> (History, [String: [UInt32]]) {
        let model = Rings.model()
        let plateau = ReduceOnPlateau(
          learningRate: 0.1, factor: 0.7, patience: 0, threshold: .absolute(0.1))
        let history = try model.fit(
          Rings.loader(), loss: classLoss, optimizer: SGD(model, learningRate: 1), epochs: epochs,
          callbacks: [ReduceLearningRate(plateau), Checkpoint(path)], resumingFrom: path,
          progress: .silent)
        return (history, model.bits)
      }
      let expected = try train(folder + "/whole", epochs: 6)
      #expect(Set(expected.0[.learningRate]).count > 2)
      for epochs in [1, 4] { _ = try train(folder + "/parts", epochs: epochs) }
      let resumed = try train(folder + "/parts", epochs: 6)
      #expect(resumed.0.bits == expected.0.bits)
      #expect(resumed.1 == expected.1)
    }
  }

  @Test func `The best checkpoint holds the weights of the best epoch`() throws {
    try withFolder { folder in
      let path = folder + "/best"
      // Up, down and up again: the second epoch is the best.
      let model = Scale(1)
      let data = TensorDataset(inputs: Tensor.ones([1, 1]), targets: Tensor.zeros([1, 1]))
      let weights = [3.0, 1, 2]
      try model.fit(
        DataLoader(data, batchSize: 1), loss: { meanSquaredError($0, $1) },
        optimizer: SGD(model.namedParameters, learningRate: 0), epochs: 3, validation: data,
        callbacks: [
          ClosureCallback(batchEnds: { training in
            model.weight.assign(Variable(weights[training.epoch - 1]).cast(to: .float32))
          }), Checkpoint(bestTo: path),
        ], progress: .silent)
      #expect(model.weight.item() == 2)
      try model.loadWeights(fromCheckpoint: path)
      #expect(model.weight.item() == 1)
    }
  }
}
