/// Scaled dot-product attention: softmax(query keyᵀ · scale + mask) value (Vaswani et al.,
/// arXiv:1706.03762).
///
/// A query that may attend to no key at all gets zeros and the gradient 0 (as PyTorch). The scores
/// are formed block by block and never stored: memory grows with L and S, not with their product,
/// unless the mask is differentiated by.
///
/// - Parameters:
///   - query: Shape […, L, E].
///   - key: Shape […, S, E].
///   - value: Shape […, S, V].
///   - mask: Broadcasts to […, L, S]. Bool: true where a query may attend to a key. Floating-point:
///     added to the scores; −∞ where it may not. Nil: every query attends to every key.
///   - isCausal: Whether query i may attend only to keys up to i, besides the mask.
///   - scale: The factor of the scores; 1 / √E if nil.
/// - Returns: Shape […, L, V]. Stops with an error if shapes do not fit.
public func scaledDotProductAttention(
  query: Variable, key: Variable, value: Variable, mask: Variable? = nil, isCausal: Bool = false,
  scale: Double? = nil
) -> Variable {
  guard query.rank >= 2, key.rank >= 2, value.rank >= 2,
    query.shape[query.rank - 1] == key.shape[key.rank - 1],
    key.shape[key.rank - 2] == value.shape[value.rank - 2]
  else {
    fatalError(
      "scaledDotProductAttention: shapes do not fit: query \(describe(query)), key "
        + "\(describe(key)), value "
        + "\(describe(value))\(location(of: query, key, value))")
  }
  let scale = scale ?? 1 / Double(query.shape[query.rank - 1]).squareRoot()
  if let mask { requireMask(mask, query: query, key: key) }
  return blockedAttention(
    query: query, key: key, value: value, mask: mask, isCausal: isCausal, scale: scale)
    ?? matmul(
      attentionWeights(query: query, key: key, mask: mask, isCausal: isCausal, scale: scale), value)
}

/// How much each query attends to each key: softmax(query keyᵀ · scale + mask).
///
/// A row adds up to 1; that of a query that may attend to no key at all is 0, as is its gradient.
///
/// - Parameters:
///   - query: Shape […, L, E].
///   - key: Shape […, S, E].
///   - mask: Broadcasts to […, L, S]. Bool: true where a query may attend to a key. Floating-point:
///     added to the scores; −∞ where it may not. Nil: every query attends to every key.
///   - isCausal: Whether query i may attend only to keys up to i, besides the mask.
///   - scale: The factor of the scores; 1 / √E if nil.
/// - Returns: Shape […, L, S]. Stops with an error if shapes do not fit.
public func attentionWeights(
  query: Variable, key: Variable, mask: Variable? = nil, isCausal: Bool = false,
  scale: Double? = nil
) -> Variable {
  guard query.rank >= 2, key.rank >= 2, query.shape[query.rank - 1] == key.shape[key.rank - 1]
  else {
    fatalError(
      "attentionWeights: shapes do not fit: query \(describe(query)), key \(describe(key))"
        + location(of: query, key))
  }
  let scale = scale ?? 1 / Double(query.shape[query.rank - 1]).squareRoot()
  var scores = matmul(Variable(scale) * query, key.transposed())
  var allowed = isCausal ? causalMask(scores) : nil
  if let mask {
    requireMask(mask, query: query, key: key)
    let own = mask.dtype == .bool ? mask : .!(mask .== Variable(-Double.infinity))
    if mask.dtype != .bool { scores = scores + mask }
    allowed = allowed.map { $0 .& own } ?? own
  }
  guard let allowed else { return softmax(scores, axis: -1) }
  let isAlive = allowed.expanded(to: scores.shape).any(axes: [-1], keepingAxes: true)
  // A row without any key gets scores of 0 in place of −∞, and its weights are then discarded.
  let discarded = select(isAlive, Variable(-Double.infinity), full(0, .scalar, scores.dtype))
  let weights = softmax(select(allowed, scores, discarded), axis: -1)
  return select(isAlive, weights, 0)
}

/// Stops with an error if a mask does not broadcast to the scores, or if there are none.
private func requireMask(_ mask: Variable, query: Variable, key: Variable) {
  let (queries, keys) = (query.shape[query.rank - 2], key.shape[key.rank - 2])
  guard let batch = Shape(query.shape.dropLast(2)).broadcast(with: Shape(key.shape.dropLast(2)))
  else { return }
  let scores = Shape(Array(batch) + [queries, keys])
  guard mask.shape.broadcast(with: scores) == scores else {
    fatalError(
      "attentionWeights: the mask \(describe(mask)) does not broadcast to the scores "
        + "\(scores)\(location(of: query, key))")
  }
}

/// True where the column is not after the row.
private func causalMask(_ scores: Variable) -> Variable {
  let rows = scores.shape[scores.rank - 2]
  let columns = scores.shape[scores.rank - 1]
  let row = Variable(Tensor.range(to: Double(rows), dtype: .int64)).unsqueezed(axis: 1)
  return row .>= Variable(Tensor.range(to: Double(columns), dtype: .int64))
}
