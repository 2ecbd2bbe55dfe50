import Autograd

/// A layer whose weight is divided by its largest singular value, so that it stretches no input by
/// more than 1 (Miyato et al., arXiv:1802.05957).
///
/// ```swift
/// let layer = SpectralNorm(Linear(inputs: 4, outputs: 3, using: &generator))
/// ```
///
/// The singular value σ = uᵀ W v of the weight as a matrix is followed by power iteration, one step
/// at each call in training: u ← W v / ‖W v‖, v ← Wᵀ u / ‖Wᵀ u‖. Gradients flow through W but not
/// through u and v. Paths are those of PyTorch's `torch.nn.utils.parametrizations.spectral_norm`.
public struct SpectralNorm<Wrapped: WeightedLayer>: Layer {
  /// W, of the shape of the weight.
  public let original: Variable
  /// u and v, of unit length.
  public let left, right: Variable
  /// The number of power iterations at each call in training.
  public let iterations: Int
  /// The layer, of which the weight is not used.
  let layer: Wrapped
  private let axis: Int
  private let mode = Mode()

  /// Creates the layer, with random u and v after 15 power iterations.
  ///
  /// - Parameters:
  ///   - layer: The layer, of whose weight the initial values are taken.
  ///   - axis: The axis of the weight that counts the rows of the matrix, from 0; the others count
  ///     columns. 1 for transposed convolutions.
  ///   - iterations: The number of power iterations at each call in training, at least 1, else it is
  ///     an error.
  ///   - generator: The source of randomness.
  public init(
    _ layer: Wrapped, axis: Int = 0, iterations: Int = 1, using generator: inout RandomGenerator
  ) {
    let weight = layer.weight.value
    guard weight.rank > 1, (0..<weight.rank).contains(axis), iterations > 0 else {
      fatalError(
        "SpectralNorm: \(iterations) iterations along axis \(axis) of the weight \(weight.shape); "
          + "there must be at least one iteration, and two axes of which this is one")
    }
    self.layer = layer
    self.axis = axis
    self.iterations = iterations
    original = Variable(weight, requiresGradient: true)
    let (rows, dtype) = (weight.shape[axis], weight.dtype)
    let columns = weight.shape.elementCount / rows
    left = Variable(unit(Variable(Tensor.normal([rows], dtype: dtype, using: &generator))).value)
    right = Variable(
      unit(Variable(Tensor.normal([columns], dtype: dtype, using: &generator))).value)
    iterate(matrix, times: 15)
  }

  /// W / σ by the present u and v.
  public var weight: Variable {
    // Copies: a graph that is recorded now must survive vectors that move on.
    original / dot(left.detached(), matmul(matrix, right.detached()))
  }

  /// W as a matrix.
  private var matrix: Variable {
    original.movingAxis(axis, to: 0).flattened(from: 1)
  }

  private func iterate(_ matrix: Variable, times: Int) {
    withoutRecording {
      for _ in 0..<times {
        left.assign(unit(matmul(matrix, right)))
        right.assign(unit(matmul(left, matrix)))
      }
    }
  }

  /// The layer's, with the parts of the weight under PyTorch's names.
  public var members: [(name: String, value: Any)] {
    layer.members(replacingWeightBy: [
      ("parametrizations.weight.original", original),
      ("parametrizations.weight.0._u", left), ("parametrizations.weight.0._v", right),
      ("mode", mode),
    ])
  }

  /// u, v and the buffers of the layer.
  public var buffers: [Variable] { layer.buffers + [left, right] }

  /// The name with that of the layer.
  public var label: String { "SpectralNorm(\(layer.label))" }

  /// Applies the layer with the computed weight, in training after power iterations.
  public func forward(_ x: Variable) -> Variable {
    if mode.isTraining { iterate(matrix, times: iterations) }
    return layer.replacing(weight: weight).forward(x)
  }
}

/// x / ‖x‖, and 0 for 0.
private func unit(_ x: Variable) -> Variable { x / maximum(norm(x), 1e-12) }
