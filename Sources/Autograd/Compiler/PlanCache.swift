/// A function of variables and its plans, one for each set of shapes and types.
final class PlanCache {
  private let function: ([Variable]) -> [Variable]
  private let fuses: Bool
  private let poisons: Bool
  private var entries: [Signature: Entry] = [:]

  /// What a plan depends on.
  private struct Signature: Hashable {
    let shapes: [Shape]
    let dtypes: [DType]
    let requiresGradient: [Bool]

    init(_ arguments: [Variable]) {
      shapes = arguments.map(\.shape)
      dtypes = arguments.map(\.dtype)
      requiresGradient = arguments.map(\.requiresGradient)
    }
  }

  private struct Entry {
    let plan: Plan
    let recordedCount: Int
  }

  /// - Parameters:
  ///   - fuses: Whether elementwise operations are fused.
  ///   - poisons: Whether freed memory is filled with signalling NaN. Both are for tests.
  init(
    fuses: Bool = true, poisons: Bool = false, _ function: @escaping ([Variable]) -> [Variable]
  ) {
    self.function = function
    self.fuses = fuses
    self.poisons = poisons
  }

  /// Calls the function: records it if shapes or types are new, else runs its plan.
  func callAsFunction(_ arguments: [Variable]) -> [Variable] { run(arguments, times: 1) }

  /// Calls the function several times with the same arguments, and returns the last results.
  func run(_ arguments: [Variable], times: Int) -> [Variable] {
    if Context.isTracing {
      return (1..<times).reduce(function(arguments)) { _, _ in function(arguments) }
    }
    let signature = Signature(arguments)
    let arguments = arguments.map { $0.node.fields.pointee.strides == nil ? $0 : $0.contiguous() }
    if let plan = entries[signature]?.plan, plan.isValid {
      return plan.run(arguments, times: times)
    }
    entries[signature] = nil
    let entry = record(arguments)
    entries[signature] = entry
    let results = entry.plan.runFirst(arguments)
    return times == 1 ? results : run(arguments, times: times - 1)
  }

  /// The plan for arguments of these shapes and types, which are recorded if they are new.
  func description(for arguments: [Variable], isTimed: Bool) -> PlanDescription {
    let signature = Signature(arguments)
    // The first plan may hold for one call only.
    for _ in 0..<2 where entries[signature]?.plan.isValid != true { _ = self(arguments) }
    guard let entry = entries[signature] else { fatalError("compile: nothing was recorded") }
    return entry.plan.description(
      recordedCount: entry.recordedCount,
      nanoseconds: isTimed ? entry.plan.profile(arguments.map { $0.contiguous() }) : nil)
  }

  @inline(never) private func record(_ arguments: [Variable]) -> Entry {
    let graph = PlanGraph(recording: function, arguments)
    return Entry(
      plan: Plan(graph, fuses: fuses, poisons: poisons), recordedCount: graph.computedCount)
  }
}

extension Variable {
  /// What a recorded function gets in place of an argument, so that nothing it does to it is seen
  /// outside.
  var standIn: Variable {
    let node = node.viewNode()
    node.fields.pointee.requiresGradient = requiresGradient
    return Variable(node)
  }
}

extension PlanGraph {
  /// Writes down what a function does, without doing it.
  init(recording function: ([Variable]) throws -> [Variable], _ arguments: [Variable]) rethrows {
    let recorder = Recorder()
    let standIns = arguments.map(\.standIn)
    _ = try recorder.record(function, standIns)
    self = recorder.finish(standIns)
  }
}

extension Plan {
  /// Makes a plan of what was recorded.
  convenience init(_ graph: PlanGraph, fuses: Bool = true, poisons: Bool = false) {
    var graph = graph
    graph.narrowRepeatedValues()
    graph.foldConstants()
    self.init(simplifying: graph, fuses: fuses, poisons: poisons)
  }

  /// Makes a plan of a record whose constants were computed.
  convenience init(simplifying graph: PlanGraph, fuses: Bool = true, poisons: Bool = false) {
    var graph = graph
    graph.mergeEqualValues()
    graph.separateOutputs()
    self.init(
      PlanLayout(graph, graph.units(isLive: graph.liveValues(), fuses: fuses)), poisons: poisons)
  }
}
