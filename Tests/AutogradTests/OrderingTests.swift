import Testing

@testable import Autograd

@Suite struct OrderingTests {
  private let x = Variable([[3, 1, 2], [0, 5, 5]])

  @Test func positionsOfExtrema() {
    expectArray(x.argmax(axis: 1), [2], integers: [0, 1])
    expectArray(x.argmin(axis: 0, keepingAxes: true), [1, 3], integers: [1, 0, 0])
    expectArray(x.argmax(), [], integers: [4])
    expectArray(x.argmin(keepingAxes: true), [1, 1], integers: [3])
    expectArray(x.transposed().argmax(axis: -1), [3], integers: [0, 1, 1])
    expectArray(Variable([1, .nan, 3] as [Double]).argmax(), [], integers: [1])
    expectArray((x .> 1).argmax(axis: 1), [2], integers: [0, 1])
  }

  @Test func stableOrder() {
    expectArray(x.argsort(), [2, 3], integers: [1, 2, 0, 0, 1, 2])
    expectArray(x.argsort(descending: true), [2, 3], integers: [0, 2, 1, 1, 2, 0])
    expectArray(x.argsort(axis: 0), [2, 3], integers: [1, 0, 0, 0, 1, 1])
    expectArray(
      Variable([.nan, 1, -.infinity] as [Float]).argsort(), [3], integers: [2, 1, 0])
    #expect(x[..<0].argsort().shape == [0, 3])
  }

  @Test func sortedValues() {
    let (values, order) = x.sorted(axis: 0, descending: true)
    expectArray(values, [2, 3], [3, 5, 5, 0, 1, 2])
    expectArray(order, [2, 3], integers: [0, 1, 1, 1, 0, 0])
    let (g, h) = derivatives(at: [3, 1, 2]) { x in
      square(x.sorted().values) * Variable([1, 10, 100])
    }
    #expect(g == [600, 2, 40])
    #expect(h == [200, 2, 20])
  }

  @Test func largestAndSmallest() {
    let (values, places) = x.topK(2)
    expectArray(values, [2, 2], [3, 2, 5, 5])
    expectArray(places, [2, 2], integers: [0, 2, 1, 2])
    expectArray(x.topK(1, axis: 0, largest: false).values, [1, 3], [0, 1, 2])
    let y = Variable([[3, 1, 2], [0, 5, 5]], requiresGradient: true)
    let g = gradient(of: y.topK(2).values.sum(), withRespectTo: y)
    #expect(g.array(of: Float.self) == [1, 0, 1, 0, 1, 1])
    let (a, _) = derivatives(at: [0, 4]) { sqrt($0).topK(1).values }
    #expect(a == [0, 0.25])
  }

  @Test func tooMany() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([1, 2]).topK(3)
    }
    expectSentence(result, "topK: axis 0 of [2] has 2 elements, not 3")
  }
}
