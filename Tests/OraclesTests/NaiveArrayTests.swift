// What PyTorch values of generic inputs do not cover: order with NaN, edges of slices, empty
// arrays.
import Oracles
import Testing

struct NaiveArrayTests {
  private let nan = Double.nan

  @Test func orderIsStableWithNaNLast() {
    let x = NaiveArray([2, nan, 1, 2, nan, 3])
    #expect(x.argsort().elements == [2, 0, 3, 5, 1, 4])
    #expect(x.argsort(descending: true).elements == [5, 0, 3, 2, 1, 4])
    #expect(x.sorted().elements.prefix(4) == [1, 2, 2, 3])
    let top = x.topK(2)
    #expect(top.values.elements == [3, 2] && top.indices.elements == [5, 0])
    #expect(x.topK(2, largest: false).indices.elements == [2, 0])
  }

  @Test func extremesPropagateNaNAndTakeTheFirst() {
    let x = NaiveArray([1, 5, 5, nan, 7, -2, -2, 0], shape: [2, 4])
    #expect(x.argmax(axis: 1).elements == [3, 0])
    #expect(x.argmin(axis: 1).elements == [3, 1])
    #expect(x.argmax().elements == [3])
    let largest = x.amax([1]).elements
    #expect(largest[0].isNaN && largest[1] == 7)
    #expect(Double.max(1, nan).isNaN && Double.min(nan, 1).isNaN)
  }

  @Test func slicesFollowPython() {
    func positions(_ start: Int?, _ stop: Int?, _ step: Int) -> [Int] {
      NaiveSlice(start, stop, step: step).positions(of: 5)
    }
    #expect(positions(nil, nil, -1) == [4, 3, 2, 1, 0])
    #expect(positions(-2, nil, 1) == [3, 4])
    #expect(positions(3, 0, -2) == [3, 1])
    #expect(positions(-9, 99, 3) == [0, 3])
    #expect(positions(9, -9, -3) == [4, 1])
    #expect(positions(2, 2, 1) == [])
    #expect(positions(1, -1, 2) == [1, 3])
  }

  @Test func broadcasting() {
    let column = NaiveArray<Double>([1, 2], shape: [2, 1])
    let row = NaiveArray<Double>([10, 20, 30])
    #expect((column + row).shape == [2, 3])
    #expect((column + row).elements == [11, 21, 31, 12, 22, 32])
    #expect(row.broadcast(to: [2, 3]).elements == [10, 20, 30, 10, 20, 30])
    #expect(broadcastShape([0, 1], [3]) == [0, 3])
  }

  @Test func emptyAndScalarArrays() {
    let empty = NaiveArray<Double>([], shape: [0, 3])
    #expect(empty.sum([0]).elements == [0, 0, 0])
    #expect(empty.prod([0]).elements == [1, 1, 1])
    #expect(empty.sum([1]).shape == [0])
    #expect(empty.softmax().shape == [0, 3])
    #expect(empty.matmul(NaiveArray([], shape: [3, 0])).shape == [0, 0])
    let nothing = NaiveArray<Double>([], shape: [2, 0]).logSumExp([1])
    #expect(nothing.elements == [-.infinity, -.infinity])
    let scalar = NaiveArray<Double>(scalar: 4)
    #expect(scalar.sum().elements == [4] && scalar.indices == [[]])
    #expect(scalar.flattened().shape == [1])
  }

  @Test func shapes() {
    let x = NaiveArray<Int>(shape: [2, 1, 3]) { $0[0] * 3 + $0[2] }
    #expect(x.squeezed().shape == [2, 3] && x.unsqueezed(-1).shape == [2, 1, 3, 1])
    #expect(x.reshaped(to: [3, -1]).shape == [3, 2])
    #expect(x.flattened(from: 1).shape == [2, 3])
    #expect(x.unflattened(axis: -1, into: [3, 1]).shape == [2, 1, 3, 1])
    #expect(x.permuted([2, 0, 1]).elements == [0, 3, 1, 4, 2, 5])
    #expect(x.split([1, 2], axis: 2).map(\.elements) == [[0, 3], [1, 2, 4, 5]])
    #expect(x.unbind(axis: 0).map(\.elements) == [[0, 1, 2], [3, 4, 5]])
    #expect(x.select(-1, axis: 2).elements == [2, 5])
    #expect(x.maskedSelect(x.map { $0 % 2 == 1 }).elements == [1, 3, 5])
  }

  @Test func indicesAndOneHot() {
    let hot = NaiveArray<Double>.oneHot(NaiveArray([1, 0]), classes: 3)
    #expect(hot.elements == [0, 1, 0, 1, 0, 0])
    let x = NaiveArray<Double>([1, 2, 3])
    #expect(x.gathered(NaiveArray([-1, 0]), axis: 0).elements == [3, 1])
    #expect(x.taken(NaiveArray([2, 2, 0, -1], shape: [2, 2])).shape == [2, 2])
  }

  @Test func products() {
    let a = NaiveArray<Double>([1, 2, 3])
    let b = NaiveArray<Double>([4, 5, 6])
    #expect(a.dot(b).elements == [32])
    #expect(a.outer(b).elements == [4, 5, 6, 8, 10, 12, 12, 15, 18])
    #expect(a.linear(NaiveArray([1, 0, 1, 0, 1, 0], shape: [2, 3])).elements == [4, 2])
    #expect(a.lerp(to: b, weight: NaiveArray([0.5])).elements == [2.5, 3.5, 4.5])
    #expect(a.addcmul(a, b, value: 2).elements == [9, 22, 39])
    #expect(a.addcdiv(b, a).elements == [5, 4.5, 5])
  }

  @Test func rowThatSeesNothingIsZero() {
    let x = NaiveArray<Double>([1, 2, 3, 4], shape: [2, 2])
    let mask = NaiveArray([true, false, false, false], shape: [2, 2])
    let result = NaiveArray<Double>.scaledDotProductAttention(
      query: x, key: x, value: x, mask: mask)
    #expect(result.elements == [1, 2, 0, 0])
  }
}
