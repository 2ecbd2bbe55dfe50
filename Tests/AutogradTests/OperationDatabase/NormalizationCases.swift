import Autograd
import Oracles

let normalizationCases: [OperationCase] = [
  .structured(
    "layerNorm",
    [
      SampleSpec(.real([2, 3]), .real([3]), .real([3]), integers: [1]),
      SampleSpec(.real([2, 2, 2]), .real([2, 2]), .real([2, 2]), integers: [2]),
      SampleSpec(.real([5]), .real([5]), .real([5]), integers: [1]),
      SampleSpec(.real([1, 17]), .real([17]), .real([17]), integers: [1]),
    ]
  ) { x, k in layerNorm(x[0], normalizedAxes: k[0], weight: x[1], bias: x[2]) },
  .structured(
    "rmsNorm",
    [
      SampleSpec(.real([2, 3]), .real([3])), SampleSpec(.real([5]), .real([5])),
      SampleSpec(.real([2, 2, 2]), .real([2])), SampleSpec(.real([1, 17]), .real([17])),
    ]
  ) { x, _ in rmsNorm(x[0], weight: x[1], epsilon: 1e-5) },
  .structured(
    "batchNorm",
    [
      SampleSpec(.real([2, 2, 17]), .real([2]), .real([2])),
      SampleSpec(.real([3, 2]), .real([2]), .real([2])),
      SampleSpec(.real([2, 2, 2]), .real([2]), .real([2])),
      SampleSpec(.real([2, 1, 2, 2]), .real([1]), .real([1])),
      SampleSpec(.real([17, 1]), .real([1]), .real([1])),
    ]
  ) { x, _ in batchNorm(x[0], weight: x[1], bias: x[2]).output },
  .structured(
    "batchNormStatistics",
    [
      SampleSpec(.real([1, 2, 16])), SampleSpec(.real([3, 2])), SampleSpec(.real([2, 2, 2])),
    ]
  ) { x, _ in
    let result = batchNorm(x[0])
    return result.mean + 2 * result.variance
  },
  .structured(
    "batchNormOfInference",
    [
      SampleSpec(.real([3, 2]), .real([2]), .real([2], .positive), .real([2]), .real([2])),
      SampleSpec(.real([1, 2, 2]), .real([2]), .real([2], .positive), .real([2]), .real([2])),
      SampleSpec(.real([2, 1, 1, 2]), .real([1]), .real([1], .positive), .real([1]), .real([1])),
    ], toleratesTies: false
  ) { x, _ in batchNorm(x[0], mean: x[1], variance: x[2], weight: x[3], bias: x[4]) },
  // Two elements are normalized to ±1, and their derivatives vanish but for ε.
  .structured(
    "groupNorm",
    [
      SampleSpec(.real([2, 4]), .real([4]), .real([4]), integers: [2]),
      SampleSpec(.real([1, 2, 3]), .real([2]), .real([2]), integers: [1]),
      SampleSpec(.real([2, 2, 1, 2]), .real([2]), .real([2]), integers: [2]),
      SampleSpec(.real([1, 4, 17]), .real([4]), .real([4]), integers: [2]),
    ]
  ) { x, k in groupNorm(x[0], groups: k[0], weight: x[1], bias: x[2]) }
  .cancelling,
  .structured(
    "instanceNorm",
    [
      SampleSpec(.real([1, 2, 3]), .real([2]), .real([2])),
      SampleSpec(.real([2, 1, 2, 2]), .real([1]), .real([1])),
      SampleSpec(.real([2, 2, 5]), .real([2]), .real([2])),
      SampleSpec(.real([2, 1, 4, 4]), .real([1]), .real([1])),
    ]
  ) { x, _ in instanceNorm(x[0], weight: x[1], bias: x[2]) },
  .structured(
    "dropout", [SampleSpec(.real([2, 3])), SampleSpec(.real([17])), SampleSpec(.real([2, 2, 2]))]
  ) { x, _ in
    var generator = RandomGenerator(seed: 7)
    return dropout(x[0], probability: 0.25, using: &generator)
  },
  .structured(
    "dropoutOfChannels",
    [SampleSpec(.real([2, 3, 2])), SampleSpec(.real([3, 2, 1])), SampleSpec(.real([2, 2, 2]))]
  ) { x, _ in
    var generator = RandomGenerator(seed: 7)
    return dropout(x[0], probability: 0.5, sharedAxes: [-1], using: &generator)
  },
  .structured(
    "alphaDropout",
    [SampleSpec(.real([2, 3])), SampleSpec(.real([17])), SampleSpec(.real([2, 2, 2]))]
  ) { x, _ in
    var generator = RandomGenerator(seed: 7)
    return alphaDropout(x[0], probability: 0.25, using: &generator)
  },
]

func normalizationReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "layerNorm": return a.layerNorm(axes: k[0], weight: x[1], bias: x[2])
  case "rmsNorm": return a.rmsNorm(weight: x[1])
  case "batchNorm": return a.batchNorm(weight: x[1], bias: x[2])
  case "batchNormStatistics":
    let axes = [0] + Array(2..<a.rank)
    return a.mean(axes) + a.variance(axes, correction: 0) * 2
  case "batchNormOfInference":
    let deviation = (channels(x[2], a) + S.constant(1e-5)).map(S.sqrt)
    return (a - channels(x[1], a)) / deviation * channels(x[3], a) + channels(x[4], a)
  case "groupNorm": return groups(a, k[0]) * channels(x[1], a) + channels(x[2], a)
  case "instanceNorm": return groups(a, a.shape[1]) * channels(x[1], a) + channels(x[2], a)
  case "dropout":
    return (a / S.constant(0.75)).maskedFill(droppedPlaces(a.shape, 0.25), 0)
  case "dropoutOfChannels":
    let mask = droppedPlaces(Array(a.shape.dropLast()) + [1], 0.5).broadcast(to: a.shape)
    return (a * 2).maskedFill(mask, 0)
  case "alphaDropout":
    // Self-normalizing networks, section 2: α′ = −λα, a = (q + α′² q (1 − q))^(−1/2), q = 0.75.
    let limit = -S.constant(1.6732632423543772) * S.constant(1.0507009873554805)
    let scale = 1 / S.sqrt(0.75 + limit * limit * 0.1875)
    let shift = -(scale * limit * 0.25)
    let isDropped = droppedPlaces(a.shape, 0.25)
    return isDropped.select(NaiveArray(repeating: limit, shape: a.shape), a) * scale + shift
  default: return nil
  }
}

/// The mask that a generator of seed 7 draws.
private func droppedPlaces(_ shape: [Int], _ probability: Double) -> NaiveArray<Bool> {
  var generator = RandomGenerator(seed: 7)
  let mask = Tensor.bernoulli(Shape(shape), probability: probability, using: &generator)
  return NaiveArray(mask.array(of: Bool.self), shape: shape)
}

/// A vector along axis 1 of x.
func channels<S: RealScalar>(_ vector: NaiveArray<S>, _ x: NaiveArray<S>) -> NaiveArray<S> {
  vector.reshaped(to: vector.shape + Array(repeating: 1, count: x.rank - 2))
}

private func groups<S: RealScalar>(_ x: NaiveArray<S>, _ count: Int) -> NaiveArray<S> {
  x.reshaped(to: [x.shape[0], count, -1]).layerNorm().reshaped(to: x.shape)
}

private let sequences = [
  SampleSpec(.real([2, 2]), .real([3, 2]), .real([3, 2])),
  SampleSpec(.real([1, 2, 3]), .real([1, 2, 3]), .real([1, 2, 1])),
  SampleSpec(.real([2, 1, 2]), .real([2, 3, 2]), .real([2, 3, 2])),
  SampleSpec(.real([1, 1]), .real([1, 1]), .real([1, 1])),
]

/// Where weights saturate or keys are equal, derivatives by queries and keys vanish.
let attentionCases: [OperationCase] = [
  .structured("attention", sequences) { x, _ in
    scaledDotProductAttention(query: x[0], key: x[1], value: x[2])
  }.cancelling,
  .structured("attentionScaled", sequences) { x, _ in
    scaledDotProductAttention(query: x[0], key: x[1], value: x[2], scale: 0.75)
  }.cancelling,
  .structured("attentionCausal", sequences) { x, _ in
    scaledDotProductAttention(query: x[0], key: x[1], value: x[2], isCausal: true)
  }.cancelling,
  .structured(
    "attentionMasked",
    [
      SampleSpec(.real([2, 2]), .real([3, 2]), .real([3, 2]), .mask([2, 3])),
      SampleSpec(.real([1, 2, 2]), .real([1, 3, 2]), .real([1, 3, 1]), .mask([2, 3])),
      SampleSpec(.real([2, 2]), .real([2, 2]), .real([2, 1]), .mask([2])),
    ]
  ) { x, _ in
    scaledDotProductAttention(query: x[0], key: x[1], value: x[2], mask: x[3] .!= 0)
  }.cancelling,
  .structured(
    "attentionBiased",
    [
      SampleSpec(.real([2, 2]), .real([3, 2]), .real([3, 1]), .real([2, 3])),
      SampleSpec(.real([1, 2, 2]), .real([1, 3, 2]), .real([1, 3, 1]), .real([3])),
    ]
  ) { x, _ in scaledDotProductAttention(query: x[0], key: x[1], value: x[2], mask: x[3]) }
  .cancelling,
]

func attentionReference<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  switch name {
  case "attention": return .scaledDotProductAttention(query: x[0], key: x[1], value: x[2])
  case "attentionScaled":
    return .scaledDotProductAttention(query: x[0], key: x[1], value: x[2], scale: 0.75)
  case "attentionCausal":
    return .scaledDotProductAttention(query: x[0], key: x[1], value: x[2], isCausal: true)
  case "attentionMasked":
    return .scaledDotProductAttention(
      query: x[0], key: x[1], value: x[2], mask: x[3].map { $0 != 0 })
  case "attentionBiased":
    let features = x[0].shape[x[0].rank - 1]
    let scores = x[0].matmul(x[1].transposed()) / S.sqrt(S(features)) + x[3]
    return scores.softmax().matmul(x[2])
  default: return nil
  }
}
