import Autograd

/// How much the output falls when a part of the input is covered: y(x) − y(x with a window replaced
/// by the baseline), for windows at all places.
///
/// An element in several windows gets the mean of their differences. At the far edges windows are
/// cut off, so that every element is covered. It needs no gradient, one evaluation for each place.
/// Zeiler and Fergus, arXiv:1311.2901.
///
/// ```swift
/// // Squares of 4 × 4 pixels in all channels of [examples, 3, height, width]:
/// let map = occlusion({ model($0) }, at: images, window: [3, 4, 4], stride: [3, 2, 2])
/// ```
///
/// - Parameters:
///   - model: From inputs [examples, …] to outputs [examples, …].
///   - x: The inputs, floating-point.
///   - target: Which output y is explained.
///   - window: The sizes of a window along the axes of x after the first.
///   - stride: How far neighbouring windows are apart, from 1 to the window's size, or by default
///     the window's sizes. Sizes that do not fit stop with an error.
///   - baseline: What a window is replaced by, of the shape and type of x; else stops with an error.
///     By default zeros.
/// - Returns: The shape of x.
public func occlusion(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget = .output,
  window: [Int], stride: [Int]? = nil, baseline: Variable? = nil
) -> Variable {
  let sizes = Array(x.shape.dropFirst())
  let stride = stride ?? window
  guard x.rank > 1, window.count == sizes.count, stride.count == sizes.count,
    sizes.indices.allSatisfy({ (1...max(sizes[$0], 1)).contains(window[$0]) }),
    sizes.indices.allSatisfy({ (1...window[$0]).contains(stride[$0]) })
  else {
    fatalError(
      "occlusion: window \(window) and stride \(stride) do not fit the input \(x.shape): they have "
        + "a size for each axis after the first, and stride ≤ window ≤ input")
  }
  let cover = resolvedBaseline(baseline, for: x, operation: "occlusion")
  return withoutRecording {
    let x = x.detached()
    let whole = target.scores(of: model(x), operation: "occlusion")
    let single = Shape([x.shape[0]] + sizes.map { _ in 1 })
    var total = Variable(Tensor.zeros(x.shape, dtype: x.dtype))
    var count = Variable(Tensor.zeros(Shape(sizes), dtype: x.dtype))
    for start in places(sizes, window: window, stride: stride) {
      let isCovered = mask(sizes, start: start, window: window)
      let rest = target.scores(of: model(select(isCovered, cover, x)), operation: "occlusion")
      total = total + select(isCovered, (whole - rest).reshaped(to: single), 0)
      count = count + isCovered.cast(to: x.dtype)
    }
    return total / count
  }
}

/// The first corners of all windows; the last along an axis is the first that reaches its end.
private func places(_ sizes: [Int], window: [Int], stride: [Int]) -> [[Int]] {
  var result: [[Int]] = [[]]
  for axis in sizes.indices {
    let last = (sizes[axis] - window[axis] + stride[axis] - 1) / stride[axis]
    result = result.flatMap { place in (0...last).map { place + [$0 * stride[axis]] } }
  }
  return result
}

/// True within a window, as far as it lies in the input.
private func mask(_ sizes: [Int], start: [Int], window: [Int]) -> Variable {
  let covered = sizes.indices.map { min(window[$0], sizes[$0] - start[$0]) }
  let widths = sizes.indices.map { (start[$0], sizes[$0] - start[$0] - covered[$0]) }
  return Variable(Tensor.ones(Shape(covered))).padded(widths) .!= 0
}
