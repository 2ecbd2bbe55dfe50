import Testing

@testable import Autograd

@Suite struct PoolingTests {
  @Test func maximaAgreeWithPyTorch() {
    let fixtures = poolingValues
    expectPyTorch("maxPool1d", of: fixtures, sample([2, 2, 7], 1)) {
      maxPool1d($0[0], size: 3, stride: 2, padding: 1)
    }
    expectPyTorch("maxPool1d dilated", of: fixtures, sample([2, 2, 7], 1)) {
      maxPool1d($0[0], size: 2, stride: 1, dilation: 3)
    }
    expectPyTorch("maxPool2d", of: fixtures, sample([2, 6, 5], 1)) {
      maxPool2d($0[0], size: [2, 3], padding: [1, 0])
    }
  }

  @Test func theFirstOfSeveralMaximaGetsTheGradient() {
    let values = sample([2, 6, 5], 1).value.doubles().map { ($0 * 2).rounded(.toNearestOrEven) }
    let ties = leaf(values, [2, 6, 5])
    let y = maxPool2d(ties, size: 3, stride: 1)
    let expected = numbers(poolingValues, "maxPool2d ties")
    expectClose(y.value.doubles(), expected[0])
    let seed = sample(y.shape, 9).detached()
    expectClose(gradient(of: y, withRespectTo: ties, seed: seed).value.doubles(), expected[1])
  }

  @Test func meansAgreeWithPyTorch() {
    let fixtures = poolingValues
    expectPyTorch("averagePool1d", of: fixtures, sample([2, 2, 7], 1)) {
      averagePool1d($0[0], size: 3, stride: 2, padding: 1)
    }
    expectPyTorch("averagePool2d", of: fixtures, sample([2, 6, 5], 1)) {
      averagePool2d(
        $0[0], size: [3, 2], stride: [2, 1], padding: 1, countIncludesPadding: false)
    }
    expectPyTorch("adaptive", of: fixtures, sample([1, 2, 6, 6], 1)) {
      adaptiveAveragePool2d($0[0], outputSize: [4, 3])
    }
  }

  @Test func discardedElementsStayExact() {
    let x = leaf([0, 4, 9, 0], [1, 4])
    let y = maxPool1d(sqrt(x), size: 2).sum()
    #expect(y.item() == 5)
    let slopes = gradient(of: y, withRespectTo: x).value.doubles()
    expectClose(slopes, [0, 0.25, 1.0 / 6, 0], 1e-15)
  }

  @Test func geometryThatDoesNotFitIsAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxPool2d(Variable(Tensor.zeros([1, 1, 5, 5])), size: 3, padding: 2)
      }, "maxPool2d: padding 2 is more than half of the window's size 3")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = averagePool1d(Variable(Tensor.zeros([])), size: 1)
      }, "averagePool1d: float32 [] has fewer than 1 spatial axes")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = maxPool1d(Variable(Tensor.zeros([1, 2])), size: 3)
      }, "maxPool1d: the window spans 3 elements, more than axis 1 of the padded input [1, 2]")
  }
}
