import Kernels

/// The cells that hold the numbers of a unit of single numbers, each for as long as it is needed.
struct ScalarCells {
  /// The cell of each of the unit's members and of each number that it reads from memory.
  private(set) var cellOf: [Int: UInt32] = [:]
  /// Where numbers are read for the first time: member, numbers.
  private(set) var loads: [Int: [Int]] = [:]
  /// The cosine of the number whose sine a member is, or the other way round: both are computed
  /// where the first of them is.
  private(set) var partnerOf: [Int: Int] = [:]
  private(set) var count = 0

  init(_ unit: PlanUnit, _ graph: PlanGraph) {
    let members = Set(unit.members)
    var lastUse: [Int: Int] = [:]
    for (number, member) in unit.members.enumerated() {
      for input in graph.values[member].inputs {
        lastUse[ScalarCells.key(of: input, members, graph)] = number
      }
    }
    pairSines(unit, graph, members)
    var free: [UInt32] = []
    for (number, member) in unit.members.enumerated() {
      let inputs = graph.values[member].inputs.map { ScalarCells.key(of: $0, members, graph) }
      for input in inputs where cellOf[input] == nil {
        loads[member, default: []].append(input)
        cellOf[input] = take(&free)
      }
      for input in Set(inputs) where lastUse[input] == number { free.append(cellOf[input]!) }
      if cellOf[member] == nil { cellOf[member] = take(&free) }
      if let partner = partnerOf[member] { cellOf[partner] = take(&free) }
      if lastUse[member] == nil { free.append(cellOf[member]!) }
    }
  }

  private mutating func pairSines(_ unit: PlanUnit, _ graph: PlanGraph, _ members: Set<Int>) {
    var single: [Int: (member: Int, op: UInt8)] = [:]
    for member in unit.members {
      guard let template = graph.step(of: member), template.kind == .unary,
        template.op == KUnary.sin.rawValue || template.op == KUnary.cos.rawValue
      else { continue }
      let input = ScalarCells.key(of: graph.values[member].inputs[0], members, graph)
      if let other = single[input], other.op != template.op {
        partnerOf[other.member] = member
      } else {
        single[input] = (member, template.op)
      }
    }
  }

  private mutating func take(_ free: inout [UInt32]) -> UInt32 {
    if let cell = free.popLast() { return cell }
    count += 1
    return UInt32(count - 1)
  }

  /// A member is one number, however it is seen; what comes from outside may be a part of more.
  static func key(of input: Int, _ members: Set<Int>, _ graph: PlanGraph) -> Int {
    let root = graph.root(of: input).value
    return members.contains(root) ? root : input
  }
}

/// Turns a unit of single numbers into a program.
struct ScalarProgram {
  private let graph: PlanGraph
  private let layout: PlanLayout
  private let cells: ScalarCells
  private var steps: [KScalarStep] = []
  private var loops: [UnsafeMutableRawPointer?] = []
  private var loopNumbers: [UnsafeMutableRawPointer: UInt32] = [:]
  /// The members that were computed last by arithmetic on float32 and on float64.
  private var last: [DType: Int] = [:]
  /// Members that were computed with their partners.
  private var isComputed: Set<Int> = []
  /// Where each operand lies.
  private(set) var places: [Place] = []

  init(_ unit: PlanUnit, _ layout: PlanLayout) {
    self.layout = layout
    graph = layout.graph
    cells = ScalarCells(unit, graph)
    let members = Set(unit.members)
    for member in unit.members {
      for input in cells.loads[member] ?? [] { load(input) }
      compute(member, members)
      if let place = layout.places[member] { store(member, place) }
    }
    append(.end)
  }

  private mutating func append(
    _ op: KScalarOp, extra: UInt32 = 0, out: UInt32 = 0, a: UInt32 = 0, b: UInt32 = 0
  ) {
    steps.append(KScalarStep(op: op, extra: extra, out: out, a: a, b: b))
  }

  private mutating func load(_ input: Int) {
    guard let place = layout.place(of: input) else { fatalError("a number has no place") }
    let op: KScalarOp =
      switch graph.values[input].dtype.size {
      case 1: .load1
      case 4: .load4
      default: .load8
      }
    append(op, out: cells.cellOf[input]!, a: UInt32(places.count))
    places.append(place)
  }

