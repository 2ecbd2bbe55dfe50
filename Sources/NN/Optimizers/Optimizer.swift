import Autograd

/// A rule that improves parameters by their gradients.
///
/// ```swift
/// let optimizer = Adam(model, learningRate: 0.01)
/// for _ in 0..<1000 {
///   optimizer.step { meanSquaredError(model(x), y) }
/// }
/// ```
///
/// The rule itself is a pure function in operations on variables,
/// ``update(parameters:gradients:state:)``. It is recorded like any computation, so training can be
/// differentiated by the initial parameters, the data or the learning rate. ``step(gradients:)`` and
/// its relatives evaluate it without recording and assign the results.
///
/// Rules for one parameter are subclasses of ``UpdateRule``. What changes gradients before another
/// optimizer or parameters after it is a subclass of ``OptimizerWrapper``.
public protocol Optimizer: AnyObject {
  /// The factor of each step.
  ///
  /// Setting a number changes the value of the variable where it lies; setting a variable, to
  /// differentiate by it, replaces it.
  var learningRate: Variable { get set }

  /// The parameters with their paths, as they were given.
  var namedParameters: [(name: String, value: Variable)] { get }

  /// What the optimizer remembers of the past.
  var state: OptimizerState { get set }

  /// The state before the first step, for parameters of the same shapes and types.
  func initialState(for parameters: [Variable]) -> OptimizerState

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
  ///   - state: From ``initialState(for:)`` or an earlier update.
  func update(
    parameters: [Variable], gradients: [Variable?], state: OptimizerState
  ) -> (parameters: [Variable], state: OptimizerState)

  /// Improves the parameters by gradients that were computed apart.
  ///
  /// - Parameter gradients: One for each parameter, in their order, of its shape and type; nil
  ///   leaves the parameter as it is. Another number of them stops with an error.
  func step(gradients: [Variable?])

  /// Computes a loss, improves the parameters by its gradients, and returns its value, outside of the
  /// graph.
  ///
  /// The gradients that ``Variable/backward(seed:createGraph:)`` has left are not used.
  ///
  /// - Parameter loss: One number that depends on the parameters. ``SharpnessAware`` and ``LBFGS``
  ///   compute it more than once.
  @discardableResult func step(_ loss: () -> Variable) -> Variable
}

extension Optimizer {
  /// Improves the parameters by the gradients that ``Variable/backward(seed:createGraph:)`` has
  /// left in them; those without one stay as they are.
  public func step() { step(gradients: namedParameters.map(\.value.gradient)) }

  /// Evaluates the pure form without recording, and assigns the results.
  public func step(gradients: [Variable?]) {
    // The step counts of the state are Swift's; rules that count for compiled functions, too, are
    // subclasses of UpdateRule.
    cannotCompile("\(type(of: self)): it may count its steps in Swift")
    withoutRecording {
      let own = namedParameters.map(\.value)
      let next = update(parameters: own, gradients: gradients, state: state)
      for (parameter, value) in zip(own, next.parameters) where !value.isIdentical(to: parameter) {
        parameter.assign(value)
      }
      var after = state
      after.assign(next.state)
      state = after
    }
  }

  /// Computes the loss once, and its gradients by all parameters.
  @discardableResult public func step(_ loss: () -> Variable) -> Variable {
    let (value, slopes) = slopes(of: loss)
    step(gradients: slopes)
    return value
  }

  /// Forgets the gradients, so that the next backward pass starts from zero.
  public func zeroGradients() {
    for (_, parameter) in namedParameters { parameter.gradient = nil }
  }

  /// The value of a loss, whose graph is gone, and its gradients by all parameters.
  func slopes(of loss: () -> Variable) -> (loss: Variable, slopes: [Variable?]) {
    var value = loss()
    let slopes = slopes(of: value)
    value.leaveGraph()
    return (value, slopes)
  }

  /// The gradients of a loss by all parameters; a loss that depends on none is an error.
  func slopes(of loss: Variable) -> [Variable?] {
    guard loss.requiresGradient else {
      fatalError(
        "\(type(of: self)): the loss depends on no parameter, or was computed without recording")
    }
    let slopes = gradients(of: loss, withRespectTo: namedParameters.map(\.value))
    guard slopes.contains(where: { $0 != nil }) else {
      fatalError(
        "\(type(of: self)): the loss depends on none of the optimizer's parameters, such as "
          + "'\(namedParameters[0].name)'; are they those of another model?")
    }
    return slopes
  }

  /// There must be a gradient and a state for each parameter, and as many as the optimizer has.
  func requireCounts(_ parameters: Int, _ gradients: Int, _ states: Int) {
    guard [gradients, states, namedParameters.count].allSatisfy({ $0 == parameters }) else {
      fatalError(
        "\(type(of: self)): \(parameters) parameters, \(gradients) gradients and \(states) states; "
          + "there must be as many of each")
    }
  }
}
