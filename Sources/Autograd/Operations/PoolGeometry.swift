/// The geometry of a pool, checked.
struct Pool {
  private let name: String
  private let size: [Int]
  private let stride: [Int]
  private let padding: [Int]
  private let dilation: [Int]
  /// How many elements the windows reach beyond the padding at the end of each axis.
  private let overhang: [Int]

  init(
    _ name: String, _ rank: Int, _ x: Variable, _ size: SpatialSizes, _ stride: SpatialSizes?,
    _ padding: SpatialSizes, _ dilation: SpatialSizes, _ ceilMode: Bool
  ) {
    x.requireFloatingPoint(name)
    guard x.rank >= rank else {
      fatalError("\(name): \(describe(x)) has fewer than \(rank) spatial axes\(location(of: x))")
    }
    guard x.shape.suffix(rank).allSatisfy({ $0 > 0 }) else {
      fatalError("\(name): a spatial axis of \(describe(x)) is empty\(location(of: x))")
    }
    self.name = name
    self.size = size.resolved(rank, minimum: 1, "size", operation: name)
    self.stride = (stride ?? size).resolved(rank, minimum: 1, "stride", operation: name)
    self.padding = padding.resolved(rank, minimum: 0, "padding", operation: name)
    self.dilation = dilation.resolved(rank, minimum: 1, "dilation", operation: name)
    for (size, padding) in zip(self.size, self.padding) where 2 * padding > size {
      fatalError("\(name): padding \(padding) is more than half of the window's size \(size)")
    }
    var overhang = [Int](repeating: 0, count: rank)
    for axis in 0..<rank where ceilMode {
      let length = x.shape[x.rank - rank + axis]
      let span = self.dilation[axis] * (self.size[axis] - 1) + 1
      let (stride, padding) = (self.stride[axis], self.padding[axis])
      let rest = length + 2 * padding - span + stride - 1
      guard rest >= 0 else { continue }
      // The last window begins inside of the input, which lies after the padding.
      let start = min(rest / stride, (length + padding - 1) / stride) * stride
      overhang[axis] = max(0, start + span - length - 2 * padding)
    }
    self.overhang = overhang
  }

  /// The windows of an array that is surrounded by padding of one value, and by another value
  /// where they reach beyond it.
  private func windows(
    _ x: Variable, paddedWith value: Double, beyond: Double
  ) -> Variable {
    var padded = x
    if value == beyond {
      padded = x.paddedSpatially(
        zip(padding, overhang).map { ($0, $0 + $1) }, value: value)
    } else {
      padded = x.paddedSpatially(padding.map { ($0, $0) }, value: value)
        .paddedSpatially(overhang.map { (0, $0) }, value: beyond)
    }
    return padded.spatialWindows(size: size, stride: stride, dilation: dilation, operation: name)
  }

  func maximum(_ x: Variable) -> Variable {
    windows(x, paddedWith: -.infinity, beyond: -.infinity).flattened(from: -size.count)
      .firstMaximum()
  }

  func mean(_ x: Variable, _ countIncludesPadding: Bool) -> Variable {
    let axes = Array(-size.count..<0)
    let values = windows(x, paddedWith: 0, beyond: 0)
    let isPadded = padding.contains { $0 > 0 } && !countIncludesPadding
    if !isPadded, overhang.allSatisfy({ $0 == 0 }) { return values.mean(axes: axes) }
    let ones = full(1, Shape(x.shape.suffix(size.count)), x.dtype)
    let counted = windows(ones, paddedWith: countIncludesPadding ? 1 : 0, beyond: 0)
    return values.sum(axes: axes) / counted.sum(axes: axes)
  }
}
