import Autograd
import Oracles

let selectionCases: [OperationCase] = [
  .structured(
    "select",
    [
      SampleSpec(.mask([2, 3]), .real([2, 3]), .real([2, 3])),
      SampleSpec(.mask([]), .real([]), .real([])),
      SampleSpec(.mask([1]), .real([4]), .real([])),
      SampleSpec(.mask([0]), .real([0]), .real([1])),
      SampleSpec(.mask([3]), .real([2, 1]), .real([2, 3])),
      SampleSpec(.mask([2, 1, 3]), .real([4, 1]), .real([2, 4, 3])),
      SampleSpec(.mask([17]), .real([]), .real([17])),
      SampleSpec(.mask([2, 1, 2, 1, 2]), .real([2, 2, 1]), .real([1])),
      SampleSpec(.mask([33]), .real([33]), .real([33])),
    ]
  ) { x, _ in select(x[0] .!= 0, x[1], x[2]) },
  .structured(
    "maskedFilled",
    [
      SampleSpec(.real([2, 3]), .mask([2, 3])),
      SampleSpec(.real([]), .mask([])),
      SampleSpec(.real([4]), .mask([1])),
      SampleSpec(.real([2, 0]), .mask([1])),
      SampleSpec(.real([2, 3, 2]), .mask([3, 1])),
      SampleSpec(.real([17]), .mask([17])),
      SampleSpec(.real([2, 1, 2, 3]), .mask([2, 3])),
      SampleSpec(.real([1, 2, 1, 2, 3]), .mask([3])),
    ]
  ) { x, _ in x[0].maskedFilled(x[1] .!= 0, with: 0.5) },
  .structured(
    "maskedFilledByVariable",
    [
      SampleSpec(.real([2, 3]), .mask([2, 3]), .real([])),
      SampleSpec(.real([2, 3, 2]), .mask([3, 1]), .real([2])),
      SampleSpec(.real([4]), .mask([4]), .real([4])),
      SampleSpec(.real([0]), .mask([0]), .real([])),
    ]
  ) { x, _ in x[0].maskedFilled(x[1] .!= 0, with: x[2]) },
  .structured(
    "lerp",
    [
      SampleSpec(.real([2, 3]), .real([2, 3]), .real([2, 3])),
      SampleSpec(.real([]), .real([]), .real([])),
      SampleSpec(.real([4]), .real([1]), .real([])),
      SampleSpec(.real([2, 1]), .real([3]), .real([2, 3])),
      SampleSpec(.real([0]), .real([1]), .real([])),
      SampleSpec(.real([2, 1, 3]), .real([4, 1]), .real([3])),
      SampleSpec(.real([17]), .real([17]), .real([1])),
      SampleSpec(.real([1, 2, 1, 2, 2]), .real([2, 1]), .real([])),
    ]
  ) { x, _ in lerp(x[0], x[1], x[2]) },
  .structured(
    "addcmul",
    [
      SampleSpec(.real([2, 3]), .real([2, 3]), .real([2, 3])),
      SampleSpec(.real([]), .real([]), .real([])),
      SampleSpec(.real([4]), .real([1]), .real([])),
      SampleSpec(.real([2, 1]), .real([3]), .real([2, 3])),
      SampleSpec(.real([0]), .real([1]), .real([])),
      SampleSpec(.real([17]), .real([17]), .real([1])),
    ]
  ) { x, _ in addcmul(x[0], x[1], x[2], scale: -1.5) },
  .structured(
    "addcdiv",
    [
      SampleSpec(.real([2, 3]), .real([2, 3]), .real([2, 3], .notSmall)),
      SampleSpec(.real([]), .real([]), .real([], .notSmall)),
      SampleSpec(.real([4]), .real([1]), .real([], .notSmall)),
      SampleSpec(.real([2, 1]), .real([3]), .real([2, 3], .notSmall)),
      SampleSpec(.real([0]), .real([1]), .real([], .notSmall)),
      SampleSpec(.real([17]), .real([17]), .real([1], .notSmall)),
    ], toleratesTies: false
  ) { x, _ in addcdiv(x[0], x[1], x[2], scale: -1.5) },
  .structured(
    "ofLogarithmInDeadBranch",
    [
      SampleSpec(.real([2, 3], .withTies)),
      SampleSpec(.real([])),
      SampleSpec(.real([17], .withTies)),
      SampleSpec(.real([3, 1, 4])),
    ], toleratesTies: false
  ) { x, _ in select(x[0] .> 0.25, log(x[0]) * x[0], square(x[0])) },
]

func selectionReference<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  switch name {
  case "select": return x[0].map { $0 != 0 }.select(x[1], x[2])
  case "maskedFilled": return x[0].maskedFill(x[1].map { $0 != 0 }, 0.5)
  case "maskedFilledByVariable":
    return x[1].map { $0 != 0 }.select(x[2].broadcast(to: x[0].shape), x[0])
  case "lerp": return x[0].lerp(to: x[1], weight: x[2])
  case "addcmul": return x[0].addcmul(x[1], x[2], value: -1.5)
  case "addcdiv": return x[0].addcdiv(x[1], x[2], value: -1.5)
  case "ofLogarithmInDeadBranch": return x[0].map { $0 > 0.25 ? S.log($0) * $0 : S.square($0) }
  default: return nil
  }
}
