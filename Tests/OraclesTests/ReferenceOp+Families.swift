// The operations of goldens.py in the reference's words, one switch per family.
import Oracles

private let index = NaiveArray([2, 0, 1, 1, 1, 0], shape: [2, 3])
private let mask = NaiveArray([true, false, true, false, true, true], shape: [2, 3])
private let classes = NaiveArray([2, 0, 3])
private let weight = [1, 0.5, 2, 0.25]

func reductionOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "sumAxis": return a.sum([0, 2])
  case "meanAxis": return a.mean([1], keepingAxes: true)
  case "prodAxis", "prodWithZero": return a.prod([1])
  case "amaxTies": return a.amax([1])
  case "aminTies": return a.amin([-1])
  case "variance": return a.variance([0, 2])
  case "deviation": return a.standardDeviation([2], correction: 0)
  case "norm2": return a.norm(2, [1])
  case "norm3": return a.norm(3, [1])
  case "norm1": return a.norm(1, [0])
  case "normInfinity": return a.norm(.infinity, [1])
  case "logSumExp": return a.logSumExp([1, 2])
  case "cumsum": return a.cumsum(axis: 0)
  case "cumprod": return a.cumprod(axis: 1)
  case "sortDescending": return a.sorted(axis: 1, descending: true)
  case "topK": return a.topK(2, axis: 1).values
  default: return nil
  }
}

func layerOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "softmax": return a.softmax(axis: 0)
  case "logSoftmax": return a.logSoftmax()
  case "layerNorm": return a.layerNorm(axes: 2, weight: x[1], bias: x[2])
  case "rmsNorm": return a.rmsNorm(weight: x[1])
  case "batchNorm": return a.batchNorm(weight: x[1], bias: x[2])
  case "attention":
    return .scaledDotProductAttention(query: a, key: x[1], value: x[2])
  case "attentionCausal":
    return .scaledDotProductAttention(
      query: a, key: x[1], value: x[2], isCausal: true, scale: 0.75)
  case "attentionMasked":
    return .scaledDotProductAttention(query: a, key: x[1], value: x[2], mask: mask)
  case "conv1d":
    return a.conv1d(x[1], bias: x[2], stride: 3, padding: 1, dilation: 2, groups: 2)
  case "conv2d":
    let options = NaiveConvolution(stride: [2, 1], padding: [1, 0], dilation: [1, 2])
    return a.conv2d(x[1], bias: x[2], options)
  case "convTranspose2d":
    let options = NaiveConvolution(
      stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2, outputPadding: [1, 0])
    return a.convTranspose2d(x[1], bias: x[2], options)
  case "maxPool2d":
    return a.maxPool(kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2])
  case "maxPool2dTies": return a.maxPool(kernel: [2, 2])
  case "avgPool2d": return a.avgPool(kernel: [3, 2], stride: [2, 2], padding: [1, 1])
  case "avgPool2dInside":
    return a.avgPool(kernel: [3, 2], stride: [2, 2], padding: [1, 1], countsPadding: false)
  case "adaptiveAvgPool2d": return a.adaptiveAvgPool(to: [3, 2])
  default: return nil
  }
}

func productOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "einsumBatch": return .einsum("bij,bjk->bki", x)
  case "einsumDiagonal": return .einsum("ii,i->i", x)
  case "einsumImplicit": return .einsum("zj,jb", x)
  case "matmulBroadcast", "matmulVector": return a.matmul(x[1])
  case "tensordot": return a.tensordot(x[1], axes: [2, 0], [0, 1])
  case "addmm": return a.addmm(x[1], x[2], beta: 0.5, alpha: 2)
  default: return nil
  }
}

func layoutOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "gather": return a.gathered(index, axis: 1)
  case "scatter":
    let targets = NaiveArray([2, 0, 1, 1, 2, 0], shape: [2, 3])
    return a.scattered(targets, axis: 1, from: x[1])
  case "scatterAdd": return a.scatterAdd(index, axis: 1, from: x[1])
  case "indexAdd": return a.indexAdd([2, 0, 2, 1], axis: 1, from: x[1])
  case "embedding": return a.embedding(index)
  case "pad": return a.padded([(-1, 1), (1, 2)], with: 0.5)
  case "slice": return a.sliced([NaiveSlice(-2), NaiveSlice(1, 5, step: 2)]).flipped([0])
  case "roll": return a.rolled(-1, axis: 1)
  case "trilTriu": return a.tril(1) + a.triu(1)
  case "diagonal": return a.diagonal(offset: 1, 1, 2)
  case "trace": return a.trace()
  case "tileRepeat": return a.tiled([2, 1, 2]) + a.repeated(2, axis: 1)
  case "movedAxis": return a.movedAxis(from: 0, to: -1).transposed(0, 1)
  case "stackConcatenate":
    return .concatenate([.stack([a, x[1]], axis: 1), a.unsqueezed(1)], axis: 1)
  case "whereFill":
    let chosen = mask.select(a * x[1], x[1])
    return chosen.maskedFill(a.map { $0 > 1 }, 0.5)
  default: return nil
  }
}

func scalarOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "clamp": return a.clamped(-1, 0.5) + x[1].clamped(0.25)
  case "gelu": return (a * 4).map(S.gelu)
  case "geluTanh": return a.map(S.geluTanh)
  case "siluSoftplus": return a.map { S.silu($0) * S.softplus($0, beta: 2) }
  case "logSigmoid": return a.map { S.logSigmoid(4 * $0) * S.sigmoid($0) }
  case "eluLeaky": return a.map { S.elu($0, alpha: 0.5) * S.leakyRelu($0, slope: 0.2) }
  case "reluAbsTies":
    let corner = a.map { S.max($0, $0 * $0) }
    return a.map(S.relu) + a.map(S.abs) + corner
  case "binaries":
    let angle = a.combined(with: x[1], S.atan2)
    let logarithm = a.combined(with: x[1], S.logAddExp)
    let power = x[1].combined(with: a, S.pow)
    return angle * logarithm + a.combined(with: x[1], S.xlogy) - power
  case "remainder": return a.combined(with: x[1], S.remainder) * x[1]
  default: return nil
  }
}

func lossOp<S: RealScalar>(_ name: String, _ x: [NaiveArray<S>]) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "mse": return a.mseLoss(x[1])
  case "l1": return a.l1Loss(x[1])
  case "huber": return a.huberLoss(x[1], delta: 0.5)
  case "bce": return a.bceLoss(x[1])
  case "bceWithLogits": return a.bceWithLogitsLoss(x[1], positiveWeight: 2.5)
  case "crossEntropy":
    return a.crossEntropyLoss(classes, weight: weight, ignoring: 0, smoothing: 0.125)
  case "nllImages": return (a * a).nllLoss(index, weight: Array(weight.prefix(3)), .none)
  default: return nil
  }
}
