import Testing

@testable import Autograd

@Suite struct ScanTests {
  let x = sample([2, 3, 4], 1)

  @Test func runningSumsAgreeWithPyTorch() {
    expectPyTorch("cumulativeSum", of: scanValues, x) { $0[0].cumulativeSum(axis: 1) }
    expectPyTorch("cumulativeSum reversed", of: scanValues, x) {
      $0[0].cumulativeSum(axis: -1, reversed: true)
    }
  }

  @Test func runningProductsAgreeWithPyTorch() {
    expectPyTorch("cumulativeProduct", of: scanValues, x) { $0[0].cumulativeProduct(axis: 1) }
    expectPyTorch("cumulativeProduct last", of: scanValues, x) {
      $0[0].cumulativeProduct(axis: -1)
    }
  }

  @Test func runningProductsAreExactWithZeros() {
    let x = leaf([2, 0, 3, 0, 5])
    #expect(x.cumulativeProduct(axis: 0).value.doubles() == [2, 0, 0, 0, 0])
    let first = gradient(
      of: x.cumulativeProduct(axis: 0).sum(), withRespectTo: x)
    // 1 + x₁ + …, x₀ (1 + x₂ + x₂ x₃ + …), x₀ x₁ (…), and so on.
    #expect(first.value.doubles() == [1, 8, 0, 0, 0])
    expectSecondDerivatives("cumulativeProduct", [x]) { $0[0].cumulativeProduct(axis: 0) }
  }

  @Test func runningProductsOfFewElements() {
    #expect(constant([]).cumulativeProduct(axis: 0).count == 0)
    #expect(constant([3]).cumulativeProduct(axis: 0).value.doubles() == [3])
    let integers = Variable(Tensor([1, 2, 3, 4, 5, 6, 7] as [Int64]))
    #expect(
      integers.cumulativeProduct(axis: 0).array(of: Int64.self) == [1, 2, 6, 24, 120, 720, 5040])
  }

  @Test func integersAndTruthValues() {
    let integers = Variable(Tensor([1, 2, 3] as [Int64]))
    #expect(integers.cumulativeSum(axis: 0).array(of: Int64.self) == [1, 3, 6])
    let truths: Variable = [true, false, true]
    #expect(truths.cumulativeSum(axis: 0).array(of: Int64.self) == [1, 1, 2])
  }

  @Test func stridedInput() {
    let result = x.transposed(0, 2).cumulativeSum(axis: 0)
    expectClose(
      result.value.doubles(), x.cumulativeSum(axis: 2).transposed(0, 2).value.doubles(), 0)
  }
}
