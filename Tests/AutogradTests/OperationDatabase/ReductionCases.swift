import Autograd
import Oracles

/// Axes to reduce: the first integer is 1 if they stay with size 1.
private let reductions = [
  SampleSpec(.real([2, 3]), integers: [0, 1]), SampleSpec(.real([2, 3]), integers: [1, 0]),
  SampleSpec(.real([]), integers: [0]), SampleSpec(.real([1]), integers: [0, 0]),
  SampleSpec(.real([5]), integers: [0, 0]), SampleSpec(.real([2, 3, 2]), integers: [0, 0, -1]),
  SampleSpec(.real([2, 3, 2]), integers: [1, 0, 1]),
  SampleSpec(.real([3, 2, 2]), integers: [0, 1]),
  SampleSpec(.real([2, 1, 2, 3]), integers: [0, -3, 3]),
  SampleSpec(.real([1, 2, 1, 2, 2]), integers: [1, 0, 1, 2, 3, 4]),
  SampleSpec(.real([17]), integers: [0, 0]), SampleSpec(.real([33, 2]), integers: [0, 0]),
  SampleSpec(.real([0, 3]), integers: [0, 1]), SampleSpec(.real([2, 3]), integers: [0]),
]

/// As above, but with distinct numbers and at least one element to reduce.
private let extrema = reductions.map { spec in
  var result = spec
  result.inputs = spec.inputs.map { input in
    if case .real(let shape, _) = input { return .real(shape, .distinct) }
    return input
  }
  return result
}

/// As above, but with at least two elements to reduce, for moments.
private let moments = [
  SampleSpec(.real([2, 3]), integers: [0, 1]), SampleSpec(.real([2, 3]), integers: [1, 0]),
  SampleSpec(.real([5]), integers: [0, 0]), SampleSpec(.real([2, 3, 2]), integers: [0, 0, -1]),
  SampleSpec(.real([2, 3, 2]), integers: [1, 0, 1]), SampleSpec(.real([17]), integers: [1, 0]),
  SampleSpec(.real([2, 1, 2, 3]), integers: [0, 1, 3]),
  SampleSpec(.real([1, 2, 1, 2, 2]), integers: [1, 1, 3]),
]

private func axes(_ k: [Int]) -> [Int] { Array(k.dropFirst()) }

