import Autograd

extension Module {
  /// Loss and metrics over all examples of a dataset, evaluating and without recording.
  func evaluate<Element>(
    _ data: any Dataset<Element>, batchSize: Int, metrics: inout MetricSet,
    _ compute: BatchFunction<Element>
  ) throws -> (loss: Double, metrics: [Double]) {
    guard data.count > 0 else { throw EmptyData(purpose: "evaluate") }
    let hasMetrics = !metrics.names.isEmpty
    var sum = 0.0
    try evaluating {
      try withoutRecording {
        for start in stride(from: 0, to: data.count, by: batchSize) {
          let indices = Array(start..<min(start + batchSize, data.count))
          let results = try compute(data.batch(at: indices), for: "evaluation") { result, _ in
            result.requireOneNumber()
            return [result.loss] + (hasMetrics ? [result.prediction, result.target] : [nil, nil])
          }
          guard let loss = results[0] else { continue }
          let result = BatchResult(loss: loss, prediction: results[1], target: results[2])
          sum += result.lossNumber * Double(indices.count)
          metrics.update(result)
        }
      }
    }
    return (sum / Double(data.count), metrics.values)
  }
}

/// What a model reaches on data that it was not trained on.
public struct Evaluation: Sendable, Equatable, CustomStringConvertible {
  /// The mean loss of the examples.
  public let loss: Double
  /// The values of the metrics, by name.
  public let metrics: [String: Double]

  /// "loss 0.231, accuracy 0.94", metrics in the order of their names.
  public var description: String {
    let values = metrics.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    return ([(name: "loss", value: loss)] + values)
      .map { "\($0.name) \($0.value.significant(4))" }.joined(separator: ", ")
  }
}

/// There is nothing to train or evaluate on.
public struct EmptyData: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the data were for: "train", "evaluate" or "validate".
  public let purpose: String
  /// Why there are none, if there is more to say.
  public var reason: String?

  /// One sentence for people.
  public var description: String {
    "there is no example to \(purpose) on" + (reason.map { ": \($0)" } ?? "")
  }
}

extension Layer {
  /// The mean loss and metrics over all examples of a dataset, evaluating and without recording.
  ///
  /// ```swift
  /// print(try model.evaluate(
  ///   test, loss: { crossEntropy($0, classIndices: $1) }, metrics: [CategoricalAccuracy()]))
  /// // loss 0.231, accuracy 0.94
  /// ```
  ///
  /// - Parameters:
  ///   - data: Pairs of inputs and targets.
  ///   - batchSize: The number of examples that are computed together, at least 1.
  ///   - loss: From predictions and targets to the mean loss of a batch.
  ///   - metrics: What else to compute.
  /// - Throws: ``EmptyData`` if there are no examples; what the dataset throws.
  public func evaluate(
    _ data: some Dataset<Batch>, batchSize: Int = 256,
    loss: (_ prediction: Variable, _ target: Variable) -> Variable, metrics: [any Metric] = []
  ) throws -> Evaluation {
    requireBatchSize(batchSize, for: "evaluate")
    var set = MetricSet(metrics)
    let (value, values) = try withoutActuallyEscaping(loss) { loss in
      let compute = BatchFunction<Batch>(of: self, isCompiled: false) { batch in
        let prediction = self(batch.input)
        return BatchResult(
          loss: loss(prediction, batch.target), prediction: prediction, target: batch.target)
      }
      return try evaluate(data, batchSize: batchSize, metrics: &set, compute)
    }
    return Evaluation(
      loss: value, metrics: Dictionary(uniqueKeysWithValues: zip(set.names, values)))
  }

  /// The mean loss and metrics over the rows of two tensors; see
  /// ``evaluate(_:batchSize:loss:metrics:)``.
  public func evaluate(
    _ inputs: Tensor, _ targets: Tensor, batchSize: Int = 256,
    loss: (_ prediction: Variable, _ target: Variable) -> Variable, metrics: [any Metric] = []
  ) throws -> Evaluation {
    try evaluate(
      TensorDataset(inputs: inputs, targets: targets), batchSize: batchSize, loss: loss,
      metrics: metrics)
  }

  /// What the model says to the rows of a tensor, evaluating and without recording.
  ///
  /// Batches only bound the memory: the rows come out in their order. Stops with an error if the
  /// inputs have no axis of examples.
  ///
  /// - Parameters:
  ///   - inputs: The examples along axis 0.
  ///   - batchSize: The number of examples that are computed together, at least 1.
  /// - Returns: The predictions along axis 0.
  public func predict(_ inputs: Tensor, batchSize: Int = 256) -> Tensor {
    requireBatchSize(batchSize, for: "predict")
    guard inputs.rank > 0 else { fatalError("predict: the inputs have no axis of examples") }
    let count = inputs.shape[0]
    return evaluating {
      withoutRecording {
        if count <= batchSize { return self(Variable(inputs)).value }
        let parts = stride(from: 0, to: count, by: batchSize).map { start in
          self(Variable(inputs[start..<min(start + batchSize, count)]))
        }
        return concatenate(parts).value
      }
    }
  }
}

func requireBatchSize(_ size: Int, for caller: String) {
  if size < 1 { fatalError("\(caller): the batch size \(size) must be at least 1") }
}
