/// Counts the multiplications of a growing graph, part by part.
package struct WorkCounter {
  private var seen: Set<ObjectIdentifier> = []
  /// What has been counted is kept, so that no new node takes the place of a seen one.
  private var kept: [Variable] = []

  /// Creates a counter that has seen nothing.
  package init() {}

  /// The multiply-adds of all matrix products and convolutions below the results that were not
  /// counted before.
  ///
  /// Attention is made of matrix products. Only recorded operations are seen.
  package mutating func count(below results: [Variable]) -> Int {
    var total = 0
    var pending = results.map(\.node)
    kept += results
    while let node = pending.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted, node.isRecorded else { continue }
      if node.primitive === matmulPrimitive { total += multiplyAdds(of: node) }
      if case .box(let box as ConvolutionBox) = node.fields.pointee.attributes { total += box.work }
      for index in 0..<node.inputCount { pending.append(node.input(index)) }
    }
    return total
  }

  /// m n k of the product [m, k] [k, n], times the number of products.
  private func multiplyAdds(of product: Node) -> Int {
    let shape = product.fields.pointee.shape
    let left = product.input(0).fields.pointee.shape
    let inner = left[left.rank - 1] * left[left.rank - 2] / max(1, shape[shape.rank - 2])
    return shape.elementCount * inner
  }
}
