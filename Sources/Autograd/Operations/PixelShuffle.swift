// Exchanges between channels and places.

/// Turns channels into places: […, C r², H, W] becomes […, C, H r, W r].
///
/// Channel c r² + i r + j moves to row i and column j of the r × r elements that replace one (Shi
/// et al., arXiv:1609.05158).
///
/// - Parameters:
///   - x: Shape […, C r², H, W].
///   - factor: r, at least 1; its square divides the channels, else it is an error.
public func pixelShuffle(_ x: Variable, factor: Int) -> Variable {
  let (rows, columns) = imageSize(x, "pixelShuffle")
  let channels = x.shape[x.rank - 3]
  guard factor > 0, channels % (factor * factor) == 0 else {
    fatalError(
      "pixelShuffle: the square of the factor \(factor) does not divide the \(channels) channels "
        + "of \(describe(x))\(location(of: x))")
  }
  let others = Array(x.shape.dropLast(3))
  let kept = channels / (factor * factor)
  // [M, C, r, r, H, W] → [M, C, H, r, W, r]
  return x.reshaped(to: [others.reduce(1, *), kept, factor, factor, rows, columns])
    .permuted([0, 1, 4, 2, 5, 3])
    .reshaped(to: Shape(others + [kept, rows * factor, columns * factor]))
}

/// Turns places into channels: […, C, H r, W r] becomes […, C r², H, W]; the inverse of
/// ``pixelShuffle(_:factor:)``.
///
/// - Parameters:
///   - x: Shape […, C, H r, W r].
///   - factor: r, at least 1; it divides rows and columns, else it is an error.
public func pixelUnshuffle(_ x: Variable, factor: Int) -> Variable {
  let (rows, columns) = imageSize(x, "pixelUnshuffle")
  guard factor > 0, rows % factor == 0, columns % factor == 0 else {
    fatalError(
      "pixelUnshuffle: the factor \(factor) does not divide the \(rows) rows and \(columns) columns "
        + "of \(describe(x))\(location(of: x))")
  }
  let others = Array(x.shape.dropLast(3))
  let channels = x.shape[x.rank - 3]
  let (height, width) = (rows / factor, columns / factor)
  return x.reshaped(to: [others.reduce(1, *), channels, height, factor, width, factor])
    .permuted([0, 1, 3, 5, 2, 4])
    .reshaped(to: Shape(others + [channels * factor * factor, height, width]))
}

/// Deals the channels of g groups out in turn: channel i of group j becomes channel i g + j (Zhang
/// et al., "ShuffleNet", arXiv:1707.01083).
///
/// - Parameters:
///   - x: Shape [N, C, …].
///   - groups: g, at least 1; it divides C, else it is an error.
public func channelShuffle(_ x: Variable, groups: Int) -> Variable {
  guard x.rank >= 2, groups > 0, x.shape[1] % groups == 0 else {
    fatalError(
      "channelShuffle: \(groups) groups do not divide axis 1 of \(describe(x))\(location(of: x))")
  }
  return x.reshaped(
    to: [x.shape[0], groups, x.shape[1] / groups, x.shape.elementCount(of: 2..<x.rank)]
  ).transposed(1, 2).reshaped(to: x.shape)
}

private func imageSize(_ x: Variable, _ operation: String) -> (rows: Int, columns: Int) {
  guard x.rank >= 3 else {
    fatalError(
      "\(operation): \(describe(x)) does not have axes of channels, rows and columns"
        + location(of: x))
  }
  return (x.shape[x.rank - 2], x.shape[x.rank - 1])
}
