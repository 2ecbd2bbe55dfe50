import Testing

@testable import Autograd

@Suite struct EinsumTests {
  @Test func matricesAgreeWithPyTorch() {
    let (a, b) = (sample([3, 4], 1), sample([4, 5], 2))
    check("ij,jk->ik", a, b)
    check("ij,jk", a, b)
    check("ba", a)
    check("ij,ij->ij", a, sample([3, 4], 4))
    check("ij,ij->", a, sample([3, 4], 4))
  }

  @Test func diagonalsAgreeWithPyTorch() {
    check("ii->", sample([3, 3], 1))
    check("ii->i", sample([3, 3], 1))
    check("iii->i", sample([2, 2, 2], 3))
    check("iij,j->i", sample([2, 2, 3], 1), sample([3], 2))
  }

  @Test func severalOperandsAgreeWithPyTorch() {
    check("i,j,k->kij", sample([2], 1), sample([3], 2), sample([2], 3))
    check(
      "bij,bjk,bkl->bil", sample([2, 1, 2], 1), sample([2, 2, 3], 2), sample([2, 3, 2], 3))
    check("bn,anm,bm->ba", sample([2, 3], 1), sample([2, 3, 2], 2), sample([2, 2], 3))
  }

  @Test func furtherAxesAgreeWithPyTorch() {
    check("...ij,...jk->...ik", sample([2, 1, 1, 2], 1), sample([3, 2, 1], 2))
    check("...i,i", sample([2, 3, 4], 1), sample([4], 2))
    check("i...->...", sample([2, 3, 4], 1))
    check("...i->i", sample([2, 3, 4], 1))
  }

  private func check(_ equation: String, _ operands: Variable...) {
    let fixtures = einsumValues
    switch operands.count {
    case 1: expectPyTorch(equation, of: fixtures, operands[0]) { einsum(equation, $0[0]) }
    case 2:
      expectPyTorch(equation, of: fixtures, operands[0], operands[1]) {
        einsum(equation, $0[0], $0[1])
      }
    default:
      expectPyTorch(equation, of: fixtures, operands[0], operands[1], operands[2]) {
        einsum(equation, $0[0], $0[1], $0[2])
      }
    }
  }

  @Test func spacesAndScalars() {
    let x = constant([1, 2, 3, 4], [2, 2])
    #expect(einsum(" i j -> j i ", x).value.doubles() == [1, 3, 2, 4])
    #expect(einsum(",i->i", constant([2], .scalar), constant([1, 2])).value.doubles() == [2, 4])
    #expect(einsum("ij->", constant([], [0, 2])).item() == 0)
  }

  @Test func positionsOfMistakes() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,1k->ik", [[1]], [[1]])
      }, "has \"1\", which is not a letter, at position 3")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,jk->il", [[1]], [[1]])
      }, "has \"l\" in the result, which no operand has, at position 8")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij->ii", [[1]])
      }, "has \"i\" twice in the result, at position 5")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij-ji", [[1]])
      }, "has \"-\" that does not begin the only \"->\", at position 2")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("i..->i", [[1]])
      }, "has \".\" that does not begin the only \"...\" of its operand, at position 1")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij->i,j", [[1]])
      }, "has a comma in the result, at position 5")
  }

  @Test func mistakesInOperands() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("i,i", [1])
      }, "names 2 operands, but there are 1")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,ijk", [[1]], [[1]])
      }, "names the axes \"ijk\" (at position 3) for operand 1, which is float32 [1, 1]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ij,jk", [[1, 2]], [[1], [2], [3]])
      }, "\"j\" has size 2, but at position 3 size 3: operand 1 is float32 [3, 1]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = einsum("ii", [[1, 2]])
      }, "\"i\" has size 1, but at position 0 size 2: operand 0 is float32 [1, 2]")
  }
}
