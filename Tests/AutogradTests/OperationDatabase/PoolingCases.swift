import Autograd
import Oracles

/// Windows: size, stride and padding along both axes.
private let pools = [
  SampleSpec(.real([1, 1, 4, 4], .distinct), integers: [2, 2, 2, 2, 0, 0]),
  SampleSpec(.real([1, 2, 3, 4], .distinct), integers: [2, 3, 1, 1, 0, 1]),
  SampleSpec(.real([2, 1, 5, 3], .distinct), integers: [3, 2, 2, 1, 1, 1]),
  SampleSpec(.real([1, 1, 1, 1], .distinct), integers: [1, 1, 1, 1, 0, 0]),
  SampleSpec(.real([1, 1, 2, 17], .distinct), integers: [1, 4, 1, 3, 0, 2]),
]

/// The last windows reach beyond the end, or would begin there.
private let ceilPools = [
  SampleSpec(.real([1, 1, 4, 4], .distinct), integers: [3, 2, 2, 3, 1, 0]),
  SampleSpec(.real([1, 2, 5, 3], .distinct), integers: [2, 2, 2, 2, 0, 1]),
  SampleSpec(.real([2, 1, 3, 6], .distinct), integers: [2, 1, 3, 4, 1, 0]),
]

private let deepPools = [
  SampleSpec(.real([1, 1, 2, 3, 2], .distinct), integers: [2, 2, 1, 1, 1, 2, 0, 1, 0]),
  SampleSpec(.real([1, 2, 2, 2, 2], .distinct), integers: [1, 2, 2, 1, 2, 1, 0, 0, 1]),
]

private let adaptivePools = [
  SampleSpec(.real([1, 1, 4, 4], .distinct), integers: [2, 2]),
  SampleSpec(.real([1, 2, 5, 3], .distinct), integers: [2, 3]),
  SampleSpec(.real([2, 1, 3, 7], .distinct), integers: [1, 4]),
  SampleSpec(.real([1, 1, 2, 2], .distinct), integers: [3, 1]),
]

private let flatAdaptivePools = [
  SampleSpec(.real([1, 2, 6], .distinct), integers: [3]),
  SampleSpec(.real([2, 1, 7], .distinct), integers: [3]),
  SampleSpec(.real([1, 1, 2], .distinct), integers: [5]),
]

private let deepAdaptivePools = [
  SampleSpec(.real([1, 1, 2, 3, 2], .distinct), integers: [1, 2, 2]),
  SampleSpec(.real([1, 2, 3, 2, 1], .distinct), integers: [2, 1, 3]),
]

let poolingCases: [OperationCase] = [
  .structured("maxPool2d", pools) { x, k in
    maxPool2d(x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]))
  },
  .structured(
    "maxPool1d",
    [
      SampleSpec(.real([1, 2, 6], .distinct), integers: [2, 2, 0, 1]),
      SampleSpec(.real([2, 1, 7], .distinct), integers: [3, 1, 1, 2]),
      SampleSpec(.real([1, 1, 17], .distinct), integers: [4, 3, 2, 1]),
    ]
  ) { x, k in
    maxPool1d(
      x[0], size: SpatialSizes(k[0]), stride: SpatialSizes(k[1]), padding: SpatialSizes(k[2]),
      dilation: SpatialSizes(k[3]))
  },
  .structured("maxPool2dCeil", ceilPools) { x, k in
    maxPool2d(
      x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]), ceilMode: true
    )
  },
  .structured("maxPool3d", deepPools) { x, k in
    maxPool3d(x[0], size: sizes(k[0..<3]), stride: sizes(k[3..<6]), padding: sizes(k[6..<9]))
  },
  .structured("averagePool3d", deepPools) { x, k in
    averagePool3d(x[0], size: sizes(k[0..<3]), stride: sizes(k[3..<6]), padding: sizes(k[6..<9]))
  },
  .structured("averagePool2dCeil", ceilPools) { x, k in
    averagePool2d(
      x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]), ceilMode: true
    )
  },
  .structured("averagePool2dCeilInside", ceilPools) { x, k in
    averagePool2d(
      x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]),
      ceilMode: true, countIncludesPadding: false)
  },
  .structured("averagePool2d", pools) { x, k in
    averagePool2d(x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]))
  },
  .structured("averagePool2dInside", pools) { x, k in
    averagePool2d(
      x[0], size: sizes(k[0..<2]), stride: sizes(k[2..<4]), padding: sizes(k[4..<6]),
      countIncludesPadding: false)
  },
  .structured(
    "averagePool1d",
    [
      SampleSpec(.real([1, 2, 6]), integers: [2, 2, 0]),
      SampleSpec(.real([2, 1, 7]), integers: [3, 1, 1]),
      SampleSpec(.real([1, 1, 17]), integers: [4, 3, 2]),
    ]
  ) { x, k in
    averagePool1d(
      x[0], size: SpatialSizes(k[0]), stride: SpatialSizes(k[1]), padding: SpatialSizes(k[2]))
  },
  .structured("adaptiveAveragePool1d", flatAdaptivePools) { x, k in
    adaptiveAveragePool1d(x[0], outputSize: sizes(k[...]))
  },
  .structured("adaptiveAveragePool2d", adaptivePools) { x, k in
    adaptiveAveragePool2d(x[0], outputSize: sizes(k[...]))
  },
  .structured("adaptiveAveragePool3d", deepAdaptivePools) { x, k in
    adaptiveAveragePool3d(x[0], outputSize: sizes(k[...]))
  },
  .structured("adaptiveMaxPool1d", flatAdaptivePools) { x, k in
    adaptiveMaxPool1d(x[0], outputSize: sizes(k[...]))
  },
  .structured("adaptiveMaxPool2d", adaptivePools) { x, k in
    adaptiveMaxPool2d(x[0], outputSize: sizes(k[...]))
  },
  .structured("adaptiveMaxPool3d", deepAdaptivePools) { x, k in
    adaptiveMaxPool3d(x[0], outputSize: sizes(k[...]))
  },
]

func poolingReference<S: RealScalar>(
  _ name: String, _ a: NaiveArray<S>, _ k: [Int]
) -> NaiveArray<S>? {
  func part(_ index: Int) -> [Int] {
    let rank = a.rank - 2
    return Array(k[(index * rank)..<((index + 1) * rank)])
  }
  switch name {
  case "maxPool2d", "maxPool3d":
    return a.maxPool(kernel: part(0), stride: part(1), padding: part(2))
  case "maxPool2dCeil":
    return a.maxPool(kernel: part(0), stride: part(1), padding: part(2), ceilMode: true)
  case "maxPool1d":
    return a.maxPool(kernel: [k[0]], stride: [k[1]], padding: [k[2]], dilation: [k[3]])
  case "averagePool1d", "averagePool2d", "averagePool3d":
    return a.avgPool(kernel: part(0), stride: part(1), padding: part(2))
  case "averagePool2dInside":
    return a.avgPool(kernel: part(0), stride: part(1), padding: part(2), countsPadding: false)
  case "averagePool2dCeil", "averagePool2dCeilInside":
    return a.avgPool(
      kernel: part(0), stride: part(1), padding: part(2),
      countsPadding: name == "averagePool2dCeil",
      ceilMode: true)
  case "adaptiveAveragePool1d", "adaptiveAveragePool2d", "adaptiveAveragePool3d":
    return a.adaptiveAvgPool(to: k)
  case "adaptiveMaxPool1d", "adaptiveMaxPool2d", "adaptiveMaxPool3d":
    return a.adaptiveMaxPool(to: k)
  default: return nil
  }
}
