import Testing

@testable import Autograd

@Suite struct WindowsTests {
  @Test func windowsOfAVector() {
    let x = Variable(Tensor.range(to: 7))
    let y = x.windows(axis: 0, size: 3, stride: 2)
    #expect(y.shape == [3, 3])
    #expect(y.value.doubles() == [0, 1, 2, 2, 3, 4, 4, 5, 6])
    let dilated = x.windows(axis: 0, size: 2, stride: 1, dilation: 3)
    #expect(dilated.value.doubles() == [0, 3, 1, 4, 2, 5, 3, 6])
  }

  @Test func largeWindowsShareMemory() {
    let x = Variable(Tensor.zeros([2, 1000]))
    let y = x.windows(axis: 1, size: 10)
    #expect(y.shape == [2, 991, 10])
    #expect(y.value.storage === x.value.storage)
  }

  @Test func axesInTheMiddleAndStridedInputs() {
    let x = sample([3, 5, 2], 2)
    let moved = x.transposed(0, 2).windows(axis: 1, size: 2, stride: 3)
    #expect(moved.shape == [2, 2, 3, 2])
    let copied = x.transposed(0, 2).copied().windows(axis: 1, size: 2, stride: 3)
    expectClose(moved.value.doubles(), copied.value.doubles(), 0)
    #expect(moved.value[1, 1, 2, 1] as Double == x.value[2, 4, 1])
  }

  @Test func addingWindowsIsTheTranspose() {
    let x = sample([2, 9, 3], 2)
    let y = x.windows(axis: 1, size: 3, stride: 2, dilation: 2)
    let w = sample(y.shape, 4)
    let left = (y * w).sum()
    let right = (x * w.addingWindows(axis: 1, length: 9, stride: 2, dilation: 2)).sum()
    expectClose([left.item()], [right.item()], 1e-12)
    let ones = Variable(Tensor.ones([3, 3]))
    #expect(ones.addingWindows(axis: 0, length: 6).value.doubles() == [1, 2, 3, 2, 1, 0])
  }

  @Test func derivatives() {
    let x = sample([2, 7], 2)
    let y = x.windows(axis: 1, size: 3, stride: 2)
    let counts = gradient(of: y.sum(), withRespectTo: x)
    #expect(counts.value.doubles() == [1, 1, 2, 1, 2, 1, 1, 1, 1, 2, 1, 2, 1, 1])
    expectSecondDerivatives("windows", [x]) {
      square($0[0].windows(axis: 1, size: 3, stride: 2).sum(axis: 2))
    }
    expectSecondDerivatives("addingWindows", [sample([2, 3, 2], 1)]) {
      square($0[0].addingWindows(axis: 1, length: 8, stride: 3))
    }
  }

  @Test func discardedElementsStayExact() {
    let x = leaf([0.0, 4, 9, 16])
    let roots = sqrt(x).windows(axis: 0, size: 2)
    let y = select(roots .> 0, roots, 0).sum()
    #expect(gradient(of: y, withRespectTo: x).value.doubles() == [0, 0.5, 1.0 / 3, 0.125])
  }

  @Test func aWindowLongerThanTheAxisIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(Tensor.zeros([2, 4])).windows(axis: 1, size: 3, dilation: 2)
    }
    expectSentence(result, "spans 5 elements, axis 1 of float32 [2, 4] has 4")
  }

  @Test func windowsThatDoNotFitAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(Tensor.zeros([3, 2])).addingWindows(axis: 0, length: 5, stride: 2)
    }
    expectSentence(result, "need 6 elements, not 5")
  }
}
