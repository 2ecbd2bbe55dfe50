// Transposed convolutions: the derivative of a convolution by its input, as a function of its own.

/// The transposed convolution over one axis.
///
/// x[n, c, w] f[c, o, k] is added to y[n, o, w · stride + k · dilation − padding], for all c and k.
/// Its length is (L − 1) stride − 2 padding + dilation (K − 1) + outputPadding + 1.
///
/// - Parameters:
///   - x: Shape [N, C, L].
///   - weight: The filters f, shape [C, O / groups, K].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance between the places to which neighbours of x are added.
///   - padding: How many elements are cut off on both sides.
///   - outputPadding: How many elements are appended; below the stride or the dilation.
///   - groups: Into how many groups the channels are split; divides C and O.
///   - dilation: The distance between the elements of a filter.
/// - Returns: Shape [N, O, L′]. Stops with an error if shapes do not fit.
public func convTranspose1d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, groups: Int = 1,
  dilation: SpatialSizes = 1
) -> Variable {
  Convolution("convTranspose1d", 1, weight, bias, stride, dilation, groups)
    .applyTransposed(to: x, padding, outputPadding)
}

/// The transposed convolution over two axes.
///
/// See ``convTranspose1d(_:_:bias:stride:padding:outputPadding:groups:dilation:)``.
///
/// - Parameters:
///   - x: Shape [N, C, H, W].
///   - weight: Shape [C, O / groups, kernel height, kernel width].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance between the places to which neighbours of x are added.
///   - padding: How many elements are cut off on both sides.
///   - outputPadding: How many elements are appended; below the stride or the dilation.
///   - groups: Into how many groups the channels are split; divides C and O.
///   - dilation: The distance between the elements of a filter.
/// - Returns: Shape [N, O, H′, W′]. Stops with an error if shapes do not fit.
public func convTranspose2d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, groups: Int = 1,
  dilation: SpatialSizes = 1
) -> Variable {
  Convolution("convTranspose2d", 2, weight, bias, stride, dilation, groups)
    .applyTransposed(to: x, padding, outputPadding)
}

/// The transposed convolution over three axes.
///
/// See ``convTranspose1d(_:_:bias:stride:padding:outputPadding:groups:dilation:)``.
///
/// - Parameters:
///   - x: Shape [N, C, D, H, W].
///   - weight: Shape [C, O / groups, kernel depth, kernel height, kernel width].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance between the places to which neighbours of x are added.
///   - padding: How many elements are cut off on both sides.
///   - outputPadding: How many elements are appended; below the stride or the dilation.
///   - groups: Into how many groups the channels are split; divides C and O.
///   - dilation: The distance between the elements of a filter.
/// - Returns: Shape [N, O, D′, H′, W′]. Stops with an error if shapes do not fit.
public func convTranspose3d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: SpatialSizes = 0, outputPadding: SpatialSizes = 0, groups: Int = 1,
  dilation: SpatialSizes = 1
) -> Variable {
  Convolution("convTranspose3d", 3, weight, bias, stride, dilation, groups)
    .applyTransposed(to: x, padding, outputPadding)
}

extension Convolution {
  fileprivate func applyTransposed(
    to x: Variable, _ padding: SpatialSizes, _ outputPadding: SpatialSizes
  ) -> Variable {
    requireInput(x, channels: weight.shape[0])
    requireSameType(x)
    let padding = padding.resolved(spatialRank, minimum: 0, "padding", operation: name)
    let extra = outputPadding.resolved(spatialRank, minimum: 0, "outputPadding", operation: name)
    let lengths = (0..<spatialRank).map { axis in
      guard extra[axis] < max(stride[axis], dilation[axis]) else {
        fatalError(
          "\(name): outputPadding \(extra[axis]) is not below the stride \(stride[axis]) or "
            + "the dilation "
            + "\(dilation[axis])")
      }
      let span = dilation[axis] * (kernel[axis] - 1) + 1
      let length = max(0, x.shape[axis + 2] - 1) * stride[axis] + span + extra[axis]
      guard length > 2 * padding[axis] else {
        fatalError(
          "\(name): padding \(padding[axis]) leaves nothing of the \(length) elements of axis "
            + "\(axis + 2)"
        )
      }
      return length
    }
    guard x.dtype.isFloatingPoint else {
      return addBias(to: addWindows(of: x, lengths, padding))
    }
    let sizes = zip(lengths, padding).map { $0 - 2 * $1 }
    let box = ConvolutionBox(
      x: Shape([x.shape[0], weight.shape[1] * groups] + sizes), weight: weight.shape, y: x.shape,
      stride: stride, dilation: dilation, padding: padding, groups: groups)
    return addBias(to: convolutionInputGradient(x, weight, box))
  }

  /// The transposed convolution as a product that gives windows, which are added up; of any type of
  /// number.
  private func addWindows(of x: Variable, _ lengths: [Int], _ padding: [Int]) -> Variable {
    let n = spatialRank
    let inputs = weight.shape[0] / groups
    let places = [x.shape[0]] + x.shape.dropFirst(2)
    let columns = x.transposed(0, 1).reshaped(to: [groups, inputs, places.reduce(1, *)])
    let filters = weight.reshaped(to: [groups, inputs, weight.shape[1] * kernelCount])
    // [O, K…, N, L…] → [N, O, L…, K…], then each axis of windows is added up, the last first.
    var result = matmul(filters.transposed(), columns)
      .reshaped(to: Shape([weight.shape[1] * groups] + kernel + places))
      .permuted([n + 1, 0] + (n + 2..<2 * n + 2) + (1..<n + 1))
    for axis in (0..<n).reversed() {
      result = result.addingWindows(
        axis: axis + 2, length: lengths[axis], stride: stride[axis], dilation: dilation[axis])
      let region = Region(
        result.shape, axis: axis + 2, start: padding[axis],
        count: lengths[axis] - 2 * padding[axis])
      result = slice(result, region)
    }
    return result
  }
}
