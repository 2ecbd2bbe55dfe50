/// Why a variable has no gradient.
public enum MissingGradientReason: Sendable, CustomStringConvertible {
  /// The variable does not require a gradient, so nothing recorded that it was used.
  case notRequired
  /// The result does not require a gradient: it was computed without recording, or from constants.
  case resultIsConstant
  /// The variable was not used in computing the result.
  case notUsed
  /// It was used, but only through operations without a derivative or copies outside of the graph.
  case noDifferentiablePath

  /// One sentence.
  public var description: String {
    switch self {
    case .notRequired:
      "the variable does not require a gradient: create it with requiresGradient: true"
    case .resultIsConstant:
      "the result does not require a gradient: it was computed from constants, from detached values, or without "
        + "recording"
    case .notUsed:
      "the variable was not used in computing the result, or only through detached values"
    case .noDifferentiablePath:
      "no derivative flows to the variable: every path passes an operation without one"
    }
  }
}

/// Why ``gradients(of:withRespectTo:seed:createGraph:)`` returns nil for a variable, or nil if it
/// does not.
public func missingGradientReason(
  of result: Variable, withRespectTo variable: Variable
) -> MissingGradientReason? {
  if result.isIdentical(to: variable) { return nil }
  if !variable.requiresGradient { return .notRequired }
  if !result.requiresGradient { return .resultIsConstant }
  if Order(below: result.node).position(of: variable.node) == nil { return .notUsed }
  let seed = full(1, result.shape, result.dtype)
  let found = gradients(of: result, withRespectTo: [variable], seed: seed)
  return found[0] == nil ? .noDifferentiablePath : nil
}
