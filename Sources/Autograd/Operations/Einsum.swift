// Einstein's sums: an equation names the axes of each operand; what is named on both sides of a
// product is matched, what is not named in the result is summed over.

/// The sum of products that an equation such as "ij,jk->ik" describes, in NumPy's and PyTorch's
/// syntax.
///
/// - A letter names an axis; axes of one letter have one size. A letter that is not in the result
///   is summed over.
/// - A letter twice in one operand denotes its diagonal: "ii->" is the trace.
/// - "..." stands for any further axes, which broadcast.
/// - Without "->" the result has the axes of "...", then in alphabetical order the letters that
///   occur once.
///
/// Operands are contracted from left to right, each step by one batched matrix product.
///
/// - Parameters:
///   - equation: The equation; spaces are ignored. A mistake stops with an error that tells where
///     it is.
///   - operands: As many as the equation names, of one type.
public func einsum(_ equation: String, _ operands: Variable...) -> Variable {
  let parsed = EinsumEquation(equation)
  guard operands.count == parsed.inputs.count else {
    fatalError(
      "einsum: \"\(equation)\" names \(parsed.inputs.count) operands, but there are "
        + "\(operands.count)"
    )
  }
  if let other = operands.first(where: { $0.dtype != operands[0].dtype }) {
    fatalError(
      "einsum: types differ: \(describe(operands[0])), \(describe(other)); cast one with cast(to:)")
  }
  var factors = zip(parsed.inputs, operands).enumerated().map { index, pair in
    parsed.labelled(pair.1, pair.0, index: index)
  }
  parsed.requireSizes(factors)
  let output = parsed.outputLabels(factors)
  for index in factors.indices { factors[index].takeDiagonals() }
  var result = factors.removeFirst()
  while !factors.isEmpty {
    var right = factors.removeFirst()
    let later = Set(factors.flatMap(\.labels) + output)
    result.sum(keeping: later.union(right.labels))
    right.sum(keeping: later.union(result.labels))
    result = contract(result, right, keeping: later)
  }
  result.sum(keeping: Set(output))
  return result.ordered(output)
}

/// A variable and the label of each of its axes: a letter's code, or −1, −2… for the axes of "..."
/// from the last.
struct LabelledVariable {
  var variable: Variable
  var labels: [Int]

  func size(_ label: Int) -> Int? {
    labels.firstIndex(of: label).map { variable.shape[$0] }
  }

  /// Replaces each pair of axes of one label by its diagonal.
  mutating func takeDiagonals() {
    var axis = 0
    while axis < labels.count {
      guard let other = labels[(axis + 1)...].firstIndex(of: labels[axis]) else {
        axis += 1
        continue
      }
      let others = labels.indices.filter { $0 != axis && $0 != other }
      variable = variable.diagonal(axes: (axis, other))
      labels = others.map { labels[$0] } + [labels[axis]]
      axis = 0
    }
  }

  /// Sums over the axes whose labels are not needed any more.
  mutating func sum(keeping needed: Set<Int>) {
    let axes = labels.indices.filter { !needed.contains(labels[$0]) }
    if axes.isEmpty { return }
    variable = variable.sum(axes: Array(axes))
    labels.removeAll { !needed.contains($0) }
  }

  /// The axes in the given order; a label that is missing becomes an axis of size 1.
  func ordered(_ order: [Int]) -> Variable {
    let axes = order.compactMap { labels.firstIndex(of: $0) }
    let sizes = order.map { size($0) ?? 1 }
    return variable.permuted(axes).reshaped(to: Shape(sizes))
  }

  /// The axes of three groups, each merged into one axis, broadcast to the given sizes.
  func grouped(_ groups: [[Int]], _ sizes: [Int: Int]) -> Variable {
    let order = groups.flatMap { $0 }
    let full = ordered(order).expanded(to: Shape(order.map { sizes[$0] ?? 1 }))
    return full.reshaped(to: Shape(groups.map { $0.reduce(1) { $0 * (sizes[$1] ?? 1) } }))
  }
}

/// The product of two factors, summed over the labels of both that are not needed later.
private func contract(
  _ a: LabelledVariable, _ b: LabelledVariable, keeping needed: Set<Int>
) -> LabelledVariable {
  let shared = a.labels.filter { b.labels.contains($0) }
  let batch = shared.filter { needed.contains($0) }
  let summed = shared.filter { !needed.contains($0) }
  let left = a.labels.filter { !shared.contains($0) }
  let right = b.labels.filter { !shared.contains($0) }
  let labels = batch + left + right
  if summed.isEmpty {
    let product = a.ordered(labels) * b.ordered(labels)
    return LabelledVariable(variable: product, labels: labels)
  }
  var sizes: [Int: Int] = [:]
  for label in labels + summed {
    // Axes of "..." broadcast: a size of 1 gives way.
    let candidates = [a.size(label), b.size(label)].compactMap { $0 }
    sizes[label] = candidates.first { $0 != 1 } ?? 1
  }
  let product = matmul(
    a.grouped([batch, left, summed], sizes), b.grouped([batch, summed, right], sizes))
  return LabelledVariable(
    variable: product.reshaped(to: Shape(labels.map { sizes[$0] ?? 1 })), labels: labels)
}
