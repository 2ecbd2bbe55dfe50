/// Zeros for a random part of the elements, the others scaled so that the expectation stays
/// (arXiv:1207.0580).
///
/// ```swift
/// let y = dropout(x, probability: 0.5, using: &random)
/// ```
///
/// - Parameters:
///   - x: The values.
///   - probability: Of a zero, in 0...1, else it is an error; 0 returns x.
///   - generator: The source of randomness.
public func dropout(
  _ x: Variable, probability: Double, using generator: inout RandomGenerator
) -> Variable {
  guard (0...1).contains(probability) else {
    fatalError("dropout: the probability \(probability) is not in 0...1\(location(of: x))")
  }
  if probability == 0 { return x }
  let isDropped = Variable(Tensor.bernoulli(x.shape, probability: probability, using: &generator))
  let scale = probability == 1 ? 0 : 1 / (1 - probability)
  return select(isDropped, 0, x * Variable(scale))
}
