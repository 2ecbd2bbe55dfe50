import Kernels

// Two recordings of a function, taken at different times, tell whether it does the same each time.

extension PlanGraph {
  /// Whether both are the same computation: the same operations in the same order with the same
  /// attributes, on the same leaves, with constants of the same bits.
  ///
  /// Swift code that runs at each call is taken to be the same.
  func isSame(as other: PlanGraph) -> Bool {
    results == other.results
      && isSame(assignments, other.assignments) && isSame(gradients, other.gradients)
      && gradientReads.elementsEqual(other.gradientReads) {
        $0.leaf === $1.leaf && $0.wasThere == $1.wasThere
      }
      && values.elementsEqual(other.values) { $0.isSame(as: $1) }
  }

  private func isSame<Value: Equatable>(
    _ ours: [(leaf: Node, value: Value)], _ theirs: [(leaf: Node, value: Value)]
  ) -> Bool {
    ours.elementsEqual(theirs) { $0.leaf === $1.leaf && $0.value == $1.value }
  }
}

extension PlanValue {
  fileprivate func isSame(as other: PlanValue) -> Bool {
    guard shape == other.shape, dtype == other.dtype, strides == other.strides else { return false }
    switch (source, other.source) {
    case (.leaf(let a), .leaf(let b)), (.literal(let a), .literal(let b)),
      (.gradient(let a), .gradient(let b)):
      return a === b
    case (.argument(let a), .argument(let b)): return a == b
    case (.constant(let a), .constant(let b)): return a === b || a.hasSameBits(as: b)
    case (.view(let a, let offset), .view(let b, let other)): return a == b && offset == other
    case (.operation(let a), .operation(let b)):
      return a.primitive === b.primitive && a.inputs == b.inputs && a.flags == b.flags
        && a.attributes.isSame(as: b.attributes)
    case (.host(let a), .host(let b)): return a.inputs == b.inputs && a.isEffect == b.isEffect
    default: return false
    }
  }
}

extension Node {
  /// Whether both hold the same bits; shapes and types must be equal.
  fileprivate func hasSameBits(as other: Node) -> Bool {
    let (a, b) = (tensor.contiguous(), other.tensor.contiguous())
    return withExtendedLifetime((a, b)) {
      let bytes = a.count * a.dtype.size
      return UnsafeRawBufferPointer(start: a.data, count: bytes)
        .elementsEqual(UnsafeRawBufferPointer(start: b.data, count: bytes))
    }
  }
}

extension Attributes {
  fileprivate func isSame(as other: Attributes) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.integer(let a), .integer(let b)): a == b
    case (.box(let a), .box(let b)): a === b || hasSameParts(a, b)
    default: false
    }
  }
}

/// Whether two values of one type consist of equal parts, found by reflection; what cannot be
/// compared, such as closures, differs.
private func hasSameParts(_ a: Any, _ b: Any) -> Bool {
  func isEqual<Value: Equatable>(_ a: Value) -> Bool { a == b as? Value }
  if let a = a as? any Equatable { return isEqual(a) }
  guard type(of: a) == type(of: b) else { return false }
  let (ours, theirs) = (Mirror(reflecting: a), Mirror(reflecting: b))
  return !ours.children.isEmpty && ours.children.count == theirs.children.count
    && zip(ours.children, theirs.children).allSatisfy {
      $0.label == $1.label && hasSameParts($0.value, $1.value)
    }
}
