import Autograd
import NN
import Testing

@Suite struct CheckpointErrorTests {
  private let data = TensorDataset(inputs: Tensor.ones([4, 1]), targets: Tensor.zeros([4, 1]))

  private func fit(
    _ model: some Layer, _ optimizer: any Optimizer, batchSize: Int = 2,
    metrics: [any Metric] = [], callbacks: [any Callback] = [], resumingFrom path: String? = nil
  ) throws {
    try model.fit(
      DataLoader(data, batchSize: batchSize), loss: { meanSquaredError($0, $1) },
      optimizer: optimizer, epochs: 2, metrics: metrics, callbacks: callbacks, resumingFrom: path,
      progress: .silent)
  }

  /// The part of which the error says that it differs.
  private func differingPart(_ body: () throws -> Void) -> String? {
    guard
      case .differs(let part, _)? = #expect(throws: CheckpointError.self, performing: body)?
        .reason
    else { return nil }
    return part
  }

  @Test func `The checkpoint of another training is refused, and nothing has changed`() throws {
    try withFolder { folder in
      let path = folder + "/checkpoint"
      let model = Scale(2)
      try fit(model, Adam(model.namedParameters), callbacks: [Checkpoint(path)])

      let other = Rings.model()
      #expect(
        differingPart { try fit(other, Adam(other.namedParameters), resumingFrom: path) } == "model"
      )

      let same = Scale(7)
      let momentum = SGD(same.namedParameters, learningRate: 0.5, momentum: 0.9)
      #expect(differingPart { try fit(same, momentum, resumingFrom: path) } == "optimizer")
      #expect(same.weight.item() == 7, "the model's part fits, but nothing is loaded")
      #expect(momentum.learningRate.item() == 0.5)

      let adam = Adam(same.namedParameters)
      #expect(differingPart { try fit(same, adam, batchSize: 3, resumingFrom: path) } == "loader")
      #expect(
        differingPart {
          try fit(same, adam, metrics: [MeanAbsoluteErrorMetric()], resumingFrom: path)
        } == "history")
      #expect(
        differingPart {
          try fit(same, adam, callbacks: [EarlyStopping(patience: 1)], resumingFrom: path)
        } == "callback 1, EarlyStopping")
      #expect(same.weight.item() == 7)
      #expect(adam.savedState()["weight.step"]?.item() == 0)
    }
  }

  @Test func `Files that are no checkpoints are refused`() throws {
    try withFolder { folder in
      let model = Scale(2)
      let path = folder + "/file"
      try saveTensors(["weight": Tensor(1.0)], to: path)
      let error = #expect(throws: CheckpointError.self) {
        try fit(model, Adam(model.namedParameters), resumingFrom: path)
      }
      #expect(error?.reason == .notACheckpoint)
      #expect(error?.description == "\(path): this is not a checkpoint of a training")
      let noWeights = #expect(throws: CheckpointError.self) {
        try model.loadWeights(fromCheckpoint: path)
      }
      #expect(noWeights?.reason == .notACheckpoint)
      let missing = #expect(throws: CheckpointError.self) {
        try model.loadWeights(fromCheckpoint: folder + "/none")
      }
      guard case .file? = missing?.reason else {
        Issue.record("\(String(describing: missing))")
        return
      }
    }
  }

  @Test func `Every cut or altered file is an error or a whole training, never a crash`() throws {
    try withFolder { folder in
      let path = folder + "/checkpoint", broken = folder + "/broken"
      let model = Scale(2)
      try fit(model, Adam(model.namedParameters), callbacks: [Checkpoint(path)])
      let bytes = try Platform.read(path, limit: 1 << 20)
      for length in stride(from: 0, to: bytes.count, by: 97) {
        try Platform.write(Array(bytes[..<length]), to: broken)
        #expect(throws: CheckpointError.self) {
          try fit(model, Adam(model.namedParameters), resumingFrom: broken)
        }
      }
      for place in stride(from: 0, to: bytes.count, by: 61) {
        var altered = bytes
        altered[place] ^= 0x55
        try Platform.write(altered, to: broken)
        do {
          try fit(model, Adam(model.namedParameters), resumingFrom: broken)
        } catch is CheckpointError {
        } catch is NonFiniteLoss {
        }
      }
    }
  }

  @Test func `Counts that cannot be are errors`() throws {
    try withFolder { folder in
      let path = folder + "/checkpoint", broken = folder + "/broken"
      let model = Scale(2)
      let callbacks: [any Callback] = [EarlyStopping(patience: 9), Checkpoint(path)]
      try fit(model, Adam(model.namedParameters), callbacks: callbacks)
      let saved = try loadTensors(from: path)
      let wrong: [(key: String, value: [Int], part: String)] = [
        ("training/counts", [0, -1, 0], "training"), ("training/counts", [3, 4, 4], "training"),
        ("optimizer/weight.step", [.max], "optimizer"), ("loader/epoch", [.max], "loader"),
        ("loader/batch", [-1], "loader"), ("loader/batch", [3], "loader"),
        ("callback 1, EarlyStopping/epoch", [.min], "callback 1, EarlyStopping"),
      ]
      for (key, value, part) in wrong {
        var altered = saved
        altered[key] = Tensor(value, shape: try #require(saved[key]).shape)
        try saveTensors(altered, to: broken)
        let differing = differingPart {
          try fit(
            model, Adam(model.namedParameters), callbacks: [EarlyStopping(patience: 9)],
            resumingFrom: broken)
        }
        #expect(differing == part, "\(key): \(value)")
      }
    }
  }

  @Test func `A checkpoint that cannot be written ends the training with an error`() {
    let model = Scale(2)
    let path = "/nowhere/at all/checkpoint"
    let error = #expect(throws: CheckpointError.self) {
      try fit(model, Adam(model.namedParameters), callbacks: [Checkpoint(path)])
    }
    #expect(error?.description.contains(path) == true)
  }
}
