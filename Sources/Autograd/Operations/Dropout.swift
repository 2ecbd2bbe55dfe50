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
///   - sharedAxes: The axes along which all elements are dropped or none: `[2, 3]` drops whole
///     channels of images [N, C, H, W] (arXiv:1411.4280).
///   - generator: The source of randomness.
public func dropout(
  _ x: Variable, probability: Double, sharedAxes: [Int] = [],
  using generator: inout RandomGenerator
) -> Variable {
  if probability == 0 { return x }
  let isDropped = droppedPlaces(x, probability, sharedAxes, "dropout", &generator)
  let scale = probability == 1 ? 0 : 1 / (1 - probability)
  return select(isDropped, 0, x * Variable(scale))
}

/// The limit of `selu(_:)` for a random part of the elements, then all shifted and scaled so that
/// data of mean 0 and variance 1 keep both (arXiv:1706.02515).
///
/// With α′ = −1.7581, q = 1 − probability and a = (q + α′² q (1 − q))^(−½) the result is a x or,
/// where dropped, a α′, both minus a α′ (1 − q).
///
/// - Parameters:
///   - x: The values.
///   - probability: Of being dropped, in 0...1, else it is an error; 0 returns x, 1 gives zeros.
///   - sharedAxes: The axes along which all elements are dropped or none.
///   - generator: The source of randomness.
public func alphaDropout(
  _ x: Variable, probability: Double, sharedAxes: [Int] = [],
  using generator: inout RandomGenerator
) -> Variable {
  if probability == 0 { return x }
  let isDropped = droppedPlaces(x, probability, sharedAxes, "alphaDropout", &generator)
  if probability == 1 { return select(isDropped, 0, x) }
  let (limit, kept) = (-1.7580993408473766, 1 - probability)
  let scale = 1 / (kept + limit * limit * kept * probability).squareRoot()
  return select(isDropped, Variable(scale * limit), Variable(scale) * x)
    - Variable(scale * limit * probability)
}

/// A random mask that broadcasts to the shape of x.
private func droppedPlaces(
  _ x: Variable, _ probability: Double, _ sharedAxes: [Int], _ operation: String,
  _ generator: inout RandomGenerator
) -> Variable {
  x.requireFloatingPoint(operation)
  guard (0...1).contains(probability) else {
    fatalError("\(operation): the probability \(probability) is not in 0...1\(location(of: x))")
  }
  let shape = x.keptShape(x.reductionAxes(sharedAxes, operation: operation).list)
  return Variable(Tensor.bernoulli(shape, probability: probability, using: &generator))
}
