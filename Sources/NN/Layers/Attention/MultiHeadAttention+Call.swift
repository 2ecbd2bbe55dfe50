import Autograd

extension MultiHeadAttention {
  /// Self-attention without a mask.
  public func forward(_ x: Variable) -> Variable {
    attend(x, x, x, .none, nil, returningWeights: false).output
  }

  /// What each query makes of the values of the keys that it attends to.
  ///
  /// - Parameters:
  ///   - query: Shape [batch, queries, features].
  ///   - key: Shape [batch, keys, key features]; the query if nil: self-attention.
  ///   - value: Shape [batch, keys, value features]; the key if nil.
  ///   - mask: Which queries may attend to which keys.
  ///   - cache: What has been seen before, for self-attention step by step: the keys and values of
  ///     this call are added to it, and all are attended to. Positions go on from there.
  /// - Returns: Shape [batch, queries, features]. Stops with an error if a shape does not fit.
  public func callAsFunction(
    _ query: Variable, key: Variable? = nil, value: Variable? = nil, mask: AttentionMask = .none,
    cache: KeyValueCache? = nil
  ) -> Variable {
    scope {
      let key = key ?? query
      return attend(query, key, value ?? key, mask, cache, returningWeights: false).output
    }
  }

  /// As the call, with the weights of attention, to look at or to use.
  ///
  /// Their mean over the heads, `weights.mean(axis: 1)`, is what PyTorch returns by default.
  ///
  /// - Returns: The output, and the weights of shape [batch, heads, queries, keys], after dropout.
  public func outputAndWeights(
    _ query: Variable, key: Variable? = nil, value: Variable? = nil, mask: AttentionMask = .none,
    cache: KeyValueCache? = nil
  ) -> (output: Variable, weights: Variable) {
    scope {
      let key = key ?? query
      let result = attend(query, key, value ?? key, mask, cache, returningWeights: true)
      return (result.output, result.weights!)
    }
  }

  private func attend(
    _ query: Variable, _ key: Variable, _ value: Variable, _ mask: AttentionMask,
    _ cache: KeyValueCache?, returningWeights: Bool
  ) -> (output: Variable, weights: Variable?) {
    requireInputs(query, key, value)
    let offset = cache?.count ?? 0
    let projected = project(query, key, value)
    var queries = inHeads(projected[0], heads)
    var keys = inHeads(projected[1], keyValueHeads)
    var values = inHeads(projected[2], keyValueHeads)
    if let rotary {
      queries = rotary(queries, offset: offset)
      keys = rotary(keys, offset: offset)
    }
    if let cache { (keys, values) = cache.append(keys: keys, values: values) }
    // A causal mask is not needed as an array where the first query is the first key.
    var parts = mask
    let isCausal = mask.isCausal && offset == 0
    if isCausal { parts.isCausal = false }
    let mask = parts.combined(
      AttentionMask.Sizes(
        batch: query.shape[0], heads: heads, queries: query.shape[1], keys: keys.shape[2],
        offset: offset, dtype: queries.dtype), label: label)
    (keys, values) = (forAllHeads(keys), forAllHeads(values))
    var weights: Variable?
    let mixed: Variable
    if returningWeights || dropout.probability > 0 {
      let kept = dropout(
        attentionWeights(query: queries, key: keys, mask: mask, isCausal: isCausal))
      weights = kept
      mixed = matmul(kept, values)
    } else {
      mixed = scaledDotProductAttention(
        query: queries, key: keys, value: values, mask: mask, isCausal: isCausal)
    }
    return (output(mixed.transposed(1, 2).reshaped(to: query.shape)), weights)
  }

  /// Queries, keys and values: one product if all come from one variable.
  private func project(_ query: Variable, _ key: Variable, _ value: Variable) -> [Variable] {
    let features = output.weight.shape[0]
    let shared = features / heads * keyValueHeads
    let sizes = [features, shared, shared]
    if inputWeights.count == 1, key.isIdentical(to: query), value.isIdentical(to: query) {
      return linear(query, inputWeights[0], bias: inputBias).split(sizes: sizes, axis: -1)
    }
    let weights = inputWeights.count == 1 ? inputWeights[0].split(sizes: sizes) : inputWeights
    let biases = inputBias?.split(sizes: sizes)
    return [query, key, value].enumerated().map { index, x in
      linear(x, weights[index], bias: biases?[index])
    }
  }

  /// [batch, steps, heads · d] as [batch, heads, steps, d].
  private func inHeads(_ x: Variable, _ heads: Int) -> Variable {
    x.unflattened(axis: 2, into: [heads, x.shape[2] / heads]).transposed(1, 2)
  }

  /// The heads of keys or values, each as often as there are heads of queries that share it.
  private func forAllHeads(_ x: Variable) -> Variable {
    if keyValueHeads == heads { return x }
    let group = heads / keyValueHeads
    let (batch, steps, size) = (x.shape[0], x.shape[2], x.shape[3])
    return x.unsqueezed(axis: 2).expanded(to: [batch, keyValueHeads, group, steps, size])
      .reshaped(batch, heads, steps, size)
  }

  private func requireInputs(_ query: Variable, _ key: Variable, _ value: Variable) {
    let features = inputWeights.map { $0.shape[1] }
    let inputs = [("query", query), ("key", key), ("value", value)]
    for (index, (name, x)) in inputs.enumerated() {
      let size = features.count == 1 ? features[0] : features[index]
      guard x.rank == 3, x.shape[2] == size else {
        fatalError(
          "\(label): the \(name) \(describe(x)) is not [batch, steps, \(size)]\(location())")
      }
    }
    guard query.shape[0] == key.shape[0], key.shape.dropLast() == value.shape.dropLast() else {
      fatalError(
        "\(label): the query \(describe(query)), the key \(describe(key)) and the value "
          + "\(describe(value)) do not have the same batch, or the last two not the same steps"
          + location())
    }
  }
}
