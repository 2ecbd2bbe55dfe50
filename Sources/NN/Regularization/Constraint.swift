import Autograd

/// What parameters must fulfil: a projection that is applied after each step.
///
/// ```swift
/// let optimizer = Adam(model).constrained(by: .maxNorm(3)) { $1.rank >= 2 }
/// ```
///
/// Norms are those of the weights that lead to one output, slices of the first axis; a parameter
/// with fewer than two axes is one slice.
public struct Constraint: Sendable {
  private let project: @Sendable (Variable) -> Variable

  /// Creates a constraint from a function, in operations on variables, that keeps shape and type.
  public init(_ project: @escaping @Sendable (Variable) -> Variable) { self.project = project }

  /// The nearest value that fulfils the constraint.
  public func callAsFunction(_ parameter: Variable) -> Variable { project(parameter) }

  /// w ← w · min(1, limit / ‖w‖) for each slice (Srivastava et al., Dropout, JMLR 15, 2014).
  ///
  /// - Parameter limit: At least 0, else stops with an error.
  public static func maxNorm(_ limit: Double) -> Constraint {
    guard limit >= 0 else { fatalError("maxNorm: the limit \(limit) must be at least 0") }
    return Constraint { w in
      let norms = unitNorms(w)
      return w * select(norms .> Variable(limit), Variable(limit) / norms, 1)
    }
  }

  /// w ← max(w, 0).
  public static let nonNegative = Constraint { relu($0) }

  /// w ← w / ‖w‖ for each slice; a slice of zeros stays.
  public static let unitNorm = Constraint { w in
    let norms = unitNorms(w)
    return w * select(norms .> 0, reciprocal(norms), 1)
  }
}

/// An optimizer whose parameters fulfil a constraint; see ``Optimizer/constrained(by:where:)``.
public final class ConstrainedParameters: OptimizerWrapper {
  private let constraint: Constraint
  private let isConstrained: [Bool]

  init(
    _ base: any Optimizer, _ constraint: Constraint, _ isIncluded: (String, Variable) -> Bool
  ) {
    self.constraint = constraint
    isConstrained = base.namedParameters.map { isIncluded($0.name, $0.value) }
    super.init(base)
  }

  /// The selected parameters projected, the others as they are.
  public override func finished(
    _ parameters: [Variable], state: inout OptimizerState
  ) -> [Variable] {
    zip(parameters, isConstrained).map { $1 ? constraint($0) : $0 }
  }
}

extension Optimizer {
  /// This optimizer with parameters that are projected after each step.
  ///
  /// - Parameters:
  ///   - constraint: What they must fulfil.
  ///   - isIncluded: Which parameters, by path and variable; by default all.
  public func constrained(
    by constraint: Constraint,
    where isIncluded: (_ name: String, _ parameter: Variable) -> Bool = { _, _ in true }
  ) -> ConstrainedParameters { ConstrainedParameters(self, constraint, isIncluded) }
}
