// Convolutions in PyTorch's layouts.

/// The convolution (cross-correlation) over one axis.
///
/// y[n, o, w] = b[o] + Σ x[n, c, w · stride + k · dilation] f[o, c, k], summed over c and k.
///
/// - Parameters:
///   - x: Shape [N, C, L].
///   - weight: The filters f, shape [O, C / groups, K].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance from one window to the next.
///   - padding: How many elements surround the input.
///   - paddingMode: What these elements are.
///   - dilation: The distance between the elements of a window.
///   - groups: Into how many groups the channels are split, each with filters of its own; divides C
///     and O.
/// - Returns: Shape [N, O, W]. Stops with an error if shapes do not fit.
public func conv1d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros, dilation: SpatialSizes = 1,
  groups: Int = 1
) -> Variable {
  Convolution("conv1d", 1, weight, bias, stride, dilation, groups)
    .apply(to: x, padding, paddingMode)
}

/// The convolution over two axes; see
/// ``conv1d(_:_:bias:stride:padding:paddingMode:dilation:groups:)``.
///
/// - Parameters:
///   - x: Shape [N, C, H, W].
///   - weight: Shape [O, C / groups, kernel height, kernel width].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance from one window to the next.
///   - padding: How many elements surround the input.
///   - paddingMode: What these elements are.
///   - dilation: The distance between the elements of a window.
///   - groups: Into how many groups the channels are split; divides C and O.
/// - Returns: Shape [N, O, H′, W′]. Stops with an error if shapes do not fit.
public func conv2d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros, dilation: SpatialSizes = 1,
  groups: Int = 1
) -> Variable {
  Convolution("conv2d", 2, weight, bias, stride, dilation, groups)
    .apply(to: x, padding, paddingMode)
}

/// The convolution over three axes; see
/// ``conv1d(_:_:bias:stride:padding:paddingMode:dilation:groups:)``.
///
/// - Parameters:
///   - x: Shape [N, C, D, H, W].
///   - weight: Shape [O, C / groups, kernel depth, kernel height, kernel width].
///   - bias: Shape [O], or nil for none.
///   - stride: The distance from one window to the next.
///   - padding: How many elements surround the input.
///   - paddingMode: What these elements are.
///   - dilation: The distance between the elements of a window.
///   - groups: Into how many groups the channels are split; divides C and O.
/// - Returns: Shape [N, O, D′, H′, W′]. Stops with an error if shapes do not fit.
public func conv3d(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, stride: SpatialSizes = 1,
  padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros, dilation: SpatialSizes = 1,
  groups: Int = 1
) -> Variable {
  Convolution("conv3d", 3, weight, bias, stride, dilation, groups)
    .apply(to: x, padding, paddingMode)
}

/// What convolutions and transposed convolutions share: filters, and how they are moved.
struct Convolution {
  let name: String
  let weight: Variable
  let bias: Variable?
  let kernel: [Int]
  let stride: [Int]
  let dilation: [Int]
  let groups: Int
  /// The number of spatial axes.
  var spatialRank: Int { kernel.count }
  var kernelCount: Int { kernel.reduce(1, *) }

  init(
    _ name: String, _ spatialRank: Int, _ weight: Variable, _ bias: Variable?,
    _ stride: SpatialSizes, _ dilation: SpatialSizes, _ groups: Int
  ) {
    guard weight.rank == spatialRank + 2, weight.count > 0 else {
      fatalError(
        "\(name): the weight \(describe(weight)) does not have \(spatialRank + 2) axes with "
          + "elements"
          + location(of: weight))
    }
    guard groups > 0, weight.shape[0] % groups == 0 else {
      fatalError(
        "\(name): \(groups) groups do not divide axis 0 of the weight \(describe(weight))"
          + location(of: weight))
    }
    self.name = name
    self.weight = weight
    self.bias = bias
    self.groups = groups
    kernel = Array(weight.shape.dropFirst(2))
    self.stride = stride.resolved(spatialRank, minimum: 1, "stride", operation: name)
    self.dilation = dilation.resolved(spatialRank, minimum: 1, "dilation", operation: name)
  }

  func requireInput(_ x: Variable, channels: Int) {
    guard x.rank == spatialRank + 2, x.shape[1] == channels else {
      var hint = ""
      if x.rank == spatialRank + 1, x.shape[0] == channels {
        hint = "; x.unsqueezed(axis: 0) is a batch of one"
      } else if x.rank == spatialRank + 1, channels == 1 {
        hint = "; x.unsqueezed(axis: 1) has one channel"
      } else if x.rank == spatialRank + 2, x.shape[x.rank - 1] == channels {
        hint = "; x.movingAxis(-1, to: 1) has the channels on axis 1"
      }
      fatalError(
        "\(name): the input \(describe(x)) does not have \(spatialRank + 2) axes with "
          + "\(channels) channels on axis 1: the weight is \(describe(weight)), groups \(groups)"
          + "\(location(of: weight, x))\(hint)")
    }
  }

