extension PlanGraph {
  /// What anyone asks for, and what has effects.
  var needed: [Int] {
    let effects = values.indices.filter {
      if case .host(let host) = values[$0].source { host.isEffect } else { false }
    }
    return results + assignments.map(\.value) + gradients.compactMap(\.value) + effects
  }

  /// Which values are used, directly or not.
  func liveValues() -> [Bool] {
    var isLive = [Bool](repeating: false, count: values.count)
    for value in needed { isLive[value] = true }
    for value in values.indices.reversed() where isLive[value] {
      for input in values[value].inputs { isLive[input] = true }
    }
    return isLive
  }

  /// Computes beforehand what depends on constants alone, by a plan of its own.
  mutating func foldConstants() {
    let isFixed = fixedValues()
    let isLive = liveValues()
    var wanted = Set(needed)
    for index in values.indices where isLive[index] && !isFixed[index] {
      wanted.formUnion(values[index].inputs)
    }
    // What views of constants show is computed, not the views.
    let roots = Set(wanted.map { root(of: $0).value })
    let results = roots.filter { isFixed[$0] && values[$0].isComputed }.sorted()
    if results.isEmpty { return }
    var constants = PlanGraph()
    constants.values = zip(values, isFixed).map { value, isFixed in
      isFixed ? value : PlanValue(source: .argument(0), shape: value.shape, dtype: value.dtype)
    }
    constants.results = results
    for (index, result) in zip(results, Plan(simplifying: constants).run([], times: 1)) {
      values[index].source = .constant(result.node)
      values[index].strides = nil
    }
  }

  /// Which values depend on constants alone, and which checks: they come before what rests on them.
  private func fixedValues() -> [Bool] {
    var isFixed: [Bool] = []
    for value in values {
      switch value.source {
      case .constant: isFixed.append(true)
      case .operation, .view: isFixed.append(value.inputs.allSatisfy { isFixed[$0] })
      case .host(let host):
        let isCheck = host.isEffect && !host.inputs.isEmpty
        isFixed.append(isCheck && host.inputs.allSatisfy { isFixed[$0] })
      case .leaf, .literal, .gradient, .argument: isFixed.append(false)
      }
    }
    return isFixed
  }

  /// Replaces what is computed twice, multiplications by 1 and divisions by 1.
  ///
  /// Sums with 0 stay: they turn −0 into 0.
  mutating func mergeEqualValues() {
    var replacement = Array(values.indices)
    var seen: [Key: Int] = [:]
    for index in values.indices {
      replaceInputs(of: index, replacement)
      if let same = withoutEffect(index) {
        replacement[index] = replacement[same]
      } else if let key = key(of: index) {
        if let first = seen[key] { replacement[index] = first } else { seen[key] = index }
      }
    }
    results = results.map { replacement[$0] }
    assignments = assignments.map { ($0.leaf, replacement[$0.value]) }
    gradients = gradients.map { ($0.leaf, $0.value.map { replacement[$0] }) }
  }

  mutating func replaceInputs(of index: Int, _ replacement: [Int]) {
    switch values[index].source {
    case .operation(var operation):
      operation.inputs = operation.inputs.map { replacement[$0] }
      values[index].source = .operation(operation)
    case .host(var host):
      host.inputs = host.inputs.map { replacement[$0] }
      values[index].source = .host(host)
    case .view(let base, let offset):
      values[index].source = .view(of: replacement[base], offset: offset)
    case .leaf, .literal, .gradient, .argument, .constant: break
    }
  }

  /// The operand that a value merely repeats.
  private func withoutEffect(_ index: Int) -> Int? {
    guard case .operation(let operation) = values[index].source else { return nil }
    let isProduct = operation.primitive === multiplyPrimitive
    guard isProduct || operation.primitive === dividePrimitive else { return nil }
    let (a, b) = (operation.inputs[0], operation.inputs[1])
    if isOne(b), isSame(a, as: index) { return a }
    if isProduct, isOne(a), isSame(b, as: index) { return b }
    return nil
  }

  private func isSame(_ operand: Int, as index: Int) -> Bool {
    values[operand].shape == values[index].shape && values[operand].strides == nil
  }

  /// Whether a value is a constant 1, perhaps repeated.
  private func isOne(_ index: Int) -> Bool {
    let root = root(of: index).value
    guard case .constant(let node) = values[root].source, values[root].count == 1 else {
      return false
    }
    return node.tensor.item() == 1
  }

  /// What makes two values equal.
  private struct Key: Hashable {
    let kind: ObjectIdentifier
    let inputs: [Int]
    let number: Int
    let shape: Shape
    let dtype: DType
    let strides: [Int]?
    let flags: UInt8
  }

  private func key(of index: Int) -> Key? {
    let value = values[index]
    func key(_ kind: AnyObject, _ inputs: [Int], _ number: Int, _ flags: UInt8 = 0) -> Key {
      Key(
        kind: ObjectIdentifier(kind), inputs: inputs, number: number, shape: value.shape,
        dtype: value.dtype, strides: value.strides, flags: flags)
    }
    switch value.source {
    case .literal(let node), .leaf(let node): return key(node, [], 0)
    case .view(let base, let offset): return key(reshapePrimitive, [base], offset)
    case .operation(let operation):
      switch operation.attributes {
      case .none: return key(operation.primitive, operation.inputs, -1, operation.flags.rawValue)
      case .integer(let number): return key(operation.primitive, operation.inputs, number)
      case .box(let box):
        // Where the parts begin follows from their shapes.
        guard let join = box as? JoinBox else { return nil }
        return key(operation.primitive, operation.inputs, join.axis)
      }
    case .gradient, .argument, .host: return nil
    case .constant(let node):
      // Literals of one value.
      guard value.shape.rank == 0, value.dtype.isFloatingPoint else { return nil }
      let number = Int(bitPattern: UInt(node.tensor.item().bitPattern))
      return Key(
        kind: ObjectIdentifier(Node.self), inputs: [], number: number, shape: value.shape,
        dtype: value.dtype, strides: nil, flags: 0)
    }
  }
}
