import Autograd
import Oracles

private let equations = [
  "ij,jk->ik", "i,i->", "ii->i", "bij,bjk->bki", "ij->ji", "i,j->ij", "ij,ij->", "ij->", "ii",
  "zj,jb", "ij,jk,kl->il", "bi,bj->bij", "ij,j->i", "aij,jb->aib",
]

let productCases: [OperationCase] = [
  .structured(
    "matmul",
    [
      SampleSpec(.real([2, 3]), .real([3, 2])), SampleSpec(.real([3]), .real([3])),
      SampleSpec(.real([3]), .real([3, 2])), SampleSpec(.real([2, 3]), .real([3])),
      SampleSpec(.real([1, 1]), .real([1, 1])), SampleSpec(.real([2, 2, 3]), .real([3, 2])),
      SampleSpec(.real([2, 2, 3]), .real([2, 3, 1])), SampleSpec(.real([2, 3]), .real([2, 3, 2])),
      SampleSpec(.real([2, 1, 2, 2]), .real([3, 2, 1])), SampleSpec(.real([3]), .real([2, 3, 2])),
      SampleSpec(.real([1, 2, 1, 2, 2]), .real([2, 1])), SampleSpec(.real([2, 0]), .real([0, 3])),
      SampleSpec(.real([0, 2]), .real([2, 3])), SampleSpec(.real([17, 2]), .real([2, 1])),
      SampleSpec(.real([1, 17]), .real([17, 1])), SampleSpec(.real([0, 2, 3]), .real([3, 2])),
    ]
  ) { x, _ in matmul(x[0], x[1]) },
  .structured(
    "matmulByTranspose",
    [
      SampleSpec(.real([2, 3])), SampleSpec(.real([1, 1])), SampleSpec(.real([3, 2, 2])),
      SampleSpec(.real([2, 0])), SampleSpec(.real([2, 5])), SampleSpec(.real([1, 2, 2, 1])),
      SampleSpec(.real([4, 2])),
    ]
  ) { x, _ in matmul(x[0], x[0].transposed()) },
  .structured(
    "dot",
    [
      SampleSpec(.real([3]), .real([3])), SampleSpec(.real([1]), .real([1])),
      SampleSpec(.real([0]), .real([0])), SampleSpec(.real([15]), .real([15])),
      SampleSpec(.real([16]), .real([16])), SampleSpec(.real([17]), .real([17])),
    ]
  ) { x, _ in dot(x[0], x[1]) },
  .structured(
    "outer",
    [
      SampleSpec(.real([3]), .real([2])), SampleSpec(.real([1]), .real([1])),
      SampleSpec(.real([0]), .real([2])), SampleSpec(.real([7]), .real([3])),
      SampleSpec(.real([2]), .real([8])), SampleSpec(.real([17]), .real([1])),
    ]
  ) { x, _ in outer(x[0], x[1]) },
  .structured(
    "addmm",
    [
      SampleSpec(.real([2, 2]), .real([2, 3]), .real([3, 2])),
      SampleSpec(.real([2]), .real([3, 1]), .real([1, 2])),
      SampleSpec(.real([]), .real([2, 2]), .real([2, 2])),
      SampleSpec(.real([3, 1]), .real([3, 2]), .real([2, 2])),
      SampleSpec(.real([2]), .real([1, 0]), .real([0, 2])),
      SampleSpec(.real([1, 1]), .real([1, 5]), .real([5, 1])),
    ]
  ) { x, _ in addmm(x[0], x[1], x[2], beta: 0.5, alpha: -1.5) },
  .structured(
    "linear",
    [
      SampleSpec(.real([2, 3]), .real([2, 3]), .real([2])),
      SampleSpec(.real([3]), .real([2, 3]), .real([2])),
      SampleSpec(.real([2, 2, 2]), .real([1, 2]), .real([1])),
      SampleSpec(.real([0, 3]), .real([2, 3]), .real([2])),
      SampleSpec(.real([1, 1]), .real([5, 1]), .real([5])),
      SampleSpec(.real([2, 1, 2, 2]), .real([3, 2]), .real([3])),
    ]
  ) { x, _ in linear(x[0], x[1], bias: x[2]) },
  .structured(
    "linearWithoutBias",
    [
      SampleSpec(.real([2, 3]), .real([2, 3])), SampleSpec(.real([3]), .real([4, 3])),
      SampleSpec(.real([2, 2, 2]), .real([1, 2])), SampleSpec(.real([2, 0]), .real([3, 0])),
    ]
  ) { x, _ in linear(x[0], x[1]) },
  .structured(
    "tensordot",
    [
      SampleSpec(.real([2, 3]), .real([3, 2]), integers: [1, 0]),
      SampleSpec(.real([2, 3, 2]), .real([2, 2, 3]), integers: [2, 0, 0, 1]),
      SampleSpec(.real([2]), .real([3]), integers: []),
      SampleSpec(.real([2, 3]), .real([2, 3]), integers: [0, 1, 0, 1]),
      SampleSpec(.real([2, 3]), .real([3]), integers: [-1, 0]),
      SampleSpec(.real([2, 0]), .real([0, 2]), integers: [1, 0]),
      SampleSpec(.real([2, 1, 2]), .real([3, 2]), integers: [0, 1]),
    ]
  ) { x, k in
    let half = k.count / 2
    return tensordot(
      x[0], x[1], leftAxes: Array(k[..<half]), rightAxes: Array(k[half...]))
  },
  .structured(
    "tensordotOfTrailingAxes",
    [
      SampleSpec(.real([2, 3]), .real([3, 2]), integers: [1]),
      SampleSpec(.real([2, 3, 2]), .real([3, 2, 2]), integers: [2]),
      SampleSpec(.real([2]), .real([3]), integers: [0]),
      SampleSpec(.real([2, 3]), .real([2, 3]), integers: [2]),
    ]
  ) { x, k in tensordot(x[0], x[1], axes: k[0]) },
  .structured(
    "einsum",
    [
      SampleSpec(.real([2, 3]), .real([3, 2]), integers: [0]),
      SampleSpec(.real([4]), .real([4]), integers: [1]),
      SampleSpec(.real([3, 3]), integers: [2]),
      SampleSpec(.real([2, 2, 3]), .real([2, 3, 2]), integers: [3]),
      SampleSpec(.real([2, 3]), integers: [4]), SampleSpec(.real([2]), .real([3]), integers: [5]),
      SampleSpec(.real([2, 3]), .real([2, 3]), integers: [6]),
      SampleSpec(.real([2, 3]), integers: [7]), SampleSpec(.real([3, 3]), integers: [8]),
      SampleSpec(.real([2, 3]), .real([3, 2]), integers: [9]),
      SampleSpec(.real([2, 2]), .real([2, 2]), .real([2, 1]), integers: [10]),
      SampleSpec(.real([2, 2]), .real([2, 3]), integers: [11]),
      SampleSpec(.real([2, 3]), .real([3]), integers: [12]),
      SampleSpec(.real([2, 2, 2]), .real([2, 3]), integers: [13]),
      SampleSpec(.real([2, 0]), .real([0, 2]), integers: [0]),
    ]
  ) { x, k in
    switch x.count {
    case 1: einsum(equations[k[0]], x[0])
    case 2: einsum(equations[k[0]], x[0], x[1])
    default: einsum(equations[k[0]], x[0], x[1], x[2])
    }
  },
]

func productReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "matmul": return a.matmul(x[1])
  case "matmulByTranspose": return a.matmul(a.transposed())
  case "dot": return a.dot(x[1])
  case "outer": return a.outer(x[1])
  case "addmm": return a.addmm(x[1], x[2], beta: 0.5, alpha: -1.5)
  case "linear": return a.linear(x[1], bias: x[2])
  case "linearWithoutBias": return a.linear(x[1])
  case "tensordot":
    let half = k.count / 2
    return a.tensordot(x[1], axes: Array(k[..<half]), Array(k[half...]))
  case "tensordotOfTrailingAxes":
    return a.tensordot(x[1], axes: Array((a.rank - k[0])..<a.rank), Array(0..<k[0]))
  case "einsum": return .einsum(equations[k[0]], x)
  default: return nil
  }
}
