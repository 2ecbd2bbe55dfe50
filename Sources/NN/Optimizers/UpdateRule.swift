import Autograd

/// An optimizer that improves each parameter by itself: the superclass of those that are a formula.
///
/// A subclass overrides ``update(_:gradient:state:)``; weight decay, steps and saving are done here.
///
/// ```swift
/// final class SignDescent: UpdateRule {
///   init(_ parameters: some ParameterSource, learningRate: Variable) {
///     super.init(parameters, learningRate: learningRate)
///   }
///
///   override func update(
///     _ parameter: Variable, gradient: Variable, state: inout ParameterState
///   ) -> Variable {
///     parameter - rate(for: parameter) * sign(gradient)
///   }
/// }
/// ```
open class UpdateRule: Optimizer {
  /// The parameters with their paths.
  public let namedParameters: [(name: String, value: Variable)]
  /// The slots and steps of all parameters.
  public var state: OptimizerState {
    get {
      addCompiledSteps()
      return own
    }
    set {
      for compiled in compiledSteps { compiled.count.value = 0 }
      own = newValue
      replacements += 1
    }
  }
  /// η.
  public var learningRate: Variable {
    get { ownRate.variable }
    set {
      let before = ownRate.variable
      ownRate.replace(by: newValue)
      if !ownRate.variable.isIdentical(to: before) { replacements += 1 }
    }
  }
  /// λ.
  public let weightDecay: WeightDecay
  /// The names of the variables that the rule keeps for each parameter.
  public let slotNames: [String]

  /// Without the steps of compiled functions that were not added yet.
  private var own = OptimizerState()
  /// The steps of each compiled function, and the parameters that it improves.
  private var compiledSteps: [(count: CallCount, indices: [Int])] = []
  private var ownRate: LearningRate
  /// How often a variable of the rule was replaced by another one: plans rest on them.
  private var replacements = 0
  /// The update of all parameters of a pure rule.
  private let plan = AutomaticPlan(isPure: true)
  private lazy var isPure = self is any PureRule
  private let isDecoupled: Bool
  private let isDecaying: [Bool]

  /// Creates the optimizer.
  ///
  /// Stops with an error if there are no parameters, two share a name, one is twice there, or one
  /// is not a leaf that requires a gradient.
  ///
  /// - Parameters:
  ///   - parameters: A ``Module``, or names and variables.
  ///   - learningRate: η.
  ///   - weightDecay: λ.
  ///   - isDecoupled: Whether decay is decoupled if `weightDecay` is a mere number.
  ///   - slotNames: The variables that the rule keeps for each parameter.
  public init(
    _ parameters: some ParameterSource, learningRate: Variable, weightDecay: WeightDecay = 0,
    isDecoupled: Bool = false, slotNames: [String] = []
  ) {
    namedParameters = parameters.namedParameters
    ownRate = LearningRate(learningRate)
    self.weightDecay = weightDecay
    self.isDecoupled = weightDecay.isDecoupled ?? isDecoupled
    self.slotNames = slotNames
    isDecaying = namedParameters.map { weightDecay.rate > 0 && weightDecay.isIncluded($0, $1) }
    requireDistinct(namedParameters, for: "\(Self.self)")
    own = initialState(for: namedParameters.map { $0.value.detached() })
  }

