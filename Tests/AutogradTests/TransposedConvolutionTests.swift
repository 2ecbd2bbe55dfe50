import Testing

@testable import Autograd

@Suite struct TransposedConvolutionTests {
  @Test func agreesWithPyTorch() {
    let fixtures = transposedConvolutionValues
    expectPyTorch("1d", of: fixtures, sample([2, 2, 3], 1), sample([2, 3, 2], 2)) {
      convTranspose1d($0[0], $0[1])
    }
    expectPyTorch(
      "1d all", of: fixtures, sample([1, 4, 3], 1), sample([4, 1, 2], 2), sample([2], 3)
    ) {
      convTranspose1d(
        $0[0], $0[1], bias: $0[2], stride: 3, padding: 1, outputPadding: 2, groups: 2, dilation: 2)
    }
    expectPyTorch(
      "2d", of: fixtures, sample([1, 2, 2, 3], 1), sample([2, 2, 3, 2], 2), sample([2], 3)
    ) {
      convTranspose2d(
        $0[0], $0[1], bias: $0[2], stride: [2, 1], padding: [1, 0], outputPadding: [1, 0])
    }
  }

  @Test func isTheDerivativeOfTheConvolution() {
    let x = sample([2, 3, 7], 1)
    let weight = sample([4, 3, 3], 2)
    let y = conv1d(x, weight, stride: 2, padding: 1)
    let seed = sample(y.shape, 3).detached()
    let back = gradient(of: y, withRespectTo: x, seed: seed)
    let direct = convTranspose1d(seed, weight, stride: 2, padding: 1)
    expectClose(direct.value.doubles(), back.value.doubles(), 1e-14)
  }

  @Test func geometryThatDoesNotFitIsAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convTranspose1d(
          Variable(Tensor.zeros([1, 1, 4])), Variable(Tensor.zeros([1, 1, 3])), stride: 2,
          outputPadding: 2)
      }, "convTranspose1d: outputPadding 2 is not below the stride 2 or the dilation 1")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = convTranspose1d(
          Variable(Tensor.zeros([1, 1, 1])), Variable(Tensor.zeros([1, 1, 3])), padding: 2)
      }, "convTranspose1d: padding 2 leaves nothing of the 3 elements of axis 2")
  }
}
