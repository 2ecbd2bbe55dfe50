import Autograd
import NN
import Testing

/// Pooling layers against PyTorch's values and gradients in float64.
@Suite struct PoolingReferenceTests {
  @Test func `Maxima are PyTorch's in value and gradient`() throws {
    try expectReferences(
      "pooling", of: { $0.hasPrefix("max") },
      [
        "max1d": MaxPool1d(size: 3, stride: 2, padding: 1),
        "max1d dilated ceil": MaxPool1d(
          size: 2, stride: 2, padding: 1, dilation: 3, ceilMode: true),
        "max1d sparse": MaxPool1d(size: 2, stride: 4),
        "max2d": MaxPool2d(size: [2, 3]),
        "max2d ceil": MaxPool2d(size: 3, stride: 2, padding: [1, 0], ceilMode: true),
        "max2d ceil inside": MaxPool2d(size: 2, stride: 3, padding: 1, ceilMode: true),
        "max2d ties": MaxPool2d(size: 3, stride: 1, padding: 1),
        "max2d empty": MaxPool2d(size: 2),
        "max3d": MaxPool3d(
          size: [2, 3, 2], stride: [1, 2, 2], padding: [1, 0, 1], ceilMode: true),
      ])
  }

  @Test func `Means are PyTorch's in value and gradient`() throws {
    try expectReferences(
      "pooling", of: { $0.hasPrefix("average") },
      [
        "average1d": AveragePool1d(size: 3, stride: 2, padding: 1),
        "average1d ceil": AveragePool1d(size: 4, stride: 3, padding: 2, ceilMode: true),
        "average1d ceil inside": AveragePool1d(
          size: 2, stride: 3, padding: 1, ceilMode: true, countIncludesPadding: false),
        "average2d": AveragePool2d(size: [3, 2], stride: [2, 1], padding: [1, 0]),
        "average2d inside": AveragePool2d(
          size: 3, stride: 2, padding: 1, countIncludesPadding: false),
        "average2d ceil": AveragePool2d(size: 3, stride: [2, 3], padding: 1, ceilMode: true),
        "average2d ceil inside": AveragePool2d(
          size: 3, stride: [2, 3], padding: 1, ceilMode: true, countIncludesPadding: false),
        "average2d larger": AveragePool2d(size: 7, stride: 4, padding: 3, ceilMode: true),
        "average2d empty": AveragePool2d(size: 2, padding: 1),
        "average3d": AveragePool3d(
          size: 2, stride: [1, 2, 2], padding: 1, ceilMode: true, countIncludesPadding: false),
      ])
  }

  @Test func `Adaptive and global pools are PyTorch's in value and gradient`() throws {
    try expectReferences(
      "pooling", of: { $0.hasPrefix("adaptive") || $0.hasPrefix("global") },
      [
        "adaptive average1d": AdaptiveAveragePool1d(outputSize: 3),
        "adaptive average1d larger": AdaptiveAveragePool1d(outputSize: 9),
        "adaptive average2d": AdaptiveAveragePool2d(outputSize: [4, 5]),
        "adaptive average2d even": AdaptiveAveragePool2d(outputSize: [3, 1]),
        "adaptive average2d ties": AdaptiveAveragePool2d(outputSize: [2, 4]),
        "adaptive average3d": AdaptiveAveragePool3d(outputSize: [2, 3, 1]),
        "adaptive max1d": AdaptiveMaxPool1d(outputSize: 3),
        "adaptive max1d larger": AdaptiveMaxPool1d(outputSize: 9),
        "adaptive max2d": AdaptiveMaxPool2d(outputSize: [4, 5]),
        "adaptive max2d even": AdaptiveMaxPool2d(outputSize: [3, 1]),
        "adaptive max2d ties": AdaptiveMaxPool2d(outputSize: [2, 4]),
        "adaptive max3d": AdaptiveMaxPool3d(outputSize: [2, 3, 1]),
        "global average": GlobalAveragePool(), "global max": GlobalMaxPool(),
        "global max ties": GlobalMaxPool(),
      ])
  }
}
