import Autograd

extension Trainer {
  /// What the gradients of a batch are for.
  private enum Use: Hashable {
    case step
    /// The first batch of a step, or a later one whose gradients are added.
    case first, later
  }

  /// One step of training: prediction, loss, gradients, update.
  mutating func update(by group: [(element: Element, count: Int)]) throws {
    let optimizer = training.optimizer
    let total = group.reduce(0) { $0 + $1.count }
    if group.count > 1 {
      // The losses are weighted by the numbers of examples, so that the gradient is that of one
      // batch of all of them.
      optimizer.zeroGradients()
      defer { optimizer.zeroGradients() }
      for (index, (element, count)) in group.enumerated() {
        let share = Variable(Tensor([Double(count) / Double(total)], shape: []))
        _ = try evaluate(element, count: count, for: index == 0 ? Use.first : .later, share)
      }
      optimizer.step()
    } else if optimizer.needsGradientsOnly {
      let slopes = try evaluate(group[0].element, count: total, for: Use.step)
      optimizer.step(gradients: slopes)
    } else {
      try step(on: group[0].element, count: total)
    }
    training.step += 1
  }

  /// The step of an optimizer that looks at the loss itself, perhaps in several places.
  private mutating func step(on element: Element, count: Int) throws {
    let sources = randomStates
    let result = try compute(element)
    try take(result, of: element, count: count, sources)
    var first: Variable? = result.loss
    var failure: (any Error)?
    training.optimizer.step {
      if let loss = first.take() { return loss }
      do {
        return try compute(element).loss
      } catch {
        failure = error
        return result.loss
      }
    }
    if let failure { throw failure }
  }

  /// Computes loss and gradients of a batch, and takes the loss into the results of the epoch.
  ///
  /// - Parameter share: The weight of the loss, if gradients are added up in the parameters.
  /// - Returns: The gradients by the optimizer's parameters, if they make a step by themselves.
  private mutating func evaluate(
    _ element: Element, count: Int, for use: Use, _ share: Variable? = nil
  ) throws -> [Variable?] {
    let sources = randomStates
    let optimizer = training.optimizer
    let hasMetrics = !metrics.names.isEmpty
    let results = try compute(element, for: use, extra: share) { result, share in
      result.requireOneNumber()
      let outputs =
        [result.loss] + (hasMetrics ? [result.prediction, result.target] : [nil, nil])
      guard let share else { return outputs + optimizer.slopes(of: result.loss) }
      (result.loss * share.cast(to: result.loss.dtype)).backward()
      return outputs
    }
    guard let loss = results[0] else { return [] }
    let result = BatchResult(loss: loss, prediction: results[1], target: results[2])
    try take(result, of: element, count: count, sources)
    return Array(results[3...])
  }

  private var randomStates: [(source: RandomSource, generator: RandomGenerator)] {
    training.randomSources.map { ($0.source, $0.source.generator) }
  }

  /// Takes a batch into the results of the epoch.
  private mutating func take(
    _ result: BatchResult, of element: Element, count: Int,
    _ sources: [(source: RandomSource, generator: RandomGenerator)]
  ) throws {
    training.batch += 1
    training.loss = result.lossNumber
    guard training.loss.isFinite else {
      for (source, generator) in sources { source.generator = generator }
      throw NonFiniteLoss(in: training, of: element) { try compute($0) }
    }
    training.lossSum += training.loss * Double(count)
    training.exampleCount += count
    metrics.update(result)
  }
}

extension Optimizer {
  /// Whether a step is made of the gradients at the parameters and nothing else, so that it does not
  /// matter how they were computed.
  ///
  /// Not known of optimizers that are not of this library: they may look at the loss.
  fileprivate var needsGradientsOnly: Bool {
    switch self {
    case is UpdateRule, is OptimizerGroup, is AccumulatedGradients, is AveragedParameters,
      is FiniteGradients, is Lookahead, is TransformedGradients:
      true
    default: false
    }
  }
}
