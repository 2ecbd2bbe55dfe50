import Autograd
import Oracles

/// Activation functions; factors bring both sides of their joints into the range of the samples.
let activationCases: [OperationCase] = [
  .unary("sigmoid") { sigmoid($0) },
  .unary("relu") { relu($0) }.splitAmongThreads([65_537]),
  .unary("relu6") { relu6(4 * $0) },
  .unary("softplus") { softplus($0) },
  .unary("softplusFlat") { softplus($0, beta: 0.5) },
  .unary("logSigmoid") { logSigmoid($0) },
  // x Φ(x) and its relatives tend to 0 at −∞; the naive forms multiply −∞ by 0.
  .unary("gelu", omitting: -.infinity) { gelu($0) },
  .unary("geluTanh", omitting: -.infinity) { gelu($0, approximation: .tanh) },
  .unary("silu", omitting: -.infinity) { silu($0) },
  mishCase,
  .unary("hardswish", omitting: -.infinity) { hardswish($0) },
  .unary("elu") { elu($0, alpha: 0.75) },
  .unary("selu") { selu($0) },
  .unary("celu") { celu($0, alpha: 0.75) },
  .unary("leakyRelu") { leakyRelu($0, slope: 0.125) },
  .unary("hardsigmoid") { hardsigmoid(2 * $0) },
  .unary("hardtanh") { hardtanh($0, low: -0.5, high: 1) },
  .unary("hardshrink") { hardshrink($0) },
  .unary("softshrink") { softshrink($0) },
  .unary("softsign") { softsign($0) },
  .unary("threshold") { threshold($0, limit: 0.5, value: -0.25) },
  tanhshrinkCase,
  // The slopes of a range without width are not random.
  .structured(
    "rrelu", [SampleSpec(.real([2, 3])), SampleSpec(.real([17])), SampleSpec(.real([]))]
  ) { x, _ in
    var generator = RandomGenerator(seed: 7)
    return rrelu(x[0], low: 0.25, high: 0.25, using: &generator)
  },
  .structured(
    "prelu",
    [
      SampleSpec(.real([2, 3]), .real([3])), SampleSpec(.real([4, 1, 2]), .real([1])),
      SampleSpec(.real([2, 2, 2, 3]), .real([2])), SampleSpec(.real([]), .real([1])),
      SampleSpec(.real([17]), .real([1])), SampleSpec(.real([0, 2, 1]), .real([2])),
    ]
  ) { x, _ in prelu(x[0], slope: x[1]) },
  .structured(
    "glu",
    [
      SampleSpec(.real([2, 4]), integers: [1]), SampleSpec(.real([4, 3]), integers: [0]),
      SampleSpec(.real([2, 2, 3]), integers: [-2]), SampleSpec(.real([6]), integers: [-1]),
    ]
  ) { x, k in glu(x[0], axis: k[0]) },
  .structured(
    "softmin",
    [
      SampleSpec(.real([2, 3]), integers: [1]), SampleSpec(.real([4, 2]), integers: [0]),
      SampleSpec(.real([2, 2, 3]), integers: [-2]), SampleSpec(.real([17]), integers: [-1]),
    ]
  ) { x, k in softmin(x[0], axis: k[0]) },
]

/// At −104 log(1 + eˣ) is below all float32 numbers, but x times it would be a subnormal one.
private let mishCase: OperationCase = {
  var result = OperationCase.unary("mish", omitting: -.infinity) { mish($0) }
  for index in result.samples.indices where result.samples[index].label == "special" {
    let numbers = result.samples[index].values[0].elements.filter { $0 != -104 }
    result.samples[index].inputs[0].values = WideArray(numbers)
  }
  return result
}()

/// x and tanh x cancel: the error is a few units in the last place of x, not of the difference.
private let tanhshrinkCase: OperationCase = {
  var result = OperationCase.unary("tanhshrink", .notSmall) { tanhshrink($0) }.cancelling
  result.valueTolerance = 4e-6
  return result
}()

func activationReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ integers: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "sigmoid": return a.map(S.sigmoid)
  case "relu": return a.map(S.relu)
  case "relu6": return a.map { S.hardtanh(4 * $0, 0, 6) }
  case "softplus": return a.map { S.softplus($0) }
  case "softplusFlat": return a.map { S.softplus($0, beta: 0.5) }
  case "logSigmoid": return a.map(S.logSigmoid)
  case "gelu": return a.map(S.gelu)
  case "geluTanh": return a.map(S.geluTanh)
  case "silu": return a.map(S.silu)
  case "mish": return a.map { $0 * S.tanh(S.softplus($0)) }
  case "hardswish": return a.map { $0 * S.hardtanh($0 + 3, 0, 6) / 6 }
  case "elu": return a.map { S.elu($0, alpha: 0.75) }
  case "selu": return a.map(S.selu)
  case "celu": return a.map { S.celu($0, alpha: 0.75) }
  case "leakyRelu": return a.map { S.leakyRelu($0, slope: 0.125) }
  case "hardsigmoid": return a.map { S.hardtanh(2 * $0 + 3, 0, 6) / 6 }
  case "hardtanh": return a.map { S.hardtanh($0, -0.5, 1) }
  case "hardshrink": return a.map { S.abs($0) <= 0.5 ? 0 : $0 }
  case "softshrink": return a.map(S.softshrink)
  case "softsign": return a.map { $0 / (1 + S.abs($0)) }
  case "threshold": return a.map { $0 <= 0.5 ? -0.25 : $0 }
  case "tanhshrink": return a.map { $0 - S.tanh($0) }
  case "rrelu": return a.map { S.leakyRelu($0, slope: 0.25) }
  case "prelu":
    let slope = x[1].count == 1 ? x[1].reshaped(to: []) : channels(x[1], a)
    return a.combined(with: slope) { $0 > 0 ? $0 : $1 * $0 }
  case "glu":
    let axis = integers[0] < 0 ? integers[0] + a.rank : integers[0]
    let half = a.shape[axis] / 2
    let left = a.selecting(Array(0..<half), axis: axis)
    let right = a.selecting(Array(half..<(2 * half)), axis: axis)
    return left * right.map(S.sigmoid)
  case "softmin": return (-a).softmax(axis: integers[0])
  default: return nil
  }
}
