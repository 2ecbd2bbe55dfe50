import Autograd

/// The connectionist temporal classification loss: −log of the probability that a sequence of
/// outputs spells the targets, whatever the alignment.
///
/// At each step the model says one of C labels, one of which is blank. An alignment spells what is
/// left of it when repeated labels are merged and blanks removed. The sum over all alignments is
/// the forward algorithm, in logarithms, over the targets with blanks in between.
/// Graves et al., Connectionist temporal classification, ICML 2006.
///
/// Targets that are too long to be spelled have the loss ∞ and the derivative 0.
///
/// ```swift
/// let loss = ctc(
///   logSoftmax(model(sound), axis: 2), targets: text,    // [50, 8, 28] and int64 [8, 12]
///   inputLengths: frames, targetLengths: letters)
/// ```
///
/// - Parameters:
///   - logProbabilities: Of shape [steps, examples, C], from `logSoftmax`; else stops with an error.
///   - targets: Labels, int64, of shape [examples, longest], each from 0 up to but without C and not
///     blank; else stops with an error. What is beyond an example's length is not read.
///   - inputLengths: How many steps each example has; nil for all of them.
///   - targetLengths: How many labels each example has; nil for all of them. Lengths that do not
///     fit stop with an error.
///   - blank: The label that stands for none.
///   - zeroInfinity: Whether an infinite loss counts as 0.
///   - reduction: Mean over the examples of the loss for each label (targets without labels count
///     as one), sum or none.
public func ctc(
  _ logProbabilities: Variable, targets: Variable, inputLengths: [Int]? = nil,
  targetLengths: [Int]? = nil, blank: Int = 0, zeroInfinity: Bool = false,
  reduction: Reduction = .mean
) -> Variable {
  let shape = logProbabilities.shape
  guard shape.rank == 3, targets.dtype == .int64, targets.rank == 2, targets.shape[0] == shape[1]
  else {
    fatalError(
      "ctc: expected log-probabilities [steps, examples, classes] and int64 targets [examples, "
        + "longest], not \(describe(logProbabilities)) and \(describe(targets))"
        + location(of: logProbabilities))
  }
  guard (0..<shape[2]).contains(blank) else {
    fatalError("ctc: blank is \(blank), which is not one of the \(shape[2]) classes")
  }
  let steps = checked(inputLengths, "inputLengths", limit: shape[0], examples: shape[1])
  let lengths = checked(targetLengths, "targetLengths", limit: targets.shape[1], examples: shape[1])
  let states = CTCStates(targets, lengths: lengths, blank: blank, classes: shape[2])
  let logLikelihoods = states.logLikelihoods(logProbabilities, steps: steps)
  let isImpossible = logLikelihoods .== Variable(-Double.infinity)
  let losses = select(
    isImpossible, Variable(zeroInfinity ? 0 : Double.infinity), -logLikelihoods)
  guard case .mean = reduction else { return reduction(losses) }
  return (losses / clamp(states.lengths.cast(to: losses.dtype), low: 1)).mean()
}

private func checked(_ lengths: [Int]?, _ name: String, limit: Int, examples: Int) -> [Int] {
  guard let lengths else { return [Int](repeating: limit, count: examples) }
  guard lengths.count == examples, lengths.allSatisfy((0...limit).contains) else {
    fatalError("ctc: \(name) \(lengths) are not \(examples) numbers from 0 to \(limit)")
  }
  return lengths
}

/// Where in its targets an alignment can be: blank, label, blank, …, label, blank.
private struct CTCStates {
  /// The number of labels of each example.
  let lengths: Variable
  /// The label of each state, [examples, states].
  private let labels: Variable
  /// Whether a state can be reached over a blank: from the label before, if that is another one.
  private let canSkip: Variable

  init(_ targets: Variable, lengths: [Int], blank: Int, classes: Int) {
    let (examples, longest) = (targets.shape[0], targets.shape[1])
    self.lengths = Variable(lengths)
    let blankLabel = Variable(integerLiteral: Int64(blank))
    let positions = Variable(Tensor.range(to: Double(longest), dtype: .int64))
    let isTarget = positions .< self.lengths.unsqueezed(axis: 1)
    let known = select(isTarget, targets, blankLabel)
    requireRange(ofIndices: known, count: classes, operation: "ctc")
    let isBlank = (known .== blankLabel) .& isTarget
    check(isBlank) { isBlank in
      guard let (_, position) = firstInvalidIndex(isBlank.cast(to: .int64), below: 1) else {
        return
      }
      let place = Shape([position / longest, position % longest])
      fatalError("ctc: the target at \(place) is \(blank), which stands for blank")
    }
    let blanks = Variable(Tensor.full(Double(blank), [examples, longest + 1], dtype: .int64))
    let pairs = stack([blanks[..., 0..<longest], known], axis: 2)
    labels = concatenate(
      [pairs.reshaped(to: [examples, 2 * longest]), blanks[..., longest...]], axis: 1)
    let before = labels.padded([(0, 0), (2, 0)], value: Double(blank))[..., 0..<labels.shape[1]]
    canSkip = (labels .!= blankLabel) .& (labels .!= before)
  }

  /// The logarithm of the probability of all alignments of each example.
  func logLikelihoods(_ logProbabilities: Variable, steps: [Int]) -> Variable {
    let (examples, count) = (labels.shape[0], labels.shape[1])
    let all = Shape([logProbabilities.shape[0], examples, count])
    let emissions = gather(
      logProbabilities, at: labels.unsqueezed(axis: 0).expanded(to: all), axis: 2)
    let impossible = -Double.infinity
    let stepCounts = Variable(steps).unsqueezed(axis: 1)
    // The logarithm of the probability to have come to each state; before the first step, to the
    // first one.
    var reached = Variable(Tensor.zeros([examples, 1], dtype: logProbabilities.dtype))
      .padded([(0, 0), (0, count - 1)], value: impossible)
    for step in 0..<(steps.max() ?? 0) {
      let previous = reached.padded([(0, 0), (2, 0)], value: impossible)
      let skipped = select(canSkip, previous[..., 0..<count], Variable(impossible))
      let near = logAddExp(reached, previous[..., 1..<(count + 1)])
      let next = logAddExp(near, skipped) + emissions[step]
      // Examples that have ended stay as they are.
      let isRunning = stepCounts .> Variable(integerLiteral: Int64(step))
      reached = select(isRunning, next, reached)
    }
    // At the end stands the last label or the blank after it. Two more places before the first
    // state serve targets without labels.
    let ends = 2 * lengths.unsqueezed(axis: 1) + 2
    let padded = reached.padded([(0, 0), (2, 0)], value: impossible)
    let last = logAddExp(gather(padded, at: ends, axis: 1), gather(padded, at: ends - 1, axis: 1))
    return last.squeezed(axis: 1)
  }
}
