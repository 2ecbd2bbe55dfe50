// Elementwise operations that run on each finished block of a matrix product, a convolution or
// another operation that works in blocks, while it is in the cache: biases and activations, and above
// all the optimizer's update, whose gradient then never leaves the cache.

extension PlanGraph {
  /// Lets matrix products take on the elementwise operations that read them first.
  ///
  /// A product moves down to its first readers, which nobody between needs. Readers that have
  /// nothing to do with each other but their shape are parted, so that each product has its own.
  func withEpilogues(_ units: [PlanUnit]) -> [PlanUnit] {
    let readers = firstReaders(units)
    var productsOf: [Int: [Int]] = [:]
    for (product, reader) in readers { productsOf[reader, default: []].append(product) }
    var result: [PlanUnit] = []
    var hosts: Set<Int> = []
    let merged = units.indices.map { number -> [PlanUnit] in
      guard let products = productsOf[number] else { return [units[number]] }
      let parts = merge(units[number].members, products.sorted())
      hosts.formUnion(parts.compactMap(\.product))
      return parts
    }
    for (unit, parts) in zip(units, merged) where !hosts.contains(unit.members[0]) {
      result += parts
    }
    return result
  }

  /// For each product that can have an epilogue the elementwise unit that reads it first.
  private func firstReaders(_ units: [PlanUnit]) -> [Int: Int] {
    let products = Set(
      units.filter { !$0.isElementwise && isProduct($0.members[0]) }.map(\.members[0]))
    var first: [Int: Int] = [:]
    for (number, unit) in units.enumerated() {
      for member in unit.members {
        for input in values[member].inputs {
          let root = root(of: input).value
          if products.contains(root), first[root] == nil { first[root] = number }
        }
      }
    }
    return first.filter { product, reader in
      units[reader].kind == .elementwise && !isSmall(units[reader].members[0])
        && units[reader].members.allSatisfy { isBlockwise($0, product) }
    }
  }

  private func isProduct(_ value: Int) -> Bool {
    guard case .operation(let operation) = values[value].source, values[value].count > 0 else {
      return false
    }
    if case .blockwise = operation.primitive.kernel { return true }
    return operation.primitive === matmulPrimitive && values[value].dtype.isFloatingPoint
  }

  /// Whether an elementwise operation reads no element of a product but that in its own place.
  private func isBlockwise(_ member: Int, _ product: Int) -> Bool {
    values[member].inputs.allSatisfy {
      root(of: $0).value != product
        || (isInPlace($0) && values[$0].count == values[member].count)
    }
  }

  /// Parts a group into those that follow products, and the rest.
  private func merge(_ members: [Int], _ products: [Int]) -> [PlanUnit] {
    var result: [PlanUnit] = []
    var rest: [Int] = []
    for part in parts(of: members) {
      let inputs = Set(part.flatMap { values[$0].inputs.map { root(of: $0).value } })
      if let product = products.last(where: inputs.contains) {
        result.append(PlanUnit(members: part, kind: .elementwise, product: product))
      } else {
        rest += part
      }
    }
    if !rest.isEmpty { result.append(PlanUnit(members: rest.sorted(), kind: .elementwise)) }
    return result
  }

  /// The parts of a group that neither need each other nor read the same array.
  private func parts(of members: [Int]) -> [[Int]] {
    let count = values[members[0]].count
    var partOf: [Int: Int] = [:]
    var parts: [[Int]] = []
    for member in members {
      let arrays = values[member].inputs.map { root(of: $0).value }.filter {
        values[$0].count == count
      }
      let joined = Set(arrays.compactMap { partOf[$0] })
      let part = joined.min() ?? parts.count
      if part == parts.count { parts.append([]) }
      parts[part].append(member)
      for other in joined where other != part {
        parts[part] += parts[other]
        parts[other] = []
      }
      for value in arrays + [member] { partOf[value] = part }
      for (value, other) in partOf where joined.contains(other) { partOf[value] = part }
    }
    return parts.filter { !$0.isEmpty }.map { $0.sorted() }
  }
}
