import Autograd

/// A rule that improves parameters by their gradients.
///
/// ```swift
/// let optimizer = Adam(model.namedParameters, learningRate: 0.01)
/// for _ in 0..<1000 {
///   optimizer.zeroGradients()
///   let loss = meanSquaredError(model(x), y)
///   loss.backward()
///   optimizer.step()
/// }
/// ```
///
/// The rule itself is a pure function in operations on variables, ``update(_:gradient:state:)`` for
/// one parameter and ``update(parameters:gradients:state:)`` for all. It is recorded like any
/// computation, so training can be differentiated by the initial parameters, the data or the
/// learning rate. ``step()`` evaluates it without recording and assigns the results.
public protocol Optimizer: AnyObject {
  /// The factor of each step. A variable, so that it can be differentiated by; numbers convert.
  var learningRate: Variable { get set }

  /// The parameters with their paths, as they were given.
  var namedParameters: [(name: String, value: Variable)] { get }

  /// What the rule remembers of the past, for each parameter.
  var state: [ParameterState] { get set }

  /// The names of the variables that the rule keeps for each parameter, such as "momentum".
  var slotNames: [String] { get }

  /// The new value of one parameter, of its shape and type, as a function of the old one.
  ///
  /// - Parameters:
  ///   - parameter: The value before.
  ///   - gradient: The gradient of the loss by it.
  ///   - state: The state before, replaced by the state after. Its step counts this update already.
  func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable
}

/// What an optimizer remembers of one parameter.
public struct ParameterState {
  /// The number of updates so far.
  public var step = 0
  /// The variables of the rule, in the order of ``Optimizer/slotNames``.
  public var slots: [Variable]

  /// Creates a state.
  public init(step: Int = 0, slots: [Variable]) {
    self.step = step
    self.slots = slots
  }
}

extension Optimizer {
  /// The state before the first step, of parameters of the given shapes and types: zeros.
  public func initialState(for parameters: [Variable]) -> [ParameterState] {
    parameters.map { parameter in
      ParameterState(
        slots: slotNames.map { _ in
          Variable(Tensor.zeros(parameter.shape, dtype: parameter.dtype))
        })
    }
  }

  /// The pure form of a step: the new parameters and the new state, as functions of the old ones.
  ///
  /// Everything is recorded, so results can be differentiated by whatever went in:
  ///
  /// ```swift
  /// let slopes = gradients(of: loss(w), withRespectTo: w, createGraph: true)
  /// (w, state) = optimizer.update(parameters: w, gradients: slopes, state: state)
  /// let hypergradient = gradient(of: loss(w)[0], withRespectTo: optimizer.learningRate)
  /// ```
  ///
  /// - Parameters:
  ///   - parameters: The values before.
  ///   - gradients: A gradient for each, of its shape and type, or nil to leave it as it is.
  ///   - state: A state for each, from ``initialState(for:)`` or an earlier update.
  public func update(
    parameters: [Variable], gradients: [Variable?], state: [ParameterState]
  ) -> (parameters: [Variable], state: [ParameterState]) {
    requireCounts(parameters.count, gradients.count, state.count)
    var (parameters, state) = (parameters, state)
    for (index, gradient) in gradients.enumerated() {
      guard let gradient else { continue }
      state[index].step += 1
      parameters[index] = update(parameters[index], gradient: gradient, state: &state[index])
    }
    return (parameters, state)
  }

  /// Improves the parameters by the gradients that ``Variable/backward(seed:createGraph:)`` has
  /// left in them; those without one stay as they are.
  public func step() {
    withoutRecording {
      for (index, parameter) in namedParameters.enumerated() {
        if let gradient = parameter.value.gradient { improve(parameter.value, gradient, at: index) }
      }
    }
  }

  /// Improves the parameters by gradients that were computed apart.
  ///
  /// - Parameter gradients: One for each parameter, in their order, of its shape and type; nil
  ///   leaves the parameter as it is.
  public func step(gradients: [Variable?]) {
    requireCounts(namedParameters.count, gradients.count, state.count)
    withoutRecording {
      for (index, parameter) in namedParameters.enumerated() {
        if let gradient = gradients[index] { improve(parameter.value, gradient, at: index) }
      }
    }
  }

  /// Parameters and slots are leaves, and are changed where they lie.
  private func improve(_ parameter: Variable, _ gradient: Variable, at index: Int) {
    state[index].step += 1
    if slotNames.isEmpty {
      parameter.assign(update(parameter, gradient: gradient, state: &state[index]))
      return
    }
    var next = state[index]
    parameter.assign(update(parameter, gradient: gradient, state: &next))
    for (slot, value) in zip(state[index].slots, next.slots) { slot.assign(value) }
  }

  /// Forgets the gradients, so that the next backward pass starts from zero.
  public func zeroGradients() {
    for (_, parameter) in namedParameters { parameter.gradient = nil }
  }

  private func requireCounts(_ parameters: Int, _ gradients: Int, _ states: Int) {
    guard parameters == gradients, parameters == states else {
      fatalError(
        "\(Self.self): \(parameters) parameters, \(gradients) gradients and \(states) states; there must "
          + "be as many of each")
    }
  }
}

/// Parameters that can be told apart: at least one, each name and each variable once.
func requireDistinct(_ parameters: [(name: String, value: Variable)], for optimizer: String) {
  guard !parameters.isEmpty else {
    fatalError("\(optimizer): there are no parameters to improve; are all of them frozen?")
  }
  var names: Set<String> = []
  for (index, (name, parameter)) in parameters.enumerated() {
    guard names.insert(name).inserted else {
      fatalError("\(optimizer): two parameters are named '\(name)'")
    }
    if let twin = parameters[..<index].first(where: { $0.value.isIdentical(to: parameter) }) {
      fatalError("\(optimizer): '\(twin.name)' and '\(name)' are one variable")
    }
    guard parameter.isLeaf, parameter.requiresGradient else {
      fatalError("\(optimizer): '\(name)' is not a leaf that requires a gradient")
    }
  }
}
