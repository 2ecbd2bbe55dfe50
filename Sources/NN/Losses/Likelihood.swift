import Autograd

// Negative log-likelihoods of distributions whose parameters a model predicts.

/// The negative log-likelihood of counts t under Poisson distributions of rates eˣ: eˣ − t x.
///
/// - Parameters:
///   - logRate: x, the logarithm of the rate, of any shape.
///   - counts: t, of the same shape and type; else stops with an error that names both.
///   - includingConstant: Whether log t! is added, by Stirling's formula, for t > 1: it does not
///     depend on the rate (PyTorch's `full`).
///   - reduction: Mean, sum or none.
public func poissonNegativeLogLikelihood(
  logRate: Variable, counts: Variable, includingConstant: Bool = false,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    logRate, counts, operation: "poissonNegativeLogLikelihood", names: ("logRate", "counts"))
  let losses = exp(logRate) - counts * logRate
  return reduction(includingConstant ? losses + logFactorial(counts) : losses)
}

/// The negative log-likelihood of counts t under Poisson distributions of rates λ: λ − t log(λ + ε).
///
/// Where t is 0 the logarithm does not count, so that λ = 0 is exact there even for ε = 0.
///
/// - Parameters:
///   - rate: λ, not below 0, of any shape.
///   - counts: t, of the same shape and type; else stops with an error that names both.
///   - includingConstant: Whether log t! is added, by Stirling's formula, for t > 1: it does not
///     depend on the rate (PyTorch's `full`).
///   - epsilon: ε, which keeps the loss finite at λ = 0.
///   - reduction: Mean, sum or none.
public func poissonNegativeLogLikelihood(
  rate: Variable, counts: Variable, includingConstant: Bool = false, epsilon: Double = 1e-8,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(rate, counts, operation: "poissonNegativeLogLikelihood", names: ("rate", "counts"))
  let losses = rate - xlogy(counts, rate + Variable(epsilon))
  return reduction(includingConstant ? losses + logFactorial(counts) : losses)
}

/// log t! by Stirling's formula t log t − t + log(2πt) / 2; 0 for t ≤ 1.
private func logFactorial(_ t: Variable) -> Variable {
  select(t .> 1, t * log(t) - t + 0.5 * log(6.28318530717958647693 * t), 0)
}

/// The negative log-likelihood of targets t under normal distributions of means μ and variances v:
/// (log v + (μ − t)² / v) / 2.
///
/// A variance below ε counts as ε, but keeps the derivative that it would have at ε, as in PyTorch:
/// so training can lead it out again.
/// Nix and Weigend, Estimating the mean and variance of the target probability distribution,
/// ICNN 1994.
///
/// - Parameters:
///   - mean: μ, of any shape.
///   - variance: v, of the same shape and type; else stops with an error that names both. Expand a
///     common variance with `expanded(to:)`.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - includingConstant: Whether log(2π) / 2 is added (PyTorch's `full`).
///   - epsilon: ε, above 0; else stops with an error.
///   - reduction: Mean, sum or none.
public func gaussianNegativeLogLikelihood(
  mean: Variable, variance: Variable, target: Variable, includingConstant: Bool = false,
  epsilon: Double = 1e-6, reduction: Reduction = .mean
) -> Variable {
  let name = "gaussianNegativeLogLikelihood"
  requireEqual(mean, target, operation: name, names: ("mean", "target"))
  requireEqual(mean, variance, operation: name, names: ("mean", "variance"))
  guard epsilon > 0 else { fatalError("\(name): epsilon is \(epsilon); it must be above 0") }
  let least = Variable(epsilon)
  // The first form has the value ε exactly, and the derivative 1.
  let limited = select(variance .< least, variance - variance.detached() + least, variance)
  let losses = 0.5 * (log(limited) + square(mean - target) / limited)
  return reduction(includingConstant ? losses + 0.918938533204672741780 : losses)
}
