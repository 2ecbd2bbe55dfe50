import Autograd
import Oracles

private let slices: [(library: @Sendable (Variable) -> Variable, naive: [NaiveSlice])] = [
  ({ $0[1..<2] }, [NaiveSlice(1, 2)]),
  ({ $0[..., 1...] }, [.all, NaiveSlice(1)]),
  ({ $0[every(-1)] }, [NaiveSlice(step: -1)]),
  ({ $0[every(2), every(2, from: 1)] }, [NaiveSlice(step: 2), NaiveSlice(1, step: 2)]),
  ({ $0[..., 0..<0] }, [.all, NaiveSlice(0, 0)]),
  ({ $0[..<(-1), every(-2)] }, [NaiveSlice(nil, -1), NaiveSlice(step: -2)]),
]

let joiningCases: [OperationCase] = [
  .structured(
    "slice",
    [
      SampleSpec(.real([2, 3]), integers: [0]), SampleSpec(.real([2, 3]), integers: [1]),
      SampleSpec(.real([5]), integers: [2]), SampleSpec(.real([3, 4]), integers: [3]),
      SampleSpec(.real([2, 3]), integers: [4]), SampleSpec(.real([3, 5]), integers: [5]),
      SampleSpec(.real([17]), integers: [2]), SampleSpec(.real([2, 2, 3]), integers: [0]),
      SampleSpec(.real([3, 3, 1, 2]), integers: [5]),
    ]
  ) { x, k in slices[k[0]].library(x[0]) },
  .structured(
    "element",
    [
      SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([5]), integers: [-2]),
      SampleSpec(.real([2, 3, 2]), integers: [0]), SampleSpec(.real([1]), integers: [0]),
    ]
  ) { x, k in x[0][k[0]] },
  .structured(
    "lastColumn",
    [
      SampleSpec(.real([2, 3])), SampleSpec(.real([5])), SampleSpec(.real([2, 3, 2])),
      SampleSpec(.real([0, 2])),
    ]
  ) { x, _ in x[0][..., -1] },
  .structured(
    "concatenate",
    [
      SampleSpec(.real([2, 3]), .real([2, 1]), integers: [1]),
      SampleSpec(.real([2, 3]), .real([1, 3]), .real([2, 3]), integers: [0]),
      SampleSpec(.real([4]), .real([0]), integers: [0]),
      SampleSpec(.real([2, 1, 2]), .real([2, 3, 2]), integers: [-2]),
      SampleSpec(.real([3]), integers: [0]),
      SampleSpec(.real([15]), .real([17]), integers: [0]),
      SampleSpec(.real([1, 2, 1, 2, 1]), .real([1, 2, 1, 2, 2]), integers: [4]),
    ]
  ) { x, k in concatenate(x, axis: k[0]) },
  .structured(
    "stack",
    [
      SampleSpec(.real([2, 3]), .real([2, 3]), integers: [1]),
      SampleSpec(.real([]), .real([]), .real([]), integers: [0]),
      SampleSpec(.real([4]), .real([4]), integers: [-1]),
      SampleSpec(.real([0]), .real([0]), integers: [0]),
      SampleSpec(.real([2, 1, 2]), .real([2, 1, 2]), integers: [3]),
      SampleSpec(.real([17]), .real([17]), integers: [0]),
    ]
  ) { x, k in stack(x, axis: k[0]) },
  .structured(
    "split",
    [
      SampleSpec(.real([5, 2]), integers: [0, 2, 0, 3]),
      SampleSpec(.real([2, 3]), integers: [1, 1, 2]), SampleSpec(.real([4]), integers: [0, 4]),
      SampleSpec(.real([2, 3, 2]), integers: [-2, 2, 1]),
    ]
  ) { x, k in
    // The parts in reverse, so that each is used and their order matters.
    concatenate(x[0].split(sizes: Array(k.dropFirst()), axis: k[0]).reversed(), axis: k[0])
  },
  .structured(
    "splitEvenly",
    [
      SampleSpec(.real([5, 2]), integers: [0, 2]), SampleSpec(.real([2, 3]), integers: [1, 1]),
      SampleSpec(.real([7]), integers: [0, 3]), SampleSpec(.real([2, 4, 1]), integers: [1, 3]),
    ]
  ) { x, k in concatenate(x[0].split(size: k[1], axis: k[0]).reversed(), axis: k[0]) },
  .structured(
    "chunked",
    [
      SampleSpec(.real([5, 2]), integers: [0, 2]), SampleSpec(.real([2, 3]), integers: [1, 3]),
      SampleSpec(.real([7]), integers: [0, 4]), SampleSpec(.real([2, 4, 1]), integers: [-2, 2]),
    ]
  ) { x, k in concatenate(x[0].chunked(into: k[1], axis: k[0]).reversed(), axis: k[0]) },
  .structured(
    "unstacked",
    [
      SampleSpec(.real([2, 3]), integers: [0]), SampleSpec(.real([2, 3]), integers: [1]),
      SampleSpec(.real([4]), integers: [0]), SampleSpec(.real([2, 2, 3]), integers: [-2]),
    ]
  ) { x, k in stack(x[0].unstacked(axis: k[0]).reversed()) },
  .structured(
    "windows",
    [
      SampleSpec(.real([5]), integers: [0, 3, 1, 1]),
      SampleSpec(.real([2, 6]), integers: [1, 2, 2, 1]),
      SampleSpec(.real([7, 2]), integers: [0, 3, 2, 2]),
      SampleSpec(.real([2, 5, 1]), integers: [-2, 2, 1, 3]),
      SampleSpec(.real([4]), integers: [0, 1, 3, 1]),
      SampleSpec(.real([0, 3]), integers: [1, 2, 1, 1]),
    ]
  ) { x, k in x[0].windows(axis: k[0], size: k[1], stride: k[2], dilation: k[3]) },
  .structured(
    "addingWindows",
    [
      SampleSpec(.real([3, 3]), integers: [0, 5, 1, 1]),
      SampleSpec(.real([2, 3, 2]), integers: [1, 7, 2, 1]),
      SampleSpec(.real([2, 2, 3]), integers: [0, 8, 2, 2]),
      SampleSpec(.real([1, 4]), integers: [0, 4, 1, 1]),
      SampleSpec(.real([0, 2]), integers: [0, 3, 1, 1]),
    ]
  ) { x, k in x[0].addingWindows(axis: k[0], length: k[1], stride: k[2], dilation: k[3]) },
]

func joiningReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "slice": return a.sliced(slices[k[0]].naive)
  case "element": return a.select(k[0], axis: 0)
  case "lastColumn": return a.select(-1, axis: -1)
  case "concatenate": return .concatenate(x, axis: k[0])
  case "stack": return .stack(x, axis: k[0])
  case "split": return joined(a, Array(k.dropFirst()), k[0])
  case "splitEvenly": return joined(a, parts(a.shape[a.normalized(k[0])], of: k[1]), k[0])
  case "chunked":
    let length = a.shape[a.normalized(k[0])]
    return joined(a, parts(length, of: (length + k[1] - 1) / k[1]), k[0])
  case "unstacked": return .stack(a.unbind(axis: k[0]).reversed())
  case "windows":
    let axis = a.normalized(k[0])
    let count = (a.shape[axis] - k[3] * (k[1] - 1) - 1) / k[2] + 1
    let taps = (0..<k[1]).map { tap in
      a.selecting((0..<count).map { $0 * k[2] + tap * k[3] }, axis: axis)
    }
    return .stack(taps, axis: -1)
  case "addingWindows": return overlapped(a, axis: a.normalized(k[0]), k)
  default: return nil
  }
}

private func parts(_ length: Int, of size: Int) -> [Int] {
  stride(from: 0, to: length, by: size).map { min(size, length - $0) }
}

private func joined<S: RealScalar>(
  _ x: NaiveArray<S>, _ sizes: [Int], _ axis: Int
) -> NaiveArray<S> {
  .concatenate(x.split(sizes, axis: axis).reversed(), axis: axis)
}

private func overlapped<S: RealScalar>(
  _ x: NaiveArray<S>, axis: Int, _ k: [Int]
) -> NaiveArray<S> {
  var shape = Array(x.shape.dropLast())
  shape[axis] = k[1]
  var result = NaiveArray<S>(repeating: 0, shape: shape)
  for index in x.indices {
    var target = Array(index.dropLast())
    target[axis] = index[axis] * k[2] + index[x.rank - 1] * k[3]
    result[target] = result[target] + x[index]
  }
  return result
}
