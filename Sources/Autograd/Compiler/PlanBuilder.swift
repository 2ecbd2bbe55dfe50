import Kernels

/// Turns a laid out graph into instructions.
struct PlanBuilder {
  private let layout: PlanLayout
  private var graph: PlanGraph { layout.graph }
  private let poisons: Bool
  private(set) var instructions: [KInstruction] = []
  /// Where the pointers of the instructions lie: instruction, field, place.
  private(set) var links: [Plan.Link] = []
  private(set) var programs: [UnsafeMutablePointer<KProgram>] = []
  private(set) var scalars: [UnsafeMutablePointer<KScalars>] = []
  private(set) var numbers: [UnsafeMutablePointer<Int64>] = []
  /// Nodes that stand for values where Swift code reads them.
  private(set) var twins: [(node: Node, place: Place)] = []
  private(set) var calls: [PlanCall] = []
  /// The unit of each instruction, or -1 - its number for a move; for people.
  private(set) var unitNumbers: [Int] = []
  private var twinOf: [Int: Node] = [:]

  init(_ layout: PlanLayout, poisons: Bool) {
    self.layout = layout
    self.poisons = poisons
    for (number, unit) in layout.units.enumerated() {
      let start = instructions.count
      switch unit.kind {
      case .operation: add(unit.members[0])
      case .scalars: addScalars(number)
      case .elementwise:
        let isAlone = unit.product == nil && unit.reduction == nil && unit.members.count == 1
        if !isAlone || !addLoop(unit.members[0]) { addProgram(unit) }
      }
      if poisons { addPoison(after: number) }
      unitNumbers += Array(repeating: number, count: instructions.count - start)
    }
    for (number, move) in layout.moves.enumerated() {
      addMove(move.value, to: Place(slot: move.slot, offset: 0))
      unitNumbers.append(-1 - number)
    }
  }

  private mutating func append(
    _ kind: KInstructionKind, op: UInt8 = 0, _ dtype: DType, out: Place?, a: Place? = nil,
    b: Place? = nil, c: Place? = nil, sizes: [Int]
  ) {
    var instruction = KInstruction()
    instruction.kind = kind
    instruction.op = op
    instruction.type = dtype.kernelType
    withUnsafeMutableBytes(of: &instruction.sizes) { bytes in
      let target = bytes.bindMemory(to: Int64.self)
      for (index, size) in sizes.enumerated() { target[index] = Int64(size) }
    }
    let index = instructions.count
    instructions.append(instruction)
    if let out { links.append(Plan.Link(target: .out(index), place: out)) }
    if let a { links.append(Plan.Link(target: .a(index), place: a)) }
    if let b { links.append(Plan.Link(target: .b(index), place: b)) }
    if let c { links.append(Plan.Link(target: .c(index), place: c)) }
  }

