// Reductions: `reduced` collects the elements that fall on one output, in row-major order, and each
// reduction is a function of that list.

extension NaiveArray {
  /// `body` on each group of elements that differ only along `axes` (nil: all axes).
  package func reduced<Result>(
    over axes: [Int]? = nil, keepingAxes: Bool = false, _ body: ([Scalar]) -> Result
  ) -> NaiveArray<Result> {
    let removed = Set((axes ?? Array(0..<rank)).map { normalized($0) })
    let kept = (0..<rank).map { removed.contains($0) ? 1 : shape[$0] }
    var groups = NaiveArray<[Scalar]>(repeating: [], shape: kept)
    for index in indices {
      let target = index.indices.map { removed.contains($0) ? 0 : index[$0] }
      groups[target].append(self[index])
    }
    let remaining = (0..<rank).filter { !removed.contains($0) }.map { shape[$0] }
    return NaiveArray<Result>(
      groups.elements.map(body), shape: keepingAxes ? kept : remaining)
  }
}

extension NaiveArray where Scalar: RealScalar {
  package func sum(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes, total)
  }

  package func mean(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes, average)
  }

  package func prod(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes) { $0.reduce(1) { $0 * $1 } }
  }

  /// The largest element; its derivative is split evenly among ties; NaN if one is.
  package func amax(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes, largest)
  }

  /// The smallest element; its derivative is split evenly among ties; NaN if one is.
  package func amin(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes) { -largest($0.map { -$0 }) }
  }

  /// `Σ(x − mean)²/(n − correction)`.
  package func variance(
    _ axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes) { spread($0, correction) }
  }

  /// The root of the variance; constant where it is 0.
  package func standardDeviation(
    _ axes: [Int]? = nil, correction: Int = 1, keepingAxes: Bool = false
  ) -> Self {
    variance(axes, correction: correction, keepingAxes: keepingAxes).map {
      $0 == 0 ? 0 : Scalar.sqrt($0)
    }
  }

  /// `(Σ|x|^p)^(1/p)`, the largest |x| for `p = inf`, the smallest for −inf, the count of non-zeros
  /// for 0; constant where it is 0.
  package func norm(_ p: Double = 2, _ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes) { vectorNorm($0, p) }
  }

  /// `log Σ exp x`, shifted by the largest element.
  package func logSumExp(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Self {
    reduced(over: axes, keepingAxes: keepingAxes, naiveLogSumExp)
  }
}

// MARK: - Functions of a list

func total<S: RealScalar>(_ list: [S]) -> S {
  var sum: S = 0
  for x in list { sum = sum + x }
  return sum
}

func average<S: RealScalar>(_ list: [S]) -> S { total(list) / S(list.count) }

func largest<S: RealScalar>(_ list: [S]) -> S {
  if let nan = list.first(where: \.isNaN) { return nan }
  let top = list.max()!
  return S.average(ofEqual: list.filter { $0 == top })
}

func spread<S: RealScalar>(_ list: [S], _ correction: Int) -> S {
  let mean = average(list)
  let squares = list.map { S.square($0 - mean) }
  return total(squares) / S(max(0, list.count - correction))
}

func vectorNorm<S: RealScalar>(_ list: [S], _ p: Double) -> S {
  let sizes = list.map { S.abs($0) }
  if p == 0 { return S(list.filter { $0 != 0 }.count) }
  if p == .infinity { return largest(sizes) }
  if p == -.infinity { return -largest(sizes.map { -$0 }) }
  if sizes.allSatisfy({ $0 == 0 }) { return 0 }
  if p == 1 { return total(sizes) }
  if p == 2 { return S.sqrt(total(list.map { $0 * $0 })) }
  let sum = total(sizes.map { S.pow($0, S.constant(p)) })
  return S.pow(sum, S.constant(1 / p))
}

func naiveLogSumExp<S: RealScalar>(_ list: [S]) -> S {
  if list.isEmpty { return S(-WideFloat.infinity) }
  let top = largest(list).detached
  let shift = top.isInfinite ? 0 : top
  return S.log(total(list.map { S.exp($0 - shift) })) + shift
}
