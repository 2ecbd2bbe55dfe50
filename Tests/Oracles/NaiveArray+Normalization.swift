// Softmax, the normalising layers, and attention.

extension NaiveArray where Scalar: RealScalar {
  /// `exp xᵢ / Σ exp xⱼ` along `axis`.
  package func softmax(axis: Int = -1) -> Self {
    mapLines(along: axis) { naiveSoftmax($0) }
  }

  /// `xᵢ − log Σ exp xⱼ` along `axis`.
  package func logSoftmax(axis: Int = -1) -> Self {
    mapLines(along: axis) { line in
      let normalizer = naiveLogSumExp(line)
      return line.map { $0 - normalizer }
    }
  }

  /// `(x − mean)/√(variance + ε)·weight + bias` over the last `axes` axes; the variance is biased.
  package func layerNorm(
    axes: Int = 1, weight: Self? = nil, bias: Self? = nil, epsilon: Double = 1e-5
  ) -> Self {
    let last = Array((rank - axes)..<rank)
    return standardized(last, epsilon).scaled(weight, bias)
  }

  /// `x/√(mean(x²) + ε)·weight` over the last axis.
  package func rmsNorm(weight: Self? = nil, epsilon: Double = 1e-5) -> Self {
    let square = (self * self).mean([-1], keepingAxes: true)
    let root = (square + Scalar.constant(epsilon)).map(Scalar.sqrt)
    return (self / root).scaled(weight, nil)
  }

  /// As `layerNorm`, with the statistics of each channel (axis 1) over all other axes.
  package func batchNorm(
    weight: Self? = nil, bias: Self? = nil, epsilon: Double = 1e-5
  ) -> Self {
    let others = (0..<rank).filter { $0 != 1 }
    let channels = [shape[1]] + Array(repeating: 1, count: rank - 2)
    return standardized(others, epsilon).scaled(
      weight?.reshaped(to: channels), bias?.reshaped(to: channels))
  }

  private func standardized(_ axes: [Int], _ epsilon: Double) -> Self {
    let centered = self - mean(axes, keepingAxes: true)
    let variance = self.variance(axes, correction: 0, keepingAxes: true)
    return centered / (variance + Scalar.constant(epsilon)).map(Scalar.sqrt)
  }

  private func scaled(_ weight: Self?, _ bias: Self?) -> Self {
    let product = weight.map { self * $0 } ?? self
    return bias.map { product + $0 } ?? product
  }

  /// `softmax(q kᵀ·scale) v`: q `[…, L, E]`, k `[…, S, E]`, v `[…, S, V]`, result `[…, L, V]`.
  ///
  /// `mask` broadcasts to `[…, L, S]`; true takes part. Causal: position `i` sees `j ≤ i`. A row
  /// that sees nothing is 0. The scale is 1/√E unless given.
  package static func scaledDotProductAttention(
    query: Self, key: Self, value: Self, mask: NaiveArray<Bool>? = nil, isCausal: Bool = false,
    scale: Double? = nil
  ) -> Self {
    let features = Scalar(query.shape[query.rank - 1])
    let factor = scale.map { Scalar.constant($0) } ?? 1 / Scalar.sqrt(features)
    let scores = query.matmul(key.transposed()) * factor
    let allowed = (mask ?? NaiveArray<Bool>(scalar: true)).broadcast(to: scores.shape)
    let visible = NaiveArray<Bool>(shape: scores.shape) { index in
      let (i, j) = (index[index.count - 2], index[index.count - 1])
      return allowed[index] && (!isCausal || j <= i)
    }
    let pairs = scores.combined(with: visible) { (score: $0, isVisible: $1) }
    let weights: Self = pairs.mapLines(along: -1) { line in
      var seen = naiveSoftmax(line.filter(\.isVisible).map(\.score))
      return line.map { $0.isVisible ? seen.removeFirst() : 0 }
    }
    return weights.matmul(value)
  }
}

private func naiveSoftmax<S: RealScalar>(_ list: [S]) -> [S] {
  if list.isEmpty { return [] }
  let top = largest(list).detached
  let powers = list.map { S.exp($0 - top) }
  let sum = total(powers)
  return powers.map { $0 / sum }
}
