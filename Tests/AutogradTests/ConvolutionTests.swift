import Testing

@testable import Autograd

@Suite struct ConvolutionTests {
  @Test func oneAxisAgreesWithPyTorch() {
    let fixtures = convolutionValues
    expectPyTorch("conv1d", of: fixtures, sample([2, 3, 5], 1), sample([2, 3, 2], 2)) {
      conv1d($0[0], $0[1])
    }
    expectPyTorch(
      "conv1d all", of: fixtures, sample([1, 4, 8], 1), sample([2, 2, 3], 2), sample([2], 3)
    ) { conv1d($0[0], $0[1], bias: $0[2], stride: 2, padding: 2, dilation: 2, groups: 2) }
    expectPyTorch("conv1d same", of: fixtures, sample([1, 2, 5], 1), sample([1, 2, 4], 2)) {
      conv1d($0[0], $0[1], padding: .same)
    }
  }

  @Test func twoAxesAgreeWithPyTorch() {
    let (image, filters) = (sample([2, 2, 4, 3], 1), sample([2, 2, 2, 3], 2))
    let fixtures = convolutionValues
    expectPyTorch("conv2d", of: fixtures, image, filters, sample([2], 3)) {
      conv2d($0[0], $0[1], bias: $0[2], padding: 1)
    }
    expectPyTorch("conv2d strides", of: fixtures, image, filters) {
      conv2d($0[0], $0[1], stride: [2, 1], padding: [1, 2], dilation: [1, 2])
    }
    expectPyTorch("conv2d depthwise", of: fixtures, image, sample([2, 1, 2, 2], 2)) {
      conv2d($0[0], $0[1], groups: 2)
    }
  }

  @Test func threeAxesAgreeWithPyTorch() {
    expectPyTorch(
      "conv3d", of: convolutionValues, sample([1, 2, 2, 3, 2], 1), sample([1, 2, 2, 2, 1], 2)
    ) { conv3d($0[0], $0[1], stride: [1, 2, 1]) }
  }

  @Test func paddingThatKeepsTheSize() {
    let x = Variable(Tensor.ones([1, 1, 5, 4]))
    let weight = Variable(Tensor.ones([2, 1, 3, 2]))
    #expect(conv2d(x, weight, padding: .same).shape == [1, 2, 5, 4])
    #expect(conv2d(x, weight, padding: .valid).shape == [1, 2, 3, 3])
  }

  @Test func stridedInput() {
    let x = sample([4, 3, 2, 2], 1)
    let weight = sample([3, 2, 2, 3], 2)
    let strided = conv2d(x.transposed(0, 3), weight.transposed(0, 1), padding: 1)
    let copied = conv2d(
      x.transposed(0, 3).copied(), weight.transposed(0, 1).copied(), padding: 1)
    expectClose(strided.value.doubles(), copied.value.doubles(), 1e-15)
  }

  @Test func channelsThatDoNotFitAreAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv2d(Variable(Tensor.zeros([1, 3, 5, 5])), Variable(Tensor.zeros([4, 2, 3, 3])))
      }, "conv2d: the input float32 [1, 3, 5, 5] does not have 4 axes with 2 channels")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv1d(
          Variable(Tensor.zeros([1, 2, 4])), Variable(Tensor.zeros([3, 1, 1])), groups: 2)
      }, "conv1d: 2 groups do not divide axis 0 of the weight float32 [3, 1, 1]")
  }

  @Test func geometryThatDoesNotFitIsAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv1d(
          Variable(Tensor.zeros([1, 1, 4])), Variable(Tensor.zeros([1, 1, 3])), dilation: 2)
      }, "conv1d: the window spans 5 elements, more than axis 2 of the padded input [1, 1, 4]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv1d(
          Variable(Tensor.zeros([1, 1, 4])), Variable(Tensor.zeros([1, 1, 3])), stride: 2,
          padding: .same)
      }, "conv1d: padding .same needs stride 1, not [2]")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv2d(
          Variable(Tensor.zeros([1, 1, 4, 4])), Variable(Tensor.zeros([1, 1, 3, 3])),
          stride: [1, 1, 1])
      }, "conv2d: stride [1, 1, 1] does not fit 2 spatial axes")
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv2d(
          Variable(Tensor.zeros([1, 1, 4, 4])), Variable(Tensor.zeros([1, 1, 3, 3])), bias: [1, 2])
      }, "conv2d: the bias float32 [2] does not have shape [1]")
  }
}
