// Losses. Shapes of prediction and target are equal; nothing broadcasts.

/// How the losses of the elements become one result.
package enum NaiveLossReduction: Sendable {
  case none, mean, sum
}

extension NaiveArray where Scalar: RealScalar {
  private func reducedLoss(_ reduction: NaiveLossReduction) -> Self {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    }
  }

  private func loss(
    _ target: Self, _ reduction: NaiveLossReduction, _ body: (Scalar, Scalar) -> Scalar
  ) -> Self {
    precondition(shape == target.shape, "loss of \(shape) against \(target.shape)")
    return combined(with: target, body).reducedLoss(reduction)
  }

  /// `(x − t)²`.
  package func mseLoss(_ target: Self, _ reduction: NaiveLossReduction = .mean) -> Self {
    loss(target, reduction) { Scalar.square($0 - $1) }
  }

  /// `|x − t|`.
  package func l1Loss(_ target: Self, _ reduction: NaiveLossReduction = .mean) -> Self {
    loss(target, reduction) { Scalar.abs($0 - $1) }
  }

  /// `d²/2` for `d = |x − t| ≤ δ`, else `δ(d − δ/2)`.
  package func huberLoss(
    _ target: Self, delta: Double = 1, _ reduction: NaiveLossReduction = .mean
  ) -> Self {
    let delta = Scalar.constant(delta)
    return loss(target, reduction) { x, t in
      let d = x - t
      let size = Scalar.abs(d)
      return size <= delta ? 0.5 * d * d : delta * (size - 0.5 * delta)
    }
  }

  /// `−t·log p − (1 − t)·log(1 − p)`, with both logarithms at least −100.
  package func bceLoss(_ target: Self, _ reduction: NaiveLossReduction = .mean) -> Self {
    loss(target, reduction) { p, t in
      let yes = Scalar.clamp(Scalar.log(p), -100, nil)
      let no = Scalar.clamp(Scalar.log1p(-p), -100, nil)
      return -(t * yes) - (1 - t) * no
    }
  }

  /// The loss above for `p = sigmoid(x)`: `(1 − t)x + (1 + (w − 1)t)·softplus(−x)`, `w` weighs `t`.
  package func bceWithLogitsLoss(
    _ target: Self, positiveWeight: Double = 1, _ reduction: NaiveLossReduction = .mean
  ) -> Self {
    let excess = Scalar.constant(positiveWeight - 1)
    return loss(target, reduction) { x, t in
      let weight = 1 + excess * t
      return (1 - t) * x + weight * Scalar.softplus(-x)
    }
  }

  /// `−w[t]·x[t]` of log-probabilities `[N, C, …]` (or `[C]`) and classes `[N, …]`.
  ///
  /// Targets equal to `ignoring` count nothing; the mean is weighted by `w[t]`.
  package func nllLoss(
    _ target: NaiveArray<Int>, weight: [Double]? = nil, ignoring: Int? = nil,
    _ reduction: NaiveLossReduction = .mean
  ) -> Self {
    classLoss(target, weight, ignoring, smoothing: 0, reduction)
  }

  /// `nllLoss` of the log-softmax over the classes of logits `[N, C, …]` (or `[C]`).
  ///
  /// With smoothing `s`, the target is `(1 − s)·onehot + s/C`.
  package func crossEntropyLoss(
    _ target: NaiveArray<Int>, weight: [Double]? = nil, ignoring: Int? = nil,
    smoothing: Double = 0, _ reduction: NaiveLossReduction = .mean
  ) -> Self {
    logSoftmax(axis: rank == 1 ? 0 : 1)
      .classLoss(target, weight, ignoring, smoothing: smoothing, reduction)
  }

  private func classLoss(
    _ target: NaiveArray<Int>, _ weight: [Double]?, _ ignoring: Int?, smoothing: Double,
    _ reduction: NaiveLossReduction
  ) -> Self {
    let rows = rank == 1 ? self : movedAxis(from: 1, to: -1)
    let classes = rows.shape[rows.rank - 1]
    precondition(Array(rows.shape.dropLast()) == target.shape, "loss of \(shape), \(target.shape)")
    let weights = (weight ?? Array(repeating: 1, count: classes)).map { Scalar.constant($0) }
    let sharp = Scalar.constant(1 - smoothing)
    let uniform = Scalar.constant(smoothing) / Scalar(classes)
    let losses = NaiveArray(shape: target.shape) { index in
      let t = target[index]
      if t == ignoring { return 0 }
      let all = total((0..<classes).map { weights[$0] * rows[index + [$0]] })
      let smooth: Scalar = smoothing == 0 ? 0 : uniform * all
      return -(sharp * weights[t] * rows[index + [t]]) - smooth
    }
    if reduction != .mean { return losses.reducedLoss(reduction) }
    let counted = target.elements.filter { $0 != ignoring }.map { weights[$0] }
    return losses.sum() / total(counted)
  }
}
