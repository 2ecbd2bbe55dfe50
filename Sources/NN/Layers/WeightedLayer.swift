import Autograd

/// A layer whose weight can be computed from other variables, as ``WeightNorm`` and
/// ``SpectralNorm`` do.
public protocol WeightedLayer: Layer {
  /// The weight, which is stored under this name.
  var weight: Variable { get }

  /// The same layer, sharing all else, with another weight of the same shape.
  func replacing(weight: Variable) -> Self
}

extension Linear: WeightedLayer {
  /// The same map with another weight of the same shape.
  public func replacing(weight: Variable) -> Linear { Linear(weight: weight, bias: bias) }
}

extension WeightedLayer {
  /// All but the weight, and what it is computed from.
  func members(
    replacingWeightBy parts: [(name: String, value: Any)]
  ) -> [(name: String, value: Any)] {
    members.filter { $0.name != "weight" } + parts
  }
}
