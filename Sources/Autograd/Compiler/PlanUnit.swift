import Kernels

/// What runs at once.
struct PlanUnit {
  enum Kind {
    /// One operation that is not elementwise.
    case operation
    /// Elementwise operations on values of one shape, perhaps on the blocks of a matrix product.
    case elementwise
    /// Elementwise operations on single numbers.
    case scalars
  }

  /// The values it computes, in order.
  var members: [Int]
  let kind: Kind
  /// The matrix product, or the like, on whose blocks the elementwise members are computed.
  var product: Int?
  /// The reduction that takes in the blocks of the member it reduces.
  var reduction: Int?

  var isElementwise: Bool { kind != .operation }
  /// The product, the members and the reduction.
  var values: [Int] { [product].compactMap { $0 } + members + [reduction].compactMap { $0 } }
}

/// An elementwise operation as a program's step.
struct StepTemplate {
  let kind: KStepKind
  let op: UInt8
  let isCostly: Bool
}

extension PlanGraph {
  /// The step that computes a value, or nil if the value is not elementwise.
  func step(of index: Int) -> StepTemplate? {
    guard case .operation(let operation) = values[index].source else { return nil }
    let primitive = operation.primitive
    switch primitive.kernel {
    case .unary(let kernel):
      let isCostly = kernel.rawValue >= KUnary.squareRoot.rawValue && kernel != .relu
      return StepTemplate(kind: .unary, op: kernel.rawValue, isCostly: isCostly)
    case .binary(let kernel):
      let isCostly = kernel == .power || kernel.rawValue >= KBinary.atan2.rawValue
      return StepTemplate(kind: .binary, op: kernel.rawValue, isCostly: isCostly)
    case .compare(let kernel):
      return StepTemplate(kind: .compare, op: kernel.rawValue, isCostly: false)
    case .custom:
      if primitive === selectPrimitive {
        return StepTemplate(kind: .select, op: 0, isCostly: false)
      }
      if primitive === castPrimitive {
        return StepTemplate(kind: .convert, op: 0, isCostly: false)
      }
      return test(of: primitive).map {
        StepTemplate(kind: .test, op: $0.rawValue, isCostly: false)
      }
    case .reduce, .blockwise, .view: return nil
    }
  }

  private func test(of primitive: Primitive) -> KTest? {
    if primitive === isZeroPrimitive { return .zero }
    if primitive === isNaNPrimitive { return .naN }
    if primitive === isInfinitePrimitive { return .infinite }
    if primitive === isFinitePrimitive { return .finite }
    return nil
  }

  /// Divides the live computed values into units, in an order in which each comes after those it
  /// needs, and fuses elementwise operations on the way.
  ///
  /// A value joins the youngest unit that it needs, or an older one of its shape that reads the same
  /// memory, if everything it needs is computed before that unit begins. Values of few elements
  /// stay alone: one loop over them is all that a program would do for a tile.
  func units(isLive: [Bool], fuses: Bool = true) -> [PlanUnit] {
    var units: [PlanUnit] = []
    var unit = [Int](repeating: -1, count: values.count)
    // The youngest elementwise units of each shape; single numbers have one for all of theirs.
    var open: [Shape: Int] = [:]
    for index in order(isLive) {
      switch values[index].source {
      case .operation, .host: break
      default: continue
      }
      let kind: PlanUnit.Kind =
        step(of: index) == nil
        ? .operation : values[index].count == 1 && fuses ? .scalars : .elementwise
      let isAlone = !fuses || kind == .operation || isSmall(index)
      let key = kind == .scalars ? .scalar : values[index].shape
      if !isAlone, let group = open[key], canJoin(index, group, units[group], unit) {
        unit[index] = group
        units[group].members.append(index)
      } else {
        unit[index] = units.count
        if !isAlone { open[key] = units.count }
        units.append(PlanUnit(members: [index], kind: kind))
      }
    }
    return fuses ? withReductions(withEpilogues(units)) : units
  }

  /// The live values as they were recorded, but first the single numbers that depend on settings
  /// alone, such as an optimizer's corrections: so that what needs them can join others.
  private func order(_ isLive: [Bool]) -> [Int] {
    var isEarly = [Bool](repeating: false, count: values.count)
    for index in values.indices where isLive[index] && values[index].count == 1 {
      switch values[index].source {
      case .host(let host): isEarly[index] = host.isSetting
      case .operation(let operation):
        isEarly[index] =
          step(of: index) != nil
          && operation.inputs.allSatisfy { isEarly[root(of: $0).value] || isGiven($0) }
      case .leaf, .literal, .gradient, .argument, .constant, .view: break
      }
    }
    let live = values.indices.filter { isLive[$0] }
    return live.filter { isEarly[$0] } + live.filter { !isEarly[$0] }
  }

  /// Whether a value is a single number that is there from the start.
  private func isGiven(_ index: Int) -> Bool {
    values[index].count == 1 && !values[root(of: index).value].isComputed
  }

  /// Whether a value has more than one element, but fewer than a tile.
  func isSmall(_ index: Int) -> Bool {
    (2...256).contains(values[index].count) && RowLoop(index, self) != nil
  }

  private func canJoin(_ index: Int, _ group: Int, _ unit: PlanUnit, _ units: [Int]) -> Bool {
    for input in values[index].inputs {
      let producer = units[root(of: input).value]
      if producer > group { return false }
      // Within a group elements do not move.
      if producer == group, !isInPlace(input) { return false }
    }
    return unit.kind == .scalars || fits(unit.members + [index])
  }

  /// Whether a value shows the elements of its root in their places.
  func isInPlace(_ index: Int) -> Bool {
    guard case .view = values[index].source else { return true }
    let (base, offset) = root(of: index)
    return offset == 0 && values[index].strides == nil && values[base].strides == nil
      && values[index].count == values[base].count
  }

  /// Whether the elements of an operand lie like those of the result, or there is only one.
  private func isFlat(_ operand: Int, in result: PlanValue) -> Bool {
    let count = values[operand].count
    return count == 1 || (count == result.count && values[operand].strides == nil)
  }

  /// Whether a program can hold these members: places in memory are limited. (Registers are, too,
  /// but what finds none gets a place in memory.)
  private func fits(_ members: [Int]) -> Bool {
    if members.count > 48 { return false }
    var operands: Set<Int> = []
    let own = Set(members)
    for member in members {
      operands.insert(member)
      for input in values[member].inputs where !own.contains(root(of: input).value) {
        operands.insert(input)
      }
    }
    let mayBeGathered = operands.count { !own.contains($0) && !isFlat($0, in: values[members[0]]) }
    return operands.count <= Int(K_MAX_OPERANDS)
      && mayBeGathered <= Int(K_MAX_REGISTERS) - PlanLayout.valueRegisters
  }
}
