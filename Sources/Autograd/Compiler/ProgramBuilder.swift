import Kernels

/// Turns a unit of elementwise operations into a program.
struct ProgramBuilder {
  let layout: PlanLayout
  let unit: PlanUnit
  let shape: Shape
  /// How many leading axes number the rows; 0 if the elements are walked as one row.
  private var rowRank = 0
  private var gathers = false
  private(set) var operands: [KOperand] = []
  /// Where each operand lies.
  private(set) var places: [Place?] = []
  private var steps: [KStep] = []
  private var operandOf: [Int: Int16] = [:]
  private var registerOf: [Int: Int16] = [:]
  private var gatherCount: Int16 = 0
  private var isCostly = false

  private var graph: PlanGraph { layout.graph }

  init(_ unit: PlanUnit, _ layout: PlanLayout) {
    self.layout = layout
    self.unit = unit
    shape = layout.graph.values[unit.members[0]].shape
    chooseWalk()
    buildSteps()
  }

  /// The memory operands other than outputs, with their strides over the program's shape; nil for
  /// those that lie like the result.
  private var inputStrides: [(value: Int, strides: [Int]?)] {
    let members = Set(unit.members)
    var seen: Set<Int> = []
    var found: [(Int, [Int]?)] = []
    for member in unit.members {
      for input in graph.values[member].inputs
      where !members.contains(graph.root(of: input).value) && seen.insert(input).inserted {
        found.append((input, graph.strides(of: input, in: shape)))
      }
    }
    return found
  }

  /// Rows where they are long enough and no operand has gaps in them; else gathered tiles.
  ///
  /// Results that lie in others are always written in rows.
  private mutating func chooseWalk() {
    let homes = unit.members.compactMap { layout.homes[$0] }
    let strided =
      inputStrides.compactMap(\.strides).filter { $0.contains { $0 != 0 } }
      + homes.compactMap(\.strides)
    if strided.isEmpty { return }
    for axis in 1..<max(2, shape.rank) where axis < shape.rank {
      let columns = shape.elementCount(of: axis..<shape.rank)
      if columns < 32 { break }
      if strided.allSatisfy({ rowStep($0, shape, from: axis) != nil }) {
        rowRank = axis
        return
      }
    }
    gathers = true
    rowRank = homes.compactMap { $0.rowAxis(shape) }.max() ?? 0
  }

  private mutating func buildSteps() {
    var busy: [(member: Int, register: Int16, lastStep: Int)] = []
    let lastSteps = lastStepsInUnit()
    for (number, member) in unit.members.enumerated() {
      let value = graph.values[member]
      guard let template = graph.step(of: member) else { fatalError("not elementwise") }
      isCostly = isCostly || template.isCostly
      var inputs: [Int16] = value.inputs.map { place(of: $0) }
      let from = graph.values[value.inputs[template.kind == .select ? 1 : 0]].dtype
      while inputs.count < 3 { inputs.append(inputs[0]) }
      busy.removeAll { $0.lastStep < number }
      let out: Int16
      if let place = layout.places[member] {
        out = memory(member, place, strides: layout.homes[member]?.strides)
      } else if member == graph.reduced(by: unit) {
        out = memory(member, nil, strides: nil)
      } else {
        let taken = busy.map(\.register)
        guard
          let free = (0..<Int16(PlanLayout.valueRegisters)).first(where: { !taken.contains($0) })
        else { fatalError("a program needs more registers than it was given") }
        busy.append((member, free, lastSteps[member] ?? number))
        registerOf[member] = free
        out = free
      }
      steps.append(
        KStep(
          kind: template.kind, op: template.op, from: from.kernelType, to: value.dtype.kernelType,
          out: out, in: (inputs[0], inputs[1], inputs[2]), repeats: false, loop: nil,
          chain_length: 0, first_link: 0))
    }
  }

  private func lastStepsInUnit() -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (number, member) in unit.members.enumerated() {
      for input in graph.values[member].inputs { last[graph.root(of: input).value] = number }
    }
    return last
  }

  /// The register or operand from which a value is read.
  private mutating func place(of input: Int) -> Int16 {
    let root = graph.root(of: input).value
    if let register = registerOf[root] { return register }
    if let operand = operandOf[input] { return operand }
    if unit.members.contains(root), let operand = operandOf[root] { return operand }
    guard let place = layout.place(of: input) else { fatalError("a value has no place") }
    return memory(input, place, strides: graph.strides(of: input, in: shape))
  }

  /// A place of nil stands for a block that is handed over in the cache.
  private mutating func memory(_ value: Int, _ place: Place?, strides: [Int]?) -> Int16 {
    let number = Int16(-1 - operands.count)
    operandOf[value] = number
    var operand = KOperand()
    operand.type = graph.values[value].dtype.kernelType
    operand.access = place == nil || graph.root(of: value).value == unit.product ? .block : .flat
    if let strides {
      if strides.allSatisfy({ $0 == 0 }) {
        operand.access = .single
      } else if gathers, rowRank == 0 || rowStep(strides, shape, from: rowRank) == nil {
        operand.access = .gathered
        operand.gathered_register = Int16(PlanLayout.valueRegisters) + gatherCount
        gatherCount += 1
      } else {
        operand.access = .rows
        operand.step = rowStep(strides, shape, from: rowRank) ?? 0
      }
      withUnsafeMutableBytes(of: &operand.strides) { bytes in
        let target = bytes.bindMemory(to: Int64.self)
        for (axis, stride) in strides.enumerated() { target[axis] = Int64(stride) }
      }
    }
    operands.append(operand)
    places.append(place)
    return number
  }

  /// The program, in memory that the caller frees with `free`.
  func make() -> UnsafeMutablePointer<KProgram> {
    let program = UnsafeMutablePointer<KProgram>.allocate(capacity: 1)
    program.initialize(to: KProgram())
    program.pointee.steps = .allocate(capacity: steps.count)
    program.pointee.steps.initialize(from: steps, count: steps.count)
    program.pointee.step_count = Int32(steps.count)
    program.pointee.links = .allocate(capacity: steps.count * Int(K_MAX_LINKS))
    program.pointee.operands = .allocate(capacity: operands.count)
    program.pointee.operands.initialize(from: operands, count: operands.count)
    program.pointee.operand_count = Int32(operands.count)
    program.pointee.rank = Int32(max(1, shape.rank))
    program.pointee.row_rank = Int32(rowRank)
    withUnsafeMutableBytes(of: &program.pointee.shape) { bytes in
      let sizes = bytes.bindMemory(to: Int64.self)
      sizes[0] = 1
      for axis in 0..<shape.rank { sizes[axis] = Int64(shape[axis]) }
    }
    program.pointee.rows = Int64(shape.elementCount(of: 0..<rowRank))
    program.pointee.columns = Int64(shape.elementCount(of: rowRank..<shape.rank))
    program.pointee.is_costly = isCostly
    k_prepare_program(program)
    return program
  }

  static func free(_ program: UnsafeMutablePointer<KProgram>) {
    program.pointee.steps.deallocate()
    program.pointee.links.deallocate()
    program.pointee.operands.deallocate()
    program.deallocate()
  }
}
