import Autograd

// Losses that bring alike vectors together and move others apart.

/// The negative cosine similarity −cos(p, t) along an axis: −1 for equal directions.
///
/// - Parameters:
///   - prediction: p, of any shape with at least one axis.
///   - target: t, of the same shape and type; else stops with an error that names both.
///   - axis: The axis along which a vector lies. Negative counts from the end.
///   - reduction: Mean over the vectors, sum or none.
public func negativeCosineSimilarity(
  _ prediction: Variable, _ target: Variable, axis: Int = -1, reduction: Reduction = .mean
) -> Variable {
  requireEqual(
    prediction, target, operation: "negativeCosineSimilarity", names: ("prediction", "target"))
  return reduction(-cosineSimilarity(prediction, target, axis: axis))
}

/// The cosine embedding loss of pairs of vectors and labels t: 1 − cos(a, b) where t is 1,
/// max(0, cos(a, b) − m) where it is −1.
///
/// - Parameters:
///   - first: a, of shape […, features].
///   - second: b, of the same shape and type; else stops with an error that names both.
///   - target: t, −1 or 1, of the shape without the features; else stops with an error.
///   - margin: m, the cosine that dissimilar pairs may have; from −1 to 1, 0 to ½ is usual.
///   - reduction: Mean, sum or none.
public func cosineEmbedding(
  _ first: Variable, _ second: Variable, _ target: Variable, margin: Double = 0,
  reduction: Reduction = .mean
) -> Variable {
  requireEqual(first, second, operation: "cosineEmbedding", names: ("first", "second"))
  let cosine = cosineSimilarity(first, second)
  requireEqual(cosine, target, operation: "cosineEmbedding", names: ("cosine", "target"))
  return reduction(
    select(target .== 1, 1 - cosine, clamp(cosine - Variable(margin), low: 0)))
}

/// The contrastive loss of distances d and labels t: d² where t is 1, max(0, m − d)² where it is 0.
///
/// Hadsell, Chopra and LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006;
/// there with a factor ½, and 0 for similar pairs.
///
/// ```swift
/// let loss = contrastive(pairwiseDistance(encode(a), encode(b)), isSimilar)
/// ```
///
/// - Parameters:
///   - distance: d, of any shape.
///   - target: t, 1 for similar pairs and 0 for others, of the same shape and type; else stops with
///     an error that names both.
///   - margin: m, how far dissimilar pairs should be apart.
///   - reduction: Mean, sum or none.
public func contrastive(
  _ distance: Variable, _ target: Variable, margin: Double = 1, reduction: Reduction = .mean
) -> Variable {
  requireEqual(distance, target, operation: "contrastive", names: ("distance", "target"))
  let apart = square(clamp(Variable(margin) - distance, low: 0))
  return reduction(target * square(distance) + (1 - target) * apart)
}

/// The triplet margin loss max(0, m + d(a, p) − d(a, n)): an anchor should be nearer to the positive
/// than to the negative example.
///
/// d is ``pairwiseDistance(_:_:order:epsilon:)``.
/// Balntas et al., Learning local feature descriptors with triplets, BMVC 2016.
///
/// - Parameters:
///   - anchor: a, of shape […, features].
///   - positive: p, of the same shape and type; else stops with an error that names both.
///   - negative: n, of the same shape and type; else stops with an error that names both.
///   - margin: m, by how much.
///   - order: p of the norm.
///   - epsilon: What is added to each difference.
///   - swap: Whether d(p, n) takes the place of d(a, n) where it is smaller.
///   - reduction: Mean, sum or none.
public func tripletMargin(
  anchor: Variable, positive: Variable, negative: Variable, margin: Double = 1, order: Double = 2,
  epsilon: Double = 1e-6, swap: Bool = false, reduction: Reduction = .mean
) -> Variable {
  requireEqual(anchor, positive, operation: "tripletMargin", names: ("anchor", "positive"))
  requireEqual(anchor, negative, operation: "tripletMargin", names: ("anchor", "negative"))
  func distance(_ a: Variable, _ b: Variable) -> Variable {
    pairwiseDistance(a, b, order: order, epsilon: epsilon)
  }
  var apart = distance(anchor, negative)
  if swap { apart = minimum(apart, distance(positive, negative)) }
  return reduction(clamp(Variable(margin) + distance(anchor, positive) - apart, low: 0))
}
