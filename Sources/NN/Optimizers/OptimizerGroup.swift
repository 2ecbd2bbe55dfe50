import Autograd

/// Several optimizers that step as one, each with parameters and hyperparameters of its own.
///
/// ```swift
/// let (matrices, others) = (
///   model.namedParameters.filter { $0.value.rank == 2 },
///   model.namedParameters.filter { $0.value.rank != 2 })
/// let optimizer = OptimizerGroup([Muon(matrices, learningRate: 0.02), AdamW(others)])
///   .clipped(byGlobalNorm: 1)
/// ```
public final class OptimizerGroup: Optimizer {
  /// The optimizers.
  public let members: [any Optimizer]
  /// The parameters of all members, one member after the other.
  public let namedParameters: [(name: String, value: Variable)]
  private let proportions: [Double]

  /// Creates the group.
  ///
  /// Stops with an error if there are no members, or two share a parameter or the name of one.
  public init(_ members: [any Optimizer]) {
    self.members = members
    namedParameters = members.flatMap(\.namedParameters)
    requireDistinct(namedParameters, for: "OptimizerGroup")
    let first = members[0].learningRate.item()
    proportions = members.map { $0.learningRate.item() / first }
  }

  /// The learning rate of the first member.
  ///
  /// Setting it changes those of all members, in the proportions in which they were when the group
  /// was created; if the first was 0 then, it stops with an error.
  public var learningRate: Variable {
    get { members[0].learningRate }
    set {
      members[0].learningRate = newValue
      for (member, proportion) in zip(members, proportions).dropFirst() {
        let isPlain = newValue.literal != nil
        guard proportion.isFinite else {
          fatalError("OptimizerGroup: the first learning rate was 0; set those of the members")
        }
        member.learningRate =
          isPlain ? Variable(proportion * newValue.item()) : Variable(proportion) * newValue
      }
    }
  }

  /// The states of the members.
  public var state: OptimizerState {
    get { OptimizerState(inner: members.map(\.state)) }
    set { for (member, state) in zip(members, newValue.inner) { member.state = state } }
  }

  /// The state before the first step, of all members.
  public func initialState(for parameters: [Variable]) -> OptimizerState {
    OptimizerState(
      inner: zip(members, parts(of: parameters)).map { $0.initialState(for: Array($1)) })
  }

  /// The new parameters and the new state; everything is recorded.
  public func update(
    parameters: [Variable], gradients: [Variable?], state: OptimizerState
  ) -> (parameters: [Variable], state: OptimizerState) {
    requireCounts(parameters.count, gradients.count, namedParameters.count)
    let (parameters, gradients) = (parts(of: parameters), parts(of: gradients))
    let results = members.indices.map {
      members[$0].update(
        parameters: parameters[$0], gradients: gradients[$0], state: state.inner[$0])
    }
    return (results.flatMap(\.parameters), OptimizerState(inner: results.map(\.state)))
  }

  /// Lets each member step by its gradients.
  public func step(gradients: [Variable?]) {
    requireCounts(namedParameters.count, gradients.count, namedParameters.count)
    for (member, part) in zip(members, parts(of: gradients)) { member.step(gradients: part) }
  }

  /// A list for all parameters, cut into one for each member.
  private func parts<Element>(of list: [Element]) -> [[Element]] {
    var rest = list[...]
    return members.map { member in
      defer { rest = rest.dropFirst(member.namedParameters.count) }
      return Array(rest.prefix(member.namedParameters.count))
    }
  }
}