  func requireBias(channels: Int) {
    guard let bias, bias.shape != [channels] else { return }
    fatalError(
      "\(name): the bias \(describe(bias)) does not have shape [\(channels)]\(location(of: bias))")
  }

  func addBias(to y: Variable) -> Variable {
    guard let bias else { return y }
    requireBias(channels: y.shape[1])
    return y + bias.reshaped(to: Shape([y.shape[1]] + kernel.map { _ in 1 }))
  }

  func apply(
    to x: Variable, _ padding: ConvolutionPadding, _ paddingMode: PaddingMode
  ) -> Variable {
    requireInput(x, channels: weight.shape[1] * groups)
    requireSameType(x)
    let widths = padding.widths(
      kernel: kernel, stride: stride, dilation: dilation, operation: name)
    let isReal = x.dtype.isFloatingPoint
    if paddingMode != .zeros || !isReal {
      let padded = x.paddedSpatially(widths, mode: paddingMode)
      let none = widths.map { _ in (before: 0, after: 0) }
      return isReal ? convolve(padded, none) : addBias(to: multiplyWindows(of: padded))
    }
    return convolve(x, widths)
  }

  /// The convolution of an image with zeros around.
  private func convolve(_ x: Variable, _ widths: [(before: Int, after: Int)]) -> Variable {
    let padded = zip(x.shape.dropFirst(2), widths).map { $0 + $1.before + $1.after }
    let places = (0..<spatialRank).map { axis in
      let span = dilation[axis] * (kernel[axis] - 1) + 1
      guard span <= padded[axis] else {
        fatalError(
          "\(name): the window spans \(span) elements, more than axis \(axis + 2) of the padded "
            + "input \(Shape(x.shape.prefix(2) + padded))\(location(of: weight, x))")
      }
      return (padded[axis] - span) / stride[axis] + 1
    }
    if kernelCount == 1, stride.allSatisfy({ $0 == 1 }), padded == places,
      padded == Array(x.shape.dropFirst(2)), padded.reduce(1, *) >= weight.shape[0] / groups
    {
      return addBias(to: mixChannels(of: x))
    }
    let box = ConvolutionBox(
      x: x.shape, weight: weight.shape, y: Shape([x.shape[0], weight.shape[0]] + places),
      stride: stride, dilation: dilation, padding: widths.map(\.before), groups: groups)
    requireBias(channels: weight.shape[0])
    // Of another type (a literal, say) it is an operand like any other.
    if let bias, bias.dtype != x.dtype || bias.node.fields.pointee.isWeak {
      return addBias(to: convolution(x, weight, box))
    }
    return convolution(x, weight, bias: bias, box)
  }

  func requireSameType(_ x: Variable) {
    guard x.dtype == weight.dtype, x.dtype != .bool else {
      let problem = x.dtype == weight.dtype ? "bool has no products" : "types differ"
      fatalError(
        "\(name): \(problem): the input is \(describe(x)), the weight \(describe(weight)); cast "
          + "\(x.dtype == weight.dtype ? "both" : "one") with cast(to:)"
          + location(of: weight, x))
    }
  }

  /// The convolution with a kernel of one element: the windows are the image as it lies, so it is a
  /// product of matrices.
  ///
  /// Its derivative by the weight is a product for each example, which takes less memory than x as
  /// long as an image has as many places as there are outputs.
  private func mixChannels(of x: Variable) -> Variable {
    let (inputs, outputs) = (weight.shape[1], weight.shape[0] / groups)
    let places = x.shape.elementCount(of: 2..<x.rank)
    let images = x.reshaped(to: [x.shape[0], groups, inputs, places])
    let filters = weight.reshaped(to: [groups, outputs, inputs])
    return matmul(filters, images)
      .reshaped(to: Shape([x.shape[0], weight.shape[0]] + x.shape.dropFirst(2)))
  }

  /// The convolution as a product of the filters with columns that hold the windows (Chellapilla et
  /// al., 2006, "im2col"), of any type of number.
  ///
  /// [N, C, L…] becomes windows [N, C, W…, K…], then columns [C K…, N W…].
  func multiplyWindows(of x: Variable) -> Variable {
    let n = spatialRank
    let windows = x.spatialWindows(
      size: kernel, stride: stride, dilation: dilation, operation: name)
    let places = [x.shape[0]] + windows.shape[2..<(n + 2)]
    let rows = weight.shape[1] * kernelCount
    let columns = windows.permuted([1] + (n + 2..<2 * n + 2) + [0] + (2..<n + 2))
      .reshaped(to: [groups, rows, places.reduce(1, *)])
    let filters = weight.reshaped(to: [groups, weight.shape[0] / groups, rows])
    let product = matmul(filters, columns).reshaped(to: Shape([weight.shape[0]] + places))
    return product.transposed(0, 1)
  }
}
