import Testing

@testable import Autograd

@Suite struct NormalizationTests {
  let x = sample([3, 4, 2], 1)
  let weight = sample([4], 2)
  let bias = sample([4], 3)
  let fixtures = normalizationValues

  @Test func batchesAgreeWithPyTorch() {
    expectPyTorch("batchNorm", of: fixtures, x, weight, bias) {
      batchNorm($0[0], weight: $0[1], bias: $0[2]).output
    }
    let variance = sample([4], 5, low: 0.5, high: 2)
    expectPyTorch("batchNorm inference", of: fixtures, x, sample([4], 4), variance, weight, bias) {
      batchNorm($0[0], mean: $0[1], variance: $0[2], weight: $0[3], bias: $0[4])
    }
  }

  @Test func statisticsOfABatch() {
    let result = batchNorm(x)
    #expect(result.mean.shape == [4])
    expectClose(result.mean.value.doubles(), x.mean(axes: [0, 2]).value.doubles(), 1e-15)
    expectClose(
      result.variance.value.doubles(), x.variance(axes: [0, 2], correction: 0).value.doubles(),
      1e-15)
  }

  @Test func layersAgreeWithPyTorch() {
    expectPyTorch("layerNorm", of: fixtures, x, sample([4, 2], 2), sample([4, 2], 3)) {
      layerNorm($0[0], normalizedAxes: 2, weight: $0[1], bias: $0[2])
    }
    expectPyTorch("layerNorm plain", of: fixtures, x) { layerNorm($0[0], epsilon: 0.1) }
    expectPyTorch("rmsNorm", of: fixtures, x, sample([2], 2)) { rmsNorm($0[0], weight: $0[1]) }
  }

  @Test func groupsAndInstancesAgreeWithPyTorch() {
    expectPyTorch("groupNorm", of: fixtures, x, weight, bias) {
      groupNorm($0[0], groups: 2, weight: $0[1], bias: $0[2])
    }
    expectPyTorch("instanceNorm", of: fixtures, x, weight, bias) {
      instanceNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 0.01)
    }
  }

  @Test func constantDataGiveZeros() {
    let x = Variable(Tensor.full(1e6, [2, 3]), requiresGradient: true)
    let y = layerNorm(x)
    #expect(y.value.doubles() == [0, 0, 0, 0, 0, 0])
    let slopes = gradient(of: square(y).sum(), withRespectTo: x).value.doubles()
    #expect(slopes == [0, 0, 0, 0, 0, 0])
  }

  @Test func mistakesAreErrors() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = layerNorm(Variable(Tensor.zeros([4, 3])), weight: [1, 1])
      }, "layerNorm: the weight float32 [2] does not fit the last axes [3] of float32 [4, 3]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = batchNorm(Variable(Tensor.zeros([4, 3])), bias: [1, 1])
      }, "batchNorm: the bias float32 [2] does not fit the 3 channels of float32 [4, 3]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = groupNorm(Variable(Tensor.zeros([4, 3])), groups: 2)
      }, "groupNorm: 2 groups do not divide the channels of float32 [4, 3]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = instanceNorm(Variable(Tensor.zeros([4, 3])))
      }, "instanceNorm: float32 [4, 3] has no spatial axes")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = rmsNorm(Variable(Tensor.zeros([4, 3])), normalizedAxes: 3)
      }, "rmsNorm: float32 [4, 3] does not have 3 axes to normalize")
  }
}
