import Testing

@testable import Autograd

@Suite struct LinearAlgebraTests {
  @Test func agreesWithPyTorch() {
    let (a, b) = (sample([3, 4], 1), sample([4, 5], 2))
    let fixtures = linearAlgebraValues
    expectPyTorch("addmm", of: fixtures, sample([5], 3), a, b) {
      addmm($0[0], $0[1], $0[2], beta: 0.5, alpha: 2)
    }
    expectPyTorch(
      "linear", of: fixtures, sample([2, 2, 4], 1), sample([3, 4], 2), sample([3], 3)
    ) { linear($0[0], $0[1], bias: $0[2]) }
    expectPyTorch("tensordot", of: fixtures, sample([2, 3, 4], 1), sample([3, 4, 2], 2)) {
      tensordot($0[0], $0[1], leftAxes: [2, 0], rightAxes: [1, -1])
    }
    expectPyTorch("outer", of: fixtures, sample([2], 1), sample([3], 2)) { outer($0[0], $0[1]) }
  }

  @Test func innerProduct() {
    #expect(dot(constant([1, 2, 3]), constant([4, 5, 6])).item() == 32)
    #expect(dot(constant([]), constant([])).item() == 0)
  }

  @Test func tensordotOverNeighbouringAxes() {
    let a = constant([1, 2, 3, 4, 5, 6], [1, 2, 3])
    let b = constant([1, 0, 2, 0, 1, 1], [2, 3, 1])
    #expect(tensordot(a, b).value.doubles() == [18])
    #expect(tensordot(a, b, axes: 0).shape == [1, 2, 3, 2, 3, 1])
  }

  @Test func aProductWithoutBetaDoesNotReadC() {
    let c = constant([.nan, .nan])
    let a = constant([2], [1, 1])
    #expect(addmm(c[..<1], a, a, beta: 0).value.doubles() == [4])
  }

  @Test func aWeightOfAnotherSizeIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Variable(Tensor.zeros([2, 3])).named("encoder.hidden.weight")
      _ = linear(Variable(Tensor.zeros([5, 4])), weight)
    }
    expectSentence(
      result,
      "linear: the input float32 [5, 4] does not end with the second axis of the weight "
        + "float32 [2, 3]"
    )
    expectSentence(result, "(in encoder.hidden)")
  }

  @Test func vectorsOfTwoLengthsAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dot(Variable(Tensor.zeros([2])), Variable(Tensor.zeros([3])))
    }
    expectSentence(result, "dot: the operands are not vectors of one length")
  }

  @Test func axesThatDoNotPairAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Variable(Tensor.zeros([2, 3]))
      _ = tensordot(x, x, leftAxes: [0], rightAxes: [1])
    }
    expectSentence(result, "tensordot: axes [0] of float32 [2, 3] do not pair with axes [1]")
  }
}
