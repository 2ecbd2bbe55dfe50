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
  dropout(x, probability: probability, sharedAxes: sharedAxes) {
    Variable(Tensor.bernoulli($0, probability: probability, using: &generator))
  }
}

/// ``dropout(_:probability:sharedAxes:using:)`` with another source of masks.
package func dropout(
  _ x: Variable, probability: Double, sharedAxes: [Int] = [], mask: (Shape) -> Variable
) -> Variable {
  let shape = maskShape(of: x, probability, sharedAxes, "dropout")
  if probability == 0 { return x }
  let scale = probability == 1 ? 0 : 1 / (1 - probability)
  return select(mask(shape), 0, x * Variable(scale))
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
  alphaDropout(x, probability: probability, sharedAxes: sharedAxes) {
    Variable(Tensor.bernoulli($0, probability: probability, using: &generator))
  }
}

/// ``alphaDropout(_:probability:sharedAxes:using:)`` with another source of masks.
package func alphaDropout(
  _ x: Variable, probability: Double, sharedAxes: [Int] = [], mask: (Shape) -> Variable
) -> Variable {
  let shape = maskShape(of: x, probability, sharedAxes, "alphaDropout")
  if probability == 0 { return x }
  let isDropped = mask(shape)
  if probability == 1 { return select(isDropped, 0, x) }
  let (limit, kept) = (-1.7580993408473766, 1 - probability)
  let scale = 1 / (kept + limit * limit * kept * probability).squareRoot()
  return select(isDropped, Variable(scale * limit), Variable(scale) * x)
    - Variable(scale * limit * probability)
}

/// The shape of a mask that broadcasts to x.
private func maskShape(
  of x: Variable, _ probability: Double, _ sharedAxes: [Int], _ operation: String
) -> Shape {
  x.requireFloatingPoint(operation)
  guard (0...1).contains(probability) else {
    fatalError("\(operation): the probability \(probability) is not in 0...1\(location(of: x))")
  }
  return x.keptShape(x.reductionAxes(sharedAxes, operation: operation).list)
}
