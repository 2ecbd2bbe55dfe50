import Autograd

/// The loss over a learning rate that grows with each batch, and a rate to train with.
///
/// (Smith, Cyclical learning rates for training neural networks, arXiv:1506.01186.)
///
/// ```swift
/// let sweep = try model.sweepLearningRate(
///   loader, loss: { meanSquaredError($0, $1) }, optimizer: optimizer)
/// if let rate = sweep.suggestion { optimizer.learningRate = Variable(rate) }
/// try sweep.plot().write(to: "rates.svg")
/// ```
public struct LearningRateSweep: Sendable, Equatable {
  /// The learning rates, growing by equal factors.
  public let rates: [Double]
  /// The loss of one batch each, before the step with the rate.
  public let losses: [Double]

  /// The result of a sweep of one's own.
  public init(rates: [Double], losses: [Double]) {
    requireEqualCounts(rates.count, losses.count, of: "LearningRateSweep")
    self.rates = rates
    self.losses = losses
  }

  /// The losses with noise smoothed out: a running mean of exponential weights, 0.9 for the past,
  /// corrected for its start.
  public var smoothedLosses: [Double] {
    let keep = 0.9
    var (mean, weight) = (0.0, 0.0)
    return losses.map { loss in
      mean = keep * mean + (1 - keep) * loss
      weight = keep * weight + (1 - keep)
      return mean / weight
    }
  }

  /// The rate at which the smoothed loss falls fastest per factor of the rate; nil if it never
  /// falls.
  ///
  /// The first ten rates, of few a quarter, do not count: there is little to smooth with yet.
  public var suggestion: Double? {
    let losses = smoothedLosses
    let first = max(min(10, losses.count / 4), 1)
    guard losses.count > first + 1 else { return nil }
    // Rates are at equal factors, so differences are proportional to slopes.
    let slopes = (first..<losses.count - 1).map { losses[$0 + 1] - losses[$0 - 1] }
    guard let steepest = slopes.min(), steepest < 0 else { return nil }
    return rates[slopes.firstIndex(of: steepest)! + first]
  }
}

extension Layer {
  /// Trains for some batches with a learning rate that grows exponentially, and puts everything
  /// back afterwards: weights, optimizer, random numbers of layers and the loader's place.
  ///
  /// It ends early when the loss is not finite, or smoothed is four times the least so far.
  ///
  /// - Parameters:
  ///   - loader: Pairs of inputs and targets; after the last batch of an epoch the next begins.
  ///   - loss: From predictions and targets to the mean loss of a batch.
  ///   - optimizer: The rule whose learning rate is looked for.
  ///   - range: The first and the last rate, above 0; else stops with an error.
  ///   - steps: The number of batches, at least 2; else stops with an error.
  /// - Throws: ``EmptyData`` if an epoch has no batch; what the dataset throws.
  public func sweepLearningRate<Source: Dataset<Batch>>(
    _ loader: DataLoader<Source>, loss: (_ prediction: Variable, _ target: Variable) -> Variable,
    optimizer: any Optimizer, from range: ClosedRange<Double> = 1e-6...1, steps: Int = 100
  ) throws -> LearningRateSweep {
    guard range.lowerBound > 0, range.upperBound.isFinite, steps > 1 else {
      fatalError("sweepLearningRate: \(steps) steps over \(range); at least 2, over rates above 0")
    }
    guard loader.batchCount > 0 else { throw EmptyData(purpose: "train") }
    let training = Training(
      of: self, by: optimizer, epochs: 1, quantities: [], loader: loader)
    let before = training.savedState()
    let wasTraining = ModuleWalk(self).modes.map { ($0, $0.isTraining) }
    for (mode, _) in wasTraining { mode.isTraining = true }
    let exponents = (Platform.log10(range.lowerBound), Platform.log10(range.upperBound))
    var (rates, losses): ([Double], [Double]) = ([], [])
    let result = Result {
      while rates.count < steps {
        guard let batch = try loader.next() else { continue }
        let fraction = Double(rates.count) / Double(steps - 1)
        let rate = Platform.power10(exponents.0 + fraction * (exponents.1 - exponents.0))
        optimizer.learningRate = Variable(rate)
        optimizer.zeroGradients()
        let value = loss(self(batch.input), batch.target)
        let number = value.item()
        if !number.isFinite { break }
        rates.append(rate)
        losses.append(number)
        let smoothed = LearningRateSweep(rates: rates, losses: losses).smoothedLosses
        if let least = smoothed.min(), least > 0, smoothed.last! > 4 * least { break }
        value.backward()
        optimizer.step()
      }
    }
    optimizer.zeroGradients()
    for (mode, wasTraining) in wasTraining { mode.isTraining = wasTraining }
    try training.load(before, path: "")
    try result.get()
    return LearningRateSweep(rates: rates, losses: losses)
  }
}
