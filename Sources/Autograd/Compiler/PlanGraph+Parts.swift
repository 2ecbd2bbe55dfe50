// Parts of a greater array, which are joined or put into zeros: they are computed right where they
// belong, where that is possible, instead of being copied.

/// Where a value lies in another one.
struct Home: Equatable {
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
        for input in values[value].inputs.map({ root(of: $0).value }) {
          // A step finds it in its place; the unit's reduction reads without gaps.
          let isStep = unit.kind == .elementwise && unitOf[input] == number
          if !isStep || value == unit.reduction { readers[input] += 1 }
        }
      }
    }
    let outputs = Set(needed.map { root(of: $0).value })
    // What a leaf is assigned may be written over the leaf, but not early.
    let assigned = Set(assignments.map(\.value))
    var homes: [Int: Home] = [:]
    for unit in units where unit.kind == .operation && !assigned.contains(unit.members[0]) {
      for part in joinedParts(of: unit.members[0]) {
        let (value, home) = (root(of: part.value).value, part.home)
        guard homes[value] == nil, !outputs.contains(value), isInPlace(part.value),
          values[value].count > 0, let number = unitOf[value],
          case .operation = values[value].source
        else { continue }
        let isInRows =
          readers[value] == 1 && values[part.value].shape == values[value].shape
          && isWrittenInRows(value, home, units[number])
        if home.strides == nil || isInRows { homes[value] = home }
      }
    }
    return homes
  }

  /// An input of a value, and where it lies in that.
  struct Part {
    let value: Int
    let home: Home
  }

  /// The inputs of a value that consists of them.
  func joinedParts(of whole: Int) -> [Part] {
    guard case .operation(let operation) = values[whole].source,
      case .box(let box) = operation.attributes
    else { return [] }
    let strides = values[whole].shape.rowMajorStrides
    func part(_ value: Int, _ offset: Int, _ own: [Int]) -> Part {
      let own = normalized(own, values[value].shape)
      return Part(value: value, home: Home(whole: whole, offset: offset, strides: own))
    }
    if operation.primitive === concatenatePrimitive, let box = box as? JoinBox {
      return zip(operation.inputs, box.starts).map { part($0, $1 * strides[box.axis], strides) }
    }
    if operation.primitive === placePrimitive, let box = box as? RegionBox, box.region.isDense {
      let region = box.region
      return [part(operation.inputs[0], region.offset(strides), region.strides(strides))]
    }
    return []
  }

  /// Whether a program computes a value and can write it in rows that are long enough.
  private func isWrittenInRows(_ value: Int, _ home: Home, _ unit: PlanUnit) -> Bool {
    let shape = values[value].shape
    guard unit.kind == .elementwise, unit.members.contains(value), !isSmall(value),
      let axis = home.rowAxis(shape)
    else { return false }
    return shape.elementCount(of: axis..<shape.rank) * values[value].dtype.size >= 512
  }
}
