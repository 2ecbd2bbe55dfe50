import Autograd

// Divergences between distributions over C classes, which lie along axis 1 of [examples, C, …], or
// along the only axis of [C].

/// The Kullback–Leibler divergence Σ tᵢ (log tᵢ − lᵢ) of log-probabilities l from target
/// probabilities t.
///
/// The sum over the classes is the divergence of an example, so the mean is over examples: for
/// [examples, C] PyTorch's `batchmean`. (PyTorch's `mean` divides by C, too.)
///
/// - Parameters:
///   - logProbabilities: l, of shape [examples, C, …] or [C].
///   - probabilities: t, of the same shape and type; else stops with an error. Where t is 0 the
///     summand and its derivatives are 0, even for l = −∞.
///   - reduction: Mean over the examples, sum or none.
public func klDivergence(
  _ logProbabilities: Variable, probabilities: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    logProbabilities, probabilities, operation: "klDivergence",
    names: ("logProbabilities", "probabilities"))
  let axis = classAxis(of: logProbabilities, operation: "klDivergence")
  let summands = probabilities * (log(probabilities) - logProbabilities)
  return reduction(select(probabilities .== 0, 0, summands).sum(axis: axis))
}

/// The Kullback–Leibler divergence Σ e^sᵢ (sᵢ − lᵢ) of log-probabilities l from target
/// log-probabilities s.
///
/// It is ``klDivergence(_:probabilities:reduction:)`` without the rounding of small probabilities
/// (PyTorch's `log_target`).
///
/// - Parameters:
///   - logProbabilities: l, of shape [examples, C, …] or [C].
///   - targetLogProbabilities: s, of the same shape and type; else stops with an error. Where s is
///     −∞ the summand and its derivatives are 0, even for l = −∞.
///   - reduction: Mean over the examples, sum or none.
public func klDivergence(
  _ logProbabilities: Variable, targetLogProbabilities: Variable, reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    logProbabilities, targetLogProbabilities, operation: "klDivergence",
    names: ("logProbabilities", "targetLogProbabilities"))
  let axis = classAxis(of: logProbabilities, operation: "klDivergence")
  let summands = exp(targetLogProbabilities) * (targetLogProbabilities - logProbabilities)
  let isImpossible = targetLogProbabilities .== Variable(-Double.infinity)
  return reduction(select(isImpossible, 0, summands).sum(axis: axis))
}
