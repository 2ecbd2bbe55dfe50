import Kernels

/// A function of variables that runs as a plan.
///
/// See ``compile(_:)``.
public final class CompiledFunction {
  private let function: ([Variable]) -> [Variable]
  private var plans: [Signature: (plan: Plan, recordedCount: Int)] = [:]
  /// Options for tests.
  let fuses: Bool
  let poisons: Bool

  /// What a plan depends on.
  struct Signature: Hashable {
    let shapes: [Shape]
    let dtypes: [DType]
    let requiresGradient: [Bool]

    init(_ arguments: [Variable]) {
      shapes = arguments.map(\.shape)
      dtypes = arguments.map(\.dtype)
      requiresGradient = arguments.map(\.requiresGradient)
    }
  }

  init(fuses: Bool = true, poisons: Bool = false, _ function: @escaping ([Variable]) -> [Variable]) {
    self.function = function
    self.fuses = fuses
    self.poisons = poisons
  }

  /// Calls the function: records it if shapes or types are new, else runs its plan.
  public func callAsFunction(_ arguments: [Variable]) -> [Variable] {
    if Context.isTracing { return function(arguments) }
    let signature = Signature(arguments)
    let arguments = arguments.map { $0.node.fields.pointee.strides == nil ? $0 : $0.contiguous() }
    if let (plan, _) = plans[signature], plan.isValid { return plan.run(arguments) }
    return record(arguments, signature)
  }

  private func record(_ arguments: [Variable], _ signature: Signature) -> [Variable] {
    let recorder = Recorder()
    let stand = arguments.map { argument in
      let node = argument.node.viewNode()
      node.fields.pointee.requiresGradient = argument.requiresGradient
      return Variable(node)
    }
    let results = recorder.record(function, stand)
    var (graph, nodes) = recorder.finish()
    let count = graph.computedCount
    graph.foldConstants(nodes)
    graph.mergeEqualValues()
    graph.separateOutputs()
    let isLive = graph.liveValues()
    let layout = PlanLayout(graph, graph.units(isLive: isLive, fuses: fuses))
    plans[signature] = (Plan(layout, poisons: poisons), count)
    return results.map { $0.detached() }
  }

  /// The plan for arguments of these shapes and types, which are recorded if they are new.
  ///
  /// - Parameter isTimed: Whether each instruction is timed, in one more run with all its effects.
  public func plan(for arguments: [Variable], isTimed: Bool = false) -> PlanDescription {
    if plans[Signature(arguments)] == nil { _ = self(arguments) }
    guard let (plan, count) = plans[Signature(arguments)] else {
      fatalError("compile: there is no plan")
    }
    return plan.description(
      recordedCount: count, nanoseconds: isTimed ? plan.profile(arguments) : nil)
  }
}

/// Compiles a function of variables into a plan.
public func compile(_ function: @escaping ([Variable]) -> [Variable]) -> CompiledFunction {
  CompiledFunction(function)
}
