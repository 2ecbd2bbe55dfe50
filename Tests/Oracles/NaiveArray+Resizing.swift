// Resized, padded and rearranged images: one formula for the element at an index.

extension NaiveArray where Scalar: RealScalar {
  /// With `before` and `after` elements along an axis that are read where `source` says.
  package func extended(
    axis: Int, before: Int, after: Int, source: (_ position: Int, _ length: Int) -> Int
  ) -> Self {
    let length = shape[axis]
    return selecting((-before..<(length + after)).map { source($0, length) }, axis: axis)
  }

  /// An axis resized: each output is a sum over all elements, weighted by their distance.
  ///
  /// - Parameters:
  ///   - place: Where an output lies among the elements; beyond them are copies of the ends.
  ///   - weight: The weight of an element at a distance; 0 beyond 2.
  package func resized(
    axis: Int, to size: Int, place: (Int) -> WideFloat, weight: (WideFloat) -> WideFloat
  ) -> Self {
    let length = shape[axis]
    var newShape = shape
    newShape[axis] = size
    return NaiveArray(shape: newShape) { index in
      let wanted = place(index[axis])
      var sum: Scalar = 0
      for position in -3..<(length + 3) {
        let factor = weight(WideFloat(position) - wanted)
        if factor == 0 { continue }
        var source = index
        source[axis] = Swift.min(Swift.max(position, 0), length - 1)
        sum = sum + self[source] * Scalar(factor)
      }
      return sum
    }
  }

  /// `[N, C r², H, W]` as `[N, C, H r, W r]`.
  package func pixelShuffled(_ r: Int) -> Self {
    let channels = shape[1] / (r * r)
    return NaiveArray(shape: [shape[0], channels, shape[2] * r, shape[3] * r]) { i in
      self[[i[0], i[1] * r * r + i[2] % r * r + i[3] % r, i[2] / r, i[3] / r]]
    }
  }

  /// `[N, C, H r, W r]` as `[N, C r², H, W]`.
  package func pixelUnshuffled(_ r: Int) -> Self {
    NaiveArray(shape: [shape[0], shape[1] * r * r, shape[2] / r, shape[3] / r]) { i in
      let part = i[1] % (r * r)
      return self[[i[0], i[1] / (r * r), i[2] * r + part / r, i[3] * r + part % r]]
    }
  }

  /// Channel c comes from place c / groups of group c % groups.
  package func channelShuffled(_ groups: Int) -> Self {
    let size = shape[1] / groups
    return selecting((0..<shape[1]).map { $0 % groups * size + $0 / groups }, axis: 1)
  }

  /// The windows of `[N, C, H, W]` as columns `[N, C h w, L]`.
  package func unfolded(kernel: [Int], _ options: NaiveConvolution) -> Self {
    let counts = [0, 1].map { options.outputSize(shape[$0 + 2], kernel: kernel[$0], $0) }
    let area = kernel[0] * kernel[1]
    return NaiveArray(shape: [shape[0], shape[1] * area, counts[0] * counts[1]]) { i in
      let tap = i[1] % area
      let y = options.source(i[2] / counts[1], tap / kernel[1], 0)
      let x = options.source(i[2] % counts[1], tap % kernel[1], 1)
      guard y >= 0, y < shape[2], x >= 0, x < shape[3] else { return 0 }
      return self[[i[0], i[1] / area, y, x]]
    }
  }

  /// Columns `[N, C h w, L]` added up in images `[N, C, H, W]`.
  package func folded(to image: [Int], kernel: [Int], _ options: NaiveConvolution) -> Self {
    let columns = options.outputSize(image[1], kernel: kernel[1], 1)
    let area = kernel[0] * kernel[1]
    var result = NaiveArray(
      repeating: 0, shape: [shape[0], shape[1] / area, image[0], image[1]])
    for i in indices {
      let tap = i[1] % area
      let y = options.source(i[2] / columns, tap / kernel[1], 0)
      let x = options.source(i[2] % columns, tap % kernel[1], 1)
      guard y >= 0, y < image[0], x >= 0, x < image[1] else { continue }
      let target = [i[0], i[1] / area, y, x]
      result[target] = result[target] + self[i]
    }
    return result
  }
}
