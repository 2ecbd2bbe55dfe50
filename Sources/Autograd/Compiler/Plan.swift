import Kernels

/// A recorded computation as a flat list of instructions over memory that was assigned beforehand.
final class Plan {
  /// A pointer that must follow when a memory moves.
  struct Link {
    enum Target {
      case out(Int), a(Int), b(Int), c(Int)
      case operand(Int, Int)
      case scalar(Int, Int)
    }
    let target: Target
    let place: Place
  }

  /// For nodes whose memory is the plan's.
  static let noStorage = Storage(byteCount: 0)

  let layout: PlanLayout
  private let instructions: UnsafeMutablePointer<KInstruction>
  let instructionCount: Int
  let unitNumbers: [Int]
  private let programs: [UnsafeMutablePointer<KProgram>]
  private let scalars: [UnsafeMutablePointer<KScalars>]
  private let numbers: [UnsafeMutablePointer<Int64>]
  private let calls: [PlanCall]
  private let twins: [(node: Node, place: Place)]
  /// By slot.
  private var links: [[Link]]
  private var twinsOfSlot: [[Int]]
  private var bases: [UnsafeMutableRawPointer?]
  private let arena: Storage
  private var literals: [Int: UnsafeMutablePointer<UInt64>] = [:]
  private var resultNodes: [Node?]
  private var gradientNodes: [Node?]
  private var leaves: [(slot: Int, node: Node, isWritten: Bool)] = []
  private var newLeaves: [(node: Node, memory: Storage)] = []
  // What may lie elsewhere at each call.
  private var literalSlots: [(slot: Int, node: Node, dtype: DType)] = []
  private var gradientSlots: [(slot: Int, node: Node)] = []
  private var argumentSlots: [(slot: Int, number: Int)] = []
  private var resultSlots: [(slot: Int, number: Int)] = []
  private var newGradientSlots: [(slot: Int, number: Int)] = []
  /// Leaves that are assigned to.
  private let assigned: [Node]
  /// What must be as it was when the function was recorded, whether or not the plan reads it.
  private let conditions: [Condition]
  private let instructionSet = k_instruction_set()

  init(_ layout: PlanLayout, poisons: Bool) {
    self.layout = layout
    let builder = PlanBuilder(layout, poisons: poisons)
    instructionCount = builder.instructions.count
    instructions = .allocate(capacity: max(1, instructionCount))
    instructions.initialize(from: builder.instructions, count: instructionCount)
    unitNumbers = builder.unitNumbers
    programs = builder.programs
    scalars = builder.scalars
    numbers = builder.numbers
    calls = builder.calls
    twins = builder.twins
    links = Array(repeating: [], count: layout.slots.count)
    twinsOfSlot = Array(repeating: [], count: layout.slots.count)
    for link in builder.links { links[link.place.slot].append(link) }
    for (index, twin) in builder.twins.enumerated() { twinsOfSlot[twin.place.slot].append(index) }
    bases = Array(repeating: nil, count: layout.slots.count)
    // What was freed before is not needed beside the arena.
    if layout.arenaSize > 1 << 20 { k_trim_memory() }
    arena = Storage(byteCount: layout.arenaSize)
    resultNodes = Array(repeating: nil, count: layout.graph.results.count)
    gradientNodes = Array(repeating: nil, count: layout.graph.gradients.count)
    conditions = Condition.all(of: layout.graph)
    assigned = layout.graph.assignments.map(\.leaf)
    prepareSlots()
  }

  deinit {
    instructions.deallocate()
    for program in programs { ProgramBuilder.free(program) }
    for program in scalars { ScalarProgram.free(program) }
    for memory in numbers { memory.deallocate() }
    for memory in literals.values { memory.deallocate() }
  }

  private func prepareSlots() {
    for (slot, kind) in layout.slots.enumerated() {
      switch kind {
      case .arena: move(slot, to: arena.memory)
      case .constant(let node): move(slot, to: node.fields.pointee.data)
      case .literal(let node, let dtype):
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
        literals[slot] = memory
        move(slot, to: UnsafeMutableRawPointer(memory))
        literalSlots.append((slot, node, dtype))
      case .leaf(let node):
        let isWritten = node.fields.pointee.strides == nil && assigned.contains { $0 === node }
        leaves.append((slot, node, isWritten))
      case .newLeaf(let node):
        let memory = Storage(byteCount: node.fields.pointee.count * node.fields.pointee.dtype.size)
        newLeaves.append((node, memory))
        move(slot, to: memory.memory)
      case .gradient(let node): gradientSlots.append((slot, node))
      case .argument(let number): argumentSlots.append((slot, number))
      case .result(let number): resultSlots.append((slot, number))
      case .newGradient(let number):
        if layout.graph.gradients[number].value != nil { newGradientSlots.append((slot, number)) }
      }
    }
  }

  /// Lets all pointers into a memory follow it to another address.
  private func move(_ slot: Int, to base: UnsafeMutableRawPointer) {
    if bases[slot] == base { return }
    bases[slot] = base
    for link in links[slot] {
      let address = base + link.place.offset
      switch link.target {
      case .out(let index): instructions[index].out = address
      case .a(let index): instructions[index].a = UnsafeRawPointer(address)
      case .b(let index): instructions[index].b = UnsafeRawPointer(address)
      case .c(let index): instructions[index].c = UnsafeRawPointer(address)
      case .scalar(let program, let index): scalars[program].pointee.operands[index] = address
      case .operand(let program, let index):
        programs[program].pointee.operands[index].data = address
      }
    }
    for twin in twinsOfSlot[slot] {
      twins[twin].node.fields.pointee.data = base + twins[twin].place.offset
    }
  }

