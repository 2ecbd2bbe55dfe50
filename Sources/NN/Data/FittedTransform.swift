import Autograd

/// A transform whose numbers are fitted to training data, and which can be undone.
///
/// It is a ``Layer`` that stands first in a model. Its numbers are buffers: they are saved with the
/// model's state, and training leaves them alone.
public protocol FittedTransform: Layer {
  /// Undoes the transform.
  func inverse(_ y: Variable) -> Variable
}

// MARK: - Shared by the transforms

/// The shape of an example, with 1 for axes along which is reduced.
func featureShape(of data: Tensor, axes: [Int], in name: String) -> Shape {
  guard data.dtype.isFloatingPoint, data.count > 0, axes.contains(0),
    Set(axes).count == axes.count, axes.allSatisfy({ 0..<data.rank ~= $0 })
  else {
    fatalError(
      "\(name): cannot fit \(data.dtype) \(data.shape) along the axes \(axes); at least one example "
        + "of floating-point numbers and axis 0 are needed, each axis once and counted from 0")
  }
  return Shape((1..<data.rank).map { axes.contains($0) ? 1 : data.shape[$0] })
}

func buffer(_ value: Variable, _ shape: Shape, _ dtype: DType) -> Variable {
  withoutRecording { Variable(value.reshaped(to: shape).cast(to: dtype).value) }
}

func requireFinite(_ statistic: Variable, in name: String) {
  guard isFinite(statistic).all().value.array(of: Bool.self) == [true] else {
    fatalError("\(name): cannot fit data with NaN or infinity; fill or drop missing values first")
  }
}

/// Stops with an error if x would have to be broadcast to the features.
func requireFeatures(_ features: Variable, of x: Variable, in name: String) {
  let own = features.shape
  let sizes = x.shape.suffix(own.rank)
  guard sizes.count == own.rank, zip(own, sizes).allSatisfy({ $0 == 1 || $0 == $1 }) else {
    fatalError(
      "\(name): the input \(describe(x)) does not end with the features \(own)"
        + location(of: features))
  }
}
