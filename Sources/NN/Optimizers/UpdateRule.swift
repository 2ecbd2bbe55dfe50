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
      return ownState
    }
    set {
      for compiled in compiledSteps { compiled.count.value = 0 }
      ownState = newValue
      stateVersion += 1
    }
  }
  /// η.
  public var learningRate: Variable {
    get { ownRate.variable }
    set { ownRate.replace(by: newValue) }
  }
  /// λ.
  public let weightDecay: WeightDecay
  /// The names of the variables that the rule keeps for each parameter.
  public let slotNames: [String]

  /// Without the steps of compiled functions that were not added yet.
  private var ownState = OptimizerState()
  /// The steps of each compiled function, and the parameters that it improves.
  private var compiledSteps: [(count: CallCount, indices: [Int])] = []
  /// How often the state was replaced from outside: compiled steps rely on which parameters are at
  /// the same step.
  private var stateVersion = 0
  private var ownRate: LearningRate
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
    state = initialState(for: namedParameters.map { $0.value.detached() })
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

  /// Improves the parameters one after the other, so that no more than one exists twice.
  public func step(gradients: [Variable?]) {
    requireCounts(namedParameters.count, gradients.count, ownState.parameters.count)
    addCompiledSteps()
    for index in gradients.indices where gradients[index] != nil {
      ownState.parameters[index].step += 1
    }
    var shared: SharedNumbers?
    if isCompiling {
      noteSteps(of: gradients.indices.filter { gradients[$0] != nil })
      shared = SharedNumbers()
    }
    withoutRecording {
      for (index, gradient) in gradients.enumerated() {
        guard let gradient else { continue }
        let parameter = namedParameters[index].value
        var next = ownState.parameters[index]
        if let shared {
          next.currentStep = { [unowned self] in state.parameters[index].step }
          next.shared = shared
        }
        parameter.assign(improved(parameter, by: gradient, at: index, &next))
        ownState.parameters[index].assign(next)
      }
    }
  }

  /// Compiled functions count at each call, as long as nobody replaces the state: parameters that
  /// are at the same step share numbers.
  private func noteSteps(of indices: [Int]) {
    let count = CallCount()
    count.note()
    compiledSteps.append((count, indices))
    recordAnew(unless: { [unowned self, stateVersion] in self.stateVersion == stateVersion })
  }

  private func addCompiledSteps() {
    for compiled in compiledSteps where compiled.count.value > 0 {
      for index in compiled.indices { ownState.parameters[index].step += compiled.count.value }
      compiled.count.value = 0
    }
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
