import Autograd

/// Divides each element by a power of the mean square over neighbouring channels: x / (k + α mean
/// x²)^β (Krizhevsky, Sutskever and Hinton, NeurIPS 2012, section 3.3).
///
/// The mean is over `size` channels around each, where zeros stand for those beyond the ends.
public struct LocalResponseNorm: Layer {
  /// The number of channels in a mean.
  public let size: Int
  /// α.
  public let alpha: Double
  /// β.
  public let beta: Double
  /// k.
  public let k: Double

  /// Creates the layer.
  ///
  /// - Parameters:
  ///   - size: The number of channels in a mean, at least 1, else it is an error.
  ///   - alpha: α.
  ///   - beta: β.
  ///   - k: What is added to the mean.
  public init(size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    guard size > 0 else { fatalError("LocalResponseNorm: the size \(size) is not positive") }
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  /// The name with the size.
  public var label: String { "LocalResponseNorm(\(size))" }

  /// Normalizes x of shape [N, C, …] with one spatial axis or more; else stops with an error.
  public func forward(_ x: Variable) -> Variable {
    _ = spatialAxes(of: x, for: label)
    var widths = [(before: Int, after: Int)](repeating: (0, 0), count: x.rank)
    widths[1] = (size / 2, (size - 1) / 2)
    let meanSquare = square(x).padded(widths).windows(axis: 1, size: size).mean(axis: -1)
    return x / pow(Variable(k) + Variable(alpha) * meanSquare, Variable(beta))
  }
}
