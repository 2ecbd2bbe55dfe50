import Autograd

// What a checkpoint holds: tensors by name, those of each part under a prefix.

extension Training {
  private static let version = 1

  /// Everything that the training goes on from.
  func savedState() -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (part, values) in parts() {
      for (name, value) in values { state["\(part)/\(name)"] = value }
    }
    return state
  }

  /// The state by parts: what their owners save, and the training's own numbers.
  private func parts() -> [(name: String, values: [String: Tensor])] {
    var parts = [
      (name: "training", values: ownState()), ("model", model.state()),
      ("optimizer", optimizer.savedState()), ("loader", loader.savedState()),
      ("random", randomState()), ("history", historyState()),
    ]
    for (name, callback) in namedCallbacks { parts.append((name, callback.savedState())) }
    return parts
  }

  private var namedCallbacks: [(name: String, callback: any Callback)] {
    callbacks.enumerated().map { index, callback in
      ("callback \(index + 1), \(type(of: callback))", callback)
    }
  }

  private func ownState() -> [String: Tensor] {
    [
      "version": Tensor([Self.version], shape: []),
      "counts": Tensor([exampleCount == 0 ? 0 : batch, step, exampleCount]),
      "losses": Tensor([lossSum, loss]),
      "learningRate": optimizer.learningRate.cast(to: .float64).value,
    ]
  }

  private func randomState() -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: randomSources.map { name, source in
        let generator = source.generator
        let words = [generator.seed, generator.stream, generator.counter]
        return (name, Tensor(words.map { Int(truncatingIfNeeded: $0) }))
      })
  }

  private func historyState() -> [String: Tensor] {
    let names = history.quantities.map(\.description).joined(separator: "\n")
    return [
      "quantities": Tensor(Array(names.utf8)),
      "rows": Tensor(
        history.rows.flatMap { $0 }, shape: [history.rows.count, history.quantities.count]),
    ]
  }

  /// Continues from a saved state; after an error everything is as it was.
  func load(_ saved: [String: Tensor], path: String) throws {
    let before = savedState()
    do {
      try apply(saved, path: path)
    } catch {
      // It came from these very objects, so it fits.
      try apply(before, path: path)
      throw error
    }
  }

  private func apply(_ saved: [String: Tensor], path: String) throws {
    var parts: [String: [String: Tensor]] = [:]
    for (key, value) in saved {
      guard let slash = key.firstIndex(of: "/") else { continue }
      parts[String(key[..<slash]), default: [:]][String(key[key.index(after: slash)...])] = value
    }
    guard parts["training"]?["version"]?.array(of: Int.self) == [Self.version] else {
      throw CheckpointError(path: path, reason: .notACheckpoint)
    }
    func load(_ part: String, _ body: ([String: Tensor]) throws -> Void) throws {
      do {
        try body(parts[part] ?? [:])
      } catch let error as StateError {
        throw CheckpointError(path: path, reason: .differs(part: part, error))
      }
    }
    try load("training", loadOwnState)
    try load("model") { try model.load($0) }
    try load("optimizer") { try optimizer.load($0) }
    try load("loader") { try loader.load($0) }
    try load("random", loadRandomState)
    try load("history", loadHistory)
    for (name, callback) in namedCallbacks { try load(name) { try callback.load($0) } }
    epoch = history.epochCount + 1
  }

  private func loadOwnState(_ saved: [String: Tensor]) throws {
    try check(saved, against: ownState().map { ($0.key, $0.value) })
    let counts = try savedCounts("counts", in: saved)
    guard counts[0] <= batchCount else {
      throw StateError(problems: [
        .mismatch("it was at batch \(counts[0]), but an epoch has \(batchCount)")
      ])
    }
    (batch, step, exampleCount) = (counts[0], counts[1], counts[2])
    let losses = saved["losses"]!.doubles()
    (lossSum, loss) = (losses[0], losses[1])
    optimizer.learningRate = Variable(saved["learningRate"]!.item())
  }

  private func loadRandomState(_ saved: [String: Tensor]) throws {
    try check(saved, against: randomState().map { ($0.key, $0.value) })
    for (name, source) in randomSources {
      let words = saved[name]!.array(of: Int.self).map { UInt64(truncatingIfNeeded: $0) }
      source.generator = RandomGenerator(seed: words[0], stream: words[1], counter: words[2])
    }
  }

  private func loadHistory(_ saved: [String: Tensor]) throws {
    let own = historyState()["quantities"]!.array(of: UInt8.self)
    guard
      let names = saved["quantities"], names.dtype == .uint8,
      let rows = saved["rows"], rows.dtype == .float64, rows.rank == 2,
      names.array(of: UInt8.self) == own, rows.shape[1] == history.quantities.count
    else {
      throw StateError(problems: [
        .mismatch("the quantities of its epochs are not \(history.quantities.map(\.description))")
      ])
    }
    let values = rows.doubles()
    var loaded = History(of: history.quantities)
    for row in 0..<rows.shape[0] {
      let start = row * loaded.quantities.count
      loaded.append(Array(values[start..<start + loaded.quantities.count]))
    }
    history = loaded
  }

  // MARK: Files

  /// Writes everything that the training goes on from.
  func save(to path: String) throws(CheckpointError) {
    do {
      try saveTensors(savedState(), to: path)
    } catch {
      throw CheckpointError(path: path, reason: .file(error))
    }
  }

  /// Continues from a file, if it is there.
  func resume(from path: String) throws {
    guard Platform.exists(path) else { return }
    try load(checkpointTensors(in: path), path: path)
  }
}

private func checkpointTensors(in path: String) throws(CheckpointError) -> [String: Tensor] {
  do {
    return try loadTensors(from: path)
  } catch {
    throw CheckpointError(path: path, reason: .file(error))
  }
}

extension Module {
  /// Loads the weights, parameters and buffers, that a ``Checkpoint`` has saved, and nothing else
  /// of it.
  ///
  /// - Throws: ``CheckpointError`` if the file is no checkpoint or that of another model; then
  ///   nothing has changed.
  public func loadWeights(fromCheckpoint path: String) throws(CheckpointError) {
    let saved = try checkpointTensors(in: path)
    guard saved["training/version"] != nil else {
      throw CheckpointError(path: path, reason: .notACheckpoint)
    }
    let weights = saved.filter { $0.key.hasPrefix("model/") }
    let named = weights.map { (String($0.key.dropFirst("model/".count)), $0.value) }
    do {
      try load(Dictionary(named) { first, _ in first })
    } catch {
      throw CheckpointError(path: path, reason: .differs(part: "model", error))
    }
  }
}
