import Autograd
import Oracles

let layoutCases: [OperationCase] = [
  .structured(
    "reshaped",
    [
      SampleSpec(.real([2, 6]), integers: [3, 4]), SampleSpec(.real([]), integers: [1, 1]),
      SampleSpec(.real([1]), integers: []), SampleSpec(.real([0, 3]), integers: [2, 0]),
      SampleSpec(.real([2, 3, 2]), integers: [12]), SampleSpec(.real([17]), integers: [17, 1]),
      SampleSpec(.real([2, 1, 3, 2]), integers: [3, 4]),
      SampleSpec(.real([8]), integers: [2, 1, 2, 1, 2]),
    ]
  ) { x, sizes in x[0].reshaped(to: Shape(sizes)) },
  .structured(
    "reshapedFreely",
    [
      SampleSpec(.real([2, 6]), integers: [3]), SampleSpec(.real([]), integers: [1]),
      SampleSpec(.real([2, 3, 2]), integers: [2]), SampleSpec(.real([16]), integers: [16]),
    ]
  ) { x, sizes in x[0].reshaped(sizes[0], -1) },
  .structured(
    "flattened",
    [
      SampleSpec(.real([2, 3]), integers: [0, -1]), SampleSpec(.real([]), integers: [0, -1]),
      SampleSpec(.real([2, 3, 2]), integers: [1, 2]),
      SampleSpec(.real([2, 3, 2]), integers: [0, 1]),
      SampleSpec(.real([2, 0, 2]), integers: [0, 1]), SampleSpec(.real([5]), integers: [0, 0]),
      SampleSpec(.real([2, 1, 2, 1, 3]), integers: [-3, -2]),
    ]
  ) { x, axes in x[0].flattened(from: axes[0], to: axes[1]) },
  .structured(
    "unflattened",
    [
      SampleSpec(.real([6, 2]), integers: [0, 2, 3]),
      SampleSpec(.real([2, 6]), integers: [-1, 3, 2]),
      SampleSpec(.real([4]), integers: [0, 2, 1, 2]),
      SampleSpec(.real([0, 2]), integers: [0, 0, 3]),
      SampleSpec(.real([2, 3, 4]), integers: [2, 4, 1]), SampleSpec(.real([1]), integers: [0, 1]),
    ]
  ) { x, k in x[0].unflattened(axis: k[0], into: Shape(k.dropFirst())) },
  .structured(
    "squeezed",
    [
      SampleSpec(.real([2, 1, 3]), integers: [1]), SampleSpec(.real([1]), integers: [0]),
      SampleSpec(.real([3, 1]), integers: [-1]), SampleSpec(.real([1, 0]), integers: [0]),
      SampleSpec(.real([1, 2, 1, 3, 1]), integers: [2]), SampleSpec(.real([2, 1, 3, 1])),
      SampleSpec(.real([1, 1])),
    ]
  ) { x, axes in x[0].squeezed(axis: axes.first) },
  .structured(
    "unsqueezed",
    [
      SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([]), integers: [0]),
      SampleSpec(.real([3]), integers: [-1]), SampleSpec(.real([0]), integers: [0]),
      SampleSpec(.real([2, 1, 2, 3]), integers: [2]), SampleSpec(.real([17]), integers: [1]),
    ]
  ) { x, axes in x[0].unsqueezed(axis: axes[0]) },
  .structured(
    "permuted",
    [
      SampleSpec(.real([2, 3]), integers: [1, 0]), SampleSpec(.real([]), integers: []),
      SampleSpec(.real([2, 3, 4]), integers: [2, 0, 1]), SampleSpec(.real([3]), integers: [0]),
      SampleSpec(.real([2, 0, 3]), integers: [1, 2, 0]),
      SampleSpec(.real([2, 3, 1, 2]), integers: [-1, 0, 2, 1]),
      SampleSpec(.real([2, 1, 2, 3, 1]), integers: [3, 1, 4, 0, 2]),
    ]
  ) { x, axes in x[0].permuted(axes) },
  .structured(
    "transposed",
    [
      SampleSpec(.real([2, 3]), integers: [-2, -1]),
      SampleSpec(.real([2, 3, 4]), integers: [0, 2]),
      SampleSpec(.real([1, 5]), integers: [0, 1]), SampleSpec(.real([0, 2]), integers: [0, 1]),
      SampleSpec(.real([2, 3, 2, 2]), integers: [1, -1]), SampleSpec(.real([4]), integers: [0, 0]),
      SampleSpec(.real([1, 2, 1, 3, 2]), integers: [1, 3]),
    ]
  ) { x, axes in x[0].transposed(axes[0], axes[1]) },
  .structured(
    "movingAxis",
    [
      SampleSpec(.real([2, 3]), integers: [0, 1]),
      SampleSpec(.real([2, 3, 4]), integers: [0, -1]),
      SampleSpec(.real([2, 3, 4]), integers: [2, 0]), SampleSpec(.real([2, 0]), integers: [1, 0]),
      SampleSpec(.real([2, 1, 3, 2]), integers: [-1, 1]), SampleSpec(.real([5]), integers: [0, 0]),
    ]
  ) { x, axes in x[0].movingAxis(axes[0], to: axes[1]) },
  .structured(
    "expanded",
    [
      SampleSpec(.real([2, 1]), integers: [2, 3]), SampleSpec(.real([]), integers: [2, 2]),
      SampleSpec(.real([3]), integers: [2, 3]), SampleSpec(.real([1]), integers: [0]),
      SampleSpec(.real([2, 1, 3]), integers: [2, 2, 4, 3]), SampleSpec(.real([1]), integers: [17]),
      SampleSpec(.real([2, 1, 1]), integers: [1, 3, 2, 2, 1]),
    ]
  ) { x, sizes in x[0].expanded(to: Shape(sizes)) },
  .structured(
    "flipped",
    [
      SampleSpec(.real([2, 3]), integers: [0]), SampleSpec(.real([]), integers: []),
      SampleSpec(.real([2, 3, 2]), integers: [0, -1]), SampleSpec(.real([5]), integers: [0]),
      SampleSpec(.real([2, 0]), integers: [0]), SampleSpec(.real([17]), integers: [0]),
      SampleSpec(.real([1, 2, 3, 2]), integers: [1, 2]),
    ]
  ) { x, axes in x[0].flipped(axes: axes) },
  .structured(
    "rolled",
    [
      SampleSpec(.real([2, 3]), integers: [1, 1]), SampleSpec(.real([5]), integers: [-2, 0]),
      SampleSpec(.real([2, 3, 2]), integers: [4, 1]), SampleSpec(.real([3, 0]), integers: [1, 1]),
      SampleSpec(.real([17]), integers: [-20, -1]), SampleSpec(.real([1, 3]), integers: [0, 1]),
    ]
  ) { x, k in x[0].rolled(by: k[0], axis: k[1]) },
  .structured(
    "padded",
    [
      SampleSpec(.real([2, 3]), integers: [1, 0, 0, 2]), SampleSpec(.real([4]), integers: [2, 3]),
      SampleSpec(.real([]), integers: []), SampleSpec(.real([0]), integers: [1, 2]),
      SampleSpec(.real([2, 1, 3]), integers: [0, 1, 1, 1, 0, 0]),
      SampleSpec(.real([2, 2]), integers: [0, 0, 0, 0]),
      SampleSpec(.real([15]), integers: [1, 1]),
    ]
  ) { x, k in
    x[0].padded((0..<k.count / 2).map { (before: k[2 * $0], after: k[2 * $0 + 1]) }, value: 0.5)
  },
  .structured(
    "repeated",
    [
      SampleSpec(.real([2, 3]), integers: [2, 1]), SampleSpec(.real([]), integers: [3]),
      SampleSpec(.real([2]), integers: [2, 3]), SampleSpec(.real([3]), integers: [0]),
      SampleSpec(.real([2, 1, 2]), integers: [1, 3, 2]), SampleSpec(.real([17]), integers: [2]),
    ]
  ) { x, counts in x[0].repeated(counts) },
]

func layoutReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "reshaped": return a.reshaped(to: k)
  case "reshapedFreely": return a.reshaped(to: [k[0], -1])
  case "flattened": return a.flattened(from: k[0], through: k[1])
  case "unflattened": return a.unflattened(axis: k[0], into: Array(k.dropFirst()))
  case "squeezed": return a.squeezed(k.isEmpty ? nil : k)
  case "unsqueezed": return a.unsqueezed(k[0])
  case "permuted": return a.permuted(k)
  case "transposed": return a.transposed(k[0], k[1])
  case "movingAxis": return a.movedAxis(from: k[0], to: k[1])
  case "expanded": return a.broadcast(to: k)
  case "flipped": return a.flipped(k)
  case "rolled": return a.rolled(k[0], axis: k[1])
  case "padded":
    return a.padded((0..<k.count / 2).map { (k[2 * $0], k[2 * $0 + 1]) }, with: 0.5)
  case "repeated": return a.tiled(k)
  default: return nil
  }
}
