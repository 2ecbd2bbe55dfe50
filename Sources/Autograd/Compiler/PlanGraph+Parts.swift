// Parts of a greater array, which are joined or put into zeros: they are computed right where they
// belong, so that nothing is copied.

/// Where a value lies in another one.
struct Home {
  let whole: Int
  /// Of the first element, in elements.
  let offset: Int
  /// Distances between neighbours along each axis; nil without gaps.
  let strides: [Int]?

  /// The first axis from which on elements lie side by side.
  func rowAxis(_ shape: Shape) -> Int? {
    guard let strides else { return 0 }
    return (1..<shape.rank).first { rowStep(strides, shape, from: $0) == 1 }
  }
}

extension PlanGraph {
  /// The values that can be computed as a part of another one.
  ///
  /// Where the part has no gaps anyone may read it there; else nobody else does but the program that
  /// computes it.
  func homes(of units: [PlanUnit]) -> [Int: Home] {
    var readers = [Int](repeating: 0, count: values.count)
    var unitOf = [Int?](repeating: nil, count: values.count)
    for (number, unit) in units.enumerated() {
      for value in unit.values { unitOf[value] = number }
      for value in unit.values {
        for input in values[value].inputs.map({ root(of: $0).value })
        where unit.kind != .elementwise || unitOf[input] != number {
          readers[input] += 1
        }
      }
    }
    let outputs = Set(needed.map { root(of: $0).value })
    // What a leaf is assigned may be written over the leaf, but not early.
    let assigned = Set(assignments.map(\.value))
    var homes: [Int: Home] = [:]
    for unit in units where unit.kind == .operation && !assigned.contains(unit.members[0]) {
      for (part, home) in parts(of: unit.members[0]) {
        let value = root(of: part).value
        guard homes[value] == nil, !outputs.contains(value), isInPlace(part),
          values[value].count > 0, let number = unitOf[value],
          case .operation = values[value].source
        else { continue }
        let mayMove =
          home.strides == nil || readers[value] == 1
            && values[part].shape == values[value].shape
            && isWrittenInRows(value, home, units[number])
        if mayMove { homes[value] = home }
      }
    }
    return homes
  }

  /// The inputs of a value that consists of them, and where each lies.
  private func parts(of whole: Int) -> [(part: Int, home: Home)] {
    guard case .operation(let operation) = values[whole].source else { return [] }
    let strides = values[whole].shape.rowMajorStrides
    func home(_ part: Int, _ offset: Int, _ own: [Int]) -> (Int, Home) {
      (
        part,
        Home(
          whole: whole, offset: offset, strides: normalized(own, values[part].shape))
      )
    }
    if operation.primitive === concatenatePrimitive,
      case .box(let box as JoinBox) = operation.attributes
    {
      return zip(operation.inputs, box.starts).map { home($0, $1 * strides[box.axis], strides) }
    }
    if operation.primitive === placePrimitive,
      case .box(let box as RegionBox) = operation.attributes, box.region.isDense
    {
      return [home(operation.inputs[0], box.region.offset(strides), box.region.strides(strides))]
    }
    return []
  }

  /// Whether a program computes a value and can write it in rows that are long enough.
  private func isWrittenInRows(_ value: Int, _ home: Home, _ unit: PlanUnit) -> Bool {
    let shape = values[value].shape
    guard unit.kind == .elementwise, unit.members.contains(value), !isSmall(value),
      let axis = home.rowAxis(shape)
    else { return false }
    return shape.elementCount(of: axis..<shape.rank) >= 32
  }
}
