import Autograd
import Oracles

/// Convolutions: stride, padding and dilation along each axis, and groups.
private let flatConvolutions = [
  SampleSpec(.real([1, 2, 4]), .real([2, 2, 2]), .real([2]), integers: [1, 0, 1, 1]),
  SampleSpec(.real([2, 1, 5]), .real([1, 1, 3]), .real([1]), integers: [2, 1, 1, 1]),
  SampleSpec(.real([1, 2, 6]), .real([2, 1, 2]), .real([2]), integers: [1, 1, 3, 2]),
  SampleSpec(.real([1, 1, 17]), .real([1, 1, 5]), .real([1]), integers: [3, 2, 2, 1]),
  SampleSpec(.real([1, 1, 1]), .real([1, 1, 1]), .real([1]), integers: [1, 0, 1, 1]),
]

private let imageConvolutions = [
  SampleSpec(
    .real([1, 1, 3, 3]), .real([1, 1, 2, 2]), .real([1]), integers: [1, 1, 0, 0, 1, 1, 1]),
  SampleSpec(
    .real([1, 2, 4, 3]), .real([2, 1, 2, 1]), .real([2]), integers: [2, 1, 1, 0, 1, 1, 2]),
  SampleSpec(
    .real([2, 1, 3, 5]), .real([1, 1, 2, 3]), .real([1]), integers: [1, 2, 0, 1, 2, 1, 1]),
  SampleSpec(
    .real([1, 2, 2, 2]), .real([3, 2, 2, 2]), .real([3]), integers: [1, 1, 1, 1, 1, 2, 1]),
  SampleSpec(
    .real([1, 1, 1, 1]), .real([2, 1, 1, 1]), .real([2]), integers: [1, 1, 0, 0, 1, 1, 1]),
  // More places than outputs: the kernel of one element takes a way of its own.
  SampleSpec(
    .real([2, 2, 2, 2]), .real([2, 1, 1, 1]), .real([2]), integers: [1, 1, 0, 1, 1, 1, 2]),
]

private func convolution(_ k: [Int], outputPadding: [Int] = [0, 0]) -> NaiveConvolution {
  NaiveConvolution(
    stride: [k[0], k[1]], padding: [k[2], k[3]], dilation: [k[4], k[5]], groups: k[6],
    outputPadding: outputPadding)
}

func sizes(_ k: ArraySlice<Int>) -> SpatialSizes { SpatialSizes(Array(k)) }

let convolutionCases: [OperationCase] = [
  .structured("conv1d", flatConvolutions) { x, k in
    conv1d(
      x[0], x[1], bias: x[2], stride: SpatialSizes(k[0]), padding: .explicit(SpatialSizes(k[1])),
      dilation: SpatialSizes(k[2]), groups: k[3])
  },
  .structured("conv2d", imageConvolutions) { x, k in
    conv2d(
      x[0], x[1], bias: x[2], stride: sizes(k[0..<2]), padding: .explicit(sizes(k[2..<4])),
      dilation: sizes(k[4..<6]), groups: k[6])
  },
  .structured(
    "conv3d",
    [
      SampleSpec(.real([1, 1, 3, 2, 2]), .real([1, 1, 2, 2, 1])),
      SampleSpec(.real([1, 2, 2, 2, 2]), .real([1, 2, 1, 2, 2])),
      SampleSpec(.real([2, 1, 2, 1, 3]), .real([2, 1, 2, 1, 2])),
    ]
  ) { x, _ in conv3d(x[0], x[1]) },
  .structured(
    "convTranspose1d",
    [
      SampleSpec(.real([1, 2, 3]), .real([2, 1, 2]), .real([1]), integers: [1, 0, 1, 1, 0]),
      SampleSpec(.real([2, 1, 3]), .real([1, 2, 3]), .real([2]), integers: [2, 1, 1, 1, 1]),
      SampleSpec(.real([1, 2, 3]), .real([2, 1, 2]), .real([2]), integers: [3, 1, 2, 2, 2]),
    ]
  ) { x, k in
    convTranspose1d(
      x[0], x[1], bias: x[2], stride: SpatialSizes(k[0]), padding: SpatialSizes(k[1]),
      outputPadding: SpatialSizes(k[4]), groups: k[3], dilation: SpatialSizes(k[2]))
  },
  .structured(
    "convTranspose2d",
    [
      SampleSpec(
        .real([1, 1, 2, 2]), .real([1, 1, 2, 2]), .real([1]), integers: [1, 1, 0, 0, 1, 1, 1, 0, 0]),
      SampleSpec(
        .real([1, 2, 2, 1]), .real([2, 1, 2, 2]), .real([2]), integers: [2, 1, 1, 0, 1, 2, 2, 1, 0]),
      SampleSpec(
        .real([2, 1, 2, 3]), .real([1, 2, 1, 2]), .real([2]), integers: [2, 3, 0, 1, 1, 1, 1, 1, 2]),
    ]
  ) { x, k in
    convTranspose2d(
      x[0], x[1], bias: x[2], stride: sizes(k[0..<2]), padding: sizes(k[2..<4]),
      outputPadding: sizes(k[7..<9]), groups: k[6], dilation: sizes(k[4..<6]))
  },
  .structured(
    "convTranspose3d",
    [
      SampleSpec(.real([1, 1, 2, 2, 1]), .real([1, 1, 2, 1, 2])),
      SampleSpec(.real([1, 2, 1, 1, 2]), .real([2, 1, 2, 2, 1])),
      SampleSpec(.real([2, 1, 2, 1, 1]), .real([1, 2, 1, 2, 1])),
    ]
  ) { x, _ in convTranspose3d(x[0], x[1]) },
]

