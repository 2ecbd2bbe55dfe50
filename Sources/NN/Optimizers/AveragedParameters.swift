import Autograd

/// An optimizer that keeps averages of its parameters; see ``Optimizer/averaging(_:)``.
public final class AveragedParameters: OptimizerWrapper {
  /// How parameters are averaged.
  public enum Average: Sendable {
    /// a ← δ a + (1 − δ) w after each step; the first time a ← w.
    case exponential(decay: Double)
    /// The mean of the parameters after every `every`th step from `from` on: stochastic weight
    /// averaging (Izmailov et al., arXiv:1803.05407).
    case equal(from: Int, every: Int)
  }

  /// How parameters are averaged.
  public let average: Average
  /// The number of times that the averages took in the parameters.
  public var averagedSteps: Int { state.counts["averagedSteps"]! }

  init(_ base: any Optimizer, _ average: Average) {
    switch average {
    case .exponential(let decay):
      guard (0...1).contains(decay) else {
        fatalError("averaging: the decay \(decay) must lie in 0...1")
      }
    case .equal(let start, let every):
      guard start >= 1, every >= 1 else {
        fatalError("averaging: from step \(start) every \(every) steps; both at least 1")
      }
    }
    self.average = average
    super.init(base, countNames: ["averagingSteps", "averagedSteps"])
  }

  /// The averages, which are the parameters at the beginning.
  public override func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    [("average", parameter)]
  }

  /// Leaves the parameters, and takes them into the averages.
  public override func finished(
    _ parameters: [Variable], state: inout OptimizerState
  ) -> [Variable] {
    state.counts["averagingSteps"]! += 1
    if case .equal(let start, let every) = average {
      let elapsed = state.counts["averagingSteps"]! - start
      guard elapsed >= 0, elapsed % every == 0 else { return parameters }
    }
    for (index, parameter) in parameters.enumerated() {
      let kept = state.number("averagedSteps", parameter.dtype) { [average] count in
        guard count > 0, case .exponential(let decay) = average else {
          return Double(count) / Double(count + 1)
        }
        return decay
      }
      state.parameters[index].slots[0] = lerp(parameter, state.parameters[index].slots[0], kept)
    }
    state.counts["averagedSteps"]! += 1
    return parameters
  }

  /// Runs a closure while the parameters have their average values, and puts back their own.
  ///
  /// Nothing else is averaged: running statistics of normalizations are those of the parameters.
  /// Before the first average the parameters stay as they are.
  public func withAverages<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard averagedSteps > 0 else { return try body() }
    let parameters = namedParameters.map(\.value)
    let own = parameters.map { $0.detached() }
    assignAverages()
    defer { for (parameter, value) in zip(parameters, own) { parameter.assign(value) } }
    return try body()
  }

  /// Replaces the parameters by their averages, if there are any yet.
  func assignAverages() {
    guard averagedSteps > 0 else { return }
    for (parameter, state) in zip(namedParameters, state.parameters) {
      parameter.value.assign(state.slots[0])
    }
  }
}

extension Optimizer {
  /// This optimizer, which also keeps averages of the parameters for evaluation.
  ///
  /// ```swift
  /// let optimizer = Adam(model).averaging(.exponential(decay: 0.999))
  /// // … training …
  /// let accuracy = optimizer.withAverages { evaluate(model) }
  /// ```
  public func averaging(_ average: AveragedParameters.Average) -> AveragedParameters {
    AveragedParameters(self, average)
  }
}
