import Autograd
import NN
import Testing

@Suite struct PoolingTests {
  @Test func `Derivatives of both orders are right`() {
    let layers: [any Layer] = [
      MaxPool2d(size: 2, stride: 1, padding: 1, ceilMode: true),
      AveragePool2d(size: 3, stride: 2, padding: 1, ceilMode: true, countIncludesPadding: false),
      AdaptiveAveragePool2d(outputSize: [3, 2]), AdaptiveMaxPool2d(outputSize: [3, 2]),
      GlobalAveragePool(), GlobalMaxPool(), Upsample(scale: 1.5),
      Upsample(size: [3, 7], by: .linear()), Upsample(size: [3, 7], by: .cubic()),
      Pad(1, mode: .reflect), Pad(2, mode: .replicate), Pad(2, mode: .circular),
      PixelShuffle(factor: 2), PixelUnshuffle(factor: 2), ChannelShuffle(groups: 2),
      Unfold2d(size: 2, padding: 1),
    ]
    let x = sample([1, 4, 4, 4], 1)
    for layer in layers {
      // Squared, so that there is a second derivative.
      let report = gradCheck({ square(layer($0[0])) }, at: [x])
      #expect(report.passed, "\(layer.label): \(report)")
    }
  }

  @Test func `A window without an own stride moves by its size`() {
    let x = double((0..<10).map { Double($0) }, [1, 1, 10])
    expect(MaxPool1d(size: 3)(x), equals: [2, 5, 8])
    expect(MaxPool1d(size: 3, ceilMode: true)(x), equals: [2, 5, 8, 9])
    expect(AveragePool1d(size: 3, ceilMode: true)(x), equals: [1, 4, 7, 9])
    expect(MaxPool1d(size: 1, stride: 4)(x), equals: [0, 4, 8])
  }

  @Test func `NaN and −∞ pass through maxima`() {
    let x = double([1, .nan, 3, -.infinity, -.infinity, -.infinity], [1, 1, 6])
    let y = MaxPool1d(size: 3)(x).value.doubles()
    #expect(y[0].isNaN && y[1] == -.infinity)
    #expect(GlobalMaxPool()(x[..., 2...]).value.doubles() == [3])
  }

  @Test func `Discarded elements get no gradient, whatever their slope is`() {
    let x = double([0, 4, 9, 0], [1, 1, 4], requiresGradient: true)
    let slope = gradient(of: MaxPool1d(size: 2)(sqrt(x)).sum(), withRespectTo: x)
    expect(slope, equals: [0, 0.25, 1.0 / 6, 0])
    let adaptive = AdaptiveMaxPool1d(outputSize: 3)(sqrt(x)).sum()
    #expect(gradient(of: adaptive, withRespectTo: x).value.doubles()[0] == 0)
  }

  @Test func `Types and further leading axes are kept`() {
    let x = Variable(Tensor.ones([2, 3, 1, 4, 4]))
    #expect(MaxPool2d(size: 2)(x).shape == [2, 3, 1, 2, 2])
    #expect(AdaptiveAveragePool2d(outputSize: 1)(x[0, 0]).shape == [1, 1, 1])
    #expect(AveragePool2d(size: 2)(x).dtype == .float32)
    #expect(Upsample(scale: 2, by: .linear())(x[0]).dtype == .float32)
    #expect(PixelUnshuffle(factor: 2)(x).shape == [2, 3, 4, 2, 2])
    #expect(GlobalMaxPool()(x).shape == [2, 3])
  }

  @Test func `The nearest element is exact`() {
    // 41 · (2 / 82) is below 1 in float32.
    let x = double([0, 1], [1, 1, 2])
    let y = Upsample(size: 82)(x).value.doubles()
    #expect(y == Array(repeating: 0, count: 41) + Array(repeating: 1, count: 41))
  }

  @Test func `Shuffles and their inverses`() {
    let x = sample([2, 8, 2, 4], 3)
    let there = PixelShuffle(factor: 2)(x)
    #expect(there.shape == [2, 2, 4, 8])
    #expect(PixelUnshuffle(factor: 2)(there).value.doubles() == x.value.doubles())
    let dealt = ChannelShuffle(groups: 4)(ChannelShuffle(groups: 2)(x))
    #expect(dealt.value.doubles() == x.value.doubles())
    let windows = Unfold2d(size: 2, stride: 2)(x)
    let back = Fold2d(outputSize: [2, 4], size: 2, stride: 2)(windows)
    #expect(back.value.doubles() == x.value.doubles())
  }

  @Test func `Labels name what is not as by default`() {
    let labels: [(any Layer, String)] = [
      (MaxPool2d(size: 3, stride: 2, padding: 1), "MaxPool2d(3, stride 2, padding 1)"),
      (MaxPool1d(size: 2, dilation: 2, ceilMode: true), "MaxPool1d(2, ceil mode, dilation 2)"),
      (
        AveragePool2d(size: [2, 3], countIncludesPadding: false),
        "AveragePool2d(2×3, padding not counted)"
      ),
      (AdaptiveMaxPool3d(outputSize: [1, 2, 2]), "AdaptiveMaxPool3d(1×2×2)"),
      (Upsample(scale: 2), "Upsample(× 2.0, nearest)"),
      (
        Upsample(size: [4, 4], by: .linear(alignsCorners: true)),
        "Upsample(4×4, linear, corners aligned)"
      ),
      (Pad(1, mode: .reflect), "Pad(1, reflect)"),
      (Pad(before: 0, after: [1, 2]), "Pad(before 0, after 1×2, zeros)"),
      (ChannelShuffle(groups: 3), "ChannelShuffle(3 groups)"),
    ]
    for (layer, label) in labels { #expect(layer.label == label) }
  }
}
