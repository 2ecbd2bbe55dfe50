/// Where a value lies: in one of the plan's memories, from a distance in bytes on.
struct Place: Hashable {
  var slot: Int
  var offset: Int
}

/// A memory that a plan reads or writes; all but the arena may be another one at each call.
enum Slot {
  /// Intermediate values.
  case arena
  case leaf(Node)
  /// New memory for a leaf whose elements have gaps between them.
  case newLeaf(Node)
  case literal(Node, DType)
  case gradient(Node)
  case argument(Int)
  case constant(Node)
  case result(Int)
  case newGradient(Int)
}

/// Free and used parts of a growing block of memory.
struct Arena {
  private(set) var size = 0
  /// Free parts in the order of their offsets, never touching each other.
  private var free: [(offset: Int, size: Int)] = []

  static func rounded(_ bytes: Int) -> Int { max(64, (bytes + 63) / 64 * 64) }

  /// What fills a page begins with one: loops are the faster (Sources/Kernels/memory.c).
  private static func aligned(_ offset: Int, for bytes: Int) -> Int {
    bytes < 4096 ? offset : (offset + 4095) / 4096 * 4096
  }

  /// The smallest free part that is large enough, or new memory at the end.
  mutating func allocate(_ bytes: Int) -> Int {
    let bytes = Arena.rounded(bytes)
    func end(in part: (offset: Int, size: Int)) -> Int {
      Arena.aligned(part.offset, for: bytes) + bytes
    }
    let fitting = free.filter { end(in: $0) <= $0.offset + $0.size }
    var part = fitting.min { $0.size < $1.size }
    if part == nil {
      // The end may be free, but too small.
      var tail = (offset: size, size: 0)
      if let last = free.last, last.offset + last.size == size { tail = last }
      let grown = (offset: tail.offset, size: end(in: tail) - tail.offset)
      if tail.size > 0 { free.removeLast() }
      free.append(grown)
      size = grown.offset + grown.size
      part = grown
    }
    let (offset, length) = part!
    let start = Arena.aligned(offset, for: bytes)
    free.remove(at: free.firstIndex { $0.offset == offset }!)
    if start > offset { release(offset, start - offset) }
    if start + bytes < offset + length { release(start + bytes, offset + length - start - bytes) }
    return start
  }

  mutating func release(_ offset: Int, _ bytes: Int) {
    let bytes = Arena.rounded(bytes)
    let place = free.firstIndex { $0.offset > offset } ?? free.count
    free.insert((offset, bytes), at: place)
    if place + 1 < free.count, free[place].offset + free[place].size == free[place + 1].offset {
      free[place].size += free[place + 1].size
      free.remove(at: place + 1)
    }
    if place > 0, free[place - 1].offset + free[place - 1].size == free[place].offset {
      free[place - 1].size += free[place].size
      free.remove(at: place)
    }
  }
}

/// Which values live where, and how long.
struct PlanLayout {
  let graph: PlanGraph
  let units: [PlanUnit]
  /// The place of each root value that has one.
  private(set) var places: [Place?]
  private(set) var slots: [Slot] = [.arena]
  private(set) var arenaSize = 0
  /// Bytes that would be needed if every value had memory of its own.
  private(set) var separateBytes = 0
  /// Values that are moved to a leaf when everything else is done.
  private(set) var moves: [(value: Int, slot: Int)] = []
  /// Where the cells of each unit of single numbers lie in the arena.
  private(set) var cells: [Int: Int] = [:]
  /// Values that lie in others.
  let homes: [Int: Home]
  /// Parts of the arena that are free after each unit, for tests.
  private(set) var released: [[(offset: Int, bytes: Int)]]

  /// The unit that computes each value, −1 for what is there from the start.
  private var unitOf: [Int]
  /// The step of each value within its unit.
  private var stepOf: [Int]
  /// The last unit that reads a root value, and the last step that does so in its place; the step
  /// is `Int.max` if it is read otherwise.
  private var lastUse: [(unit: Int, step: Int)]
  private var needsMemory: [Bool]

