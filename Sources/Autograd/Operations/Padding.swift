// Padding by elements that come from the array itself.

/// What lies outside of an array that is padded.
public enum PaddingMode: Sendable, Hashable {
  /// 0.
  case zeros
  /// The mirror image, without the element at the edge: c b | a b c | b a.
  case reflect
  /// The element at the edge: a a | a b c | c c.
  case replicate
  /// The other end: b c | a b c | a b.
  case circular
}

extension PaddingMode {
  /// Which of `length` elements stands at a position that may lie outside.
  fileprivate func source(of position: Int, length: Int) -> Int {
    switch self {
    case .zeros: position
    case .reflect: length - 1 - Swift.abs(length - 1 - Swift.abs(position))
    case .replicate: min(max(position, 0), length - 1)
    case .circular: (position + length) % length
    }
  }

  /// The largest width for an axis of `length` elements.
  fileprivate func limit(_ length: Int) -> Int {
    switch self {
    case .zeros: Int.max
    case .reflect: length - 1
    case .replicate: length > 0 ? Int.max : 0
    case .circular: length
    }
  }
}

extension Variable {
  /// With elements before and after each axis that continue the array.
  ///
  /// ```swift
  /// let x = Variable([1, 2, 3])
  /// x.padded([(before: 2, after: 1)], mode: .reflect)  // [3, 2, 1, 2, 3, 2]
  /// ```
  ///
  /// - Parameters:
  ///   - widths: How many before and how many after, for each axis from the first; not negative,
  ///     and as many as axes, else it is an error. Mirror images must be shorter than the axis, and
  ///     what comes from the other end not longer.
  ///   - mode: What the elements are.
  public func padded(_ widths: [(before: Int, after: Int)], mode: PaddingMode) -> Variable {
    if mode == .zeros { return padded(widths) }
    guard widths.count == rank, widths.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      fatalError("padded: the widths \(widths) do not fit \(shape)\(location(of: self))")
    }
    var result = self
    for (axis, (before, after)) in widths.enumerated() where before > 0 || after > 0 {
      let length = shape[axis]
      guard Swift.max(before, after) <= mode.limit(length) else {
        fatalError(
          "padded: the widths (\(before), \(after)) are too large for axis \(axis) of \(shape) and "
            + "padding .\(mode)\(location(of: self))")
      }
      let positions = (-before..<(length + after)).map { mode.source(of: $0, length: length) }
      result = indexSelect(result, at: Variable(positions), axis: axis)
    }
    return result
  }

  /// With elements around the last axes.
  func paddedSpatially(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode
  ) -> Variable {
    padded(aroundLast(widths), mode: mode)
  }

  /// With elements of one value around the last axes.
  func paddedSpatially(_ widths: [(before: Int, after: Int)], value: Double) -> Variable {
    padded(aroundLast(widths), value: value)
  }

  private func aroundLast(
    _ widths: [(before: Int, after: Int)]
  ) -> [(before: Int, after: Int)] {
    Array(repeating: (0, 0), count: rank - widths.count) + widths
  }
}