  private mutating func store(_ member: Int, _ place: Place) {
    let op: KScalarOp =
      switch graph.values[member].dtype.size {
      case 1: .store1
      case 4: .store4
      default: .store8
      }
    append(op, out: UInt32(places.count), a: cells.cellOf[member]!)
    places.append(place)
  }

  private mutating func compute(_ member: Int, _ members: Set<Int>) {
    guard let template = graph.step(of: member) else { fatalError("not elementwise") }
    if isComputed.contains(member) { return }
    let value = graph.values[member]
    let keys = value.inputs.map { ScalarCells.key(of: $0, members, graph) }
    let inputs = keys.map { cells.cellOf[$0]! }
    let out = cells.cellOf[member]!
    let from = graph.values[value.inputs[template.kind == .select ? 1 : 0]].dtype
    if template.kind == .select {
      append(.select, extra: inputs[0], out: out, a: inputs[1], b: inputs[2])
    } else if let partner = cells.partnerOf[member] {
      let isSine = template.op == KUnary.sin.rawValue
      let other = cells.cellOf[partner]!
      append(
        from == .float64 ? .sineCosine64 : .sineCosine32, out: isSine ? out : other,
        a: inputs[0], b: isSine ? other : out)
      isComputed.insert(partner)
    } else if let op = arithmetic(template, from, keys) {
      append(op, out: out, a: inputs[0], b: inputs[inputs.count - 1])
      last[from] = member
    } else if let loop = k_loop_for(
      template.kind, template.op, from.kernelType, value.dtype.kernelType, 1, 1, 1)
    {
      let extra = number(of: loop)
      append(
        inputs.count == 1 ? .unary : .binary, extra: extra, out: out, a: inputs[0],
        b: inputs[inputs.count - 1])
    } else {
      append(.move, out: out, a: inputs[0])
    }
  }

  private mutating func number(of loop: UnsafeMutableRawPointer) -> UInt32 {
    if let number = loopNumbers[loop] { return number }
    loops.append(loop)
    loopNumbers[loop] = UInt32(loops.count - 1)
    return UInt32(loops.count - 1)
  }

  /// The step that does an operation without a call: where an operand was computed last, the one
  /// that takes it from there.
  private func arithmetic(_ template: StepTemplate, _ dtype: DType, _ keys: [Int]) -> KScalarOp? {
    guard dtype.isFloatingPoint, let op = ScalarProgram.ownStep(of: template, dtype) else {
      return nil
    }
    let variant = keys.firstIndex { $0 == last[dtype] }.map { UInt8($0 + 1) } ?? 0
    return KScalarOp(rawValue: op.rawValue + variant)
  }

  private static func ownStep(of template: StepTemplate, _ dtype: DType) -> KScalarOp? {
    let isWide = dtype == .float64
    switch template.kind {
    case .binary:
      switch KBinary(rawValue: template.op) {
      case .add: return isWide ? .add64 : .add32
      case .subtract: return isWide ? .subtract64 : .subtract32
      case .multiply: return isWide ? .multiply64 : .multiply32
      case .divide: return isWide ? .divide64 : .divide32
      default: return nil
      }
    case .unary:
      switch KUnary(rawValue: template.op) {
      case .negate: return isWide ? .negate64 : .negate32
      case .square: return isWide ? .square64 : .square32
      case .squareRoot: return isWide ? .squareRoot64 : .squareRoot32
      default: return nil
      }
    case .compare, .select, .convert, .test: return nil
    }
  }

  /// The program, in memory that the caller frees with `free`.
  func make() -> UnsafeMutablePointer<KScalars> {
    func copied<T>(_ array: [T]) -> UnsafeMutablePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, array.count))
      memory.initialize(from: array, count: array.count)
      return memory
    }
    let program = UnsafeMutablePointer<KScalars>.allocate(capacity: 1)
    program.initialize(
      to: KScalars(
        steps: UnsafePointer(copied(steps)), loops: UnsafePointer(copied(loops)),
        operands: copied(places.map { _ in UnsafeMutableRawPointer?.none })))
    return program
  }

  static func free(_ program: UnsafeMutablePointer<KScalars>) {
    program.pointee.steps.deallocate()
    program.pointee.loops.deallocate()
    program.pointee.operands.deallocate()
    program.deallocate()
  }
}
