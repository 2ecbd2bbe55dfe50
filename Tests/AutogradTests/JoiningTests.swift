import Testing

@testable import Autograd

@Suite struct JoiningTests {
  private let a = Variable([[1, 2], [3, 4]])
  private let b = Variable([[5, 6]])

  @Test func concatenateAlongAxes() {
    expectArray(concatenate([a, b]), [3, 2], [1, 2, 3, 4, 5, 6])
    expectArray(concatenate([a, a.transposed()], axis: -1), [2, 4], [1, 2, 1, 3, 3, 4, 2, 4])
    expectArray(concatenate([b[..<0], b, b, b]), [3, 2], [5, 6, 5, 6, 5, 6])
    expectArray(concatenate([a[every(-1), every(-1)], b]), [3, 2], [4, 3, 2, 1, 5, 6])
  }

  @Test func concatenateGradient() {
    let x = Variable([1, 2], requiresGradient: true)
    let y = Variable([3], requiresGradient: true)
    let z = square(concatenate([x, y, x])) * Variable([1, 10, 100, 1000, 10_000])
    let g = gradients(of: z.sum(), withRespectTo: [x, y], createGraph: true)
    #expect(g[0]?.array(of: Float.self) == [2002, 40_040])
    #expect(g[1]?.array(of: Float.self) == [600])
    let h = gradient(of: g[0]!.sum(), withRespectTo: x)
    #expect(h.array(of: Float.self) == [2002, 20_020])
  }

  @Test func concatenateMovesMasks() {
    let (g, h) = derivatives(at: [0, 4]) { x in concatenate([sqrt(x), sqrt(x)])[every(2, from: 1)] }
    #expect(g == [0, 0.5])
    #expect(h == [0, -0.0625])
  }

  @Test func stackMakesAnAxis() {
    let x = Variable([1, 2])
    let y = Variable([3, 4])
    expectArray(stack([x, y]), [2, 2], [1, 2, 3, 4])
    expectArray(stack([x, y], axis: -1), [2, 2], [1, 3, 2, 4])
    expectArray(stack([1, x.sum(), 2.5]), [3], [1, 3, 2.5])
    #expect(stack([Variable(2.0), Variable(Tensor([1.0], dtype: .float64))[0]]).dtype == .float64)
  }

  @Test func splitAndChunk() {
    let x = Variable(Tensor.range(to: 7))
    #expect(x.split(sizes: [2, 0, 5]).map(\.count) == [2, 0, 5])
    #expect(x.split(size: 3).map { $0.array(of: Float.self) } == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(x.chunked(into: 3).map(\.count) == [3, 3, 1])
    #expect(x.chunked(into: 4).map(\.count) == [2, 2, 2, 1])
    let parts = a.split(size: 1, axis: 1)
    expectArray(parts[1], [2, 1], [2, 4])
  }

  @Test func unstackRemovesTheAxis() {
    let columns = a.unstacked(axis: 1)
    expectArray(columns[0], [2], [1, 3])
    expectArray(columns[1], [2], [2, 4])
    let x = Variable([[1, 2], [3, 4]], requiresGradient: true)
    let rows = x.unstacked()
    let g = gradient(of: (rows[0] * rows[1]).sum(), withRespectTo: x)
    #expect(g.array(of: Float.self) == [3, 4, 1, 2])
  }

  @Test func repeatedAsTiles() {
    expectArray(Variable([1, 2]).repeated(2, 3), [2, 6], [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
    expectArray(a.repeated(2, 1), [4, 2], [1, 2, 3, 4, 1, 2, 3, 4])
    expectArray(a.repeated(1, 2), [2, 4], [1, 2, 1, 2, 3, 4, 3, 4])
    #expect(a.repeated(0, 2).shape == [0, 4])
    let x = Variable([1, 2], requiresGradient: true)
    let y = (x.repeated(2) * Variable([1, 2, 3, 4])).sum()
    #expect(gradient(of: y, withRespectTo: x).array(of: Float.self) == [4, 6])
  }

  @Test func paddedWithAValue() {
    expectArray(
      a.padded([(1, 0), (0, 2)], value: -1), [3, 4],
      [-1, -1, -1, -1, 1, 2, -1, -1, 3, 4, -1, -1])
    expectArray(a.transposed().padded([(0, 1), (0, 0)]), [3, 2], [1, 3, 2, 4, 0, 0])
    let x = Variable([1, 2], requiresGradient: true)
    let y = square(x.padded([(1, 1)], value: 5)).sum()
    #expect(gradient(of: y, withRespectTo: x).array(of: Float.self) == [2, 4])
    let (_, h) = derivatives(at: [1, 2]) { $0 * square($0.padded([(1, 1)])[1..<3]) }
    #expect(h == [6, 12])
  }

  @Test func flippedAndRolled() {
    expectArray(a.flipped(axes: [0]), [2, 2], [3, 4, 1, 2])
    expectArray(a.flipped(), [2, 2], [4, 3, 2, 1])
    expectArray(Variable([1, 2, 3]).rolled(by: 1, axis: 0), [3], [3, 1, 2])
    expectArray(Variable([1, 2, 3]).rolled(by: -4, axis: 0), [3], [2, 3, 1])
    expectArray(a.rolled(by: 1, axis: 1), [2, 2], [2, 1, 4, 3])
    let x = Variable([1, 2, 3], requiresGradient: true)
    let weights = Variable([1, 10, 100])
    let g = gradient(of: (x.flipped() * weights).sum(), withRespectTo: x)
    #expect(g.array(of: Float.self) == [100, 10, 1])
    let r = gradient(of: (x.rolled(by: 1, axis: 0) * weights).sum(), withRespectTo: x)
    #expect(r.array(of: Float.self) == [10, 100, 1])
  }

  @Test func shapesMustAgree() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = concatenate([Variable([[1, 2]]), Variable([[1]])])
    }
    expectSentence(
      result,
      "concatenate: shapes differ outside of axis 0: variable 0 float32 [1, 2], "
        + "variable 1 float32 [1, 1]")
  }

  @Test func sizesMustAddUp() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([1, 2, 3]).split(sizes: [1, 1])
    }
    expectSentence(result, "split: the sizes [1, 1] do not add up to axis 0 of [3]")
  }
}
