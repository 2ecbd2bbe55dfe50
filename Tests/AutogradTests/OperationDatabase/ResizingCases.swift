import Autograd
import Oracles

private let paddings = [
  SampleSpec(.real([3, 4]), integers: [1, 2, 3, 0]), SampleSpec(.real([2]), integers: [0, 1]),
  SampleSpec(.real([2, 1, 3]), integers: [1, 1, 0, 0, 2, 2]),
]

/// The sizes of the result.
private let resizings = [
  SampleSpec(.real([1, 1, 4]), integers: [7]), SampleSpec(.real([1, 2, 3, 2]), integers: [2, 5]),
  SampleSpec(.real([2, 1, 1, 5]), integers: [3, 1]),
  SampleSpec(.real([1, 1, 2, 2, 3]), integers: [3, 2, 2]),
  SampleSpec(.real([3, 1, 2]), integers: [2]), SampleSpec(.real([1, 1, 9]), integers: [4]),
  SampleSpec(.real([1, 1, 5, 1]), integers: [1, 3]),
]

/// Size, stride, padding and dilation of windows, and the size of images.
private let foldings = [
  SampleSpec(.real([1, 2, 4, 3]), integers: [2, 2, 1, 1, 0, 0, 1, 1]),
  SampleSpec(.real([2, 1, 3, 4]), integers: [2, 1, 2, 3, 1, 0, 2, 1]),
]

/// The number of columns differs, all else is as above.
private let columns = [
  SampleSpec(.real([1, 8, 6]), integers: [2, 2, 1, 1, 0, 0, 1, 1, 4, 3]),
  SampleSpec(.real([2, 2, 4]), integers: [2, 1, 2, 3, 1, 0, 2, 1, 3, 4]),
]

private func options(_ k: [Int]) -> NaiveConvolution {
  NaiveConvolution(stride: [k[2], k[3]], padding: [k[4], k[5]], dilation: [k[6], k[7]])
}

private func padding(_ name: String, _ mode: PaddingMode) -> OperationCase {
  .structured(name, paddings) { x, k in
    x[0].padded((0..<k.count / 2).map { (before: k[2 * $0], after: k[2 * $0 + 1]) }, mode: mode)
  }
}

private func resizing(_ name: String, _ interpolation: Interpolation) -> OperationCase {
  .structured(name, resizings) { x, k in
    interpolate(x[0], size: sizes(k[...]), by: interpolation)
  }
}

/// Factors in quarters.
private func scaling(_ name: String, _ interpolation: Interpolation) -> OperationCase {
  .structured(
    name,
    [
      SampleSpec(.real([1, 1, 4]), integers: [6]), SampleSpec(.real([1, 2, 3, 2]), integers: [3]),
      SampleSpec(.real([2, 1, 5]), integers: [11]),
    ]
  ) { x, k in interpolate(x[0], scale: Double(k[0]) / 4, by: interpolation) }
}

let resizingCases: [OperationCase] = [
  padding("paddedReflecting", .reflect), padding("paddedReplicating", .replicate),
  padding("paddedCircularly", .circular),
  resizing("interpolateNearest", .nearest), resizing("interpolateLinear", .linear()),
  resizing("interpolateLinearAligned", .linear(alignsCorners: true)),
  resizing("interpolateCubic", .cubic()),
  // Places that hit an element weigh its neighbours by 0, and 0 · ∞ is NaN, as in PyTorch.
  resizing("interpolateCubicAligned", .cubic(alignsCorners: true)).without("infinite")
    .without("NaN"),
  scaling("interpolateByFactorNearest", .nearest), scaling("interpolateByFactor", .linear()),
  .structured(
    "pixelShuffle",
    [
      SampleSpec(.real([1, 4, 2, 1]), integers: [2]),
      SampleSpec(.real([2, 9, 1, 1]), integers: [3]),
      SampleSpec(.real([1, 2, 2, 3]), integers: [1]),
      SampleSpec(.real([1, 8, 1, 2]), integers: [2]),
    ]
  ) { x, k in pixelShuffle(x[0], factor: k[0]) },
  .structured(
    "pixelUnshuffle",
    [
      SampleSpec(.real([1, 2, 2, 4]), integers: [2]),
      SampleSpec(.real([2, 1, 3, 3]), integers: [3]),
      SampleSpec(.real([1, 2, 2, 3]), integers: [1]),
    ]
  ) { x, k in pixelUnshuffle(x[0], factor: k[0]) },
  .structured(
    "channelShuffle",
    [
      SampleSpec(.real([1, 6, 2]), integers: [3]), SampleSpec(.real([2, 4]), integers: [2]),
      SampleSpec(.real([1, 4, 2, 1]), integers: [4]), SampleSpec(.real([2, 3, 1]), integers: [1]),
    ]
  ) { x, k in channelShuffle(x[0], groups: k[0]) },
  .structured("unfold2d", foldings) { x, k in
    unfold2d(
      x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]),
      dilation: sizes(k[6..<8]))
  },
  .structured("fold2d", columns) { x, k in
    fold2d(
      x[0], outputSize: sizes(k[8..<10]), size: sizes(k[0..<2]), stride: sizes(k[2..<4]),
      padding: sizes(k[4..<6]), dilation: sizes(k[6..<8]))
  },
]

