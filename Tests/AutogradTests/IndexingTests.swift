import Testing

@testable import Autograd

@Suite struct IndexingTests {
  // [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
  private let x = Variable(Tensor.range(to: 12)).reshaped(3, 4)
  private let places = indices([[0, 2, 1, 0], [0, 1, 0, 2]])
  private let values = Variable([[10, 20, 30, 40], [50, 60, 70, 80]])

  @Test func gatherPicksOneForEachIndex() {
    let places = indices([[0, 2, 1, 0], [1, 1, 0, 2]])
    expectArray(gather(x, at: places, axis: 0), [2, 4], [0, 9, 6, 3, 4, 5, 2, 11])
    expectArray(
      gather(x.transposed(), at: places.transposed(), axis: 1), [4, 2], [0, 4, 9, 5, 6, 2, 3, 11])
    x.requiresGradient = true
    let weights = Variable(Tensor.range(from: 1, to: 9)).reshaped(2, 4)
    let y = (gather(x, at: places, axis: 0) * weights).sum()
    #expect(
      gradient(of: y, withRespectTo: x).array(of: Float.self)
        == [1, 0, 7, 4, 5, 6, 3, 0, 0, 2, 0, 8])
  }

  @Test func gatherLeavesOutSingularities() {
    let (g, h) = derivatives(at: [0, 4, 0]) { gather(sqrt($0), at: indices([1, 1]), axis: 0) }
    #expect(g == [0, 0.5, 0])
    #expect(h == [0, -0.0625, 0])
    let (a, b) = derivatives(at: [0, 4, 0]) { indexSelect(sqrt($0)[1...], at: indices([0])) }
    #expect(a == [0, 0.25, 0])
    #expect(b == [0, -0.03125, 0])
  }

  @Test func scatterAddSumsDuplicates() {
    expectArray(
      scatterAdd(values, at: places, axis: 0, into: x), [3, 4],
      [60, 1, 72, 43, 4, 65, 36, 7, 8, 29, 10, 91])
    values.requiresGradient = true
    let y = scatterAdd(values, at: places, axis: 0, into: x) * x
    #expect(
      gradient(of: y.sum(), withRespectTo: values).array(of: Float.self)
        == [0, 9, 6, 3, 0, 5, 2, 11])
    let (g, h) = derivatives(at: [1, 2, 3]) { x in
      square(scatterAdd(x, at: indices([1, 1, 0]), axis: 0, into: Variable([0, 0])))
    }
    #expect(g == [6, 6, 6])
    #expect(h == [4, 4, 2])
  }

  @Test func scatterWritesTheLast() {
    let x = self.x
    x.requiresGradient = true
    values.requiresGradient = true
    let y = scatter(values, at: places, axis: 0, into: x)
    expectArray(y, [3, 4], [50, 1, 70, 40, 4, 60, 30, 7, 8, 20, 10, 80])
    let weights = Variable(Tensor.range(from: 1, to: 13)).reshaped(3, 4)
    let g = gradients(of: (y * weights).sum(), withRespectTo: [x, values])
    #expect(g[0]?.array(of: Float.self) == [0, 2, 0, 0, 5, 0, 0, 8, 9, 0, 11, 0])
    // 10 was overwritten by 50, so it has no influence.
    #expect(g[1]?.array(of: Float.self) == [0, 10, 7, 4, 1, 6, 3, 12])
  }

  @Test func scatterLeavesOutWhatItOverwrites() {
    let (g, h) = derivatives(at: [0, 4]) { x in
      scatter(Variable([3]), at: indices([0]), axis: 0, into: sqrt(x))
    }
    #expect(g == [0, 0.25])
    #expect(h == [0, -0.03125])
    let (a, b) = derivatives(at: [0, 4]) { x in
      scatter(sqrt(x), at: indices([1, 1]), axis: 0, into: Variable([1, 1]))
    }
    #expect(a == [0, 0.25])
    #expect(b == [0, -0.03125])
  }

  @Test func indexSelectTakesSlices() {
    expectArray(
      indexSelect(x, at: indices([3, 0, 3]), axis: 1), [3, 3], [3, 0, 3, 7, 4, 7, 11, 8, 11])
    expectArray(
      indexSelect(x, at: indices([[2], [0]])), [2, 1, 4], [8, 9, 10, 11, 0, 1, 2, 3])
    expectArray(indexSelect(x, at: indices(1), axis: -1), [3], [1, 5, 9])
    expectArray(indexSelect(x, at: Variable([1] as [Int32])), [1, 4], [4, 5, 6, 7])
    let t = Variable([[1, 2], [3, 4]], requiresGradient: true)
    let y = square(indexSelect(t, at: indices([1, 1])))
    #expect(gradient(of: y.sum(), withRespectTo: t).array(of: Float.self) == [0, 0, 12, 16])
  }

  @Test func indexAddSumsSlices() {
    expectArray(
      indexAdd(values, at: indices([2, 2]), into: x), [3, 4],
      [0, 1, 2, 3, 4, 5, 6, 7, 68, 89, 110, 131])
    expectArray(
      indexAdd(
        Variable([[1, 2], [3, 4]]), at: indices([1, 0]), axis: 1,
        into: Variable(Tensor.zeros([2, 2]))),
      [2, 2], [2, 1, 4, 3])
    let (g, h) = derivatives(at: [1, 2]) { x in
      square(indexAdd(x, at: indices([0, 0]), into: Variable([3])))
    }
    #expect(g == [12, 12])
    #expect(h == [4, 4])
  }

  @Test func takeAlongAxisBroadcasts() {
    expectArray(
      takeAlongAxis(x, at: indices([[1, 0]]), axis: 1), [3, 2], [1, 0, 5, 4, 9, 8])
    let order = x.argsort(axis: 0, descending: true)
    #expect(takeAlongAxis(x, at: order, axis: 0)[0].array(of: Float.self) == [8, 9, 10, 11])
  }

  @Test func embeddingWithPadding() {
    let table = Variable([[1, 2], [3, 4], [5, 6]], requiresGradient: true)
    let y = embedding(indices([[1, 0], [1, 2]]), table, paddingIndex: 0)
    expectArray(y, [2, 2, 2], [3, 4, 1, 2, 3, 4, 5, 6])
    let g = gradient(of: y.sum(), withRespectTo: table)
    #expect(g.array(of: Float.self) == [0, 0, 2, 2, 1, 1])
  }

  @Test func invalidIndex() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = indexSelect(Variable([[1, 2]]).named("embedding.table"), at: indices([0, 0, 7]))
    }
    expectSentence(
      result,
      "indexSelect: index 7 at position 2 is not in 0..<1 of float32 [1, 2] \"embedding.table\" "
        + "(in embedding)")
  }

  @Test func negativeIndex() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = gather(Variable([1, 2]), at: indices([-1]), axis: 0)
    }
    expectSentence(result, "gather: index -1 at position 0 is not in 0..<2 of float32 [2]")
  }

  @Test func indicesAreIntegers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = gather(Variable([1, 2]), at: [0, 1], axis: 0)
    }
    expectSentence(result, "gather: the indices float32 [2] of float32 [2] are not integers")
  }
}
