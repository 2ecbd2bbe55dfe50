import Testing

@testable import Autograd

@Suite struct StatisticsTests {
  let x = sample([2, 3, 4], 1)

  @Test func momentsAgreeWithPyTorch() {
    expectPyTorch("variance", of: statisticsValues, x) { $0[0].variance(axes: [0, 2]) }
    expectPyTorch("variance 0", of: statisticsValues, x) {
      $0[0].variance(axis: 1, correction: 0, keepingAxes: true)
    }
    expectPyTorch("standardDeviation", of: statisticsValues, x) {
      $0[0].standardDeviation(axis: -1)
    }
  }

  @Test func constantElementsHaveDeviationZeroAndDerivativeZero() {
    let x = leaf([3.0, 3, 3])
    let y = x.standardDeviation()
    let first = gradient(of: y, withRespectTo: x, createGraph: true)
    #expect(y.item() == 0)
    #expect(first.value.doubles() == [0, 0, 0])
    #expect(gradient(of: first.sum(), withRespectTo: x).value.doubles() == [0, 0, 0])
  }

  @Test func aLargeMeanDoesNotSpoilTheVariance() {
    let x = constant([1e8 + 1, 1e8 + 2, 1e8 + 3])
    #expect(x.variance().item() == 1)
  }

  @Test func tooFewElements() {
    #expect(constant([2]).variance().item().isNaN)
    #expect(constant([2]).variance(correction: 0).item() == 0)
  }

  @Test func productsAgreeWithPyTorch() {
    expectPyTorch("product", of: statisticsValues, x) { $0[0].product(axes: [0, 2]) }
  }

  @Test func productsAreExactWithZeros() {
    let one = leaf([2, 0, 3])
    let first = gradient(of: one.product(), withRespectTo: one, createGraph: true)
    #expect(first.value.doubles() == [0, 6, 0])
    let second = gradient(of: (first * constant([1, 10, 100])).sum(), withRespectTo: one)
    // ∂²/∂xᵢ∂xⱼ is the other element: 3, 0 and 2.
    #expect(second.value.doubles() == [30, 3 + 200, 20])
    let two = leaf([0, 5, 0, 7])
    expectSecondDerivatives("product", [two]) { $0[0].product() }
    #expect(gradient(of: two.product(), withRespectTo: two).value.doubles() == [0, 0, 0, 0])
  }

  @Test func productsOfFewElements() {
    #expect(constant([]).product().item() == 1)
    #expect(constant([], [2, 0]).product(axis: 1).value.doubles() == [1, 1])
    #expect(Variable(Tensor([2, 3, 4, 5, 6] as [Int64])).product().item() == 720)
    #expect(x.product(axes: [0, -1], keepingAxes: true).shape == [1, 3, 1])
  }

  @Test(arguments: [1, 2, 3, 4, 2.5, -1, Double.infinity, -Double.infinity])
  func normsAgreeWithPyTorch(order: Double) {
    expectPyTorch("norm \(order)", of: statisticsValues, x) {
      norm($0[0], order: order, axes: [0, 2])
    }
  }

  @Test func normOfAllElements() {
    expectPyTorch("norm all", of: statisticsValues, x) { norm($0[0]) }
    #expect(norm(constant([0, 2, -3]), order: 0).item() == 2)
    #expect(norm(constant([3, 4], [2, 1]), axis: 0, keepingAxes: true).value.doubles() == [5])
  }

  @Test(arguments: [0, 1, 2, 3, 4, 1.5, 0.5, -1, Double.infinity, -Double.infinity])
  func derivativeAtTheZeroVectorIsZero(order: Double) {
    let x = leaf([0.0, 0])
    let y = norm(x, order: order)
    let first = gradient(of: y, withRespectTo: x, createGraph: true)
    #expect(y.item() == 0)
    #expect(first.value.doubles() == [0, 0])
    if first.requiresGradient {
      #expect(gradient(of: first.sum(), withRespectTo: x).value.doubles() == [0, 0])
    }
  }

  @Test func elementsZeroBesideOthers() {
    let x = leaf([0.0, 4, -9])
    let y = norm(x, order: 0.5)
    #expect(y.item() == 25)
    expectClose(gradient(of: y, withRespectTo: x).value.doubles(), [0, 2.5, -5.0 / 3])
  }

  @Test func integersAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(Tensor([1, 2] as [Int64])).variance()
    }
    expectSentence(result, "variance: not defined for int64")
  }
}
