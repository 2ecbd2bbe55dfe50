import Autograd

/// How the filters of a transposed convolution are moved over its output.
public struct TransposedConvolutionGeometry: Sendable, Hashable {
  /// The distance between the places to which neighbours of the input are added.
  public let stride: SpatialSizes
  /// How many elements are cut off on both sides.
  public let padding: SpatialSizes
  /// How many elements are appended; below the stride or the dilation.
  public let outputPadding: SpatialSizes
  /// Into how many groups the channels are split, each with filters of its own.
  public let groups: Int
  /// The distance between the elements of a filter.
  public let dilation: SpatialSizes

  /// Creates the geometry; by default filters are added at neighbouring places, and nothing is cut
  /// off.
  public init(
    stride: SpatialSizes = 1, padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0,
    groups: Int = 1, dilation: SpatialSizes = 1
  ) {
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.groups = groups
    self.dilation = dilation
  }
}

/// What ``ConvTranspose1d``, ``ConvTranspose2d`` and ``ConvTranspose3d`` share: they differ in the
/// number of spatial axes.
public protocol TransposedConvolutionLayer: WeightedLayer {
  /// The number of spatial axes.
  static var spatialRank: Int { get }
  /// The filters, of shape [inputs, outputs / groups, kernel…].
  var weight: Variable { get }
  /// What is added to each output channel, of shape [outputs], or nil.
  var bias: Variable? { get }
  /// How the filters are moved.
  var geometry: TransposedConvolutionGeometry { get }

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  init(weight: Variable, bias: Variable?, geometry: TransposedConvolutionGeometry)
}

extension TransposedConvolutionLayer {
  /// Creates the layer with weights and bias drawn from U(−1/√n, 1/√n), as PyTorch does, with
  /// n = outputs / groups · elements of the kernel.
  ///
  /// Along each spatial axis the length L becomes (L − 1) stride − 2 padding + dilation
  /// (kernelSize − 1) + outputPadding + 1.
  ///
  /// - Parameters:
  ///   - inputs: The number of channels that go in, at least 1.
  ///   - outputs: The number of channels that come out, at least 1.
  ///   - kernelSize: The size of a filter along the spatial axes.
  ///   - stride: The distance between the places to which neighbours of the input are added.
  ///   - padding: How many elements are cut off on both sides.
  ///   - outputPadding: How many elements are appended; below the stride or the dilation.
  ///   - groups: Into how many groups the channels are split, each with filters of its own; it
  ///     divides inputs and outputs, else it is an error.
  ///   - bias: Whether there is a bias.
  ///   - dilation: The distance between the elements of a filter.
  ///   - dtype: float32 or float64.
  ///   - generator: The source of randomness.
  public init(
    inputs: Int, outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1,
    padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, groups: Int = 1,
    bias: Bool = true, dilation: SpatialSizes = 1, dtype: DType = .float32,
    using generator: inout RandomGenerator
  ) {
    requireChannels("\(Self.self)", inputs, outputs, groups)
    let kernel = kernelSize.resolved(
      Self.spatialRank, minimum: 1, "kernelSize", operation: "\(Self.self)")
    let filters = InitialFilters(
      shape: Shape([inputs, outputs / groups] + kernel), biasCount: bias ? outputs : nil, dtype,
      &generator)
    self.init(
      weight: filters.weight, bias: filters.bias,
      geometry: TransposedConvolutionGeometry(
        stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
        dilation: dilation))
  }

  /// A transposed convolution whose number of inputs is that of the channels of its first input.
  ///
  /// - Parameters:
  ///   - outputs: The number of channels that come out.
  ///   - kernelSize: The size of a filter along the spatial axes.
  ///   - stride: The distance between the places to which neighbours of the input are added.
  ///   - padding: How many elements are cut off on both sides.
  ///   - outputPadding: How many elements are appended; below the stride or the dilation.
  ///   - groups: Into how many groups the channels are split.
  ///   - bias: Whether there is a bias.
  ///   - dilation: The distance between the elements of a filter.
  ///   - generator: The source of randomness.
  public static func lazy(
    outputs: Int, kernelSize: SpatialSizes, stride: SpatialSizes = 1, padding: SpatialSizes = 0,
    outputPadding: SpatialSizes = 0, groups: Int = 1, bias: Bool = true,
    dilation: SpatialSizes = 1, using generator: inout RandomGenerator
  ) -> Lazy<Self> {
    var own = generator.split()
    return Lazy { x in
      Self(
        inputs: channels(of: x, spatialRank, "\(Self.self)"), outputs: outputs,
        kernelSize: kernelSize, stride: stride, padding: padding, outputPadding: outputPadding,
        groups: groups, bias: bias, dilation: dilation, dtype: x.dtype, using: &own)
    }
  }

  /// The name with the numbers of channels and whatever is not as by default.
  public var label: String {
    var parts = ["\(weight.shape[0]) → \(weight.shape[1] * geometry.groups)", kernelLabel(weight)]
    if geometry.stride != 1 { parts.append("stride \(text(geometry.stride))") }
    if geometry.padding != 0 { parts.append("padding \(text(geometry.padding))") }
    if geometry.outputPadding != 0 {
      parts.append("output padding \(text(geometry.outputPadding))")
    }
    if geometry.groups != 1 { parts.append("groups \(geometry.groups)") }
    if geometry.dilation != 1 { parts.append("dilation \(text(geometry.dilation))") }
    if bias == nil { parts.append("no bias") }
    return "\(Self.self)(\(parts.joined(separator: ", ")))"
  }

  /// The same transposed convolution with another weight of the same shape.
  public func replacing(weight: Variable) -> Self {
    Self(weight: weight, bias: bias, geometry: geometry)
  }

  /// Stops with an error unless the variables and the geometry fit.
  static func requireFit(
    _ weight: Variable, _ bias: Variable?, _ geometry: TransposedConvolutionGeometry
  ) {
    let name = "\(Self.self)"
    let outputs = weight.rank > 1 ? weight.shape[1] * geometry.groups : nil
    requireFilters(name, weight, bias, spatialRank, geometry.groups, outputs: outputs)
    let rank = spatialRank
    let stride = geometry.stride.resolved(rank, minimum: 1, "stride", operation: name)
    let dilation = geometry.dilation.resolved(rank, minimum: 1, "dilation", operation: name)
    let extra = geometry.outputPadding.resolved(
      rank, minimum: 0, "outputPadding", operation: name)
    _ = geometry.padding.resolved(rank, minimum: 0, "padding", operation: name)
    for axis in 0..<rank where extra[axis] >= max(stride[axis], dilation[axis]) {
      fatalError(
        "\(name): outputPadding \(extra[axis]) is not below the stride \(stride[axis]) or the "
          + "dilation \(dilation[axis])")
    }
  }
}
