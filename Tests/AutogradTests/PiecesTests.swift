import Testing

@testable import Autograd

/// The cotangents of parts of an array are joined where they make up the whole.
@Suite struct PiecesTests {
  private let x = sample([4, 6, 40], 1)

  /// The gradient of a sum of squares of the parts, and the operations of its graph.
  private func slope(_ parts: [Variable]) -> (values: [Double], names: Set<String>) {
    let loss = parts.enumerated().reduce(Variable(0)) { sum, part in
      sum + Variable(Double(part.offset + 1)) * square(part.element).sum()
    }
    let plain = gradient(of: loss, withRespectTo: x)
    let recorded = gradient(of: loss, withRespectTo: x, createGraph: true)
    #expect(plain.value.doubles() == recorded.value.doubles())
    let nodes = Order(below: recorded.node).nodes.map { $0.takeUnretainedValue() }
    return (plain.value.doubles(), Set(nodes.compactMap { $0.primitive?.name }))
  }

  private func expected(_ factor: (Int, Int, Int) -> Double) -> [Double] {
    let values = x.value.doubles()
    return values.indices.map { i in
      2 * values[i] * factor(i / 240, i / 40 % 6, i % 40)
    }
  }

  @Test func partsOfAWholeAreJoined() {
    let (values, names) = slope(x.split(sizes: [10, 25, 5], axis: 2))
    expectClose(values, expected { _, _, k in k < 10 ? 1 : k < 35 ? 2 : 3 }, 0)
    #expect(names.contains("concatenate") && !names.contains("place"))
  }

  @Test func theOrderOfUseDoesNotMatter() {
    let parts = x.split(sizes: [1, 3], axis: 0)
    expectClose(slope([parts[1], parts[0]]).values, expected { i, _, _ in i > 0 ? 1 : 2 }, 0)
  }

  @Test func partsThatHaveLostTheirAxis() {
    let (values, names) = slope(x.unstacked(axis: 1))
    expectClose(values, expected { _, j, _ in Double(j + 1) }, 0)
    #expect(names.contains("concatenate"))
  }

  @Test func gapsAndOverlapsAreAdded() {
    expectClose(
      slope([x[0..<2], x[3..<4]]).values, expected { i, _, _ in [1, 1, 0, 2][i] }, 0)
    expectClose(
      slope([x[0..<3], x[2..<4]]).values, expected { i, _, _ in [1, 1, 3, 2][i] }, 0)
    expectClose(
      slope([x[0..., 0..<3], x[0..., 0..., 20...]]).values,
      expected { _, j, k in (j < 3 ? 1 : 0) + (k < 20 ? 0 : 2) }, 0)
    expectClose(
      slope([x[every(2)], x[every(2, from: 1)]]).values,
      expected { i, _, _ in i % 2 == 0 ? 1 : 2 }, 0)
  }

  @Test func aPartAndTheWhole() {
    expectClose(
      slope([x, x[0..<1], x[1...]]).values, expected { i, _, _ in i == 0 ? 3 : 4 }, 1e-15)
  }

  @Test func deadElementsStayExactZeros() {
    let zeros = Variable(Tensor.zeros([4], dtype: .float64), requiresGradient: true)
    let roots = sqrt(zeros)
    let gap = gradient(of: roots[1..<3].sum(), withRespectTo: zeros).value.doubles()
    #expect(gap[0] == 0 && gap[3] == 0 && gap[1] == .infinity)
    let (a, b) = (roots[0..<2], roots[2...])
    let chosen = select(a .> 1, a, 0).sum() + b.sum()
    let slopes = gradient(of: chosen, withRespectTo: zeros).value.doubles()
    #expect(slopes == [0, 0, .infinity, .infinity])
  }

  @Test func cotangentsThatLieSideBySideAreNotCopied() {
    let whole = Variable(Tensor.ones([4, 6, 40]))
    let parts = whole.split(sizes: [10, 30], axis: 2)
    let joint = sideBySide(parts, axis: 2)
    #expect(joint.node.fields.pointee.data == whole.node.fields.pointee.data)
    #expect(joint.node.fields.pointee.strides == nil && joint.shape == whole.shape)
    let swapped = sideBySide(parts.reversed(), axis: 2)
    #expect(swapped.node.fields.pointee.data != whole.node.fields.pointee.data)
  }
}
