import Autograd

/// The convolution (cross-correlation) over one axis.
///
/// [N, inputs, L] becomes [N, outputs, L′]; see
/// ``conv1d(_:_:bias:stride:padding:paddingMode:dilation:groups:)``.
///
/// ```swift
/// Conv1d(inputs: 1, outputs: 8, kernelSize: 5, padding: .same, using: &generator)
/// ```
public struct Conv1d: ConvolutionLayer {
  /// 1.
  public static let spatialRank = 1
  /// The filters, of shape [outputs, inputs / groups, K].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: ConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: ConvolutionGeometry = ConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Convolves x; stops with an error unless it is [N, inputs, L] and a window fits.
  public func forward(_ x: Variable) -> Variable {
    conv1d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      paddingMode: geometry.paddingMode, dilation: geometry.dilation, groups: geometry.groups)
  }
}

/// The convolution (cross-correlation) over two axes.
///
/// [N, inputs, H, W] becomes [N, outputs, H′, W′]; see
/// ``conv2d(_:_:bias:stride:padding:paddingMode:dilation:groups:)``.
///
/// ```swift
/// Conv2d(inputs: 3, outputs: 16, kernelSize: 3, stride: 2, padding: 1, using: &generator)
/// ```
public struct Conv2d: ConvolutionLayer {
  /// 2.
  public static let spatialRank = 2
  /// The filters, of shape [outputs, inputs / groups, kernel height, kernel width].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: ConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: ConvolutionGeometry = ConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Convolves x; stops with an error unless it is [N, inputs, H, W] and a window fits.
  public func forward(_ x: Variable) -> Variable {
    conv2d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      paddingMode: geometry.paddingMode, dilation: geometry.dilation, groups: geometry.groups)
  }
}

/// The convolution (cross-correlation) over three axes.
///
/// [N, inputs, D, H, W] becomes [N, outputs, D′, H′, W′]; see
/// ``conv3d(_:_:bias:stride:padding:paddingMode:dilation:groups:)``.
public struct Conv3d: ConvolutionLayer {
  /// 3.
  public static let spatialRank = 3
  /// The filters, of shape [outputs, inputs / groups, kernel depth, kernel height, kernel width].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: ConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: ConvolutionGeometry = ConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Convolves x; stops with an error unless it is [N, inputs, D, H, W] and a window fits.
  public func forward(_ x: Variable) -> Variable {
    conv3d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      paddingMode: geometry.paddingMode, dilation: geometry.dilation, groups: geometry.groups)
  }
}
