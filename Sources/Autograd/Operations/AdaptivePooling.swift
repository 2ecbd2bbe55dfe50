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
  adaptivePool("adaptiveAveragePool1d", 1, x, outputSize) { $0.mean(axis: -1) }
}

/// The means of as many windows over the last two axes as are asked for.
///
/// See ``adaptiveAveragePool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point, neither axis empty.
///   - outputSize: The numbers of windows.
public func adaptiveAveragePool2d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveAveragePool2d", 2, x, outputSize) { $0.mean(axis: -1) }
}

/// The means of as many windows over the last three axes as are asked for.
///
/// See ``adaptiveAveragePool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point, none of these axes empty.
///   - outputSize: The numbers of windows.
public func adaptiveAveragePool3d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveAveragePool3d", 3, x, outputSize) { $0.mean(axis: -1) }
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
  adaptivePool("adaptiveMaxPool1d", 1, x, outputSize) { $0.firstMaximum() }
}

/// The largest elements of as many windows over the last two axes as are asked for.
///
/// See ``adaptiveMaxPool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, H, W], floating-point, neither axis empty.
///   - outputSize: The numbers of windows.
public func adaptiveMaxPool2d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveMaxPool2d", 2, x, outputSize) { $0.firstMaximum() }
}

/// The largest elements of as many windows over the last three axes as are asked for.
///
/// See ``adaptiveMaxPool1d(_:outputSize:)``.
///
/// - Parameters:
///   - x: Shape […, D, H, W], floating-point, none of these axes empty.
///   - outputSize: The numbers of windows.
public func adaptiveMaxPool3d(_ x: Variable, outputSize: SpatialSizes) -> Variable {
  adaptivePool("adaptiveMaxPool3d", 3, x, outputSize) { $0.firstMaximum() }
}

/// Reduces the windows along one axis after the other.
///
/// Windows are boxes, so the mean over all axes is the mean of means, and likewise the maximum. The
/// last axis comes first, so that the first of equal maxima is the first in row-major order.
///
/// - Parameter reduce: Reduces the last axis.
private func adaptivePool(
  _ name: String, _ rank: Int, _ x: Variable, _ outputSize: SpatialSizes,
  reduce: (Variable) -> Variable
) -> Variable {
  x.requireFloatingPoint(name)
  let counts = outputSize.resolved(rank, minimum: 1, "outputSize", operation: name)
  guard x.rank >= rank, x.shape.suffix(rank).allSatisfy({ $0 > 0 }) else {
    fatalError(
      "\(name): \(describe(x)) does not have \(rank) spatial axes with elements\(location(of: x))")
  }
  var result = x
  for (axis, count) in zip(x.rank - rank..<x.rank, counts).reversed() {
    let length = x.shape[axis]
    if length == count { continue }
    if length % count == 0 {
      let size = length / count
      result = reduce(result.windows(axis: axis, size: size, stride: size))
      continue
    }
    let parts = (0..<count).map { i in
      let start = i * length / count
      let end = ((i + 1) * length + count - 1) / count
      let part = slice(result, Region(result.shape, axis: axis, start: start, count: end - start))
      return reduce(part.windows(axis: axis, size: end - start))
    }
    result = concatenate(parts, axis: axis)
  }
  return result
}
