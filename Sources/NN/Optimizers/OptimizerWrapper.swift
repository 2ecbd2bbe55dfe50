import Autograd

/// An optimizer around another one: it changes gradients before the step, or parameters after it.
///
/// Wrappers nest; the outermost sees the gradients first and the parameters last:
///
/// ```swift
/// // The sum of four micro-batches is clipped, and goes to Adam.
/// let optimizer = Adam(model).clipped(byGlobalNorm: 1).accumulating(4)
/// ```
///
/// A subclass overrides ``prepared(_:parameters:state:)`` or ``finished(_:state:)``, in operations on
/// variables, and with ``initialSlots(for:)`` what it remembers of each parameter.
open class OptimizerWrapper: Optimizer {
  /// The optimizer inside.
  public let base: any Optimizer
  private var own: OptimizerState

  /// The parameters of the optimizer inside.
  public var namedParameters: [(name: String, value: Variable)] { base.namedParameters }

  /// The learning rate of the optimizer inside.
  public var learningRate: Variable {
    get { base.learningRate }
    set { base.learningRate = newValue }
  }

  /// What the wrapper remembers, and inside of it the state of the optimizer inside.
  public var state: OptimizerState {
    get { OptimizerState(parameters: own.parameters, counts: own.counts, inner: [base.state]) }
    set {
      own = OptimizerState(parameters: newValue.parameters, counts: newValue.counts)
      base.state = newValue.inner[0]
    }
  }

  /// Creates the wrapper.
  ///
  /// Stops with an error if the optimizer inside keeps something of the same name.
  ///
  /// - Parameters:
  ///   - base: The optimizer inside.
  ///   - countNames: The names of the numbers that the wrapper keeps; they begin at 0.
  public init(_ base: any Optimizer, countNames: [String] = []) {
    self.base = base
    own = OptimizerState(counts: Dictionary(countNames.map { ($0, 0) }) { first, _ in first })
    own.parameters = base.namedParameters.map {
      ParameterState(initialSlots(for: $0.value.detached()))
    }
    var names: Set<String> = []
    for (name, _) in entries() where !names.insert(name).inserted {
      fatalError("\(Self.self): the optimizer inside keeps '\(name)' already; wrap it once")
    }
  }

  /// What the wrapper remembers of a parameter before the first step; by default nothing.
  open func initialSlots(for parameter: Variable) -> [(name: String, value: Variable)] { [] }

  /// The gradients that the optimizer inside gets, or nil if it makes no step this time.
  ///
  /// - Parameters:
  ///   - gradients: What the wrapper got.
  ///   - parameters: The values before the step.
  ///   - state: The wrapper's own state, replaced by the state after.
  open func prepared(
    _ gradients: [Variable?], parameters: [Variable], state: inout OptimizerState
  ) -> [Variable?]? { gradients }

  /// The parameters as the wrapper leaves them.
  ///
  /// - Parameters:
  ///   - parameters: What the optimizer inside has made of them.
  ///   - state: The wrapper's own state, replaced by the state after.
  open func finished(_ parameters: [Variable], state: inout OptimizerState) -> [Variable] {
    parameters
  }

  /// The state before the first step, of the wrapper and of the optimizer inside.
  public func initialState(for parameters: [Variable]) -> OptimizerState {
    OptimizerState(
      parameters: parameters.map { ParameterState(initialSlots(for: $0)) },
      counts: own.counts.mapValues { _ in 0 }, inner: [base.initialState(for: parameters)])
  }

  /// The new parameters and the new state; everything is recorded.
  public func update(
    parameters: [Variable], gradients: [Variable?], state: OptimizerState
  ) -> (parameters: [Variable], state: OptimizerState) {
    requireCounts(parameters.count, gradients.count, state.parameters.count)
    var state = state
    guard let prepared = prepared(gradients, parameters: parameters, state: &state) else {
      return (parameters, state)
    }
    let next = base.update(parameters: parameters, gradients: prepared, state: state.inner[0])
    state.inner[0] = next.state
    return (finished(next.parameters, state: &state), state)
  }

  /// The same in place, by the step of the optimizer inside.
  open func step(gradients: [Variable?]) {
    let parameters = namedParameters.map(\.value)
    requireCounts(parameters.count, gradients.count, own.parameters.count)
    if !own.counts.isEmpty {
      cannotCompile("\(type(of: self)): what it does depends on counting or on values")
    }
    withoutRecording {
      var next = own
      if let prepared = prepared(gradients, parameters: parameters, state: &next) {
        base.step(gradients: prepared)
        for (parameter, value) in zip(parameters, finished(parameters, state: &next))
        where !value.isIdentical(to: parameter) {
          parameter.assign(value)
        }
      }
      own.assign(next)
    }
  }

  /// Computes the loss once, and its gradients by all parameters.
  @discardableResult open func step(_ loss: () -> Variable) -> Variable {
    let (value, slopes) = slopes(of: loss)
    step(gradients: slopes)
    return value
  }
}

extension OptimizerState {
  /// A number that is a function of a count, as ``ParameterState/number(_:_:)`` is of the step.
  func number(_ count: String, _ dtype: DType, _ formula: @escaping (Int) -> Double) -> Variable {
    Variable(formula(counts[count]!)).cast(to: dtype)
  }
}
