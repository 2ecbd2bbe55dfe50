import Autograd

/// Brings each feature linearly from the range it has in the training data to a given one.
///
/// y = low + (x − minimum) / extent · (high − low). The extent is maximum − minimum, or 1 for a
/// feature that is constant in the training data. New data may lie outside of the range.
/// (scikit-learn: `MinMaxScaler`.)
public struct MinMaxScaler: FittedTransform {
  /// The least values of the features.
  public let minimum: Variable
  /// The differences between their greatest and least values.
  public let extent: Variable
  /// The range of the results.
  public let range: ClosedRange<Double>

  /// Fits the transform to data.
  ///
  /// - Parameters:
  ///   - data: Floating-point, with examples along axis 0, not empty; else stops with an error, also
  ///     if it has NaN or infinity.
  ///   - axes: The axes along which to look for extremes, axis 0 among them.
  ///   - range: The range of the results; one number alone stops with an error.
  public init(fitting data: Tensor, axes: [Int] = [0], range: ClosedRange<Double> = 0...1) {
    let shape = featureShape(of: data, axes: axes, in: "MinMaxScaler")
    let (minimum, extent) = withoutRecording {
      let x = Variable(data)
      let minimum = x.min(axes: axes, keepingAxes: true)
      let extent = x.max(axes: axes, keepingAxes: true) - minimum
      requireFinite(extent, in: "MinMaxScaler")
      let ones = Variable(Tensor.ones(extent.shape, dtype: data.dtype))
      return (minimum, select(extent .== 0, ones, extent))
    }
    self.init(
      buffer(minimum, shape, data.dtype), buffer(extent, shape, data.dtype), range)
  }

  /// Creates a transform from 0...1 to the range, for a saved state to be loaded into.
  ///
  /// - Parameters:
  ///   - shape: The shape of an example, with 1 for axes along which extremes were looked for.
  ///   - range: The range of the results; one number alone stops with an error.
  ///   - dtype: float32 or float64.
  public init(shape: Shape, range: ClosedRange<Double> = 0...1, dtype: DType = .float32) {
    self.init(
      Variable(Tensor.zeros(shape, dtype: dtype)), Variable(Tensor.ones(shape, dtype: dtype)), range
    )
  }

  private init(_ minimum: Variable, _ extent: Variable, _ range: ClosedRange<Double>) {
    guard range.lowerBound < range.upperBound, (range.upperBound - range.lowerBound).isFinite else {
      fatalError("MinMaxScaler: the range \(range) has no extent")
    }
    self.minimum = minimum
    self.extent = extent
    self.range = range
  }

  /// Both variables.
  public var buffers: [Variable] { [minimum, extent] }

  /// The name with the shape of an example and the range.
  public var label: String { "MinMaxScaler(\(minimum.shape) → \(range))" }

  /// Brings x to the range; stops with an error if the last axes of x are not the features.
  public func forward(_ x: Variable) -> Variable {
    requireFeatures(minimum, of: x, in: label)
    return (x - minimum) / extent * Variable(width) + Variable(range.lowerBound)
  }

  /// Brings y back; stops with an error if the last axes of y are not the features.
  public func inverse(_ y: Variable) -> Variable {
    requireFeatures(minimum, of: y, in: label)
    return (y - Variable(range.lowerBound)) / Variable(width) * extent + minimum
  }

  private var width: Double { range.upperBound - range.lowerBound }
}
