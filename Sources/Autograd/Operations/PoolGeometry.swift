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

  /// The windows along an axis, cut off where the input ends.
  ///
  /// - Parameter countsPadding: Whether a mean is divided by the number of elements within the
  ///   padding, or within the input.
  private func windows(_ axis: Int, of x: Variable, countsPadding: Bool) -> PoolBox.Axis {
    let first = x.rank - size.count
    let length = x.shape[first + axis]
    let (step, margin) = (dilation[axis], padding[axis])
    let span = step * (size[axis] - 1) + 1
    let padded = length + 2 * margin + overhang[axis]
    guard span <= padded else {
      var shape = x.shape
      for index in size.indices { shape[first + index] += 2 * padding[index] + overhang[index] }
      fatalError(
        "\(name): the window spans \(span) elements, more than axis \(first + axis) of the padded "
          + "input \(shape)\(location(of: x))")
    }
    var result = PoolBox.Axis(step: step)
    for window in 0...((padded - span) / stride[axis]) {
      let start = window * stride[axis] - margin
      let skipped = start < 0 ? (step - 1 - start) / step : 0
      /// How many elements lie before a place.
      func count(before end: Int) -> Int {
        min(size[axis], start >= end ? 0 : (end - start + step - 1) / step)
      }
      let inside = max(0, count(before: length) - skipped)
      result.starts.append(inside == 0 ? 0 : start + skipped * step)
      result.counts.append(inside)
      result.divisors.append(countsPadding ? count(before: length + margin) : inside)
    }
    return result
  }

  private func box(_ x: Variable, countsPadding: Bool) -> PoolBox {
    PoolBox(x.shape, size.indices.map { windows($0, of: x, countsPadding: countsPadding) })
  }

  func maximum(_ x: Variable) -> Variable { maxPool(x, box(x, countsPadding: false)) }

  func mean(_ x: Variable, _ countsPadding: Bool) -> Variable {
    averagePool(x, box(x, countsPadding: countsPadding))
  }
}