  // MARK: Calls

  /// Whether what was recorded still holds.
  var isValid: Bool {
    instructionSet == k_instruction_set() && conditions.allSatisfy(\.holds)
  }

  /// Runs the plan a number of times.
  ///
  /// Arguments must be of the recorded shapes and types, without gaps.
  func run(_ arguments: [Variable], times: Int) -> [Variable] {
    // A call may read the gradients that the last one left, and arguments that it changed.
    let rounds = dependsOnLastCall(arguments) ? times : 1
    // An argument that the plan writes to is read as it was before the call.
    let isSafe = assigned.isEmpty || !arguments.contains { isWritten($0.node) }
    for round in 0..<rounds {
      if round > 0 { leaveGradients() }
      let arguments = isSafe ? arguments : arguments.map { $0.detached() }
      bind(arguments)
      withoutRecording {
        for _ in 0..<times / rounds { k_run_plan(instructions, Int64(instructionCount)) }
      }
      withExtendedLifetime(arguments) {}
    }
    leaveGradients()
    for leaf in assigned { leaf.fields.pointee.version &+= 1 }
    return resultNodes.map { Variable($0.unsafelyUnwrapped) }
  }

  /// Runs the plan for the first time, which may be the only one.
  func runFirst(_ arguments: [Variable]) -> [Variable] {
    let results = run(arguments, times: 1)
    for (node, memory) in newLeaves { node.lie(in: memory) }
    newLeaves = []
    return results
  }

  private func isWritten(_ node: Node) -> Bool {
    assigned.contains { $0 === node }
  }

  private func dependsOnLastCall(_ arguments: [Variable]) -> Bool {
    !layout.graph.gradientReads.isEmpty || arguments.contains { isWritten($0.node) }
  }

  private func leaveGradients() {
    for (number, gradient) in layout.graph.gradients.enumerated() {
      gradient.leaf.ensureExtras().gradient =
        gradient.value == nil ? nil : gradientNodes[number].map { Variable($0) }
    }
  }

  /// The time of each instruction in nanoseconds, from one run.
  func profile(_ arguments: [Variable]) -> [Int] {
    bind(arguments)
    let clock = ContinuousClock()
    return withoutRecording {
      (0..<instructionCount).map { index in
        let time = clock.measure { k_run_plan(instructions + index, 1) }
        return Int(time.components.attoseconds / 1_000_000_000)
      }
    }
  }

  private func bind(_ arguments: [Variable]) {
    for leaf in leaves {
      if leaf.isWritten { leaf.node.makeUnique() }
      move(leaf.slot, to: leaf.node.fields.pointee.data)
    }
    for (slot, node, dtype) in literalSlots {
      node.convertLiteral(to: dtype, into: literals[slot]!, "compile")
    }
    for (slot, node) in gradientSlots {
      if let gradient = node.fields.pointee.extras?.gradient {
        move(slot, to: gradient.node.fields.pointee.data)
      }
    }
    for (slot, number) in argumentSlots {
      move(slot, to: arguments[number].node.fields.pointee.data)
    }
    for (slot, number) in resultSlots {
      move(slot, to: freshNode(&resultNodes[number], layout.graph.results[number]))
    }
    for (slot, number) in newGradientSlots {
      guard let value = layout.graph.gradients[number].value else { continue }
      move(slot, to: freshNode(&gradientNodes[number], value))
    }
  }

  /// The memory of an output: that of the last call, if nobody holds it any more.
  private func freshNode(_ node: inout Node?, _ value: Int) -> UnsafeMutableRawPointer {
    let isFree = isKnownUniquelyReferenced(&node)
    if !isFree || !node!.ownsItsMemory || node!.fields.pointee.extras != nil
      || node!.fields.pointee.requiresGradient
    {
      node = makeNode(value)
    }
    return node!.fields.pointee.data - layout.graph.root(of: value).offset
  }

  /// A node with memory for a value, or for what the value is a part of.
  private func makeNode(_ index: Int) -> Node {
    let value = layout.graph.values[index]
    let (root, offset) = layout.graph.root(of: index)
    let memory =
      root == index ? nil : Storage(byteCount: layout.graph.values[root].byteCount)
    let node = Node.make(
      shape: value.shape, count: value.count, dtype: value.dtype, storage: memory)
    if let memory { node.fields.pointee.data = memory.memory + offset }
    return node
  }
}

extension Node {
  /// Gives the node memory that nobody else sees.
  func makeUnique() {
    if ownsItsMemory { return }
    let copy = Storage(byteCount: fields.pointee.count * fields.pointee.dtype.size)
    copy.memory.copyMemory(from: fields.pointee.data, byteCount: copy.byteCount)
    lie(in: copy)
  }

  /// Makes a memory that of the node, whose elements it holds without gaps.
  func lie(in memory: Storage) {
    fields.pointee.storage = memory
    fields.pointee.data = memory.memory
    fields.pointee.strides = nil
  }

  /// Gives the node elements, those of nobody else: NaN, or 0 if its type has none.
  func fillWithNaN() {
    let (count, dtype) = (fields.pointee.count, fields.pointee.dtype)
    if fields.pointee.storage != nil { lie(in: Storage(byteCount: count * dtype.size)) }
    fill(fields.pointee.data, dtype.isFloatingPoint ? .nan : 0, count, dtype)
  }

  /// Whether no view, tensor or other node shares the memory.
  var ownsItsMemory: Bool {
    fields.pointee.storage == nil || isKnownUniquelyReferenced(&fields.pointee.storage)
  }
}