  init(_ graph: PlanGraph, _ units: [PlanUnit]) {
    self.graph = graph
    self.units = units
    let count = graph.values.count
    places = Array(repeating: nil, count: count)
    unitOf = Array(repeating: -1, count: count)
    stepOf = Array(repeating: 0, count: count)
    lastUse = Array(repeating: (-1, -1), count: count)
    needsMemory = Array(repeating: false, count: count)
    released = Array(repeating: [], count: units.count)
    homes = graph.homes(of: units)
    findUses()
    placeInputs()
    placeOutputs()
    assignRegisters()
    placeIntermediates()
  }

  private mutating func findUses() {
    for (number, unit) in units.enumerated() {
      for (step, member) in unit.members.enumerated() {
        unitOf[member] = number
        stepOf[member] = step
        if !unit.isElementwise { needsMemory[member] = true }
      }
      if let product = unit.product {
        (unitOf[product], stepOf[product], needsMemory[product]) = (number, -1, true)
      }
      if let reduction = unit.reduction {
        // Step −1: it is written while others are still read, so never over them.
        (unitOf[reduction], stepOf[reduction], needsMemory[reduction]) = (number, -1, true)
      }
    }
    for (number, unit) in units.enumerated() {
      // A block is done with while others still read the operands of the product.
      for input in unit.product.map({ graph.values[$0].inputs }) ?? [] {
        use(graph.root(of: input).value, at: number, .max)
        needsMemory[graph.root(of: input).value] = true
      }
      for (step, member) in unit.members.enumerated() {
        for input in graph.values[member].inputs {
          let root = graph.root(of: input).value
          let isInPlace =
            unit.isElementwise && graph.isInPlace(input)
            && graph.values[input].count == graph.values[member].count
          use(root, at: number, isInPlace ? step : .max)
          if unitOf[root] != number { needsMemory[root] = true }
        }
      }
    }
    for (number, unit) in units.enumerated() {
      guard let reduction = unit.reduction else { continue }
      use(graph.root(of: graph.values[reduction].inputs[0]).value, at: number, unit.members.count)
    }
    let outputs =
      graph.results + graph.assignments.map(\.value) + graph.gradients.compactMap(\.value)
    for output in outputs { needsMemory[graph.root(of: output).value] = true }
    // While a part is read, the whole is in use.
    for value in homes.keys {
      var whole = homes[value]?.whole
      while let next = whole {
        use(next, at: lastUse[value].unit, .max)
        whole = homes[next]?.whole
      }
    }
  }

  private mutating func use(_ root: Int, at unit: Int, _ step: Int) {
    if lastUse[root].unit == unit {
      lastUse[root].step = max(lastUse[root].step, step)
    } else if lastUse[root].unit < unit {
      lastUse[root] = (unit, step)
    }
  }

  private mutating func newSlot(_ slot: Slot) -> Place {
    slots.append(slot)
    return Place(slot: slots.count - 1, offset: 0)
  }

  private mutating func placeInputs() {
    for (index, value) in graph.values.enumerated() where needsMemory[index] {
      switch value.source {
      case .leaf(let node): places[index] = newSlot(.leaf(node))
      case .literal(let node): places[index] = newSlot(.literal(node, value.dtype))
      case .gradient(let node): places[index] = newSlot(.gradient(node))
      case .argument(let number): places[index] = newSlot(.argument(number))
      case .constant(let node): places[index] = newSlot(.constant(node))
      case .view, .operation, .host: break
      }
    }
  }

  /// Outputs are computed where they go; a leaf's new value, too, if the old one is no longer read.
  private mutating func placeOutputs() {
    for (leaf, value) in graph.assignments {
      let old = graph.values.indices.first {
        if case .leaf(let node) = graph.values[$0].source { node === leaf } else { false }
      }
      if let old, graph.values[old].strides != nil {
        places[value] = newSlot(.newLeaf(leaf))
        continue
      }
      let place = old.flatMap { places[$0] } ?? newSlot(.leaf(leaf))
      if old.map({ isDead($0, before: value) }) ?? true {
        places[value] = place
      } else {
        moves.append((value, place.slot))
        lastUse[value] = (units.count, .max)
      }
    }
    for (number, value) in graph.results.enumerated() {
      places[graph.root(of: value).value] = newSlot(.result(number))
    }
    for (number, gradient) in graph.gradients.enumerated() {
      if let value = gradient.value { places[value] = newSlot(.newGradient(number)) }
    }
  }

