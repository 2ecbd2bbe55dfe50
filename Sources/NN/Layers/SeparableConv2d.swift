import Autograd

/// A convolution of each channel by itself, then a 1 × 1 convolution that mixes the channels
/// (Chollet, arXiv:1610.02357).
///
/// It needs inputs · (kernel elements + outputs) weights where ``Conv2d`` needs inputs · kernel
/// elements · outputs.
public struct SeparableConv2d: Layer {
  /// The convolution of each channel, without a bias.
  public let depthwise: Conv2d
  /// The 1 × 1 convolution.
  public let pointwise: Conv2d

  /// Creates both convolutions with the initial values of ``Conv2d``.
  ///
  /// - Parameters:
  ///   - inputs: The number of channels that go in, at least 1.
  ///   - outputs: The number of channels that come out, at least 1.
  ///   - kernelSize: The size of a filter of the depthwise convolution.
  ///   - stride: The distance from one window to the next.
  ///   - padding: How many elements surround the input.
  ///   - paddingMode: What these elements are.
  ///   - dilation: The distance between the elements of a window.
  ///   - depthMultiplier: How many channels each one becomes before they are mixed, at least 1.
  ///   - bias: Whether the 1 × 1 convolution has a bias.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1,
    padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros,
    dilation: SpatialSizes = 1, depthMultiplier: Int = 1, bias: Bool = true,
    dtype: DType = .float32, using generator: inout RandomGenerator
  ) {
    depthwise = Conv2d(
      inputs: inputs, outputs: inputs * depthMultiplier, kernelSize: kernelSize, stride: stride,
      padding: padding, paddingMode: paddingMode, dilation: dilation, groups: inputs, bias: false,
      dtype: dtype, using: &generator)
    pointwise = Conv2d(
      inputs: inputs * depthMultiplier, outputs: outputs, kernelSize: 1, bias: bias, dtype: dtype,
      using: &generator)
  }

  /// A separable convolution whose number of inputs is that of the channels of its first input.
  ///
  /// - Parameters:
  ///   - outputs: The number of channels that come out.
  ///   - kernelSize: The size of a filter of the depthwise convolution.
  ///   - stride: The distance from one window to the next.
  ///   - padding: How many elements surround the input.
  ///   - paddingMode: What these elements are.
  ///   - dilation: The distance between the elements of a window.
  ///   - depthMultiplier: How many channels each one becomes before they are mixed.
  ///   - bias: Whether the 1 × 1 convolution has a bias.
  ///   - generator: The source of randomness.
  public static func lazy(
    outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1,
    padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros,
    dilation: SpatialSizes = 1, depthMultiplier: Int = 1, bias: Bool = true,
    using generator: inout RandomGenerator
  ) -> Lazy<SeparableConv2d> {
    var own = generator.split()
    return Lazy { x in
      SeparableConv2d(
        inputs: channels(of: x, 2, "SeparableConv2d"), outputs: outputs, kernelSize: kernelSize,
        stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation,
        depthMultiplier: depthMultiplier, bias: bias, dtype: x.dtype, using: &own)
    }
  }

  /// Applies both convolutions: [N, inputs, H, W] becomes [N, outputs, H′, W′].
  public func forward(_ x: Variable) -> Variable { pointwise(depthwise(x)) }
}
