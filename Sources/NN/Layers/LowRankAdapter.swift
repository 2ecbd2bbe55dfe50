import Autograd

/// A frozen affine map with a trained correction of low rank: y = x Wᵀ + b + α/r (x Aᵀ) Bᵀ (Hu et
/// al., "LoRA", arXiv:2106.09685).
///
/// A large model is adapted by training few numbers: r (inputs + outputs) for each map.
///
/// ```swift
/// let adapted = LowRankAdapter(pretrained, rank: 8, using: &generator)
/// // … train …
/// let linear = adapted.merged()
/// ```
public struct LowRankAdapter: Layer {
  /// The frozen map.
  public let base: Linear
  /// The map by A, of shape [rank, inputs].
  public let down: Linear
  /// The map by B, of shape [outputs, rank].
  public let up: Linear
  /// α.
  public let alpha: Double

  /// Creates the adapter, which at first computes what the map does: B is 0.
  ///
  /// The map's own variables are frozen, wherever else they are used; ``Module/unfreeze(where:)`` on
  /// the model would train them again.
  ///
  /// - Parameters:
  ///   - base: The map to adapt.
  ///   - rank: r, at least 1, else it is an error.
  ///   - alpha: α; nil for r, which makes the factor 1.
  ///   - generator: The source of randomness, for A.
  public init(
    _ base: Linear, rank: Int, alpha: Double? = nil, using generator: inout RandomGenerator
  ) {
    guard rank > 0 else { fatalError("LowRankAdapter: the rank \(rank) is not positive") }
    let (outputs, inputs) = (base.weight.shape[0], base.weight.shape[1])
    base.freeze()
    self.base = base
    self.alpha = alpha ?? Double(rank)
    let dtype = base.weight.dtype
    down = Linear(inputs: inputs, outputs: rank, bias: false, dtype: dtype, using: &generator)
    up = Linear(
      weight: Variable(Tensor.zeros([outputs, rank], dtype: dtype), requiresGradient: true))
  }

  private var factor: Variable { Variable(alpha / Double(down.weight.shape[0])) }

  /// The name with the rank.
  public var label: String { "LowRankAdapter(rank: \(down.weight.shape[0]))" }

  /// Maps features in the last axis: […, inputs] becomes […, outputs].
  public func forward(_ x: Variable) -> Variable { base(x) + factor * up(down(x)) }

  /// A map that computes the same in one product, with the weight W + α/r B A and the bias of the
  /// frozen map.
  public func merged() -> Linear {
    let weight = withoutRecording {
      base.weight + factor * matmul(up.weight, down.weight)
    }
    return Linear(weight: Variable(weight.value, requiresGradient: true), bias: base.bias)
  }
}
