// Pooling over windows of the spatial axes, all but the first two: `[N, C, …]`.

extension NaiveArray where Scalar: RealScalar {
  /// The largest of each window; padding never wins; the first of ties takes the derivative.
  package func maxPool(
    kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil, dilation: [Int]? = nil,
    ceilMode: Bool = false
  ) -> Self {
    pooled(kernel, stride, padding, dilation, ceilMode) { window, _ in firstLargest(window) }
  }

  /// The mean of each window, over its full size within the padding or over the elements that are
  /// not padding.
  package func avgPool(
    kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil, countsPadding: Bool = true,
    ceilMode: Bool = false
  ) -> Self {
    pooled(kernel, stride, padding, nil, ceilMode) { window, paddedCount in
      total(window) / Scalar(countsPadding ? paddedCount : window.count)
    }
  }

  /// `body` on the elements of each window that are not padding, and the number of elements that
  /// are, or are padding; windows of the ceil mode reach beyond both.
  private func pooled(
    _ kernel: [Int], _ stride: [Int]?, _ padding: [Int]?, _ dilation: [Int]?, _ ceilMode: Bool,
    _ body: ([Scalar], Int) -> Scalar
  ) -> Self {
    let axes = kernel.indices
    let options = NaiveConvolution(
      stride: stride ?? kernel, padding: padding ?? axes.map { _ in 0 },
      dilation: dilation ?? axes.map { _ in 1 })
    let sizes = axes.map { axis in
      var size = options.outputSize(shape[axis + 2], kernel: kernel[axis], axis)
      // One more, if the full windows leave something and it begins inside.
      let next = options.source(size, 0, axis)
      let span = options.dilation[axis] * (kernel[axis] - 1)
      let end = options.source(size - 1, 0, axis) + span
      let isComplete = end == shape[axis + 2] + options.padding[axis] - 1
      if ceilMode, next < shape[axis + 2], !isComplete { size += 1 }
      return size
    }
    return NaiveArray(shape: shape.prefix(2) + sizes) { index in
      var window: [Scalar] = []
      var paddedCount = 0
      for tap in allIndices(of: kernel) {
        let place = axes.map { options.source(index[$0 + 2], tap[$0], $0) }
        let isCounted = axes.allSatisfy { place[$0] < shape[$0 + 2] + options.padding[$0] }
        if isCounted { paddedCount += 1 }
        guard axes.allSatisfy({ place[$0] >= 0 && place[$0] < shape[$0 + 2] }) else { continue }
        window.append(self[index.prefix(2) + place])
      }
      return body(window, paddedCount)
    }
  }

  /// The mean over `size` bins per axis: bin `i` spans `⌊iH/h⌋ ..< ⌈(i+1)H/h⌉`.
  package func adaptiveAvgPool(to size: [Int]) -> Self { binned(size) { average($0) } }

  /// The largest in `size` bins per axis; the first of ties takes the derivative.
  package func adaptiveMaxPool(to size: [Int]) -> Self { binned(size) { firstLargest($0) } }

  private func binned(_ size: [Int], _ body: ([Scalar]) -> Scalar) -> Self {
    NaiveArray(shape: shape.prefix(2) + size) { index in
      let bins = size.indices.map { axis in
        let (i, length) = (index[axis + 2], shape[axis + 2])
        let start = i * length / size[axis]
        return start..<((i + 1) * length + size[axis] - 1) / size[axis]
      }
      let window = allIndices(of: bins.map(\.count)).map { tap in
        self[index.prefix(2) + zip(bins, tap).map { $0.lowerBound + $1 }]
      }
      return body(window)
    }
  }
}

/// The first of the largest, or the first NaN.
private func firstLargest<Scalar: RealScalar>(_ window: [Scalar]) -> Scalar {
  if let nan = window.first(where: \.isNaN) { return nan }
  var best = window[0]
  for x in window where x > best { best = x }
  return best
}
