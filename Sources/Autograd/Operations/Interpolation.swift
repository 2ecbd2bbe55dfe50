// Resizing of images, along one spatial axis after the other. Each output is a weighted sum of a
// few elements, which are read by their positions.

/// How values between elements are found.
public enum Interpolation: Sendable, Hashable {
  /// The element at ⌊i · length / size⌋.
  case nearest
  /// The weighted mean of two neighbours along each axis: linear, bilinear or trilinear.
  ///
  /// `alignsCorners`: whether the first and last elements of input and output coincide; else their
  /// outer edges do.
  case linear(alignsCorners: Bool = false)
  /// The cubic convolution of four neighbours along each axis with the parameter −3/4 (Keys, 1981),
  /// whose elements outside of the image are those at the edge.
  ///
  /// `alignsCorners`: whether the first and last elements of input and output coincide; else their
  /// outer edges do.
  case cubic(alignsCorners: Bool = false)
}

/// x resized along its spatial axes, which are all but the first two.
///
/// PyTorch's `interpolate`. The nearest element is found by integers, so it is exact, where PyTorch
/// rounds in float32.
///
/// ```swift
/// let x = Variable([[[1, 2, 3]]])
/// interpolate(x, size: 6)  // [[[1, 1, 2, 2, 3, 3]]]
/// ```
///
/// - Parameters:
///   - x: Shape [N, C, …], floating-point, with at least one spatial axis and none empty.
///   - size: The sizes of the spatial axes of the result.
///   - interpolation: How values between elements are found.
public func interpolate(
  _ x: Variable, size: SpatialSizes, by interpolation: Interpolation = .nearest
) -> Variable {
  let axes = resizedAxes(x)
  let sizes = size.resolved(axes.count, minimum: 1, "size", operation: "interpolate")
  return zip(axes, sizes).reduce(x) { x, next in
    let (axis, size) = next
    let length = x.shape[axis]
    let taps = Taps(
      from: length, to: size, step: Double(length) / Double(size), interpolation
    ) { $0 * length / size }
    return taps.apply(to: x, axis: axis)
  }
}

/// x resized by a factor along its spatial axes, which are all but the first two.
///
/// The sizes are rounded down. As in PyTorch, positions are computed with the factor itself.
///
/// - Parameters:
///   - x: Shape [N, C, …], floating-point, with at least one spatial axis and none empty.
///   - scale: The positive factor for all spatial axes; the result may not become empty.
///   - interpolation: How values between elements are found.
public func interpolate(
  _ x: Variable, scale: Double, by interpolation: Interpolation = .nearest
) -> Variable {
  let axes = resizedAxes(x)
  guard scale > 0, scale.isFinite else {
    fatalError("interpolate: the scale \(scale) is not positive and finite")
  }
  return axes.reduce(x) { x, axis in
    let length = x.shape[axis]
    let exactSize = Double(length) * scale
    guard exactSize >= 1, exactSize < 0x1p31 else {
      let problem = exactSize < 1 ? "leaves nothing" : "makes too much"
      fatalError(
        "interpolate: the scale \(scale) \(problem) of axis \(axis) of \(describe(x))"
          + location(of: x))
    }
    let size = Int(exactSize)
    let taps = Taps(from: length, to: size, step: 1 / scale, interpolation) {
      min(Int(Double($0) / scale), length - 1)
    }
    return taps.apply(to: x, axis: axis)
  }
}

private func resizedAxes(_ x: Variable) -> Range<Int> {
  x.requireFloatingPoint("interpolate")
  guard x.rank > 2, x.shape.dropFirst(2).allSatisfy({ $0 > 0 }) else {
    fatalError(
      "interpolate: \(describe(x)) does not have axes of examples, of channels, and spatial axes "
        + "with elements\(location(of: x))")
  }
  return 2..<x.rank
}

/// The elements that each output along an axis is a sum of, and their weights.
private struct Taps {
  /// The positions of the first, second, … element of each output.
  private var positions: [[Int]] = []
  /// Their weights; none if each output is one element.
  private var weights: [[Double]] = []
  private let isIdentity: Bool

  /// - Parameters:
  ///   - step: The distance between outputs, in elements, if corners are not aligned.
  ///   - nearest: The element nearest to an output.
  init(
    from length: Int, to size: Int, step: Double, _ interpolation: Interpolation,
    nearest: (Int) -> Int
  ) {
    func places(_ alignsCorners: Bool) -> [Double] {
      if !alignsCorners { return (0..<size).map { (Double($0) + 0.5) * step - 0.5 } }
      let step = size > 1 ? Double(length - 1) / Double(size - 1) : 0
      return (0..<size).map { Double($0) * step }
    }
    isIdentity = length == size && step == 1
    switch interpolation {
    case .nearest: positions = [(0..<size).map(nearest)]
    case .linear(let alignsCorners):
      let places = places(alignsCorners).map { min(max($0, 0), Double(length - 1)) }
      let lower = places.map { Int($0) }
      let fractions = zip(places, lower).map { $0 - Double($1) }
      positions = [lower, lower.map { min($0 + 1, length - 1) }]
      weights = [fractions.map { 1 - $0 }, fractions]
    case .cubic(let alignsCorners):
      let places = places(alignsCorners)
      let floors = places.map { $0.rounded(.down) }
      for offset in -1...2 {
        positions.append(floors.map { min(max(Int($0) + offset, 0), length - 1) })
        weights.append(zip(places, floors).map { cubicWeight($0 - $1 - Double(offset)) })
      }
    }
  }

  func apply(to x: Variable, axis: Int) -> Variable {
    if isIdentity { return x }
    let elements = positions.map { indexSelect(x, at: Variable($0), axis: axis) }
    if weights.isEmpty { return elements[0] }
    let shape = Shape([positions[0].count] + (axis + 1..<x.rank).map { _ in 1 })
    let terms = zip(elements, weights).map { element, weights in
      element * Variable(Tensor(weights).converted(to: x.dtype)).reshaped(to: shape)
    }
    return terms.dropFirst().reduce(terms[0], +)
  }
}

/// The weight of an element at a distance from where the value is wanted (Keys, "Cubic convolution
/// interpolation for digital image processing", 1981, with a = −3/4).
private func cubicWeight(_ distance: Double) -> Double {
  let a = -0.75
  let t = Swift.abs(distance)
  if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
}