  /// Whether a value may be written over an old one: every read of the old one comes before it, or
  /// with it, element by element.
  private func isDead(_ old: Int, before value: Int) -> Bool {
    let use = lastUse[old]
    if use.unit < unitOf[value] { return true }
    return use.unit == unitOf[value] && use.step <= stepOf[value]
      && graph.values[old].strides == nil
      && graph.values[old].dtype.size == graph.values[value].dtype.size
  }

  /// What finds no register in its program gets memory.
  private mutating func assignRegisters() {
    for unit in units where unit.kind == .elementwise {
      var busy: [Int] = []
      let reduced = graph.reduced(by: unit)
      for (step, member) in unit.members.enumerated() {
        busy.removeAll { lastUse[$0].step < step }
        if needsMemory[member] || member == reduced { continue }
        if busy.count < PlanLayout.valueRegisters {
          busy.append(member)
        } else {
          needsMemory[member] = true
        }
      }
    }
  }

  /// Registers for values of a program; the others receive gathered operands.
  static let valueRegisters = 12

  private mutating func placeIntermediates() {
    var arena = Arena()
    /// By the unit of their last use.
    var endings: [Int: [Int]] = [:]
    /// A whole has a place as soon as one of its parts needs it.
    func allocate(_ value: Int, at unit: Int) -> Place {
      if let place = places[value] { return place }
      var place: Place
      if let home = homes[value] {
        place = allocate(home.whole, at: unit)
        place.offset += home.offset * graph.values[value].dtype.size
      } else {
        place = Place(slot: 0, offset: arena.allocate(graph.values[value].byteCount))
        // What nobody reads is written all the same.
        endings[max(unit, lastUse[value].unit), default: []].append(value)
      }
      places[value] = place
      return place
    }
    for (number, unit) in units.enumerated() {
      for value in endings.removeValue(forKey: number - 1) ?? [] {
        arena.release(places[value]!.offset, graph.values[value].byteCount)
        released[number - 1].append(
          (places[value]!.offset, Arena.rounded(graph.values[value].byteCount)))
      }
      // Cells are needed while their unit runs; what it writes meanwhile must lie elsewhere.
      let cellBytes = unit.kind == .scalars ? ScalarCells(unit, graph).count * 8 : 0
      if cellBytes > 0 { cells[number] = arena.allocate(cellBytes) }
      for member in unit.values where needsMemory[member] {
        let bytes = graph.values[member].byteCount
        separateBytes += bytes
        if places[member] != nil { continue }
        if homes[member] != nil {
          _ = allocate(member, at: number)
          continue
        }
        let heir = endings[number]?.firstIndex {
          isDead($0, before: member)
            && Arena.rounded(graph.values[$0].byteCount) == Arena.rounded(bytes)
        }
        if unit.isElementwise, member != unit.product, member != unit.reduction, let heir,
          let old = endings[number]?.remove(at: heir)
        {
          places[member] = places[old]
          endings[max(number, lastUse[member].unit), default: []].append(member)
        } else {
          _ = allocate(member, at: number)
        }
      }
      if let offset = cells[number] {
        arena.release(offset, cellBytes)
        released[number].append((offset, Arena.rounded(cellBytes)))
      }
    }
    arenaSize = arena.size
  }

  /// Whether nobody reads a product but the unit that it belongs to.
  func isTransient(_ product: Int) -> Bool {
    places[product]?.slot == 0 && lastUse[product].unit == unitOf[product]
  }

  /// The place of a value, or nil if it lives in a register only.
  func place(of value: Int) -> Place? {
    let (root, offset) = graph.root(of: value)
    return places[root].map { Place(slot: $0.slot, offset: $0.offset + offset) }
  }
}
