import Autograd

/// Brings each feature to mean 0 and standard deviation 1: (x − mean) / deviation.
///
/// ```swift
/// let scaler = Standardizer(fitting: training.inputs)
/// let model = Sequential {
///   scaler
///   Linear(inputs: 4, outputs: 1, using: &generator)
/// }
/// ```
///
/// The deviation is √(Σ(x − mean)² / n). A feature that is constant in the training data, to within
/// rounding, has the deviation 1. (scikit-learn: `StandardScaler`.)
public struct Standardizer: FittedTransform {
  /// The means of the features.
  public let mean: Variable
  /// The standard deviations of the features.
  public let deviation: Variable

  /// Fits the transform to data.
  ///
  /// - Parameters:
  ///   - data: Floating-point, with examples along axis 0, not empty; else stops with an error, also
  ///     if a mean is not finite.
  ///   - axes: The axes along which to average, axis 0 among them. By default it is the only one, so
  ///     that each element of an example is a feature; [0, 2, 3] makes each channel of images one.
  public init(fitting data: Tensor, axes: [Int] = [0]) {
    let shape = featureShape(of: data, axes: axes, in: "Standardizer")
    let (mean, deviation) = withoutRecording {
      let x = Variable(data).cast(to: .float64)
      let n = Double(data.count / shape.elementCount)
      let mean = x.mean(axes: axes, keepingAxes: true)
      let variance = x.variance(axes: axes, correction: 0, keepingAxes: true)
      requireFinite(mean, in: "Standardizer")
      // What the variance of equal numbers can be by rounding (scikit-learn's bound).
      let epsilon = Double.ulpOfOne
      let bound = Variable(n * epsilon) * variance + square(Variable(n * epsilon) * mean)
      let ones = Variable(Tensor.ones(variance.shape, dtype: .float64))
      return (mean, select(variance .<= bound, ones, sqrt(variance)))
    }
    self.mean = buffer(mean, shape, data.dtype)
    self.deviation = buffer(deviation, shape, data.dtype)
  }

  /// Creates a transform that does nothing, for a saved state to be loaded into.
  ///
  /// - Parameters:
  ///   - shape: The shape of an example, with 1 for axes along which was averaged.
  ///   - dtype: float32 or float64.
  public init(shape: Shape, dtype: DType = .float32) {
    mean = Variable(Tensor.zeros(shape, dtype: dtype))
    deviation = Variable(Tensor.ones(shape, dtype: dtype))
  }

  /// Both variables.
  public var buffers: [Variable] { [mean, deviation] }

  /// The name with the shape of an example.
  public var label: String { "Standardizer(\(mean.shape))" }

  /// Returns (x − mean) / deviation; stops with an error if the last axes of x are not the features.
  public func forward(_ x: Variable) -> Variable {
    requireFeatures(mean, of: x, in: label)
    return (x - mean) / deviation
  }

  /// Returns y · deviation + mean; stops with an error if the last axes of y are not the features.
  public func inverse(_ y: Variable) -> Variable {
    requireFeatures(mean, of: y, in: label)
    return y * deviation + mean
  }
}
