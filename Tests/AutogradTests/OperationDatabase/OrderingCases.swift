import Autograd
import Oracles

private let lines = [
  SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([2, 3]), integers: [0]),
  SampleSpec(.real([1]), integers: [0]), SampleSpec(.real([5]), integers: [-1]),
  SampleSpec(.real([2, 3, 2]), integers: [1]), SampleSpec(.real([2, 0]), integers: [0]),
  SampleSpec(.real([17]), integers: [0]), SampleSpec(.real([1, 2, 1, 2, 2]), integers: [-2]),
]

private let matrices = [
  SampleSpec(.real([3, 3]), integers: [0]), SampleSpec(.real([2, 3]), integers: [1]),
  SampleSpec(.real([3, 2]), integers: [-1]), SampleSpec(.real([2, 2, 3]), integers: [-2]),
  SampleSpec(.real([1, 1]), integers: [0]), SampleSpec(.real([0, 2]), integers: [0]),
  SampleSpec(.real([1, 2, 1, 2, 2]), integers: [1]),
]

let orderingCases: [OperationCase] = [
  .structured("sorted", lines) { x, k in x[0].sorted(axis: k[0]).values },
  // A NaN is the largest here and in PyTorch, so it comes first; the naive form has it last.
  .structured("sortedDescending", lines) { x, k in
    x[0].sorted(axis: k[0], descending: true).values
  }.without("NaN"),
  .structured(
    "topK",
    [
      SampleSpec(.real([2, 3]), integers: [2, 1]), SampleSpec(.real([3, 2]), integers: [1, 0]),
      SampleSpec(.real([5]), integers: [5, -1]), SampleSpec(.real([2, 3, 2]), integers: [2, 1]),
      SampleSpec(.real([4]), integers: [0, 0]), SampleSpec(.real([17]), integers: [3, 0]),
    ]
  ) { x, k in x[0].topK(k[0], axis: k[1]).values }.without("NaN"),
  .structured(
    "bottomK",
    [
      SampleSpec(.real([2, 3]), integers: [2, 1]), SampleSpec(.real([3, 2]), integers: [1, 0]),
      SampleSpec(.real([5]), integers: [5, -1]), SampleSpec(.real([2, 3, 2]), integers: [2, 1]),
    ]
  ) { x, k in x[0].topK(k[0], axis: k[1], largest: false).values },
  .constant(
    .structured("argsort", lines) { x, k in x[0].argsort(axis: k[0]).cast(to: x[0].dtype) }),
  .constant(
    .structured(
      "argmax",
      [
        SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([2, 3]), integers: [0]),
        SampleSpec(.real([1]), integers: [0]), SampleSpec(.real([2, 3, 2]), integers: [-2]),
        SampleSpec(.real([17])), SampleSpec(.real([2, 3])), SampleSpec(.real([])),
      ]
    ) { x, k in x[0].argmax(axis: k.first).cast(to: x[0].dtype) }),
  .constant(
    .structured(
      "argmin",
      [
        SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([2, 3]), integers: [0]),
        SampleSpec(.real([33])), SampleSpec(.real([2, 3])),
      ]
    ) { x, k in x[0].argmin(axis: k.first, keepingAxes: true).cast(to: x[0].dtype) }),
  .constant(
    .structured(
      "oneHot",
      [
        SampleSpec(.index([3], 4)), SampleSpec(.index([2, 2], 4)), SampleSpec(.index([], 4)),
        SampleSpec(.index([0], 4)), SampleSpec(.index([1], 4)), SampleSpec(.index([2, 1, 2], 4)),
        SampleSpec(.index([15], 4)), SampleSpec(.index([17], 4)),
      ]
    ) { x, _ in
      oneHot(x[0].cast(to: .int64), count: 4, dtype: x[0].dtype)
    }.without("infinite").without("NaN")),
  .structured("lowerTriangle", matrices) { x, k in x[0].lowerTriangle(diagonal: k[0]) },
  .structured("upperTriangle", matrices) { x, k in x[0].upperTriangle(diagonal: k[0]) },
  .structured("diagonal", matrices) { x, k in x[0].diagonal(offset: k[0]) },
  .structured(
    "diagonalOfAxes",
    [
      SampleSpec(.real([2, 3, 2]), integers: [0, 0, 2]),
      SampleSpec(.real([3, 2]), integers: [0, 1, 0]),
      SampleSpec(.real([2, 3, 2]), integers: [1, 1, 0]),
      SampleSpec(.real([2, 1, 2, 2]), integers: [-1, 0, -1]),
    ]
  ) { x, k in x[0].diagonal(offset: k[0], axes: (k[1], k[2])) },
  .structured("trace", matrices) { x, _ in x[0].trace() },
  .structured(
    "diagonalMatrix",
    [
      SampleSpec(.real([3]), integers: [0]), SampleSpec(.real([2]), integers: [1]),
      SampleSpec(.real([2, 2]), integers: [-1]), SampleSpec(.real([1]), integers: [2]),
      SampleSpec(.real([0]), integers: [0]), SampleSpec(.real([2, 1, 2]), integers: [0]),
    ]
  ) { x, k in x[0].diagonalMatrix(offset: k[0]) },
  .structured(
    "maskedSelect",
    [
      SampleSpec(.real([2, 3]), .mask([2, 3])), SampleSpec(.real([5]), .mask([5])),
      SampleSpec(.real([2, 3]), .mask([3])), SampleSpec(.real([3]), .mask([2, 1])),
      SampleSpec(.real([0]), .mask([0])), SampleSpec(.real([]), .mask([])),
    ]
  ) { x, _ in maskedSelect(x[0], x[1] .!= 0) },
]

func orderingReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  func numbers(_ positions: NaiveArray<Int>) -> NaiveArray<S> { positions.map { S($0) } }
  let a = x[0]
  switch name {
  case "sorted": return a.sorted(axis: k[0])
  case "sortedDescending": return a.sorted(axis: k[0], descending: true)
  case "topK": return a.topK(k[0], axis: k[1]).values
  case "bottomK": return a.topK(k[0], axis: k[1], largest: false).values
  case "argsort": return numbers(a.argsort(axis: k[0]))
  case "argmax": return numbers(a.argmax(axis: k.first))
  case "argmin": return numbers(a.argmin(axis: k.first, keepingAxes: true))
  case "oneHot": return .oneHot(a.map { Int($0.primal) }, classes: 4)
  case "lowerTriangle": return a.tril(k[0])
  case "upperTriangle": return a.triu(k[0])
  case "diagonal": return a.diagonal(offset: k[0], -2, -1)
  case "diagonalOfAxes": return a.diagonal(offset: k[0], k[1], k[2])
  case "trace": return a.diagonal(-2, -1).sum([-1])
  case "diagonalMatrix":
    let size = a.shape[a.rank - 1] + abs(k[0])
    return NaiveArray(shape: a.shape.dropLast() + [size, size]) { index in
      let (row, column) = (index[a.rank - 1], index[a.rank])
      return column - row == k[0] ? a[index.prefix(a.rank - 1) + [min(row, column)]] : 0
    }
  case "maskedSelect": return a.maskedSelect(x[1].map { $0 != 0 })
  default: return nil
  }
}
