import Autograd

/// What an optimizer remembers: of each parameter, in numbers of its own, and in the optimizers
/// that it contains.
///
/// It is a value, but its variables are handles: an optimizer's own state holds leaves, which its
/// steps change where they lie.
public struct OptimizerState {
  /// What is remembered of each parameter, in their order; empty for an ``OptimizerGroup``.
  public var parameters: [ParameterState]
  /// Numbers that concern all parameters, such as how many steps were skipped.
  public var counts: [String: Int]
  /// The states of the optimizers inside.
  public var inner: [OptimizerState]

  /// Creates a state.
  public init(
    parameters: [ParameterState] = [], counts: [String: Int] = [:], inner: [OptimizerState] = []
  ) {
    self.parameters = parameters
    self.counts = counts
    self.inner = inner
  }

  /// The number of parameters that the state belongs to.
  var parameterCount: Int {
    parameters.isEmpty ? inner.reduce(0) { $0 + $1.parameterCount } : parameters.count
  }

  /// Takes over the values of another state of the same form into the variables of this one.
  mutating func assign(_ next: OptimizerState) {
    counts = next.counts
    for index in parameters.indices { parameters[index].assign(next.parameters[index]) }
    for index in inner.indices { inner[index].assign(next.inner[index]) }
  }
}

/// What an optimizer remembers of one parameter.
public struct ParameterState {
  /// The number of updates so far.
  ///
  /// A rule that is asked for an update finds it counted already.
  public var step = 0
  /// The variables of the rule, in the order of ``slotNames``.
  public var slots: [Variable]
  /// The names of the variables, such as "momentum".
  public let slotNames: [String]
  /// Where numbers come from while a compiled function is recorded; nil outside of one.
  var numbers: StepNumbers?

  /// Creates the state before the first step.
  public init(_ slots: [(name: String, value: Variable)]) {
    self.slots = slots.map(\.value)
    slotNames = slots.map(\.name)
  }

  /// A number that is a function of the step, as a constant of the given type.
  ///
  /// Rules must not compute with ``step`` otherwise: what is recorded once and replayed evaluates
  /// these functions anew.
  ///
  /// ```swift
  /// let correction = state.number(parameter.dtype) { [beta] in 1 - power(beta, $0) }
  /// ```
  ///
  /// - Parameters:
  ///   - dtype: The parameter's type.
  ///   - formula: From the step, 1 in the first update, to the number; it must depend on nothing
  ///     else that changes.
  public func number(_ dtype: DType, _ formula: @escaping (Int) -> Double) -> Variable {
    numbers?.number(dtype, formula) ?? Variable(formula(step)).cast(to: dtype)
  }

  /// Takes over the values of another state into the variables of this one.
  ///
  /// The values are taken before any is replaced: a rule may have moved them from slot to slot.
  mutating func assign(_ next: ParameterState) {
    step = next.step
    let values = next.slots.map { $0.detached() }
    for (slot, value) in zip(slots, values) { slot.assign(value) }
  }
}

/// Functions of the step that a compiled function evaluates at each call, once for all parameters
/// that make their steps together.
final class StepNumbers {
  private let step: () -> Int
  private var numbers: [(place: Int, variable: Variable)] = []
  private var place = 0

  init(step: @escaping () -> Int) { self.step = step }

  /// The rule begins with another parameter.
  func restart() { place = 0 }

  func number(_ dtype: DType, _ formula: @escaping (Int) -> Double) -> Variable {
    defer { place += 1 }
    if let known = numbers.first(where: { $0.place == place && $0.variable.dtype == dtype }) {
      return known.variable
    }
    let variable = recomputed(dtype) { [step] in formula(step()) }
    numbers.append((place, variable))
    return variable
  }
}

/// baseⁿ by repeated squaring: the same bits whether training was interrupted or not.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}

/// √x, with the derivative 0 at 0: what was not chosen has no influence.
func rootOrZero(_ x: Variable) -> Variable {
  // The selection changes derivatives only; a plain step has none.
  x.requiresGradient ? select(x .== 0, 0, sqrt(x)) : sqrt(x)
}

/// Zeros of a variable's shape and type.
func zeros(like x: Variable) -> Variable { Variable(Tensor.zeros(x.shape, dtype: x.dtype)) }
