// Adaptive pooling: as many windows as give an output of a certain size, as PyTorch chooses them:
// window i of n along an axis of length L is ⌊i L / n⌋ ..< ⌈(i + 1) L / n⌉.

/// The means of as many windows along the last axis as are asked for.
///
/// Window i of n along an axis of length L is ⌊i L / n⌋ ..< ⌈(i + 1) L / n⌉, as in PyTorch.
///
/// - Parameters:
///   - x: Shape […, L], floating-point, L > 0.
///   - outputSize: The number n of windows.
public func adaptiveAveragePool1d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveAveragePool1d", 1, x, outputSize, isMean: true)
}

/// The means of as many windows over the last two axes as are asked for.
///
/// See ``adaptiveAveragePool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point, neither axis empty.
///   - outputSize: The numbers of windows.
public func adaptiveAveragePool2d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveAveragePool2d", 2, x, outputSize, isMean: true)
}

/// The means of as many windows over the last three axes as are asked for.
///
/// See ``adaptiveAveragePool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point, none of these axes empty.
///   - outputSize: The numbers of windows.
public func adaptiveAveragePool3d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveAveragePool3d", 3, x, outputSize, isMean: true)
}

/// The largest elements of as many windows along the last axis as are asked for.
///
/// Window i of n along an axis of length L is ⌊i L / n⌋ ..< ⌈(i + 1) L / n⌉, as in PyTorch. If
/// several elements share the maximum, the first gets the whole gradient.
///
/// - Parameters:
///   - x: Shape […, L], floating-point, L > 0.
///   - outputSize: The number n of windows.
public func adaptiveMaxPool1d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveMaxPool1d", 1, x, outputSize, isMean: false)
}

/// The largest elements of as many windows over the last two axes as are asked for.
///
/// See ``adaptiveMaxPool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point, neither axis empty.
///   - outputSize: The numbers of windows.
public func adaptiveMaxPool2d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveMaxPool2d", 2, x, outputSize, isMean: false)
}

/// The largest elements of as many windows over the last three axes as are asked for.
///
/// See ``adaptiveMaxPool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point, none of these axes empty.
///   - outputSize: The numbers of windows.
public func adaptiveMaxPool3d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveMaxPool3d", 3, x, outputSize, isMean: false)
}

private func adaptivePool(
  _ name: String, _ rank: Int, _ x: Variable, _ outputSize: SpatialSizes,
  isMean: Bool
) -> Variable {
  x.requireFloatingPoint(name)
  let counts = outputSize.resolved(rank, minimum: 1, "outputSize", operation: name)
  guard x.rank >= rank, x.shape.suffix(rank).allSatisfy({ $0 > 0 }) else {
    fatalError(
      "\(name): \(describe(x)) does not have \(rank) spatial axes with elements\(location(of: x))")
  }
  let lengths = Array(x.shape.suffix(rank))
  if lengths == counts { return x }
  if counts.allSatisfy({ $0 == 1 }) {
    return isMean ? x.mean(axes: Array(-rank..<0), keepingAxes: true) : x.globalMaximum(rank)
  }
  let axes = zip(lengths, counts).map { length, count in
    let starts = (0..<count).map { $0 * length / count }
    let ends = (0..<count).map { (($0 + 1) * length + count - 1) / count }
    let sizes = zip(starts, ends).map { $1 - $0 }
    return PoolBox.Axis(starts: starts, counts: sizes, divisors: sizes)
  }
  let box = PoolBox(x.shape, axes)
  return isMean ? averagePool(x, box) : maxPool(x, box)
}

extension Variable {
  /// The largest over the last axes, which stay with one element; the first of several gets the
  /// whole gradient.
  fileprivate func globalMaximum(_ axes: Int) -> Variable {
    let rows = flattened(from: -axes)
    let positions = rows.detached().argmax(axis: -1, keepingAxes: true)
    let kept = Array(repeating: 1, count: axes)
    return gather(rows, at: positions, axis: -1)
      .reshaped(to: Shape(shape.dropLast(axes) + kept))
  }
}
