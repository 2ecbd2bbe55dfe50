// Reductions that take in the elements of a program as it computes them, block by block, so that what
// is summed need not be written to memory and read again.

extension PlanGraph {
  /// Lets elementwise units take on the first reduction of each that can run with it.
  ///
  /// A reduction moves up to the unit that computes what it reduces: it needs nothing else.
  func withReductions(_ units: [PlanUnit]) -> [PlanUnit] {
    var result = units
    var unitOf: [Int: Int] = [:]
    var moved: Set<Int> = []
    for (number, unit) in units.enumerated() {
      if unit.kind == .elementwise, unit.product == nil {
        for member in unit.members { unitOf[member] = number }
      } else if unit.kind == .operation, let reduced = reducedByRows(unit.members[0]),
        let host = unitOf[reduced], result[host].reduction == nil
      {
        result[host].reduction = unit.members[0]
        moved.insert(number)
      }
    }
    return result.indices.filter { !moved.contains($0) }.map { result[$0] }
  }

  /// The member that a unit's reduction reduces.
  func reduced(by unit: PlanUnit) -> Int? {
    unit.reduction.map { root(of: values[$0].inputs[0]).value }
  }

  /// What a value reduces over its last axes, if there are enough elements to be worth it.
  private func reducedByRows(_ value: Int) -> Int? {
    guard case .operation(let operation) = values[value].source,
      case .reduce = operation.primitive.kernel, case .integer(let axes) = operation.attributes
    else { return nil }
    let input = values[operation.inputs[0]]
    let first = AxisSet(rawValue: axes).list.first ?? input.shape.rank
    let isWhole = AxisSet(rawValue: axes).list == Array(first..<input.shape.rank)
    guard isWhole, input.dtype.isFloatingPoint, isInPlace(operation.inputs[0]),
      input.count >= 4096, input.shape.elementCount(of: first..<input.shape.rank) >= 256
    else { return nil }
    return root(of: operation.inputs[0]).value
  }
}
