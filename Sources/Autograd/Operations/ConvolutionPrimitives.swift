import Kernels

// The convolution and its two gradients. y, the gradient by x and the gradient by the weight are
// the three ways to contract one trilinear form, Σ g[n, o, p] x[n, c, p s + t d − b] w[o, c, t]: so
// the derivative of each of them is another one, and derivatives of all orders are there.

/// The geometry that the three share.
final class ConvolutionBox: AttributeBox {
  let geometry: KConvolution
  let xShape: Shape
  let weightShape: Shape
  let yShape: Shape

  /// - Parameter padding: What lies before x along each axis.
  init(
    x: Shape, weight: Shape, y: Shape, stride: [Int], dilation: [Int], padding: [Int], groups: Int
  ) {
    xShape = x
    weightShape = weight
    yShape = y
    var geometry = KConvolution()
    geometry.batch = Int64(x[0])
    geometry.groups = Int64(groups)
    geometry.inputs = Int64(weight[1])
    geometry.outputs = Int64(weight[0] / groups)
    geometry.size = threeSizes(Array(x.dropFirst(2)), filledWith: 1)
    geometry.places = threeSizes(Array(y.dropFirst(2)), filledWith: 1)
    geometry.kernel = threeSizes(Array(weight.dropFirst(2)), filledWith: 1)
    geometry.stride = threeSizes(stride, filledWith: 1)
    geometry.dilation = threeSizes(dilation, filledWith: 1)
    geometry.padding = threeSizes(padding, filledWith: 0)
    self.geometry = geometry
  }

  /// The multiply-adds of each of the three, padding included.
  var work: Int { yShape.elementCount * weightShape.elementCount(of: 1..<weightShape.rank) }
}

/// Sizes of the last of three axes.
func threeSizes(_ sizes: [Int], filledWith filler: Int) -> (Int64, Int64, Int64) {
  let all = Array(repeating: filler, count: 3 - sizes.count) + sizes
  return (Int64(all[0]), Int64(all[1]), Int64(all[2]))
}

/// y[n, o, p] = Σ x[n, c, p s + t d − b] w[o, c, t], plus a bias[o] if there is a third input.
let convolutionPrimitive = Primitive(
  "convolution",
  .blockwise { s, then in
    var geometry = s.box(ConvolutionBox.self).geometry
    let weight = s[1].dense()
    let bias = s.node.inputCount > 2 ? s[2].dense() : nil
    withImageStrides(s[0]) { x, strides in
      k_convolution(
        s.y.dtype.kernelType, &geometry, s.node.fields.pointee.data, x, strides,
        weight.node.fields.pointee.data, bias?.node.fields.pointee.data, then)
    }
    withExtendedLifetime((weight, bias)) {}
  },
  rule: .indexed { s, g, input in
    switch input {
    case 0: convolutionInputGradient(g, s[1], s.box())
    case 1: convolutionWeightGradient(s[0], g, s.box())
    default: g.sum(axes: [0] + Array(2..<g.rank))
    }
  })

/// ∂/∂x, the transposed convolution: Σ g[n, o, p] w[o, c, t] at x[n, c, p s + t d − b].
let convolutionInputGradientPrimitive = Primitive(
  "convolutionInputGradient",
  .blockwise { s, then in
    var geometry = s.box(ConvolutionBox.self).geometry
    let weight = s[1].dense()
    withImageStrides(s[0]) { g, strides in
      k_convolution_input_gradient(
        s.y.dtype.kernelType, &geometry, s.node.fields.pointee.data, g, strides,
        weight.node.fields.pointee.data, then)
    }
    withExtendedLifetime(weight) {}
  },
  rule: .perInput([
    { s, u in convolution(u, s[1], s.box()) },
    { s, u in convolutionWeightGradient(u, s[0], s.box()) },
  ]))

/// ∂/∂w: Σ g[n, o, p] x[n, c, p s + t d − b] at w[o, c, t].
let convolutionWeightGradientPrimitive = Primitive(
  "convolutionWeightGradient",
  .custom { s in
    var geometry = s.box(ConvolutionBox.self).geometry
    let g = s[1].dense()
    withImageStrides(s[0]) { x, strides in
      k_convolution_weight_gradient(
        s.y.dtype.kernelType, &geometry, s.node.fields.pointee.data, x, strides,
        g.node.fields.pointee.data)
    }
    withExtendedLifetime(g) {}
  },
  rule: .perInput([
    { s, u in convolutionInputGradient(s[1], u, s.box()) },
    { s, u in convolution(s[0], u, s.box()) },
  ]))

/// The convolution of arrays that fit the geometry.
func convolution(
  _ x: Variable, _ weight: Variable, bias: Variable? = nil, _ box: ConvolutionBox
) -> Variable {
  if let bias {
    return convolutionPrimitive.apply(
      to: [x, weight, bias], shape: box.yShape, dtype: x.dtype, attributes: .box(box))
  }
  return convolutionPrimitive(x, weight, shape: box.yShape, attributes: .box(box))
}

/// The transposed convolution of arrays that fit the geometry.
func convolutionInputGradient(
  _ g: Variable, _ weight: Variable, _ box: ConvolutionBox
) -> Variable {
  convolutionInputGradientPrimitive(g, weight, shape: box.xShape, attributes: .box(box))
}

private func convolutionWeightGradient(
  _ x: Variable, _ g: Variable, _ box: ConvolutionBox
) -> Variable {
  convolutionWeightGradientPrimitive(x, g, shape: box.weightShape, attributes: .box(box))
}

/// Passes the memory of images and five strides: example, channel and three spatial axes.
private func withImageStrides(
  _ images: Variable, _ body: (UnsafeRawPointer, UnsafePointer<Int64>) -> Void
) {
  let fields = images.node.fields
  let shape = fields.pointee.shape
  withUnsafeTemporaryAllocation(of: Int64.self, capacity: 5) { strides in
    strides.initialize(repeating: 0)
    let all = fields.pointee.strides ?? shape.rowMajorStrides
    for axis in 0..<shape.rank {
      strides[axis < 2 ? axis : axis + 5 - shape.rank] = Int64(all[axis])
    }
    body(fields.pointee.data, UnsafePointer(strides.baseAddress.unsafelyUnwrapped))
  }
}