  private mutating func extra(_ values: [Int]) {
    let memory = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, values.count))
    for (index, value) in values.enumerated() { memory[index] = Int64(value) }
    numbers.append(memory)
    instructions[instructions.count - 1].extra = UnsafePointer(memory)
  }

  // MARK: Kinds of units

  private mutating func addProgram(_ unit: PlanUnit) {
    if graph.values[unit.members[0]].count == 0 { return }
    let builder = ProgramBuilder(unit, layout)
    let program = builder.make()
    programs.append(program)
    if let product = unit.product, case .operation(let operation) = graph.values[product].source {
      if operation.primitive === matmulPrimitive {
        addProduct(product, operation, isTransient: layout.isTransient(product))
      } else {
        addKernel(product, operation, then: program)
      }
    } else if let reduction = unit.reduction {
      add(reduction)
    } else {
      append(.program, graph.values[unit.members[0]].dtype, out: nil, sizes: [])
    }
    instructions[instructions.count - 1].program = UnsafePointer(program)
    for case (let index, let place?) in builder.places.enumerated() {
      links.append(Plan.Link(target: .operand(programs.count - 1, index), place: place))
    }
  }

  private mutating func addScalars(_ number: Int) {
    let unit = layout.units[number]
    let builder = ScalarProgram(unit, layout)
    scalars.append(builder.make())
    append(
      .scalars, graph.values[unit.members[0]].dtype,
      out: Place(slot: 0, offset: layout.cells[number]!), sizes: [])
    instructions[instructions.count - 1].scalars = UnsafePointer(scalars[scalars.count - 1])
    for (index, place) in builder.places.enumerated() {
      links.append(Plan.Link(target: .scalar(scalars.count - 1, index), place: place))
    }
  }

  /// Adds a small elementwise operation that one loop walks; false if it is none.
  private mutating func addLoop(_ index: Int) -> Bool {
    guard graph.isSmall(index), let place = layout.places[index], let rows = RowLoop(index, graph)
    else { return false }
    let inputs = graph.values[index].inputs.map { layout.place(of: $0)! }
    append(
      rows.kind, graph.values[index].dtype, out: place, a: inputs[0],
      b: inputs.count > 1 ? inputs[1] : nil, c: inputs.count > 2 ? inputs[2] : nil,
      sizes: rows.sizes)
    instructions[instructions.count - 1].loop = rows.loop
    return true
  }

  private mutating func add(_ index: Int) {
    switch graph.values[index].source {
    case .host(let host): addHost(index, host)
    case .operation(let operation): add(index, operation)
    case .leaf, .literal, .gradient, .argument, .constant, .view: break
    }
  }

  private mutating func add(_ index: Int, _ operation: PlanValue.Operation) {
    let value = graph.values[index]
    let primitive = operation.primitive
    if case .reduce(let kernel) = primitive.kernel { return addReduction(index, operation, kernel) }
    if primitive === matmulPrimitive { return addProduct(index, operation) }
    let parts = graph.joinedParts(of: index)
    if parts.contains(where: isAtHome) { return addWhole(index, operation, parts) }
    let input = graph.values[operation.inputs[0]]
    let isDense = input.strides == nil
    let n = input.shape.last ?? 1
    if primitive === copyPrimitive {
      addCopy(operation.inputs[0], value, to: layout.place(of: index)!)
    } else if isDense, primitive === softmaxPrimitive || primitive === logSoftmaxPrimitive {
      append(
        .softmax, value.dtype, out: layout.place(of: index),
        a: layout.place(of: operation.inputs[0]),
        sizes: [n == 0 ? 0 : input.count / n, n, primitive === logSoftmaxPrimitive ? 1 : 0])
    } else if isDense, primitive === logSumExpPrimitive {
      append(
        .logSumExp, value.dtype, out: layout.place(of: index),
        a: layout.place(of: operation.inputs[0]), sizes: [value.count, n])
    } else {
      addKernel(index, operation)
    }
  }

  private mutating func addReduction(
    _ index: Int, _ operation: PlanValue.Operation, _ kernel: KReduce
  ) {
    let input = graph.values[operation.inputs[0]].shape
    guard case .integer(let number) = operation.attributes else { return }
    let axes = AxisSet(rawValue: number).list
    // No axes: one reduction of single elements.
    let (start, end) = (axes.first ?? input.rank, (axes.last ?? input.rank - 1) + 1)
    append(
      .reduce, op: kernel.rawValue, graph.values[index].dtype, out: layout.place(of: index),
      a: layout.place(of: operation.inputs[0]),
      sizes: [
        input.elementCount(of: 0..<start), input.elementCount(of: start..<end),
        input.elementCount(of: end..<input.rank),
      ])
  }

  private mutating func addProduct(
    _ index: Int, _ operation: PlanValue.Operation, isTransient: Bool = false
  ) {
    let value = graph.values[index]
    let (a, b) = (graph.values[operation.inputs[0]], graph.values[operation.inputs[1]])
    let (ta, tb) = (
      operation.flags.contains(.transposesFirst), operation.flags.contains(.transposesSecond)
    )
    func strides(_ x: PlanValue, _ isTransposed: Bool) -> (row: Int, column: Int) {
      let all = x.strides ?? x.shape.rowMajorStrides
      let (row, column) = (all[x.shape.rank - 2], all[x.shape.rank - 1])
      return isTransposed ? (column, row) : (row, column)
    }
    let (aStrides, bStrides) = (strides(a, ta), strides(b, tb))
    let rank = value.shape.rank
    let k = a.shape[a.shape.rank - (ta ? 2 : 1)]
    let batch = Shape(value.shape.dropLast(2))
    append(
      rank == 2 ? .matmul : .matmulBatched, op: isTransient ? 1 : 0, value.dtype,
      out: layout.place(of: index),
      a: layout.place(of: operation.inputs[0]), b: layout.place(of: operation.inputs[1]),
      sizes: [
        value.shape[rank - 2], value.shape[rank - 1], k, aStrides.row, aStrides.column,
        bStrides.row, bStrides.column, batch.elementCount,
      ])
    if rank > 2 { extra(offsets(a, batch) + offsets(b, batch)) }
  }

  /// The distance of each product's operand from the first.
  private func offsets(_ x: PlanValue, _ batch: Shape) -> [Int] {
    let own = Shape(x.shape.dropLast(2))
    let strides = x.strides ?? x.shape.rowMajorStrides
    let missing = batch.rank - own.rank
    return (0..<batch.elementCount).map { number in
      var (rest, offset) = (number, 0)
      for axis in (0..<batch.rank).reversed() {
        let place = rest % batch[axis]
        rest /= batch[axis]
        if axis >= missing, own[axis - missing] != 1 { offset += place * strides[axis - missing] }
      }
      return offset
    }
  }

  private mutating func addCopy(_ input: Int, _ value: PlanValue, to place: Place) {
    let source = graph.values[input]
    guard let strides = source.strides else {
      append(
        .move, value.dtype, out: place, a: layout.place(of: input), sizes: [value.byteCount])
      return
    }
    append(.copy, value.dtype, out: place, a: layout.place(of: input), sizes: [value.shape.rank])
    extra(Array(value.shape) + value.shape.rowMajorStrides + strides)
  }

  /// Whether a part was computed where it belongs.
  private func isAtHome(_ part: PlanGraph.Part) -> Bool {
    layout.homes[graph.root(of: part.value).value] == part.home
  }

  /// Adds what is left to do of a value some of whose parts were computed in it.
  private mutating func addWhole(
    _ index: Int, _ operation: PlanValue.Operation, _ parts: [PlanGraph.Part]
  ) {
    if operation.primitive === placePrimitive {
      return addKernel(index, operation, evaluating: fillSurroundings)
    }
    let strides = graph.values[index].shape.rowMajorStrides
    for part in parts where !isAtHome(part) {
      let value = graph.values[part.value]
      if value.count == 0 { continue }
      var place = layout.place(of: index)!
      place.offset += part.home.offset * value.dtype.size
      append(
        .copy, value.dtype, out: place, a: layout.place(of: part.value), sizes: [value.shape.rank])
      extra(Array(value.shape) + strides + (value.strides ?? value.shape.rowMajorStrides))
    }
  }

  private mutating func addMove(_ value: Int, to place: Place) {
    append(
      .move, graph.values[value].dtype, out: place, a: layout.place(of: value),
      sizes: [graph.values[value].byteCount])
  }

  private mutating func addPoison(after unit: Int) {
    for (offset, bytes) in layout.released[unit] {
      append(.poison, .float32, out: Place(slot: 0, offset: offset), sizes: [bytes])
    }
  }

  // MARK: Swift code

  private mutating func addKernel(
    _ index: Int, _ operation: PlanValue.Operation, then program: UnsafePointer<KProgram>? = nil,
    evaluating evaluate: ((Site) -> Void)? = nil
  ) {
    let node = twin(of: index)
    node.fields.pointee.flags.formUnion(operation.flags)
    node.connect(
      operation.primitive, to: operation.inputs.map { Variable(twin(of: $0)) },
      operation.attributes)
    let site = Site(.passUnretained(node))
    if let evaluate { return addCall(PlanCall { evaluate(site) }) }
    switch operation.primitive.kernel {
    case .custom(let kernel): addCall(PlanCall { kernel(site) })
    case .blockwise(let kernel): addCall(PlanCall { kernel(site, program) })
    case .unary, .binary, .compare, .reduce, .view:
      fatalError("compile: \(operation.primitive.name) has no kernel")
    }
  }

  private mutating func addHost(_ index: Int, _ host: PlanValue.Host) {
    if let count = host.count {
      // The plan's graph keeps the count.
      append(.count, .int64, out: nil, sizes: [])
      instructions[instructions.count - 1].out = UnsafeMutableRawPointer(count.memory)
      return
    }
    let inputs = host.inputs.map { Variable(twin(of: $0)) }
    let result = twin(of: index)
    addCall(PlanCall { host.run(inputs, result.fields.pointee.data) })
  }

  private mutating func addCall(_ call: PlanCall) {
    calls.append(call)
    append(.call, .float32, out: nil, sizes: [])
    instructions[instructions.count - 1].context = Unmanaged.passUnretained(call).toOpaque()
    instructions[instructions.count - 1].call = { context in
      Unmanaged<PlanCall>.fromOpaque(context!).takeUnretainedValue().run()
    }
  }

  /// A node without memory of its own, which is given that of the value.
  private mutating func twin(of index: Int) -> Node {
    if let node = twinOf[index] { return node }
    let value = graph.values[index]
    let node = Node.make(
      shape: value.shape, count: value.count, dtype: value.dtype, storage: Plan.noStorage)
    node.fields.pointee.strides = value.strides
    twinOf[index] = node
    twins.append((node, layout.place(of: index)!))
    return node
  }
}

/// Swift code that a plan calls.
final class PlanCall {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
