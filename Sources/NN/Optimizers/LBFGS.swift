import Autograd

/// L-BFGS: steps along a direction that the last changes of the gradient tell about curvature.
///
/// Each `step { loss }` makes up to `maximumIterations` iterations, each of which may compute the
/// loss several times:
///
/// ```swift
/// let optimizer = LBFGS(model, lineSearch: .strongWolfe)
/// for _ in 0..<10 { optimizer.step { meanSquaredError(model(x), y) } }
/// ```
///
/// The algorithm is PyTorch's (Nocedal and Wright, Numerical Optimization, algorithms 7.4, 3.5 and
/// 3.6). It is for full batches: the loss must not vary between calls.
/// ``update(parameters:gradients:state:)`` and ``step(gradients:)`` make one iteration without a
/// line search.
public final class LBFGS: Optimizer {
  /// How the length of a step is chosen.
  public enum LineSearch: Sendable {
    /// It is the learning rate.
    case none
    /// So that the loss falls enough, and its slope as well: the strong conditions of Wolfe.
    case strongWolfe
  }

  /// The parameters with their paths.
  public let namedParameters: [(name: String, value: Variable)]
  /// Of each parameter the last move and gradient, and the history of both.
  public var state = OptimizerState()
  /// The length of a step, or the first that the line search tries.
  public var learningRate: Variable {
    get { ownRate.variable }
    set { ownRate.replace(by: newValue) }
  }
  /// How many iterations and evaluations of the loss a step makes at most.
  public let maximumIterations, maximumEvaluations: Int
  /// A step ends when no element of the gradient is larger.
  public let gradientTolerance: Double
  /// A step ends when loss or parameters change less.
  public let changeTolerance: Double
  /// How many changes are remembered.
  public let historySize: Int
  /// How the length of a step is chosen.
  public let lineSearch: LineSearch

  private var ownRate: LearningRate
  private static let minimumCurvature = 1e-10

