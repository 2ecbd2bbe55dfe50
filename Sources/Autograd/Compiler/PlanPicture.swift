// A picture of a plan: what flows between its instructions.

/// An arrow in the picture of a plan.
struct PlanFlow: Hashable {
  enum End: Hashable {
    case instruction(Int)
    /// The number of a memory outside of the plan: an argument, a leaf, a result and so on.
    case memory(Int)
  }
  let from, to: End
}

/// A memory that a plan reads or writes, and that others see.
struct PlanMemory: Sendable {
  let label: String
  /// Whether it requires a gradient, as parameters do.
  let isTrained: Bool
}

extension PlanDescription {
  /// The plan in the language of Graphviz: `dot -Tsvg plan.dot > plan.svg`.
  ///
  /// Ellipses are instructions with the operations that are fused in them, the shape and type of
  /// what they compute last, and their time if it was measured. Boxes are what is seen from outside:
  /// arguments, leaves (those that require a gradient bold), constants, results and gradients.
  /// Arrows point the way the values flow through memory; one to a leaf is an update.
  public var dot: String {
    var lines = ["digraph {", "  node [fontname=\"sans-serif\"];"]
    for (number, instruction) in instructions.enumerated() {
      let time = instruction.nanoseconds.map { ", \($0) ns" } ?? ""
      let label =
        "\(number): \(instruction.operations.joined(separator: " "))\n"
        + "\(instruction.dtype) \(instruction.shape)\(time)"
      lines.append("  i\(number) [label=\"\(escapedForDOT(label))\", shape=ellipse];")
    }
    for (number, memory) in memories.enumerated() {
      let style = memory.isTrained ? ", style=bold" : ""
      lines.append("  m\(number) [label=\"\(escapedForDOT(memory.label))\", shape=box\(style)];")
    }
    func name(_ end: PlanFlow.End) -> String {
      switch end {
      case .instruction(let number): "i\(number)"
      case .memory(let number): "m\(number)"
      }
    }
    lines += flows.map { "  \(name($0.from)) -> \(name($0.to));" }
    return (lines + ["}"]).joined(separator: "\n")
  }
}

extension Plan {
  /// What the instructions read and write outside of themselves.
  func flows() -> (memories: [PlanMemory], flows: [PlanFlow]) {
    let graph = layout.graph
    var memories: [PlanMemory] = []
    var memoryOfSlot: [Int: Int] = [:]
    func memory(_ slot: Int) -> PlanFlow.End {
      if let known = memoryOfSlot[slot] { return .memory(known) }
      memoryOfSlot[slot] = memories.count
      memories.append(describe(layout.slots[slot]))
      return .memory(memories.count - 1)
    }
    var computedBy: [Int: Int] = [:]
    var flows: [PlanFlow] = []
    func flow(from value: Int, to number: Int) {
      let root = graph.root(of: value).value
      if let maker = computedBy[root] {
        if maker != number {
          flows.append(PlanFlow(from: .instruction(maker), to: .instruction(number)))
        }
      } else if let place = layout.places[root] {
        flows.append(PlanFlow(from: memory(place.slot), to: .instruction(number)))
      }
    }
    for (number, unit) in unitNumbers.enumerated() {
      let members = unit < 0 ? [] : layout.units[unit].values
      for member in members { computedBy[member] = number }
      for member in members {
        for input in graph.values[member].inputs { flow(from: input, to: number) }
      }
      if unit < 0 { flow(from: layout.moves[-1 - unit].value, to: number) }
      let written =
        unit < 0
        ? [layout.moves[-1 - unit].slot] : members.compactMap { layout.places[$0]?.slot }
      for slot in written where slot != 0 {
        flows.append(PlanFlow(from: .instruction(number), to: memory(slot)))
      }
    }
    var seen: Set<PlanFlow> = []
    return (memories, flows.filter { seen.insert($0).inserted })
  }

  private func describe(_ slot: Slot) -> PlanMemory {
    func memory(_ text: String, _ node: Node) -> PlanMemory {
      PlanMemory(
        label: "\(text): \(Autograd.describe(Variable(node)))",
        isTrained: node.fields.pointee.requiresGradient)
    }
    switch slot {
    case .arena: return PlanMemory(label: "arena", isTrained: false)
    case .leaf(let node), .newLeaf(let node): return memory("leaf", node)
    case .literal(let node, _): return memory("literal", node)
    case .gradient(let node): return memory("gradient before", node)
    case .newGradient(let number): return memory("gradient", layout.graph.gradients[number].leaf)
    case .constant(let node): return memory("constant", node)
    case .argument(let number): return PlanMemory(label: "argument \(number)", isTrained: false)
    case .result(let number): return PlanMemory(label: "result \(number)", isTrained: false)
    }
  }
}
