import Testing

@testable import Autograd

@Suite struct MaskingTests {
  @Test func maskedSelectKeepsTheOrder() {
    let x = Variable([[1, 2], [3, 4]], requiresGradient: true)
    expectArray(maskedSelect(x, x .> 1), [3], [2, 3, 4])
    expectArray(maskedSelect(x, Variable([true, false])), [2], [1, 3])
    expectArray(maskedSelect(x.transposed(), x.transposed() .!= 2), [3], [1, 3, 4])
    #expect(maskedSelect(x, x .> 9).shape == [0])
    let y = square(maskedSelect(x, x .> 2)).sum()
    #expect(gradient(of: y, withRespectTo: x).array(of: Float.self) == [0, 0, 6, 8])
    let (g, h) = derivatives(at: [0, 4]) { x in maskedSelect(sqrt(x), x .> 0) }
    #expect(g == [0, 0.25])
    #expect(h == [0, -0.03125])
  }

  @Test func nonzeroGivesPlaces() {
    let x = Variable([[0, 2, 0], [3, 0, -1]])
    expectArray(nonzero(x), [3, 2], integers: [0, 1, 1, 0, 1, 2])
    expectArray(nonzero(x.transposed() .> 0), [2, 2], integers: [0, 1, 1, 0])
    #expect(nonzero(Variable(Tensor(1))).shape == [1, 0])
    #expect(nonzero(Variable([0.0, 0.0])).shape == [0, 1])
  }

  @Test func oneHotRows() {
    expectArray(oneHot(indices([2, 0]), count: 3), [2, 3], [0, 0, 1, 1, 0, 0])
    let integers = oneHot(indices([[1], [0]]), count: 2, dtype: .int64)
    expectArray(integers, [2, 1, 2], integers: [0, 1, 1, 0])
  }

  @Test func oneHotChecksItsIndices() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = oneHot(indices([0, 3]), count: 3)
    }
    expectSentence(result, "oneHot: index 3 at position 1 is not in 0..<3")
  }
}
