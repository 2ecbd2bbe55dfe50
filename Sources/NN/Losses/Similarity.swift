import Autograd

// How alike two vectors are, along one axis. Neither function broadcasts.

/// The cosine of the angle between vectors: Σ aᵢ bᵢ / (max(‖a‖, ε) max(‖b‖, ε)) along an axis.
///
/// The cosine with a zero vector is 0, and its derivatives are finite.
///
/// - Parameters:
///   - a: The first vectors, of any shape with at least one axis.
///   - b: The second ones, of the same shape and type; else stops with an error that names both.
///   - axis: The axis along which a vector lies; it vanishes. Negative counts from the end.
///   - epsilon: ε, the least length that is divided by; above 0, else stops with an error.
public func cosineSimilarity(
  _ a: Variable, _ b: Variable, axis: Int = -1, epsilon: Double = 1e-8
) -> Variable {
  requireEqual(a, b, operation: "cosineSimilarity", names: ("first", "second"))
  guard epsilon > 0 else {
    fatalError("cosineSimilarity: epsilon is \(epsilon); it must be above 0")
  }
  func direction(_ x: Variable) -> Variable {
    x / clamp(norm(x, axis: axis, keepingAxes: true), low: epsilon)
  }
  return (direction(a) * direction(b)).sum(axis: axis)
}

/// The distance ‖a − b + ε‖ₚ between vectors along the last axis.
///
/// - Parameters:
///   - a: The first vectors, of shape […, features].
///   - b: The second ones, of the same shape and type; else stops with an error that names both.
///   - order: p of the norm (Σ |x|ᵖ)^(1/p).
///   - epsilon: ε, which PyTorch adds to each difference; 0 is safe here, too, for the derivative
///     of ``norm(_:order:axes:keepingAxes:)`` at 0 is 0.
public func pairwiseDistance(
  _ a: Variable, _ b: Variable, order: Double = 2, epsilon: Double = 1e-6
) -> Variable {
  requireEqual(a, b, operation: "pairwiseDistance", names: ("first", "second"))
  return norm(a - b + Variable(epsilon), order: order, axis: -1)
}
