import Autograd

// Terms for a loss, over parameters that a name and a variable select.

/// Σ |w| over the parameters, as a term of a loss.
///
/// ```swift
/// let loss = meanSquaredError(model(x), y) + 0.001 * l1Penalty(model) { $1.rank >= 2 }
/// ```
///
/// - Parameters:
///   - parameters: A module, or names and variables, all of one type.
///   - isIncluded: Which of them; if none, stops with an error.
public func l1Penalty(
  _ parameters: some ParameterSource,
  where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
) -> Variable { total(parameters, isIncluded, "l1Penalty") { abs($0).sum() } }

/// Σ w² over the parameters, as a term of a loss.
///
/// λ/2 of it has the gradient λ w, as coupled ``WeightDecay``.
///
/// - Parameters:
///   - parameters: A module, or names and variables, all of one type.
///   - isIncluded: Which of them; if none, stops with an error.
public func l2Penalty(
  _ parameters: some ParameterSource,
  where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
) -> Variable { total(parameters, isIncluded, "l2Penalty") { square($0).sum() } }

/// a Σ |w| + b Σ w² over the parameters (Zou and Hastie, Regularization and variable selection via
/// the elastic net, 2005).
///
/// - Parameters:
///   - parameters: A module, or names and variables, all of one type.
///   - l1: a.
///   - l2: b.
///   - isIncluded: Which of them; if none, stops with an error.
public func elasticNetPenalty(
  _ parameters: some ParameterSource, l1: Double, l2: Double,
  where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
) -> Variable {
  total(parameters, isIncluded, "elasticNetPenalty") {
    Variable(l1) * abs($0).sum() + Variable(l2) * square($0).sum()
  }
}

/// ‖W Wᵀ − 1‖², summed over the parameters of two axes or more: 0 where rows are orthonormal.
///
/// Where there are more rows than columns it is ‖Wᵀ W − 1‖². All axes after the first are taken as
/// one (Bansal, Chen and Wang, arXiv:1810.09102).
///
/// - Parameters:
///   - parameters: A module, or names and variables, all of one type.
///   - isIncluded: Which of them; if none has two axes, stops with an error.
public func orthogonalPenalty(
  _ parameters: some ParameterSource,
  where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
) -> Variable {
  total(parameters, { $1.rank >= 2 && isIncluded($0, $1) }, "orthogonalPenalty") { weight in
    let matrix = weight.flattened(from: 1)
    let rows = matrix.shape[0] <= matrix.shape[1] ? matrix : matrix.transposed()
    let gram = matmul(rows, rows, transposingSecond: true)
    return square(gram - Variable(Tensor.identity(rows.shape[0], dtype: weight.dtype))).sum()
  }
}

/// The mean over samples of (‖∇ₓ f‖ − target)², which keeps a critic's slope near a target
/// (Gulrajani et al., arXiv:1704.00028).
///
/// It is differentiated like any loss, which takes second derivatives of the model. With the target
/// 0 it is the penalty of Mescheder, Geiger and Nowozin (arXiv:1801.04406) without its γ/2.
///
/// ```swift
/// let x = Variable(mixed, requiresGradient: true)
/// let penalty = gradientPenalty(of: critic(x), withRespectTo: x)
/// ```
///
/// - Parameters:
///   - outputs: The model's outputs, each of which must depend on its own sample alone.
///   - inputs: The samples along the first axis. They must require a gradient and lead to the
///     outputs, else stops with an error.
///   - target: The norm that costs nothing.
public func gradientPenalty(
  of outputs: Variable, withRespectTo inputs: Variable, target: Double = 1
) -> Variable {
  guard inputs.rank > 0 else {
    fatalError("gradientPenalty: the inputs have no axis of samples\(location(of: inputs))")
  }
  var slopes = gradient(of: outputs.sum(), withRespectTo: inputs, createGraph: true)
  if slopes.rank == 1 { slopes = slopes.unsqueezed(axis: 1) }
  let norms = norm(slopes, axes: Array(1..<slopes.rank))
  return square(norms - Variable(target)).mean()
}

private func total(
  _ parameters: some ParameterSource, _ isIncluded: (String, Variable) -> Bool, _ name: String,
  _ term: (Variable) -> Variable
) -> Variable {
  let terms = parameters.namedParameters.filter { isIncluded($0.name, $0.value) }.map {
    term($0.value)
  }
  guard let first = terms.first else { fatalError("\(name): no parameter is selected") }
  return terms.dropFirst().reduce(first, +)
}
