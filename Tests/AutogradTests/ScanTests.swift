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
