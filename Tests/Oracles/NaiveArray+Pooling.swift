// Pooling over windows of the last two axes of `[N, C, H, W]`.

extension NaiveArray where Scalar: RealScalar {
  /// The largest of each window; padding never wins; the first of ties takes the derivative.
  package func maxPool2d(
    kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0], dilation: [Int] = [1, 1]
  ) -> Self {
    pooled(kernel, stride, padding, dilation) { window in
      if let nan = window.first(where: \.isNaN) { return nan }
      var best = window[0]
      for x in window where x > best { best = x }
      return best
    }
  }

  /// The mean of each window, over its full size or over the elements that are not padding.
  package func avgPool2d(
    kernel: [Int], stride: [Int]? = nil, padding: [Int] = [0, 0], countsPadding: Bool = true
  ) -> Self {
    let size = kernel[0] * kernel[1]
    return pooled(kernel, stride, padding, [1, 1]) { window in
      total(window) / Scalar(countsPadding ? size : window.count)
    }
  }

  /// `body` on the elements of each window that are not padding.
  private func pooled(
    _ kernel: [Int], _ stride: [Int]?, _ padding: [Int], _ dilation: [Int],
    _ body: ([Scalar]) -> Scalar
  ) -> Self {
    let options = NaiveConvolution(stride: stride ?? kernel, padding: padding, dilation: dilation)
    let height = options.outputSize(shape[2], kernel: kernel[0], 0)
    let width = options.outputSize(shape[3], kernel: kernel[1], 1)
    return NaiveArray(shape: [shape[0], shape[1], height, width]) { index in
      var window: [Scalar] = []
      for tap in allIndices(of: kernel) {
        let y = options.source(index[2], tap[0], 0)
        let x = options.source(index[3], tap[1], 1)
        guard y >= 0, y < shape[2], x >= 0, x < shape[3] else { continue }
        window.append(self[[index[0], index[1], y, x]])
      }
      return body(window)
    }
  }

  /// The mean over `size` bins per axis: bin `i` spans `⌊iH/h⌋ ..< ⌈(i+1)H/h⌉`.
  package func adaptiveAvgPool2d(to size: [Int]) -> Self {
    func bin(_ i: Int, _ axis: Int) -> Range<Int> {
      let length = shape[2 + axis]
      let end = ((i + 1) * length + size[axis] - 1) / size[axis]
      return i * length / size[axis]..<end
    }
    return NaiveArray(shape: [shape[0], shape[1], size[0], size[1]]) { index in
      var window: [Scalar] = []
      for y in bin(index[2], 0) {
        for x in bin(index[3], 1) { window.append(self[[index[0], index[1], y, x]]) }
      }
      return average(window)
    }
  }
}
