// The cotangents of the parts that an array was taken apart into.
//
// The derivative of a slice puts its cotangent into zeros of the whole shape, so n slices of one
// array would cost n times the array. They wait here instead until the array's turn comes, and are
// joined then: what was split is concatenated, or taken as it is where it lies side by side in memory
// already.

/// The cotangent of one part of an array along an axis.
struct Piece {
  let axis, start, end: Int
  /// With all axes of the array.
  let cotangent: Variable
  let live: Live?
  /// The slice.
  let site: Site

  /// Nil if the part is not a range along one axis.
  init?(_ cotangent: Variable, _ live: Live?, _ site: Site) {
    let region = site.slicedRegion
    var axes: [Int] = []
    var shape = region.whole
    for axis in 0..<shape.rank {
      let place = region.axes.firstIndex(of: axis)
      let size = place.map { region.shape[$0] } ?? 1
      guard region.steps[axis] == 1, size > 0 else { return nil }
      if place == nil || size != shape[axis] { axes.append(axis) }
      shape = shape.replacing(axis: axis, with: size)
    }
    guard axes.count == 1, !region.axes.contains(nil) else { return nil }
    (axis, start, end) = (axes[0], region.starts[axes[0]], region.starts[axes[0]] + shape[axes[0]])
    self.cotangent = cotangent.shape == shape ? cotangent : cotangent.reshaped(to: shape)
    self.live = live
    self.site = site
  }

  /// The cotangent and the mask of an array with at least two parts, or nil if the parts overlap or
  /// lie along several axes.
  static func join(_ pieces: [Piece], _ shape: Shape) -> (Variable, Live?)? {
    let axis = pieces[0].axis
    let pieces = pieces.sorted { $0.start < $1.start }
    guard pieces.count > 1, pieces.allSatisfy({ $0.axis == axis }),
      zip(pieces, pieces.dropFirst()).allSatisfy({ $0.end <= $1.start })
    else { return nil }
    let isWhole =
      pieces[0].start == 0 && pieces[pieces.count - 1].end == shape[axis]
      && zip(pieces, pieces.dropFirst()).allSatisfy { $0.end == $1.start }
    func joined(_ part: (Piece) -> Variable) -> Variable {
      var parts: [Variable] = []
      var end = 0
      func fill(to start: Int) {
        if start == end { return }
        let gap = shape.replacing(axis: axis, with: start - end)
        parts.append(full(0, gap, part(pieces[0]).dtype))
      }
      for piece in pieces {
        fill(to: piece.start)
        parts.append(part(piece))
        end = piece.end
      }
      fill(to: shape[axis])
      return concatenate(parts, axis: axis)
    }
    if isWhole, pieces.allSatisfy({ $0.live == nil }) {
      let cotangents = pieces.map(\.cotangent)
      // What is recorded must stay connected to the graph.
      let isRecorded = Context.isRecording && cotangents.contains(where: \.requiresGradient)
      let sum =
        isRecorded
        ? concatenate(cotangents, axis: axis) : sideBySide(cotangents, axis: axis)
      return (sum, nil)
    }
    let sum = joined(\.cotangent)
    let mask = joined { piece in
      let shape = piece.cotangent.shape
      return piece.live?.variable?.reshaped(to: shape) ?? full(1, shape, .bool)
    }
    return (sum, .mask(mask))
  }
}
