import Autograd

/// The mean of each channel over all places: [N, C, …] becomes [N, C] (Lin et al.,
/// arXiv:1312.4400).
public struct GlobalAveragePool: Layer {
  /// Creates the layer.
  public init() {}

  /// Averages x; stops with an error unless it has spatial axes with elements.
  public func forward(_ x: Variable) -> Variable {
    adaptiveAveragePool1d(places(of: x, "GlobalAveragePool"), outputSize: 1).squeezed(axis: -1)
  }
}

/// The largest element of each channel over all places: [N, C, …] becomes [N, C].
///
/// If several elements share the maximum, the first gets the whole gradient.
public struct GlobalMaxPool: Layer {
  /// Creates the layer.
  public init() {}

  /// Takes the maxima of x; stops with an error unless it has spatial axes with elements.
  public func forward(_ x: Variable) -> Variable {
    adaptiveMaxPool1d(places(of: x, "GlobalMaxPool"), outputSize: 1).squeezed(axis: -1)
  }
}

/// [N, C, …] as [N, C, places].
private func places(of x: Variable, _ name: String) -> Variable {
  x.flattened(from: spatialAxes(of: x, for: name).lowerBound)
}
