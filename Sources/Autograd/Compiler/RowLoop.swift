import Kernels

/// An elementwise operation as rows that one loop walks one after the other: what small values need,
/// which fill no tile of a program.
struct RowLoop {
  let kind: KInstructionKind
  let loop: UnsafeMutableRawPointer
  /// Elements of a row, rows, and for each operand, the result first, the bytes from row to row.
  let sizes: [Int]

  /// Nil for operands that do not lie in such rows, and where one element fills many places.
  init?(_ member: Int, _ graph: PlanGraph) {
    guard let template = graph.step(of: member) else { return nil }
    let value = graph.values[member]
    let rowMajor = value.shape.rowMajorStrides
    let operands = value.inputs.map { graph.strides(of: $0, in: value.shape) ?? rowMajor }
    let from = graph.values[value.inputs[template.kind == .select ? 1 : 0]].dtype
    for axis in 0..<max(1, value.shape.rank) {
      let rows = value.shape.elementCount(of: 0..<axis)
      if rows > RowLoop.mostRows { return nil }
      let walks = operands.map { RowLoop.walk($0, value.shape, from: axis) }
      guard walks.allSatisfy({ $0 != nil }) else { continue }
      let steps = walks.map { $0!.step }
      if steps.count == 1, steps[0] == 0 { return nil }
      let loop = k_loop_for(
        template.kind, template.op, from.kernelType, value.dtype.kernelType, Int32(steps[0]),
        Int32(steps[min(1, steps.count - 1)]), Int32(steps[steps.count - 1]))
      guard let loop else { return nil }
      self.loop = loop
      kind = steps.count == 1 ? .unary : steps.count == 2 ? .binary : .select
      let columns = value.shape.elementCount(of: axis..<value.shape.rank)
      let distances = zip(walks, value.inputs).map { $0!.row * graph.values[$1].dtype.size }
      sizes = [columns, rows, columns * value.dtype.size] + distances
      return
    }
    return nil
  }

  /// More rows are left to programs, which gather what does not lie in rows.
  private static let mostRows = 64

  /// The step within a row of the axes from `axis` on, and the distance from row to row; nil if the
  /// elements do not lie so.
  private static func walk(
    _ strides: [Int], _ shape: Shape, from axis: Int
  ) -> (step: Int, row: Int)? {
    guard let step = rowStep(strides, shape, from: axis) else { return nil }
    var row: Int?
    var expected = 0
    for outer in (0..<axis).reversed() where shape[outer] != 1 {
      if row == nil { (row, expected) = (strides[outer], strides[outer]) }
      if strides[outer] != expected { return nil }
      expected *= shape[outer]
    }
    return (Int(step), row ?? 0)
  }
}

/// 1 if the axes from `first` on lie without gaps, 0 if they repeat one element, else nil.
func rowStep(_ strides: [Int], _ shape: Shape, from first: Int) -> UInt8? {
  let inner = strides[first...]
  if inner.allSatisfy({ $0 == 0 }) { return 0 }
  var expected = 1
  for axis in (first..<shape.rank).reversed() {
    if shape[axis] != 1, strides[axis] != expected { return nil }
    expected *= shape[axis]
  }
  return 1
}

extension PlanGraph {
  /// Strides of a value broadcast to a shape; nil if its elements lie like those of the shape.
  func strides(of index: Int, in shape: Shape) -> [Int]? {
    let value = values[index]
    if value.strides == nil, value.count == shape.elementCount { return nil }
    let own = value.strides ?? value.shape.rowMajorStrides
    let missing = shape.rank - value.shape.rank
    return (0..<shape.rank).map { axis in
      axis < missing || value.shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}
