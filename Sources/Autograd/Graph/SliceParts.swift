// The cotangents of parts of an array.
//
// The derivative of taking a part puts the part's cotangent into zeros. Where an array was taken
// apart, as queries, keys and values or the gates of a recurrent layer are, the cotangents of its
// parts are kept until all have arrived. If together they make up the whole they are joined: without
// zeros, without additions, and with no dead elements to keep in mind.

/// The cotangent of one part of an array.
struct SlicePart {
  let site: Site
  let cotangent: Variable
  /// Which of the part's elements are alive.
  let live: Live?

  /// The part's contribution to the cotangent of the whole.
  var contribution: Variable { place(cotangent, in: region) }

  private var region: Region { site.box(RegionBox.self).region }

  /// The axis along which this is a part, and where it begins, if it is whole along all others.
  fileprivate var extent: (axis: Int, start: Int)? {
    let region = self.region
    let whole = region.whole
    // The axes of the whole along which there is not everything.
    var cut: [Int] = []
    var position = 0
    for axis in 0..<whole.rank {
      let isKept = position < region.axes.count && region.axes[position] == axis
      if !isKept || region.shape[position] != whole[axis] { cut.append(axis) }
      if isKept { position += 1 }
    }
    guard position == region.axes.count, region.steps.allSatisfy({ $0 == 1 }), cut.count <= 1
    else { return nil }
    let axis = cut.first ?? 0
    return whole.rank == 0 ? nil : (axis, region.starts[axis])
  }

  /// The cotangent with an axis of size 1 where the part has lost it.
  fileprivate func withAxis(_ axis: Int) -> Variable {
    cotangent.rank == region.whole.rank ? cotangent : cotangent.unsqueezed(axis: axis)
  }

  /// The cotangent of the whole, if the parts make it up and all their elements are alive.
  static func whole(of parts: [SlicePart]) -> Variable? {
    guard parts.allSatisfy({ $0.live == nil }), let axis = parts[0].extent?.axis else { return nil }
    var pieces: [(start: Int, cotangent: Variable)] = []
    for part in parts {
      guard let extent = part.extent, extent.axis == axis else { return nil }
      pieces.append((extent.start, part.withAxis(axis)))
    }
    pieces.sort { $0.start < $1.start }
    var end = 0
    for piece in pieces {
      guard piece.start == end, piece.cotangent.shape[axis] > 0 else { return nil }
      end += piece.cotangent.shape[axis]
    }
    guard end == parts[0].region.whole[axis] else { return nil }
    let cotangents = pieces.map(\.cotangent)
    // What is recorded must stay connected to the graph.
    let isRecorded = Context.isRecording && cotangents.contains(where: \.requiresGradient)
    return isRecorded ? concatenate(cotangents, axis: axis) : joined(cotangents, axis: axis)
  }
}
