/// A part of an array that a subscript denotes: a start and a step along each axis, some axes
/// removed, some added.
struct Region {
  /// The shape of the whole.
  let whole: Shape
  /// For each axis of the whole, the first element and the distance to the next.
  var starts: [Int]
  var steps: [Int]
  /// The shape of the part, and for each of its axes the axis of the whole, or nil if it is new.
  var shape = Shape()
  var axes: [Int?] = []

  /// The whole array.
  init(_ whole: Shape) {
    self.whole = whole
    starts = [Int](repeating: 0, count: whole.rank)
    steps = [Int](repeating: 1, count: whole.rank)
    shape = whole
    axes = Array(0..<whole.rank)
  }

  /// The part from `start` along one axis.
  init(_ whole: Shape, axis: Int, start: Int, count: Int) {
    self.init(whole)
    starts[axis] = start
    shape[axis] = count
  }

  /// The part that the indices of a subscript denote; `place` says where the array belongs, for
  /// errors.
  init(_ whole: Shape, _ indices: [any TensorIndex], place: @autoclosure () -> String) {
    self.init(whole)
    shape = Shape()
    axes = []
    let indices = Region.complete(indices.map(\.axisIndex), rank: whole.rank, whole, place)
    var axis = 0
    for index in indices {
      if case .newAxis = index {
        shape.append(1)
        axes.append(nil)
        continue
      }
      let extent = Extent(index, size: whole[axis]) { complaint in
        fatalError("subscript: \(complaint) for axis \(axis) of shape \(whole)\(place())")
      }
      starts[axis] = extent.start
      steps[axis] = extent.step
      if let count = extent.count {
        shape.append(count)
        axes.append(axis)
      }
      axis += 1
    }
  }

  /// Puts whole axes where the ellipsis is, or at the end.
  private static func complete(
    _ indices: [AxisIndex], rank: Int, _ whole: Shape, _ place: () -> String
  ) -> [AxisIndex] {
    var named = 0
    var gap: Int? = nil
    for (position, index) in indices.enumerated() {
      switch index {
      case .newAxis: break
      case .ellipsis:
        guard gap == nil else { fatalError("subscript: more than one ellipsis\(place())") }
        gap = position
      default: named += 1
      }
    }
    guard named <= rank else {
      fatalError("subscript: \(named) indices for shape \(whole)\(place())")
    }
    let rest = [AxisIndex](repeating: .every(step: 1, from: nil, to: nil), count: rank - named)
    var result = indices
    result.replaceSubrange(gap.map { $0..<($0 + 1) } ?? indices.count..<indices.count, with: rest)
    return result
  }

  /// Whether the part has no gaps along any axis.
  var isDense: Bool { steps.allSatisfy { $0 == 1 } }

  /// How many elements of each axis of the whole belong to the part.
  var sizes: [Int] {
    var sizes = [Int](repeating: 1, count: whole.rank)
    for case (let size, let axis?) in zip(shape, axes) { sizes[axis] = size }
    return sizes
  }

  /// Where the part begins, in elements, in an array with the given strides.
  func offset(_ strides: [Int]) -> Int {
    zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The strides of the part in an array with the given strides; 1 for new axes.
  func strides(_ strides: [Int]) -> [Int] {
    axes.map { axis in axis.map { steps[$0] * strides[$0] } ?? 1 }
  }
}

/// What an index selects along an axis of known size.
private struct Extent {
  var start = 0
  var step = 1
  /// nil if the axis vanishes.
  var count: Int?

  init(_ index: AxisIndex, size: Int, fail: (String) -> Never) {
    /// A bound counted from 0, within `low...high`.
    func resolve(_ bound: Int, _ name: String, in allowed: ClosedRange<Int>) -> Int {
      let resolved = bound < 0 ? bound + size : bound
      guard allowed.contains(resolved) else { fail("\(name) \(bound) is out of range") }
      return resolved
    }
    switch index {
    case .at(let position):
      guard position >= -size, position < size else { fail("index \(position) is out of range") }
      start = position < 0 ? position + size : position
    case .range(let from, let to):
      start = resolve(from, "lower bound", in: 0...size)
      let end = resolve(to, "upper bound", in: 0...size)
      guard start <= end else {
        fail("range \(from)..<\(to), which ends before it begins, is out of range")
      }
      count = end - start
    case .closedRange(let from, let through):
      guard size > 0 else { fail("range \(from)...\(through) is out of range") }
      start = resolve(from, "lower bound", in: 0...size)
      let last = resolve(through, "upper bound", in: 0...(size - 1))
      guard start <= last + 1 else {
        fail("range \(from)...\(through), which ends before it begins, is out of range")
      }
      count = last + 1 - start
    case .every(let step, let from, let to):
      guard step != 0 else { fail("a step of 0 is not allowed") }
      self.step = step
      if step > 0 {
        start = from.map { resolve($0, "lower bound", in: 0...size) } ?? 0
        let end = to.map { resolve($0, "upper bound", in: 0...size) } ?? size
        count = Swift.max(0, (end - start + step - 1) / step)
      } else {
        let last = Swift.max(size - 1, 0)
        start = from.map { resolve($0, "first index", in: 0...last) } ?? size - 1
        let end = to.map { resolve($0, "last index", in: 0...last) } ?? -1
        count = Swift.max(0, (start - end - step - 1) / -step)
      }
    case .newAxis, .ellipsis: fail("a new axis or an ellipsis is not an index")
    }
    if count == 0 { start = 0 }
  }
}
