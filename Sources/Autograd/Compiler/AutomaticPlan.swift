/// A function of variables that becomes a plan without being asked to, where that changes nothing.
///
/// If the caller vouches for it, it is recorded at once, and what cannot be recorded is an error. Else
/// the first call runs it as it is, so that what is made lazily is there. Then it is recorded twice, and
/// there is a plan if the recordings are the same. If they differ, or something happened that cannot be
/// recorded, the function goes on as it is.
///
/// Code that consults Swift's state may change its mind later. So the 8th call, the 16th, the 32nd and
/// so on are recordings again, and `hasChanged` tells that one was another computation than the plan.
package final class AutomaticPlan {
  /// What the function did when it was last recorded.
  private struct Recording {
    let graph: PlanGraph
    /// Which results were not nil.
    let isThere: [Bool]

    func isSame(as other: Recording) -> Bool {
      isThere == other.isThere && graph.isSame(as: other.graph)
    }

    /// Results with nil in their places again.
    func expand(_ results: [Variable]) -> [Variable?] { results.expanded(isThere) }
  }

  private enum Phase {
    case new
    case recorded(Recording)
    case planned(Plan, Recording)
    case asItIs
  }

  /// What is known about calls with arguments of certain shapes and types.
  private final class Entry {
    let key: [AnyHashable]
    private let signature: [(shape: Shape, dtype: DType, requiresGradient: Bool)?]
    var phase = Phase.new
    var calls = 0
    /// How often a plan no longer held.
    var renewals = 0

    init(_ key: [AnyHashable], _ arguments: [Variable?]) {
      self.key = key
      signature = arguments.map { $0.map { ($0.shape, $0.dtype, $0.requiresGradient) } }
    }

    func fits(_ key: [AnyHashable], _ arguments: [Variable?]) -> Bool {
      guard arguments.count == signature.count, key == self.key else { return false }
      for index in arguments.indices {
        switch (signature[index], arguments[index]) {
        case (nil, nil): break
        case (let own?, let argument?):
          let fields = argument.node.fields
          guard own.shape == fields.pointee.shape, own.dtype == fields.pointee.dtype,
            own.requiresGradient == fields.pointee.requiresGradient
          else { return false }
        default: return false
        }
      }
      return true
    }
  }

  /// Whether a recording was another computation than the plan that earlier calls ran.
  package private(set) var hasChanged = false
  private let isPure: Bool
  private var entries: [Entry] = []
  private var last: Entry?

  /// More sets of shapes than these run as they are: each plan has memory of its own.
  private static let entryLimit = 8
  private static let renewalLimit = 8

  /// - Parameter isPure: Whether the caller vouches that the function does the same each time.
  package init(isPure: Bool = false) { self.isPure = isPure }

  /// Calls the function, or runs its plan.
  ///
  /// - Parameters:
  ///   - arguments: What the function is given; nil stays nil.
  ///   - tensors: What the first arguments were made of: what the function makes of them anew are
  ///     arguments, too.
  ///   - key: What else decides what happens.
  ///   - function: What may be recorded: the same each time.
  package func callAsFunction(
    _ arguments: [Variable?], tensors: [Tensor] = [], key: [AnyHashable] = [],
    _ function: ([Variable?]) throws -> [Variable?]
  ) rethrows -> [Variable?] {
    guard !Context.isTracing, let entry = entry(key, arguments) else {
      return try function(arguments)
    }
    entry.calls += 1
    if case .planned(let plan, let recording) = entry.phase {
      if !plan.isValid {
        entry.renewals += 1
        entry.phase = entry.renewals < Self.renewalLimit ? .new : .asItIs
      } else if isPure || entry.calls < 8 || entry.calls & (entry.calls - 1) != 0 {
        return recording.expand(plan.run(dense(arguments), times: 1))
      }
    }
    switch entry.phase {
    case .new where isPure: return try plan(entry, arguments, function)
    case .new where entry.calls == 1, .asItIs: return try function(arguments)
    case .new, .recorded, .planned: return try record(entry, arguments, tensors, function)
    }
  }

  private func entry(_ key: [AnyHashable], _ arguments: [Variable?]) -> Entry? {
    if let last, last.fits(key, arguments) { return last }
    if let found = entries.first(where: { $0.fits(key, arguments) }) {
      last = found
      return found
    }
    if entries.count == Self.entryLimit { return nil }
    let new = Entry(key, arguments)
    entries.append(new)
    return new
  }

  private func dense(_ arguments: [Variable?]) -> [Variable] {
    arguments.compactMap { $0?.node.fields.pointee.strides == nil ? $0 : $0?.contiguous() }
  }

  /// Makes a plan of the function without computing it, and runs that.
  private func plan(
    _ entry: Entry, _ arguments: [Variable?], _ function: ([Variable?]) throws -> [Variable?]
  ) rethrows -> [Variable?] {
    var isThere: [Bool] = []
    let given = dense(arguments)
    let graph = try PlanGraph(
      recording: { try call(function, $0, arguments, &isThere) }, given)
    let (plan, recording) = (Plan(graph), Recording(graph: graph, isThere: isThere))
    entry.phase = .planned(plan, recording)
    return recording.expand(plan.runFirst(given))
  }

  /// Calls the function with what stands in for its arguments; returns the results that are not nil.
  private func call(
    _ function: ([Variable?]) throws -> [Variable?], _ standIns: [Variable],
    _ arguments: [Variable?], _ isThere: inout [Bool]
  ) rethrows -> [Variable] {
    let all = try function(standIns.expanded(arguments.map { $0 != nil }))
    isThere = all.map { $0 != nil }
    return all.compactMap { $0 }
  }

  /// Runs the function and writes down what it does.
  private func record(
    _ entry: Entry, _ arguments: [Variable?], _ tensors: [Tensor],
    _ function: ([Variable?]) throws -> [Variable?]
  ) rethrows -> [Variable?] {
    let recorder = Recorder(isTentative: true)
    let standIns = dense(arguments).map(\.standIn)
    var isThere: [Bool] = []
    let results = try recorder.record(
      { try call(function, $0, arguments, &isThere) }, standIns, tensors: tensors)
    settle(entry, recorder, standIns, isThere)
    return results.map { $0.detached() }.expanded(isThere)
  }

  /// Decides what a recording means for further calls.
  private func settle(
    _ entry: Entry, _ recorder: Recorder, _ arguments: [Variable], _ isThere: [Bool]
  ) {
    if recorder.failure != nil {
      // A plan was in use, but this call cannot be recorded.
      if case .planned = entry.phase { hasChanged = true }
      entry.phase = .asItIs
      return
    }
    let recording = Recording(graph: recorder.finish(arguments), isThere: isThere)
    switch entry.phase {
    case .new: entry.phase = .recorded(recording)
    case .recorded(let first):
      entry.phase =
        first.isSame(as: recording) ? .planned(Plan(recording.graph), recording) : .asItIs
    case .planned(_, let first):
      if first.isSame(as: recording) { return }
      hasChanged = true
      entry.phase = .asItIs
    case .asItIs: break
    }
  }
}

extension [Variable] {
  /// The variables in the places that are taken, nil in the others.
  fileprivate func expanded(_ isTaken: [Bool]) -> [Variable?] {
    var rest = makeIterator()
    return isTaken.map { $0 ? rest.next() : nil }
  }
}
