/// What a compiled function can return: a variable, or an array of them.
public protocol CompiledResult {
  /// The variables, in a fixed order.
  var variables: [Variable] { get }

  /// Makes the result of its variables.
  init(variables: [Variable])
}

extension Variable: CompiledResult {
  /// The variable itself.
  public var variables: [Variable] { [self] }

  /// The only variable.
  public init(variables: [Variable]) { self = variables[0] }
}

extension Array: CompiledResult where Element == Variable {
  /// The array itself.
  public var variables: [Variable] { self }

  /// The variables themselves.
  public init(variables: [Variable]) { self = variables }
}

/// A function of variables that runs as a plan: made by `compile`.
///
/// The first call with arguments of new shapes or types runs the function and records everything
/// that happens, without computing it; this call and later ones replay the record as a flat list of
/// fused kernels over memory that was assigned beforehand. The results are the same, bit for bit,
/// and so are the effects: values assigned to leaves, gradients left in them, random numbers drawn
/// from a `RandomSource`.
///
/// It belongs to one thread at a time.
public final class CompiledFunction<Result: CompiledResult> {
  private let cache: PlanCache
  private let argumentCount: Int?

  fileprivate init(argumentCount: Int?, _ function: @escaping ([Variable]) -> Result) {
    self.argumentCount = argumentCount
    cache = PlanCache { function($0).variables }
  }

  /// Calls the function.
  ///
  /// Stops with an error if there is another number of arguments than the function has.
  public func callAsFunction(_ arguments: Variable...) -> Result { run(arguments, times: 1) }

  /// Calls the function with an array of arguments.
  public func callAsFunction(_ arguments: [Variable]) -> Result { run(arguments, times: 1) }

  /// Calls the function several times with the same arguments and returns the last result: steps of
  /// training on one batch, without the costs of a call.
  ///
  /// ```swift
  /// let loss = step.run(times: 1000, x, y)
  /// ```
  ///
  /// - Parameters:
  ///   - times: How often, at least 1; else stops with an error.
  ///   - arguments: Those of each call.
  public func run(times: Int, _ arguments: Variable...) -> Result {
    run(arguments, times: times)
  }

  /// Calls the function once for each of several lists of arguments and returns the last result,
  /// nil if there are none.
  ///
  /// ```swift
  /// let loss = step.run(batches: loader.map { [$0.input, $0.target] })
  /// ```
  public func run(batches: some Sequence<[Variable]>) -> Result? {
    var last: Result?
    for batch in batches { last = run(batch, times: 1) }
    return last
  }

  private func run(_ arguments: [Variable], times: Int) -> Result {
    requireCount(arguments)
    guard times > 0 else { fatalError("run: \(times) times; it must be at least 1") }
    return Result(variables: cache.run(arguments, times: times))
  }

  /// The plan for arguments of these shapes and types; if they are new the function is called.
  ///
  /// - Parameters:
  ///   - arguments: As for a call.
  ///   - isTimed: Whether the time of each instruction is measured, in one more call with all its
  ///     effects.
  public func plan(for arguments: Variable..., isTimed: Bool = false) -> PlanDescription {
    requireCount(arguments)
    return cache.description(for: arguments, isTimed: isTimed)
  }

  private func requireCount(_ arguments: [Variable]) {
    guard let argumentCount, argumentCount != arguments.count else { return }
    fatalError(
      "compile: the function has \(argumentCount) arguments, the call \(arguments.count)")
  }
}

/// Compiles a function of an array of variables.
public func compile<Result: CompiledResult>(
  _ function: @escaping ([Variable]) -> Result
) -> CompiledFunction<Result> {
  CompiledFunction(argumentCount: nil, function)
}

/// Compiles a function without arguments, such as a step of training on fixed data.
public func compile<Result: CompiledResult>(
  _ function: @escaping () -> Result
) -> CompiledFunction<Result> {
  CompiledFunction(argumentCount: 0) { _ in function() }
}

/// Compiles a function of one variable: it runs once to be recorded, and is a plan from then on.
///
/// ```swift
/// let f = compile { x in tanh(2 * x + 1) * sigmoid(x) - x }
/// let y = f(x)
/// ```
///
/// The function may do anything that is written in operations on variables: compute gradients, of
/// any order, assign values to parameters, step an optimizer. Swift code in it runs only while it
/// is recorded, so
///
/// - reading a value in it stops with an error that names the place;
/// - what it decides by Swift's `if` and `for` stays decided, for these shapes and types;
/// - random numbers come from a `RandomSource`, as those of the layers do; others are an error.
public func compile<Result: CompiledResult>(
  _ function: @escaping (Variable) -> Result
) -> CompiledFunction<Result> {
  CompiledFunction(argumentCount: 1) { function($0[0]) }
}

/// Compiles a function of two variables, such as a step of training on inputs and targets.
///
/// ```swift
/// let step = compile { x, y in
///   optimizer.step { crossEntropy(model(x), classIndices: y) }
/// }
/// for batch in loader { total += step(batch.input, batch.target).item() }
/// ```
public func compile<Result: CompiledResult>(
  _ function: @escaping (Variable, Variable) -> Result
) -> CompiledFunction<Result> {
  CompiledFunction(argumentCount: 2) { function($0[0], $0[1]) }
}

/// Compiles a function of three variables.
public func compile<Result: CompiledResult>(
  _ function: @escaping (Variable, Variable, Variable) -> Result
) -> CompiledFunction<Result> {
  CompiledFunction(argumentCount: 3) { function($0[0], $0[1], $0[2]) }
}
