import Autograd

extension LBFGS {
  /// Makes iterations until one of the limits or tolerances is reached.
  ///
  /// - Parameter loss: One number that depends on the parameters; it is computed again and again.
  /// - Returns: The loss before.
  @discardableResult public func step(_ loss: () -> Variable) -> Variable {
    let parameters = namedParameters.map(\.value)
    var next = state
    func evaluated() -> (value: Variable, slope: [Variable]) {
      next.counts["evaluations"]! += 1
      let (value, slopes) = slopes(of: loss)
      return (value, zip(parameters, slopes).map { $1 ?? zeros(like: $0) })
    }
    func move(to values: [Variable]) {
      for (parameter, value) in zip(parameters, values) { parameter.assign(value) }
    }

    let (first, firstSlope) = evaluated()
    var (value, slope) = (first.item(), firstSlope)
    var evaluations = 1
    // The state changes as a whole at the end: old and new gradients are needed until then.
    defer { state.assign(next) }
    if largest(slope) <= gradientTolerance { return first }
    for iteration in 1...maximumIterations {
      let here = parameters.map { $0.detached() }
      let (direction, start) = withoutRecording {
        let direction = self.direction(slope, &next)
        return (direction, firstLength(slope, next).item() * learningRate.item())
      }
      func point(_ length: Double) -> [Variable] {
        withoutRecording {
          zip(here, scaled(direction, by: Variable(length))).map { $0 + $1 }
        }
      }
      func trial(_ length: Double) -> LineSearchPoint {
        move(to: point(length))
        let (value, slope) = evaluated()
        return LineSearchPoint(length, value.item(), slope, along: direction)
      }

      let origin = LineSearchPoint(0, value, slope, along: direction)
      var length = start
      defer { setMove(scaled(direction, by: Variable(length)), &next) }
      if origin.slope > -changeTolerance { break }
      if lineSearch == .strongWolfe {
        let search = StrongWolfe(
          tolerance: changeTolerance / largest(direction),
          maximumTrials: maximumEvaluations - evaluations)
        let (found, trials) = search.run(from: origin, first: start, trial: trial)
        (length, value, slope) = (found.length, found.value, found.gradient)
        evaluations += trials
        move(to: point(length))
      } else if iteration < maximumIterations {
        let found = trial(length)
        (value, slope) = (found.value, found.gradient)
        evaluations += 1
      } else {
        // Nobody would use the loss there.
        move(to: point(length))
        break
      }
      let isSmall = largest(direction) * abs(length) <= changeTolerance
      if evaluations >= maximumEvaluations || largest(slope) <= gradientTolerance || isSmall
        || abs(value - origin.value) < changeTolerance
      {
        break
      }
    }
    return first
  }

  private func setMove(_ move: [Variable], _ state: inout OptimizerState) {
    for (index, move) in move.enumerated() { state.parameters[index].slots[0] = move }
  }

  /// The largest size of an element.
  private func largest(_ variables: [Variable]) -> Double {
    variables.filter { $0.count > 0 }.map { abs($0).max().item() }.max() ?? 0
  }
}