  /// Creates the optimizer.
  ///
  /// Stops with an error if parameters are not distinct leaves of one type, or a number is out of
  /// range.
  ///
  /// - Parameters:
  ///   - parameters: A module, or names and variables.
  ///   - learningRate: The length of a step; the very first is at most 1 / Σ |g| of it.
  ///   - maximumIterations: For each step, at least 1.
  ///   - maximumEvaluations: For each step, at least 1; by default 5/4 of the iterations.
  ///   - gradientTolerance: A step ends when no element of the gradient is larger.
  ///   - changeTolerance: A step ends when loss or parameters change less.
  ///   - historySize: At least 1.
  ///   - lineSearch: None by default, as in PyTorch.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable = 1, maximumIterations: Int = 20,
    maximumEvaluations: Int? = nil, gradientTolerance: Double = 1e-7,
    changeTolerance: Double = 1e-9, historySize: Int = 100, lineSearch: LineSearch = .none
  ) {
    namedParameters = parameters.namedParameters
    ownRate = LearningRate(learningRate)
    self.maximumIterations = maximumIterations
    self.maximumEvaluations = maximumEvaluations ?? maximumIterations * 5 / 4
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
    requireDistinct(namedParameters, for: "LBFGS")
    guard maximumIterations > 0, self.maximumEvaluations > 0, historySize > 0 else {
      fatalError("LBFGS: iterations, evaluations and the size of the history must be at least 1")
    }
    guard Set(namedParameters.map(\.value.dtype)).count == 1 else {
      fatalError("LBFGS: parameters are float32 and float64; they must be of one type")
    }
    state = initialState(for: namedParameters.map { $0.value.detached() })
  }

  /// Nothing is remembered yet; zeros that take no memory stand for the history.
  public func initialState(for parameters: [Variable]) -> OptimizerState {
    let history = ["move", "change"].flatMap { name in (0..<historySize).map { "\(name).\($0)" } }
    return OptimizerState(
      parameters: parameters.map { parameter in
        let zero = Tensor.zeros([], dtype: parameter.dtype)
        return ParameterState(
          (["move", "gradient"] + history).map {
            ($0, Variable(zero.expanded(to: parameter.shape)))
          })
      },
      counts: ["iterations": 0, "evaluations": 0, "pairs": 0])
  }

  /// One iteration without a line search; everything is recorded.
  public func update(
    parameters: [Variable], gradients: [Variable?], state: OptimizerState
  ) -> (parameters: [Variable], state: OptimizerState) {
    requireCounts(parameters.count, gradients.count, state.parameters.count)
    var state = state
    let slopes = zip(parameters, gradients).map { $1 ?? zeros(like: $0) }
    let direction = direction(slopes, &state)
    let length = firstLength(slopes, state) * ownRate.value(as: parameters[0].dtype)
    let moves = scaled(direction, by: length)
    for (index, move) in moves.enumerated() { state.parameters[index].slots[0] = move }
    return (zip(parameters, moves).map { $0 + $1 }, state)
  }

  /// 1, in the first iteration at most 1 / Σ |g|.
  func firstLength(_ slopes: [Variable], _ state: OptimizerState) -> Variable {
    let size = slopes.map { abs($0).sum() }.reduce(0, +)
    let isFirst = state.number("iterations", slopes[0].dtype) { $0 == 1 ? 1 : 0 }
    return select(isFirst .> 0, minimum(reciprocal(size), 1), 1)
  }

  /// −H g with H as the history tells it; takes the last move into the history.
  func direction(_ slopes: [Variable], _ state: inout OptimizerState) -> [Variable] {
    remember(slopes, &state)
    let pairs = state.counts["pairs"]!
    let moves = (0..<pairs).map { place in state.parameters.map { $0.slots[2 + place] } }
    let changes = (0..<pairs).map { place in
      state.parameters.map { $0.slots[2 + historySize + place] }
    }
    let weights = zip(changes, moves).map { reciprocal(innerProduct($0, $1)) }
    var direction = slopes.map { -$0 }
    var shares: [Variable] = []
    for place in (0..<pairs).reversed() {
      shares.append(innerProduct(moves[place], direction) * weights[place])
      direction = zip(direction, scaled(changes[place], by: shares.last!)).map { $0 - $1 }
    }
    if let last = changes.last {
      direction = scaled(direction, by: reciprocal(weights[pairs - 1]) / innerProduct(last, last))
    }
    for place in 0..<pairs {
      let part = innerProduct(changes[place], direction) * weights[place]
      let rest = scaled(moves[place], by: shares[pairs - 1 - place] - part)
      direction = zip(direction, rest).map { $0 + $1 }
    }
    return direction
  }

  private func remember(_ slopes: [Variable], _ state: inout OptimizerState) {
    // A saved state may say anything.
    state.counts["pairs"] = min(state.counts["pairs"]!, historySize)
    let isFirst = state.counts["iterations"]! == 0
    state.counts["iterations"]! += 1
    let moves = state.parameters.map { $0.slots[0] }
    let changes = zip(slopes, state.parameters).map { $0 - $1.slots[1] }
    for (index, slope) in slopes.enumerated() { state.parameters[index].slots[1] = slope }
    let curvature = innerProduct(changes, moves)
    guard !isFirst, curvature.item() > Self.minimumCurvature else { return }
    let isFull = state.counts["pairs"]! == historySize
    if !isFull { state.counts["pairs"]! += 1 }
    let place = state.counts["pairs"]! - 1
    for index in state.parameters.indices {
      for (start, value) in [(2, moves[index]), (2 + historySize, changes[index])] {
        if isFull { state.parameters[index].slots.move(from: start + 1, through: start + place) }
        state.parameters[index].slots[start + place] = value
      }
    }
  }
}

extension Array {
  /// Moves a range of elements one place to the front; the last stays in its old place, too.
  fileprivate mutating func move(from start: Int, through end: Int) {
    for place in stride(from: start, through: end, by: 1) { self[place - 1] = self[place] }
  }
}

/// Σ aᵢ bᵢ over all elements of all variables.
func innerProduct(_ a: [Variable], _ b: [Variable]) -> Variable {
  zip(a, b).map { ($0 * $1).sum() }.reduce(0, +)
}

/// All variables times a factor.
func scaled(_ variables: [Variable], by factor: Variable) -> [Variable] {
  variables.map { factor * $0 }
}
