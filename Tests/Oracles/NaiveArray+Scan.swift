// Operations along one axis: scans, order, and the positions of extremes.

extension NaiveArray {
  /// `body` on each line of elements along `axis`; all results have one length.
  package func mapLines<Result>(
    along axis: Int, _ body: ([Scalar]) -> [Result]
  ) -> NaiveArray<Result> {
    let axis = normalized(axis)
    let lines = reduced(over: [axis], keepingAxes: true, body)
    var shape = self.shape
    shape[axis] = lines.elements.first?.count ?? shape[axis]
    return NaiveArray<Result>(shape: shape) { index in
      var line = index
      line[axis] = 0
      return lines[line][index[axis]]
    }
  }
}

extension NaiveArray where Scalar: RealScalar {
  package func cumsum(axis: Int) -> Self { scanned(axis) { $0 + $1 } }
  package func cumprod(axis: Int) -> Self { scanned(axis) { $0 * $1 } }

  private func scanned(_ axis: Int, _ combine: (Scalar, Scalar) -> Scalar) -> Self {
    mapLines(along: axis) { line in
      var result: [Scalar] = []
      for x in line { result.append(result.last.map { combine($0, x) } ?? x) }
      return result
    }
  }

  /// The positions that sort each line: stable, NaN last in both directions.
  package func argsort(axis: Int = -1, descending: Bool = false) -> NaiveArray<Int> {
    mapLines(along: axis) { order(of: $0, descending) }
  }

  /// Each line in order: stable, NaN last in both directions.
  package func sorted(axis: Int = -1, descending: Bool = false) -> Self {
    mapLines(along: axis) { line in order(of: line, descending).map { line[$0] } }
  }

  /// The `k` largest (or smallest) of each line in order, and their positions.
  package func topK(
    _ k: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Self, indices: NaiveArray<Int>) {
    let values = mapLines(along: axis) { line in
      order(of: line, largest).prefix(k).map { line[$0] }
    }
    let indices = mapLines(along: axis) { Array(order(of: $0, largest).prefix(k)) }
    return (values, indices)
  }

  /// The position of the largest element along `axis` (nil: of all): the first of ties, a NaN
  /// first.
  package func argmax(axis: Int? = nil, keepingAxes: Bool = false) -> NaiveArray<Int> {
    let axes = axis.map { [$0] }
    return reduced(over: axes, keepingAxes: keepingAxes) { positionOfExtreme($0) { $0 > $1 } }
  }

  /// The position of the smallest element along `axis` (nil: of all): the first of ties, NaN first.
  package func argmin(axis: Int? = nil, keepingAxes: Bool = false) -> NaiveArray<Int> {
    let axes = axis.map { [$0] }
    return reduced(over: axes, keepingAxes: keepingAxes) { positionOfExtreme($0) { $0 < $1 } }
  }
}

// MARK: - Functions of a list

private func order<S: RealScalar>(of line: [S], _ descending: Bool) -> [Int] {
  line.indices.sorted { i, j in
    let (a, b) = (line[i], line[j])
    if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? i < j : b.isNaN }
    if a == b { return i < j }
    return descending ? a > b : a < b
  }
}

private func positionOfExtreme<S: RealScalar>(_ list: [S], _ beats: (S, S) -> Bool) -> Int {
  if let nan = list.firstIndex(where: \.isNaN) { return nan }
  var best = 0
  for i in list.indices where beats(list[i], list[best]) { best = i }
  return best
}
