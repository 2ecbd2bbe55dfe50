import Autograd

/// The transposed convolution over one axis, the derivative of a convolution by its input.
///
/// [N, inputs, L] becomes [N, outputs, L′]; see
/// ``convTranspose1d(_:_:bias:stride:padding:outputPadding:groups:dilation:)``.
public struct ConvTranspose1d: TransposedConvolutionLayer {
  /// 1.
  public static let spatialRank = 1
  /// The filters, of shape [inputs, outputs / groups, K].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: TransposedConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: TransposedConvolutionGeometry = TransposedConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Adds the filters up; stops with an error unless x is [N, inputs, L].
  public func forward(_ x: Variable) -> Variable {
    convTranspose1d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      outputPadding: geometry.outputPadding, groups: geometry.groups,
      dilation: geometry.dilation)
  }
}

/// The transposed convolution over two axes, the derivative of a convolution by its input.
///
/// [N, inputs, H, W] becomes [N, outputs, H′, W′]; see
/// ``convTranspose2d(_:_:bias:stride:padding:outputPadding:groups:dilation:)``.
///
/// ```swift
/// // Twice the size, as in a decoder.
/// ConvTranspose2d(inputs: 16, outputs: 8, kernelSize: 4, stride: 2, padding: 1, using: &generator)
/// ```
public struct ConvTranspose2d: TransposedConvolutionLayer {
  /// 2.
  public static let spatialRank = 2
  /// The filters, of shape [inputs, outputs / groups, kernel height, kernel width].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: TransposedConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: TransposedConvolutionGeometry = TransposedConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Adds the filters up; stops with an error unless x is [N, inputs, H, W].
  public func forward(_ x: Variable) -> Variable {
    convTranspose2d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      outputPadding: geometry.outputPadding, groups: geometry.groups,
      dilation: geometry.dilation)
  }
}

/// The transposed convolution over three axes, the derivative of a convolution by its input.
///
/// [N, inputs, D, H, W] becomes [N, outputs, D′, H′, W′]; see
/// ``convTranspose3d(_:_:bias:stride:padding:outputPadding:groups:dilation:)``.
public struct ConvTranspose3d: TransposedConvolutionLayer {
  /// 3.
  public static let spatialRank = 3
  /// The filters, of shape [inputs, outputs / groups, kernel depth, kernel height, kernel width].
  public let weight: Variable
  /// What is added to each output channel, of shape [outputs], or nil.
  public let bias: Variable?
  /// How the filters are moved.
  public let geometry: TransposedConvolutionGeometry

  /// Creates the layer with given variables; stops with an error if their shapes do not fit.
  public init(
    weight: Variable, bias: Variable? = nil,
    geometry: TransposedConvolutionGeometry = TransposedConvolutionGeometry()
  ) {
    Self.requireFit(weight, bias, geometry)
    self.weight = weight
    self.bias = bias
    self.geometry = geometry
  }

  /// Adds the filters up; stops with an error unless x is [N, inputs, D, H, W].
  public func forward(_ x: Variable) -> Variable {
    convTranspose3d(
      x, weight, bias: bias, stride: geometry.stride, padding: geometry.padding,
      outputPadding: geometry.outputPadding, groups: geometry.groups,
      dilation: geometry.dilation)
  }
}
