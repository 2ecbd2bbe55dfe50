import Autograd
import Oracles

/// An array and indices of its shape but for the axis, which the integer names.
private let gathers = [
  SampleSpec(.real([2, 3]), .index([2, 2], 3), integers: [1]),
  SampleSpec(.real([2, 3]), .index([4, 3], 2), integers: [0]),
  SampleSpec(.real([5]), .index([7], 5), integers: [-1]),
  SampleSpec(.real([1]), .index([3], 1), integers: [0]),
  SampleSpec(.real([2, 3, 2]), .index([2, 4, 2], 3), integers: [1]),
  SampleSpec(.real([3, 2]), .index([0, 2], 3), integers: [0]),
  SampleSpec(.real([17]), .index([16], 17), integers: [0]),
  SampleSpec(.real([2, 1, 2, 3]), .index([2, 1, 2, 1], 3), integers: [3]),
]

/// Values, indices and what they go into.
private let scatters = [
  SampleSpec(.real([2, 2]), .index([2, 2], 3), .real([2, 3]), integers: [1]),
  SampleSpec(.real([4, 3]), .index([4, 3], 2), .real([2, 3]), integers: [0]),
  SampleSpec(.real([7]), .index([7], 5), .real([5]), integers: [0]),
  SampleSpec(.real([1]), .index([1], 1), .real([1]), integers: [0]),
  SampleSpec(.real([2, 4, 2]), .index([2, 4, 2], 3), .real([2, 3, 2]), integers: [-2]),
  SampleSpec(.real([0, 2]), .index([0, 2], 3), .real([3, 2]), integers: [0]),
  SampleSpec(.real([16]), .index([16], 17), .real([17]), integers: [0]),
  SampleSpec(.real([2, 1, 1]), .index([2, 1, 1], 3), .real([2, 3, 1]), integers: [1]),
]

private func positions(_ x: Variable) -> Variable { x.cast(to: .int64) }

