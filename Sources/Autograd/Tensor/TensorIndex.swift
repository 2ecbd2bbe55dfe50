/// What one place of a subscript selects: ``AxisIndex`` with Swift's own notation.
///
/// ```swift
/// x[0]                  // the first row: an Int removes its axis
/// x[-1, 2]              // negative numbers count from the end
/// x[1..<3], x[1...2]    // a range keeps its axis
/// x[1...], x[..<2]      // from, up to
/// x[(-2)...], x[..<(-1)]   // the last two, all but the last; Swift needs the parentheses
/// x[..., 0]             // `...` or `ellipsis` stands for all axes not named
/// x[newAxis, 0]         // with a new axis of size 1
/// x[every(2)]           // every other element; every(-1) reverses
/// ```
///
/// Axes that are not named are kept whole. A bound that is out of range stops with an error that
/// names the axis, the shape and the index: unlike in NumPy, ranges are not cut to what exists.
public protocol TensorIndex {
  /// What is selected, in one form for all notations.
  var axisIndex: AxisIndex { get }
}

/// What one place of a subscript selects.
public enum AxisIndex: TensorIndex, Sendable {
  /// One element; the axis vanishes. Negative numbers count from the end.
  case at(Int)
  /// The elements from `from` up to, but without, `to`.
  case range(from: Int, to: Int)
  /// The elements from `from` through `through`.
  case closedRange(from: Int, through: Int)
  /// The elements from `from`, or from the first, up to, but without, `to`, or through the last,
  /// `step` apart; a negative step counts down, from the last to the first.
  case every(step: Int, from: Int?, to: Int?)
  /// A new axis of size 1.
  case newAxis
  /// All axes that the other indices do not name.
  case ellipsis

  /// Itself.
  public var axisIndex: AxisIndex { self }
}

/// A new axis of size 1, in a subscript (NumPy's `newaxis`, PyTorch's `None`).
public let newAxis = AxisIndex.newAxis

/// All axes that the other indices of a subscript do not name; `...` is short for it.
public let ellipsis = AxisIndex.ellipsis

/// Every `step`-th element of an axis (NumPy's `from:to:step`).
///
/// ```swift
/// x[every(2)]                    // elements 0, 2, 4, …
/// x[every(-1)]                   // in reverse
/// x[every(1, from: 1, to: -1)]   // without the first and the last
/// ```
///
/// - Parameters:
///   - step: The distance, not 0; negative to count down.
///   - from: The first element; by default the first, or the last for a negative step.
///   - to: Where to stop, without that element; by default after the end in the direction of the
///     step.
public func every(_ step: Int, from: Int? = nil, to: Int? = nil) -> AxisIndex {
  .every(step: step, from: from, to: to)
}

extension Int: TensorIndex {
  /// One element; the axis vanishes.
  public var axisIndex: AxisIndex { .at(self) }
}

extension Range<Int>: TensorIndex {
  /// The elements of the range; both bounds may be negative.
  public var axisIndex: AxisIndex { .range(from: lowerBound, to: upperBound) }
}

extension ClosedRange<Int>: TensorIndex {
  /// The elements of the range; both bounds may be negative.
  public var axisIndex: AxisIndex { .closedRange(from: lowerBound, through: upperBound) }
}

extension PartialRangeFrom<Int>: TensorIndex {
  /// The elements from the bound to the end; the bound may be negative.
  public var axisIndex: AxisIndex { .every(step: 1, from: lowerBound, to: nil) }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  /// The elements up to, but without, the bound, which may be negative.
  public var axisIndex: AxisIndex { .every(step: 1, from: nil, to: upperBound) }
}

extension PartialRangeThrough<Int>: TensorIndex {
  /// The elements up to and including the bound, which may be negative.
  public var axisIndex: AxisIndex { .closedRange(from: 0, through: upperBound) }
}
