import Kernels

/// What a plan consists of, for people.
public struct PlanDescription: CustomStringConvertible {
  /// One instruction.
  public struct Instruction: Sendable {
    /// The operations that it performs, such as "multiply add tanh".
    public let operations: [String]
    /// The shape of its (last) result.
    public let shape: Shape
    /// The type of its (last) result.
    public let dtype: DType
    /// Its time in nanoseconds in one run; nil if it was not measured.
    public let nanoseconds: Int?
  }

  /// The operations that were recorded, views not counted.
  public let recordedCount: Int
  /// The operations that are left after simplification.
  public let operationCount: Int
  /// What the plan runs, in order.
  public let instructions: [Instruction]
  /// The bytes of memory for intermediate values.
  public let arenaBytes: Int
  /// The bytes that they would take if each had memory of its own.
  public let separateBytes: Int
  /// What is seen from outside, and what flows where; for the picture.
  let memories: [PlanMemory]
  let flows: [PlanFlow]

  /// The plan as a table.
  public var description: String {
    let head =
      "\(recordedCount) operations recorded, \(operationCount) after simplification, "
      + "\(instructions.count) instructions; \(arenaBytes) bytes for intermediate values instead of "
      + "\(separateBytes)"
    let lines = instructions.enumerated().map { number, instruction in
      let time = instruction.nanoseconds.map { "\($0) ns  " } ?? ""
      return "\(number): \(time)\(instruction.operations.joined(separator: " ")) → "
        + "\(instruction.dtype) \(instruction.shape)"
    }
    return ([head] + lines).joined(separator: "\n")
  }
}

extension Plan {
  /// The plan for people, with times if there are some.
  func description(recordedCount: Int, nanoseconds: [Int]? = nil) -> PlanDescription {
    let graph = layout.graph
    let instructions = unitNumbers.enumerated().map { number, unit in
      let members = unit < 0 ? [layout.moves[-1 - unit].value] : layout.units[unit].values
      let last = graph.values[members[members.count - 1]]
      return PlanDescription.Instruction(
        operations: unit < 0 ? ["move"] : members.map { name(of: graph.values[$0]) },
        shape: last.shape, dtype: last.dtype, nanoseconds: nanoseconds?[number])
    }
    let (memories, flows) = flows()
    return PlanDescription(
      recordedCount: recordedCount,
      operationCount: layout.units.reduce(0) { $0 + $1.values.count },
      instructions: instructions, arenaBytes: layout.arenaSize,
      separateBytes: layout.separateBytes, memories: memories, flows: flows)
  }

  private func name(of value: PlanValue) -> String {
    switch value.source {
    case .operation(let operation): operation.primitive.name
    case .host: "host"
    case .leaf, .literal, .gradient, .argument, .constant, .view: "value"
    }
  }
}