let layerCases: [OperationCase] =
  convolutionCases + poolingCases + resizingCases + normalizationCases + attentionCases

func layerReference<S: RealScalar>(
  _ name: String, _ x: [NaiveArray<S>], _ k: [Int]
) -> NaiveArray<S>? {
  let a = x[0]
  switch name {
  case "conv1d":
    return a.conv1d(x[1], bias: x[2], stride: k[0], padding: k[1], dilation: k[2], groups: k[3])
  case "conv2d": return a.conv2d(x[1], bias: x[2], convolution(k))
  case "conv3d": return convolution3d(a, x[1])
  case "convTranspose1d":
    let options = NaiveConvolution(
      stride: [1, k[0]], padding: [0, k[1]], dilation: [1, k[2]], groups: k[3],
      outputPadding: [0, k[4]])
    return a.unsqueezed(2).convTranspose2d(x[1].unsqueezed(2), bias: x[2], options).squeezed([2])
  case "convTranspose2d":
    return a.convTranspose2d(x[1], bias: x[2], convolution(k, outputPadding: [k[7], k[8]]))
  case "convTranspose3d": return transposedConvolution3d(a, x[1])
  default:
    return poolingReference(name, a, k) ?? resizingReference(name, a, k)
      ?? normalizationReference(name, x, k) ?? attentionReference(name, x)
  }
}

/// A convolution over three axes is a sum of convolutions over two.
private func convolution3d<S: RealScalar>(
  _ x: NaiveArray<S>, _ weight: NaiveArray<S>
) -> NaiveArray<S> {
  let depth = weight.shape[2]
  let planes = (0...(x.shape[2] - depth)).map { plane in
    let parts = (0..<depth).map {
      x.select(plane + $0, axis: 2).conv2d(weight.select($0, axis: 2))
    }
    return parts.dropFirst().reduce(parts[0], +)
  }
  return .stack(planes, axis: 2)
}

/// A transposed convolution over three axes adds the planes of transposed convolutions over two.
private func transposedConvolution3d<S: RealScalar>(
  _ x: NaiveArray<S>, _ weight: NaiveArray<S>
) -> NaiveArray<S> {
  let (depth, taps) = (x.shape[2], weight.shape[2])
  let planes = (0..<depth + taps - 1).map { plane in
    let parts = (0..<taps).filter { (0..<depth).contains(plane - $0) }.map {
      x.select(plane - $0, axis: 2).convTranspose2d(weight.select($0, axis: 2))
    }
    return parts.dropFirst().reduce(parts[0], +)
  }
  return .stack(planes, axis: 2)
}