let indexingCases: [OperationCase] = [
  .structured(
    "indexSelect",
    [
      SampleSpec(.real([3, 2]), .index([4], 3), integers: [0]),
      SampleSpec(.real([2, 3]), .index([2], 3), integers: [-1]),
      SampleSpec(.real([5]), .index([], 5), integers: [0]),
      SampleSpec(.real([4]), .index([2, 3], 4), integers: [0]),
      SampleSpec(.real([2, 3, 2]), .index([2, 2], 3), integers: [1]),
      SampleSpec(.real([3, 2]), .index([0], 3), integers: [0]),
      SampleSpec(.real([2, 0]), .index([3], 2), integers: [0]),
      SampleSpec(.real([17]), .index([33], 17), integers: [0]),
    ]
  ) { x, k in indexSelect(x[0], at: positions(x[1]), axis: k[0]) },
  .structured(
    "embedding",
    [
      SampleSpec(.index([4], 3), .real([3, 2])), SampleSpec(.index([2, 3], 2), .real([2, 3])),
      SampleSpec(.index([], 3), .real([3, 1])), SampleSpec(.index([0], 3), .real([3, 2])),
      SampleSpec(.index([7], 5), .real([5, 2])), SampleSpec(.index([1, 2, 2], 4), .real([4, 2])),
    ]
  ) { x, _ in embedding(positions(x[0]), x[1]) },
  .structured(
    "embeddingWithPadding",
    [
      SampleSpec(.index([4], 3), .real([3, 2])), SampleSpec(.index([2, 3], 2), .real([2, 3])),
      SampleSpec(.index([7], 2), .real([2, 1])),
    ]
  ) { x, _ in embedding(positions(x[0]), x[1], paddingIndex: 1) },
  .structured("gather", gathers) { x, k in gather(x[0], at: positions(x[1]), axis: k[0]) },
  .structured(
    "crossEntropies",
    [
      SampleSpec(.real([2, 3]), .index([2, 1], 3), integers: [1]),
      SampleSpec(.real([3, 2]), .index([1, 2], 3), integers: [0]),
      SampleSpec(.real([5]), .index([1], 5), integers: [0]),
      SampleSpec(.real([2, 1]), .index([2, 1], 1), integers: [1]),
      SampleSpec(.real([2, 3, 2]), .index([2, 1, 2], 3), integers: [1]),
      SampleSpec(.real([0, 3]), .index([0, 1], 3), integers: [1]),
      SampleSpec(.real([1, 37]), .index([1, 1], 37), integers: [1]),
    ]
  ) { x, k in crossEntropies(x[0], at: positions(x[1]).squeezed(axis: k[0]), axis: k[0]) },
  .structured(
    "takeAlongAxis",
    [
      SampleSpec(.real([2, 3]), .index([1, 2], 3), integers: [1]),
      SampleSpec(.real([1, 3]), .index([2, 2], 3), integers: [1]),
      SampleSpec(.real([5]), .index([7], 5), integers: [0]),
      SampleSpec(.real([2, 3, 1]), .index([1, 4, 2], 3), integers: [1]),
      SampleSpec(.real([3, 2]), .index([4, 1], 3), integers: [0]),
    ]
  ) { x, k in takeAlongAxis(x[0], at: positions(x[1]), axis: k[0]) },
  .structured("scatter", scatters) { x, k in
    scatter(x[0], at: positions(x[1]), axis: k[0], into: x[2])
  },
  .structured("scatterAdd", scatters) { x, k in
    scatterAdd(x[0], at: positions(x[1]), axis: k[0], into: x[2])
  },
  .structured(
    "indexAdd",
    [
      SampleSpec(.real([4, 2]), .index([4], 3), .real([3, 2]), integers: [0]),
      SampleSpec(.real([2, 2]), .index([2], 3), .real([2, 3]), integers: [1]),
      SampleSpec(.real([7]), .index([7], 5), .real([5]), integers: [-1]),
      SampleSpec(.real([2, 4, 2]), .index([4], 3), .real([2, 3, 2]), integers: [1]),
      SampleSpec(.real([0]), .index([0], 3), .real([3]), integers: [0]),
      SampleSpec(.real([1]), .index([1], 1), .real([1]), integers: [0]),
    ]
  ) { x, k in indexAdd(x[0], at: positions(x[1]), axis: k[0], into: x[2]) },
]

func indexingReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  func positions(_ i: Int) -> NaiveArray<Int> { x[i].map { Int($0.primal) } }
  let a = x[0]
  switch name {
  case "indexSelect": return a.taken(positions(1), axis: k[0])
  case "embedding": return x[1].embedding(positions(0))
  case "embeddingWithPadding":
    // The padding row is a constant.
    let table = NaiveArray(shape: x[1].shape) { $0[0] == 1 ? x[1][$0].detached : x[1][$0] }
    return table.embedding(positions(0))
  case "gather": return a.gathered(positions(1), axis: k[0])
  case "crossEntropies":
    let picked = a.logSoftmax(axis: k[0]).gathered(positions(1), axis: k[0])
    var shape = a.shape
    shape.remove(at: k[0])
    return (-picked).reshaped(to: shape)
  case "takeAlongAxis":
    let indices = positions(1)
    let axis = a.normalized(k[0])
    var common = broadcastShape(a.shape.replacing(axis, 1), indices.shape.replacing(axis, 1))
    common[axis] = a.shape[axis]
    let source = a.broadcast(to: common)
    return source.gathered(
      indices.broadcast(to: common.replacing(axis, indices.shape[axis])), axis: axis)
  case "scatter": return x[2].scattered(positions(1), axis: k[0], from: a)
  case "scatterAdd": return x[2].scatterAdd(positions(1), axis: k[0], from: a)
  case "indexAdd": return x[2].indexAdd(positions(1).elements, axis: k[0], from: a)
  default: return nil
  }
}

extension [Int] {
  fileprivate func replacing(_ axis: Int, _ size: Int) -> [Int] {
    var result = self
    result[axis] = size
    return result
  }
}
