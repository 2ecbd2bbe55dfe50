import Autograd

/// What a batch is computed by: the closure of ``Module/fit``, and plans of it.
///
/// A plan is used where that changes nothing that can be seen: after two recordings that are the same,
/// and then checked now and then, see `AutomaticPlan`.
final class BatchFunction<Element> {
  /// The layers that train or evaluate.
  let modes: [Mode]
  private let compute: (Element) throws -> BatchResult
  private let isCompiled: Bool
  private let plan = AutomaticPlan()

  init(of model: any Module, isCompiled: Bool, _ compute: @escaping (Element) throws -> BatchResult)
  {
    modes = ModuleWalk(model).modes
    self.isCompiled = isCompiled
    self.compute = compute
  }

  /// Computes a batch as it is.
  func callAsFunction(_ element: Element) throws -> BatchResult { try compute(element) }

  /// Computes a batch and what else is to be made of it, by a plan if there is one.
  ///
  /// - Parameters:
  ///   - element: The batch.
  ///   - use: What it is for: each use is another function.
  ///   - extra: A variable that changes from batch to batch.
  ///   - body: What to make of the result.
  /// - Throws: What the closure throws; ``ComputationChanged``.
  func callAsFunction(
    _ element: Element, for use: AnyHashable, extra: Variable? = nil,
    _ body: (_ result: BatchResult, _ extra: Variable?) -> [Variable?]
  ) throws -> [Variable?] {
    // Who listens to the calls of modules wants to hear all of them.
    guard isCompiled, Scope.observer == nil, let contents = BatchContents(element) else {
      return body(try compute(element), extra)
    }
    let results = try plan(
      contents.tensors.map { Variable($0) } + [extra], tensors: contents.tensors,
      key: [use, modes.map(\.isTraining)] + contents.others
    ) { arguments in
      body(try compute(element), arguments[arguments.count - 1])
    }
    if plan.hasChanged { throw ComputationChanged() }
    return results
  }
}

/// A training was compiled, but what is computed for a batch has changed since: Swift code in the
/// model or in the loss goes by something that is not the same at each step.
///
/// Steps before may have missed the change. Train with `compiling: false`.
public struct ComputationChanged: Error, Equatable, CustomStringConvertible {
  /// Two sentences for people.
  public var description: String {
    "fit: what the model or the loss computes has changed since it was compiled, and steps before may "
      + "have missed that. If Swift code in them goes by counters or settings that change during the "
      + "training, pass compiling: false"
  }
}

/// What a batch consists of: tensors, and what tells whether two batches are treated alike.
struct BatchContents {
  private(set) var tensors: [Tensor] = []
  /// Numbers, texts and the like, and how the parts are put together.
  private(set) var others: [AnyHashable] = []

  /// Nil if there is something in it that cannot be compared.
  init?(_ element: Any) {
    if let batch = element as? Batch {
      tensors = [batch.inputs, batch.targets]
    } else if !add(element) {
      return nil
    }
  }

  /// Whether the part could be compared.
  private mutating func add(_ part: Any) -> Bool {
    if let tensor = part as? Tensor {
      tensors.append(tensor)
      return true
    }
    if let other = part as? AnyHashable {
      others.append(other)
      return true
    }
    let mirror = Mirror(reflecting: part)
    switch mirror.displayStyle {
    case .struct, .tuple, .optional, .collection, .enum: break
    default: return false
    }
    others.append(mirror.children.count)
    for (label, child) in mirror.children {
      if mirror.displayStyle == .enum { others.append(label) }
      if !add(child) { return false }
    }
    return true
  }
}