func resizingReference<S: RealScalar>(
  _ name: String, _ a: NaiveArray<S>, _ k: [Int]
) -> NaiveArray<S>? {
  func padded(_ source: (Int, Int) -> Int) -> NaiveArray<S> {
    (0..<k.count / 2).reduce(a) {
      $0.extended(axis: $1, before: k[2 * $1], after: k[2 * $1 + 1], source: source)
    }
  }
  switch name {
  case "paddedReflecting":
    return padded { $0 < 0 ? -$0 : $0 < $1 ? $0 : 2 * ($1 - 1) - $0 }
  case "paddedReplicating": return padded { $0 < 0 ? 0 : $0 < $1 ? $0 : $1 - 1 }
  case "paddedCircularly": return padded { $0 < 0 ? $0 + $1 : $0 < $1 ? $0 : $0 - $1 }
  case "interpolateByFactor", "interpolateByFactorNearest":
    let factor = WideFloat(k[0]) / 4
    return (2..<a.rank).reduce(a) { a, axis in
      let size = a.shape[axis] * k[0] / 4
      if name.hasSuffix("Nearest") {
        return a.selecting((0..<size).map { $0 * 4 / k[0] }, axis: axis)
      }
      return a.resized(
        axis: axis, to: size, place: { (WideFloat($0) + 0.5) / factor - 0.5 },
        weight: linearWeight)
    }
  case "pixelShuffle": return a.pixelShuffled(k[0])
  case "pixelUnshuffle": return a.pixelUnshuffled(k[0])
  case "channelShuffle": return a.channelShuffled(k[0])
  case "unfold2d": return a.unfolded(kernel: Array(k[0..<2]), options(k))
  case "fold2d":
    return a.folded(to: Array(k[8..<10]), kernel: Array(k[0..<2]), options(k))
  default: return name.hasPrefix("interpolate") ? interpolated(name, a, k) : nil
  }
}

private func interpolated<S: RealScalar>(
  _ name: String, _ a: NaiveArray<S>, _ k: [Int]
) -> NaiveArray<S> {
  k.enumerated().reduce(a) { a, next in
    let (axis, size) = (next.offset + 2, next.element)
    let length = a.shape[axis]
    if name == "interpolateNearest" {
      return a.selecting((0..<size).map { $0 * length / size }, axis: axis)
    }
    func place(_ i: Int) -> WideFloat {
      if name.hasSuffix("Aligned") {
        return size == 1 ? 0 : WideFloat(i) * WideFloat(length - 1) / WideFloat(size - 1)
      }
      return (WideFloat(i) + 0.5) * WideFloat(length) / WideFloat(size) - 0.5
    }
    let isLinear = name.hasPrefix("interpolateLinear")
    return a.resized(
      axis: axis, to: size, place: place, weight: isLinear ? linearWeight : cubicWeight)
  }
}

private func linearWeight(_ distance: WideFloat) -> WideFloat { max(0, 1 - abs(distance)) }

/// Keys' cubic convolution with a = −3/4.
private func cubicWeight(_ distance: WideFloat) -> WideFloat {
  let d = abs(distance)
  if d < 1 { return 1.25 * d * d * d - 2.25 * d * d + 1 }
  return d < 2 ? -0.75 * (d * d * d - 5 * d * d + 8 * d - 4) : 0
}