  /// The rule: the new value of one parameter, of its shape and type, as a function of the old one.
  ///
  /// Weight decay is not in it; ``update(parameters:gradients:state:)`` adds it. Subclasses override
  /// this method, in operations on variables.
  ///
  /// - Parameters:
  ///   - parameter: The value before.
  ///   - gradient: The gradient of the loss by it.
  ///   - state: The state before, replaced by the state after. Its step counts this update already.
  open func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    fatalError("\(Self.self): update(_:gradient:state:) is not overridden")
  }

  /// The variables of the rule before the first step: zeros of the parameter's shape and type by
  /// ``slotNames``, unless a subclass overrides it.
  open func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] {
    slotNames.map { ($0, zeros(like: parameter)) }
  }

  /// The state before the first step.
  public func initialState(for parameters: [Variable]) -> OptimizerState {
    OptimizerState(parameters: parameters.map { ParameterState(initialSlots(for: $0)) })
  }

  /// The new parameters and the new state; everything is recorded.
  public func update(
    parameters: [Variable], gradients: [Variable?], state: OptimizerState
  ) -> (parameters: [Variable], state: OptimizerState) {
    requireCounts(parameters.count, gradients.count, state.parameters.count)
    var (parameters, state) = (parameters, state)
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      state.parameters[index].step += 1
      parameters[index] = improved(
        parameters[index], by: gradient, at: index, &state.parameters[index])
    }
    return (parameters, state)
  }

  /// Improves the parameters where they lie.
  ///
  /// One parameter after the other is computed, or those of a ``PureRule`` by a plan, to the same bits.
  public func step(gradients: [Variable?]) {
    requireCounts(namedParameters.count, gradients.count, own.parameters.count)
    withoutRecording {
      let stepping = gradients.indices.filter { gradients[$0] != nil }
      addCompiledSteps()
      for index in stepping { own.parameters[index].step += 1 }
      if isCompiling {
        noteSteps(of: stepping)
        improve(stepping, by: gradients)
      } else if !isPure {
        improve(stepping, by: gradients)
      } else {
        _ = plan(gradients) {
          improve(stepping, by: $0)
          return []
        }
      }
    }
  }

  /// Compiled functions count at each call.
  private func noteSteps(of indices: [Int]) {
    let count = CallCount()
    count.note()
    compiledSteps.append((count, indices))
  }

  private func addCompiledSteps() {
    for compiled in compiledSteps where compiled.count.value > 0 {
      for index in compiled.indices { own.parameters[index].step += compiled.count.value }
      compiled.count.value = 0
    }
  }

  /// Improves parameters whose step is counted already, one after the other.
  private func improve(_ stepping: [Int], by gradients: [Variable?]) {
    let areTogether = areTogether(stepping)
    if isCompiling {
      holds { [unowned self, replacements] in
        replacements == self.replacements && areTogether == self.areTogether(stepping)
      }
    }
    var numbers: StepNumbers?
    for index in stepping {
      guard let gradient = gradients[index] else { continue }
      let parameter = namedParameters[index].value
      var next = own.parameters[index]
      if isCompiling {
        if numbers == nil || !areTogether || !isPure {
          numbers = StepNumbers { [unowned self] in state.parameters[index].step }
        }
        numbers?.restart()
        next.numbers = numbers
      }
      parameter.assign(improved(parameter, by: gradient, at: index, &next))
      own.parameters[index].assign(next)
    }
  }

  /// Whether parameters have made as many steps.
  private func areTogether(_ stepping: [Int]) -> Bool {
    guard let first = stepping.first else { return true }
    addCompiledSteps()
    let step = own.parameters[first].step
    return stepping.allSatisfy { own.parameters[$0].step == step }
  }

  /// The new value of a parameter in a step that is counted already.
  private func improved(
    _ parameter: Variable, by gradient: Variable, at index: Int, _ state: inout ParameterState
  ) -> Variable {
    guard isDecaying[index] else {
      return update(parameter, gradient: gradient, state: &state)
    }
    let pull = Variable(weightDecay.rate) * parameter
    if !isDecoupled { return update(parameter, gradient: gradient + pull, state: &state) }
    return update(parameter, gradient: gradient, state: &state) - rate(for: parameter) * pull
  }

  /// η in the type of a parameter, for use in a rule.
  public final func rate(for parameter: Variable) -> Variable {
    ownRate.value(as: parameter.dtype)
  }

  /// Stops with an error if one of the numbers is negative or NaN.
  final func requireNonNegative(_ numbers: KeyValuePairs<String, Double>) {
    for (name, number) in numbers where !(number >= 0) {
      fatalError("\(Self.self): the \(name) \(number) must be at least 0")
    }
  }

  /// Stops with an error if one of the decay rates does not lie in 0..<1.
  final func requireFractions(_ numbers: KeyValuePairs<String, Double>) {
    for (name, number) in numbers where !(0..<1).contains(number) {
      fatalError("\(Self.self): the \(name) \(number) must lie in 0..<1")
    }
  }
}

/// An ``UpdateRule`` whose steps may be compiled without asking; all rules of this library are.
///
/// Conform a rule of your own if ``UpdateRule/update(_:gradient:state:)`` is a function of the
/// parameter, the gradient, the state, the learning rate, and of constants that are set when it is
/// created, and reads no values. The functions of the step that it asks
/// ``ParameterState/number(_:_:)`` for must be the same, in the same order, for all parameters.
public protocol PureRule: UpdateRule {}
