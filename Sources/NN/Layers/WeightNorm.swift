import Autograd

/// A layer whose weight is split into length and direction: w = g v / ‖v‖ (Salimans and Kingma,
/// arXiv:1602.07868).
///
/// ```swift
/// let layer = WeightNorm(Linear(inputs: 4, outputs: 3, using: &generator))
/// ```
///
/// There is one length for each place along an axis, for each output of a ``Linear``. Paths are
/// those of PyTorch's `torch.nn.utils.parametrizations.weight_norm`.
public struct WeightNorm<Wrapped: WeightedLayer>: Layer {
  /// The lengths g: the shape of the weight, with sizes 1 outside of the axis.
  public let length: Variable
  /// The directions v, of the shape of the weight.
  public let direction: Variable
  /// The layer, of which the weight is not used.
  let layer: Wrapped
  private let otherAxes: [Int]

  /// Creates the layer, which at first computes what the wrapped one does.
  ///
  /// - Parameters:
  ///   - layer: The layer; its weight becomes the initial directions, of which none may be 0, else
  ///     it is an error.
  ///   - axis: The axis of the weight whose places have a length each, from 0.
  public init(_ layer: Wrapped, axis: Int = 0) {
    let weight = layer.weight.detached()
    guard (0..<weight.rank).contains(axis) else {
      fatalError("WeightNorm: the weight \(describe(weight)) has no axis \(axis)")
    }
    otherAxes = (0..<weight.rank).filter { $0 != axis }
    let lengths = norm(weight, axes: otherAxes, keepingAxes: true)
    guard !(lengths .== 0).any().value.array(of: Bool.self)[0] else {
      fatalError("WeightNorm: zeros have no direction: the weight of \(layer.label) has some")
    }
    self.layer = layer
    length = Variable(lengths.value, requiresGradient: true)
    direction = Variable(weight.value, requiresGradient: true)
  }

  /// w = g v / ‖v‖.
  public var weight: Variable {
    direction * (length / norm(direction, axes: otherAxes, keepingAxes: true))
  }

  /// The layer's, with the two parts of the weight under PyTorch's names.
  public var members: [(name: String, value: Any)] {
    layer.members(replacingWeightBy: [
      ("parametrizations.weight.original0", length),
      ("parametrizations.weight.original1", direction),
    ])
  }

  /// The buffers of the layer.
  public var buffers: [Variable] { layer.buffers }

  /// The name with that of the layer.
  public var label: String { "WeightNorm(\(layer.label))" }

  /// Applies the layer with the computed weight.
  public func forward(_ x: Variable) -> Variable { layer.replacing(weight: weight).forward(x) }
}
