import Autograd

/// The keys and values of the positions that a ``MultiHeadAttention`` has already seen, for
/// decoding step by step.
///
/// A call with a cache adds its keys and values to it and attends to all of them, so that each step
/// costs one query and not the whole sequence again. The results are those of one causal call, up
/// to rounding.
///
/// ```swift
/// let cache = KeyValueCache()
/// for x in steps {  // each [batch, 1, features]
///   y = attention(x, mask: .causal, cache: cache)
/// }
/// ```
///
/// Each layer needs a cache of its own, and each sequence a new one.
public final class KeyValueCache {
  /// The keys, of shape [batch, heads, positions, features], nil at first.
  public private(set) var keys: Variable?
  /// The values, of shape [batch, heads, positions, features], nil at first.
  public private(set) var values: Variable?

  /// Creates an empty cache.
  public init() {}

  /// The number of positions seen.
  public var count: Int { keys?.shape[2] ?? 0 }

  /// Adds positions and returns all; stops with an error if the batch is another one.
  func append(keys newKeys: Variable, values newValues: Variable) -> (Variable, Variable) {
    guard let keys, let values else {
      (self.keys, self.values) = (newKeys, newValues)
      return (newKeys, newValues)
    }
    guard keys.shape[0] == newKeys.shape[0], keys.shape[1] == newKeys.shape[1] else {
      fatalError(
        "KeyValueCache: the keys \(describe(newKeys)) do not continue \(describe(keys)), which are "
          + "[batch, heads, positions, features]; use a cache for each layer and each batch"
          + location())
    }
    let all = (
      concatenate([keys, newKeys], axis: 2), concatenate([values, newValues], axis: 2)
    )
    (self.keys, self.values) = all
    return all
  }
}
