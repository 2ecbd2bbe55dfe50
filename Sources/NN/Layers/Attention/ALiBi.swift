import Autograd

/// Attention with linear biases: scores that fall with the distance of query and key, in place of
/// encodings of positions (Press, Smith and Lewis, arXiv:2108.12409).
///
/// The bias of head h is −mₕ |i − j| for a query at position i and a key at position j. The slopes
/// mₕ are 2^(−8/n), 2^(−16/n), …, 2^(−8) for n heads; if n is not a power of 2 they are those of
/// the next smaller power, followed by every other one of the next greater.
///
/// ```swift
/// let mask = AttentionMask(pairs: alibi(heads: 8, queries: 10, keys: 10), isCausal: true)
/// ```
///
/// - Parameters:
///   - heads: The number of heads, at least 1.
///   - queries: The number of queries, whose positions are the last of the keys'.
///   - keys: The number of keys, no fewer than queries; else stops with an error.
///   - dtype: The type of the scores.
/// - Returns: Shape [1, heads, queries, keys], for ``AttentionMask/pairs``.
public func alibi(heads: Int, queries: Int, keys: Int, dtype: DType = .float32) -> Variable {
  guard heads > 0, queries >= 0, keys >= queries else {
    fatalError("alibi: \(heads) heads, \(queries) queries and \(keys) keys make no biases")
  }
  let positions = Variable(Tensor.range(to: Double(keys), dtype: .float64))
  let distances = abs(positions[(keys - queries)...].unsqueezed(axis: 1) - positions)
  let slopes = Variable(Tensor(alibiExponents(heads: heads), shape: [1, heads, 1, 1]))
  return (-pow(2, slopes) * distances).cast(to: dtype)
}

/// The slopes' logarithms to base 2.
private func alibiExponents(heads: Int) -> [Double] {
  var power = 1
  while power * 2 <= heads { power *= 2 }
  func exponents(_ count: Int) -> [Double] { (1...count).map { -8 * Double($0) / Double(count) } }
  let further = stride(from: 0, to: 2 * power, by: 2).map { exponents(2 * power)[$0] }
  return exponents(power) + further.prefix(heads - power)
}
