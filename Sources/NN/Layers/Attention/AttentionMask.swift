import Autograd

/// Which queries may attend to which keys: what ``MultiHeadAttention`` and the layers made of it
/// take.
///
/// The parts are combined: a query attends to a key if all of them let it.
///
/// ```swift
/// let isWord = tokens .!= 0
/// let y = attention(x, mask: AttentionMask(keys: isWord, isCausal: true))
/// ```
///
/// **True means that a query may attend**, as in `scaledDotProductAttention` and in Keras. In
/// PyTorch's `nn.MultiheadAttention` and `nn.Transformer…` true means that it may not: pass
/// `.!mask` for masks made for those.
public struct AttentionMask {
  /// A mask of pairs of queries and keys.
  ///
  /// Its shape is [queries, keys] or [batch, heads, queries, keys], where the batch and the heads
  /// may be 1. Bool: true where a query may attend to a key. Floating-point: added to the scores;
  /// −∞ where it may not.
  public var pairs: Variable?
  /// A mask of keys, bool of shape [batch, keys].
  ///
  /// True for keys that may be attended to, false for padding. With a ``KeyValueCache`` the keys
  /// are all that were seen.
  public var keys: Variable?
  /// Whether a query may attend only to keys up to its own position.
  public var isCausal: Bool

  /// Creates a mask of parts, all of which may be absent.
  public init(pairs: Variable? = nil, keys: Variable? = nil, isCausal: Bool = false) {
    self.pairs = pairs
    self.keys = keys
    self.isCausal = isCausal
  }

  /// Every query attends to every key.
  public static var none: AttentionMask { AttentionMask() }

  /// A query attends to keys up to its own position.
  public static var causal: AttentionMask { AttentionMask(isCausal: true) }
}

extension AttentionMask {
  /// The sizes of a computation that a mask has to fit.
  struct Sizes {
    let batch, heads, queries, keys: Int
    /// The position of the first query, where that of the first key is 0.
    let offset: Int
    let dtype: DType
  }

  /// One mask that broadcasts to [batch, heads, queries, keys], or nil if nothing is masked; stops
  /// with an error if a part does not fit.
  func combined(_ sizes: Sizes, label: @autoclosure () -> String) -> Variable? {
    var allowed: Variable?
    if isCausal { allowed = causalMask(sizes) }
    if let keys {
      requireKeys(keys, sizes, label())
      let mask = keys.reshaped(sizes.batch, 1, 1, sizes.keys)
      allowed = allowed.map { $0 .& mask } ?? mask
    }
    guard let pairs else { return allowed }
    requirePairs(pairs, sizes, label())
    guard let allowed else { return pairs }
    return pairs.dtype == .bool
      ? allowed .& pairs : select(allowed, pairs, Variable(-Double.infinity))
  }

  private func causalMask(_ sizes: Sizes) -> Variable {
    let first = Double(sizes.offset)
    let queries = Variable(
      Tensor.range(from: first, to: first + Double(sizes.queries), dtype: .int64))
    let keys = Variable(Tensor.range(to: Double(sizes.keys), dtype: .int64))
    return queries.unsqueezed(axis: 1) .>= keys
  }

  private func requireKeys(
    _ mask: Variable, _ sizes: Sizes, _ label: @autoclosure () -> String
  ) {
    guard mask.dtype == .bool, mask.shape == [sizes.batch, sizes.keys] else {
      fatalError(
        "\(label()): the mask of keys \(describe(mask)) is not bool "
          + "\(Shape([sizes.batch, sizes.keys])), the batch and the keys\(location())")
    }
  }

  private func requirePairs(
    _ mask: Variable, _ sizes: Sizes, _ label: @autoclosure () -> String
  ) {
    let matrix: Shape = [sizes.queries, sizes.keys]
    let isFit =
      mask.shape == matrix
      || mask.rank == 4 && [1, sizes.batch].contains(mask.shape[0])
        && [1, sizes.heads].contains(mask.shape[1]) && Shape(mask.shape.dropFirst(2)) == matrix
    guard isFit, mask.dtype == .bool || mask.dtype == sizes.dtype else {
      fatalError(
        "\(label()): the mask of pairs \(describe(mask)) is not bool or \(sizes.dtype) of the "
          + "shape \(matrix), the queries and the keys, or "
          + "\(Shape([sizes.batch, sizes.heads] + matrix)), with the batch and the heads in front"
          + location())
    }
  }
}