let reductionCases: [OperationCase] = [
  .structured("sum", reductions) { x, k in x[0].sum(axes: axes(k), keepingAxes: k[0] == 1) }
    .splitAmongThreads(),
  .structured(
    "sumOfAll", [SampleSpec(.real([2, 3])), SampleSpec(.real([])), SampleSpec(.real([0, 2]))]
  ) { x, _ in x[0].sum() },
  .structured("mean", reductions) { x, k in x[0].mean(axes: axes(k), keepingAxes: k[0] == 1) },
  .structured("max", extrema) { x, k in x[0].max(axes: axes(k), keepingAxes: k[0] == 1) }
    .splitAmongThreads([65_537]),
  .structured("min", extrema) { x, k in x[0].min(axes: axes(k), keepingAxes: k[0] == 1) },
  .structured("logSumExp", reductions) { x, k in
    logSumExp(x[0], axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("product", reductions) { x, k in
    x[0].product(axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("variance", moments) { x, k in
    x[0].variance(axes: axes(k), correction: 1, keepingAxes: k[0] == 1)
  },
  .structured("varianceOfPopulation", moments) { x, k in
    x[0].variance(axes: axes(k), correction: 0, keepingAxes: k[0] == 1)
  },
  // Of two elements it is |a − b| / √2, whose second derivative is 0.
  .structured("standardDeviation", moments, toleratesTies: false) { x, k in
    x[0].standardDeviation(axes: axes(k), keepingAxes: k[0] == 1)
  }.cancelling,
  .structured("norm", moments, toleratesTies: false) { x, k in
    norm(x[0], axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("norm1", moments, toleratesTies: false) { x, k in
    norm(x[0], order: 1, axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("norm3", moments, toleratesTies: false) { x, k in
    norm(x[0], order: 3, axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("normFractional", moments, toleratesTies: false) { x, k in
    norm(x[0], order: 1.5, axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("normNegative", moments, toleratesTies: false) { x, k in
    norm(x[0], order: -2, axes: axes(k), keepingAxes: k[0] == 1)
  },
  .constant(
    .structured("any", reductions) { x, k in
      (x[0] .> 1).any(axes: axes(k), keepingAxes: k[0] == 1).cast(to: x[0].dtype)
    }),
  .constant(
    .structured("all", reductions) { x, k in
      (x[0] .> -1).all(axes: axes(k), keepingAxes: k[0] == 1).cast(to: x[0].dtype)
    }),
  .structured("normInfinity", moments) { x, k in
    norm(x[0], order: .infinity, axes: axes(k), keepingAxes: k[0] == 1)
  },
  .structured("normMinusInfinity", moments) { x, k in
    norm(x[0], order: -.infinity, axes: axes(k), keepingAxes: k[0] == 1)
  },
]

private let lines = [
  SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([2, 3]), integers: [0]),
  SampleSpec(.real([1]), integers: [0]), SampleSpec(.real([5]), integers: [-1]),
  SampleSpec(.real([2, 3, 2]), integers: [1]), SampleSpec(.real([2, 0]), integers: [0]),
  SampleSpec(.real([17]), integers: [0]), SampleSpec(.real([2, 1, 2, 3]), integers: [2]),
  SampleSpec(.real([1, 2, 1, 2, 2]), integers: [-2]),
]

let scanCases: [OperationCase] = [
  .structured("softmax", lines) { x, k in softmax(x[0], axis: k[0]) },
  // With an element ∞, the others are NaN here and in PyTorch, but −∞ in the naive form.
  .structured("logSoftmax", lines) { x, k in logSoftmax(x[0], axis: k[0]) }
    .without("] infinite"),
  .structured("cumulativeSum", lines) { x, k in x[0].cumulativeSum(axis: k[0]) },
  .structured("cumulativeProduct", lines) { x, k in x[0].cumulativeProduct(axis: k[0]) },
  .structured("cumulativeSumReversed", lines) { x, k in
    x[0].cumulativeSum(axis: k[0], reversed: true)
  },
]

func reductionReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  let keeps = k.first == 1
  switch name {
  case "sum": return a.sum(axes(k), keepingAxes: keeps)
  case "sumOfAll": return a.sum()
  case "mean": return a.mean(axes(k), keepingAxes: keeps)
  case "max": return a.amax(axes(k), keepingAxes: keeps)
  case "min": return a.amin(axes(k), keepingAxes: keeps)
  case "logSumExp": return a.logSumExp(axes(k), keepingAxes: keeps)
  case "product": return a.prod(axes(k), keepingAxes: keeps)
  case "cumulativeProduct": return a.cumprod(axis: k[0])
  case "variance": return a.variance(axes(k), keepingAxes: keeps)
  case "varianceOfPopulation": return a.variance(axes(k), correction: 0, keepingAxes: keeps)
  case "standardDeviation": return a.standardDeviation(axes(k), keepingAxes: keeps)
  case "norm": return a.norm(2, axes(k), keepingAxes: keeps)
  case "norm1": return a.norm(1, axes(k), keepingAxes: keeps)
  case "norm3": return a.norm(3, axes(k), keepingAxes: keeps)
  case "normFractional": return a.norm(1.5, axes(k), keepingAxes: keeps)
  case "normNegative": return a.norm(-2, axes(k), keepingAxes: keeps)
  case "any":
    return a.reduced(over: axes(k), keepingAxes: keeps) { $0.contains { $0 > 1 } ? 1 : 0 }
  case "all":
    return a.reduced(over: axes(k), keepingAxes: keeps) { $0.allSatisfy { $0 > -1 } ? 1 : 0 }
  case "normInfinity": return a.norm(.infinity, axes(k), keepingAxes: keeps)
  case "normMinusInfinity": return a.norm(-.infinity, axes(k), keepingAxes: keeps)
  case "softmax": return a.softmax(axis: k[0])
  case "logSoftmax": return a.logSoftmax(axis: k[0])
  case "cumulativeSum": return a.cumsum(axis: k[0])
  case "cumulativeSumReversed": return a.flipped([k[0]]).cumsum(axis: k[0]).flipped([k[0]])
  default: return nil
  }
}
