import Testing

@testable import Autograd

@Suite struct AttentionTests {
  let query = sample([2, 3, 2], 1)
  let key = sample([2, 4, 2], 2)
  let value = sample([2, 4, 3], 3)
  let fixtures = attentionValues

  @Test func agreesWithPyTorch() {
    expectPyTorch("plain", of: fixtures, query, key, value) {
      scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2])
    }
    expectPyTorch("causal", of: fixtures, query, key, value) {
      scaledDotProductAttention(
        query: $0[0], key: $0[1], value: $0[2], isCausal: true, scale: 0.3)
    }
  }

  @Test func masksAgreeWithPyTorch() {
    let mask: Variable = [
      [true, false, true, true], [false, true, false, false], [true, true, true, false],
    ]
    expectPyTorch("mask", of: fixtures, query, key, value) {
      scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], mask: mask)
    }
    expectPyTorch("additive", of: fixtures, query, key, value, sample([3, 4], 4)) {
      scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], mask: $0[3])
    }
  }

  @Test func minusInfinityMasksAsFalseDoes() {
    let allowed: Variable = [true, false, true, true]
    let added = constant([0, -.infinity, 0, 0])
    let a = scaledDotProductAttention(query: query, key: key, value: value, mask: allowed)
    let b = scaledDotProductAttention(query: query, key: key, value: value, mask: added)
    expectClose(a.value.doubles(), b.value.doubles(), 0)
  }

  @Test func aQueryWithoutKeysGetsZeros() {
    let mask: Variable = [
      [true, true, true, true], [false, false, false, false], [true, false, false, false],
    ]
    func attend(_ inputs: [Variable]) -> Variable {
      scaledDotProductAttention(query: inputs[0], key: inputs[1], value: inputs[2], mask: mask)
    }
    let y = attend([query, key, value])
    #expect(y[0, 1].value.doubles() == [0, 0, 0])
    let slope = gradient(of: square(y).sum(), withRespectTo: query)
    #expect(slope[1, 1].value.doubles() == [0, 0])
    expectSecondDerivatives("fully masked row", [query, key, value], function: attend)
  }

  @Test func shapesThatDoNotFitAreAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = scaledDotProductAttention(
          query: Variable(Tensor.zeros([3, 2])), key: Variable(Tensor.zeros([4, 3])),
          value: Variable(Tensor.zeros([4, 3])))
      }, "scaledDotProductAttention: shapes do not fit: query float32 [3, 2], key float32 [4, 3]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Variable(Tensor.zeros([4, 2]))
        let mask: Variable = [true, true, true, true, false]
        _ = scaledDotProductAttention(query: x[..<3], key: x, value: x, mask: mask)
      }, "the mask bool [5] does not broadcast to the scores [3, 4]")
  }
}
