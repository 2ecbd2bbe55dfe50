import Autograd

// What the layers of encoders and decoders have in common.

/// What is done with each position by itself: linear2(dropout(activation(linear1(x)))).
struct FeedForward {
  let linear1: Linear
  let activation: any Layer
  let dropout: Dropout
  let linear2: Linear

  init(
    features: Int, hidden: Int, activation: any Layer, dropout: Double, bias: Bool, dtype: DType,
    using generator: inout RandomGenerator
  ) {
    linear1 = Linear(
      inputs: features, outputs: hidden, bias: bias, dtype: dtype, using: &generator)
    linear2 = Linear(
      inputs: hidden, outputs: features, bias: bias, dtype: dtype, using: &generator)
    self.activation = activation
    self.dropout = Dropout(probability: dropout, using: &generator)
  }

  var members: [(name: String, value: Any)] {
    [
      ("linear1", linear1), ("activation", activation), ("dropout", dropout), ("linear2", linear2),
    ]
  }

  func callAsFunction(_ x: Variable) -> Variable { linear2(dropout(activation(linear1(x)))) }
}

/// What surrounds each part f of a layer: x + dropout(f(norm(x))), or norm(x + dropout(f(x))) if
/// the norm does not come first.
struct Sublayer {
  let norm: LayerNorm
  let dropout: Dropout
  let normFirst: Bool

  init(
    features: Int, dropout: Double, epsilon: Double, normFirst: Bool, bias: Bool, dtype: DType,
    using generator: inout RandomGenerator
  ) {
    norm = LayerNorm(shape: [features], epsilon: epsilon, bias: bias, dtype: dtype)
    self.dropout = Dropout(probability: dropout, using: &generator)
    self.normFirst = normFirst
  }

  func callAsFunction(_ x: Variable, _ part: (Variable) -> Variable) -> Variable {
    normFirst ? x + dropout(part(norm(x))) : norm(x + dropout(part(x)))
  }
}

extension [Sublayer] {
  /// The norms and dropouts under PyTorch's names, which count from 1.
  var members: [(name: String, value: Any)] {
    enumerated().flatMap { index, sublayer in
      [("norm\(index + 1)", sublayer.norm as Any), ("dropout\(index + 1)", sublayer.dropout)]
    }
  }
}

/// Stops with an error if x is not [batch, steps, features].
func requireSequence(
  _ x: Variable, _ name: String, features: Int, label: @autoclosure () -> String
) {
  guard x.rank == 3, x.shape[2] == features else {
    fatalError(
      "\(label()): the \(name) \(describe(x)) is not [batch, steps, \(features)]\(location())")
  }
}

/// Stops with an error if there is not one cache for each layer.
func requireCaches(
  _ caches: [KeyValueCache]?, layers: Int, label: @autoclosure () -> String
) {
  guard caches == nil || caches?.count == layers else {
    fatalError(
      "\(label()): there are \(caches?.count ?? 0) caches for \(layers) layers; each needs one"
        + location())
  }
}
