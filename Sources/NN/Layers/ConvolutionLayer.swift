import Autograd

/// How the filters of a convolution are moved over its input.
public struct ConvolutionGeometry: Sendable, Hashable {
  /// The distance from one window to the next.
  public let stride: SpatialSizes
  /// How many elements surround the input.
  public let padding: ConvolutionPadding
  /// What these elements are.
  public let paddingMode: PaddingMode
  /// The distance between the elements of a window.
  public let dilation: SpatialSizes
  /// Into how many groups the channels are split, each with filters of its own.
  public let groups: Int

  /// Creates the geometry; by default windows are neighbours, and there is no padding.
  public init(
    stride: SpatialSizes = 1, padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros,
    dilation: SpatialSizes = 1, groups: Int = 1
  ) {
    self.stride = stride
    self.padding = padding
    self.paddingMode = paddingMode
    self.dilation = dilation
    self.groups = groups
  }
}

/// What ``Conv1d``, ``Conv2d`` and ``Conv3d`` share: they differ in the number of spatial axes.
public protocol ConvolutionLayer: WeightedLayer {
  /// The number of spatial axes.
  static var spatialRank: Int { get }
  /// The filters, of shape [outputs, inputs / groups, kernel…].
  var weight: Variable { get }
  /// What is added to each output channel, of shape [outputs], or nil.
  var bias: Variable? { get }
  /// How the filters are moved.
  var geometry: ConvolutionGeometry { get }

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  init(weight: Variable, bias: Variable?, geometry: ConvolutionGeometry)
}

extension ConvolutionLayer {
  /// Creates the layer with weights and bias drawn from U(−1/√n, 1/√n), as PyTorch does, with
  /// n = inputs / groups · elements of the kernel.
  ///
  /// This is the initialisation of He et al. (arXiv:1502.01852) for a leaky rectifier of slope √5.
  /// With `groups` equal to `inputs` the convolution is depthwise: each channel by itself.
  ///
  /// - Parameters:
  ///   - inputs: The number of channels that go in, at least 1.
  ///   - outputs: The number of channels that come out, at least 1.
  ///   - kernelSize: The size of a filter along the spatial axes.
  ///   - stride: The distance from one window to the next.
  ///   - padding: How many elements surround the input: a number for both sides, `.valid` for none,
  ///     or `.same` for as many as keep the size, which needs stride 1.
  ///   - paddingMode: What these elements are.
  ///   - dilation: The distance between the elements of a window.
  ///   - groups: Into how many groups the channels are split, each with filters of its own; it
  ///     divides inputs and outputs, else it is an error.
  ///   - bias: Whether there is a bias.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1,
    padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros,
    dilation: SpatialSizes = 1, groups: Int = 1, bias: Bool = true, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    requireChannels("\(Self.self)", inputs, outputs, groups)
    let kernel = kernelSize.resolved(
      Self.spatialRank, minimum: 1, "kernelSize", operation: "\(Self.self)")
    let filters = InitialFilters(
      shape: Shape([outputs, inputs / groups] + kernel), biasCount: bias ? outputs : nil, dtype,
      &generator)
    self.init(
      weight: filters.weight, bias: filters.bias,
      geometry: ConvolutionGeometry(
        stride: stride, padding: padding, paddingMode: paddingMode, dilation: dilation,
        groups: groups))
  }

  /// A convolution whose number of inputs is that of the channels of its first input.
  ///
  /// - Parameters:
  ///   - outputs: The number of channels that come out.
  ///   - kernelSize: The size of a filter along the spatial axes.
  ///   - stride: The distance from one window to the next.
  ///   - padding: How many elements surround the input.
  ///   - paddingMode: What these elements are.
  ///   - dilation: The distance between the elements of a window.
  ///   - groups: Into how many groups the channels are split.
  ///   - bias: Whether there is a bias.
  ///   - generator: The source of randomness.
  public static func lazy(
    outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1,
    padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros,
    dilation: SpatialSizes = 1, groups: Int = 1, bias: Bool = true,
    using generator: inout RandomGenerator
  ) -> Lazy<Self> {
    var own = generator.split()
    return Lazy { x in
      Self(
        inputs: channels(of: x, spatialRank, "\(Self.self)"), outputs: outputs,
        kernelSize: kernelSize, stride: stride, padding: padding, paddingMode: paddingMode,
        dilation: dilation, groups: groups, bias: bias, dtype: x.dtype, using: &own)
    }
  }

  /// The name with the numbers of channels and whatever is not as by default: "Conv2d(3 → 16,
  /// kernel 3×3, padding 1)".
  public var label: String {
    var parts = ["\(weight.shape[1] * geometry.groups) → \(weight.shape[0])", kernelLabel(weight)]
    if geometry.stride != 1 { parts.append("stride \(text(geometry.stride))") }
    switch geometry.padding {
    case .valid, 0: break
    case .same: parts.append("padding same")
    case .explicit(let sizes): parts.append("padding \(text(sizes))")
    }
    if geometry.paddingMode != .zeros { parts.append("\(geometry.paddingMode)") }
    if geometry.dilation != 1 { parts.append("dilation \(text(geometry.dilation))") }
    if geometry.groups != 1 { parts.append("groups \(geometry.groups)") }
    if bias == nil { parts.append("no bias") }
    return "\(Self.self)(\(parts.joined(separator: ", ")))"
  }

  /// The same convolution with another weight of the same shape.
  public func replacing(weight: Variable) -> Self {
    Self(weight: weight, bias: bias, geometry: geometry)
  }

  /// Stops with an error unless the variables and the geometry fit.
  static func requireFit(_ weight: Variable, _ bias: Variable?, _ geometry: ConvolutionGeometry) {
    let name = "\(Self.self)"
    requireFilters(name, weight, bias, spatialRank, geometry.groups, outputs: weight.shape.first)
    let rank = spatialRank
    _ = geometry.stride.resolved(rank, minimum: 1, "stride", operation: name)
    _ = geometry.dilation.resolved(rank, minimum: 1, "dilation", operation: name)
    if case .explicit(let sizes) = geometry.padding {
      _ = sizes.resolved(rank, minimum: 0, "padding", operation: name)
    }
  }
}
