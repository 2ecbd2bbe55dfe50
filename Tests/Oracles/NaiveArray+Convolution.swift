// Convolutions (cross-correlations, as everywhere in this field), one sum per output element.

/// Step, zero padding, spacing and channel groups of a convolution, `[rows, columns]`.
package struct NaiveConvolution: Sendable {
  package var stride = [1, 1]
  package var padding = [0, 0]
  package var dilation = [1, 1]
  package var groups = 1
  /// Only for transposed convolution: extra rows and columns at the end.
  package var outputPadding = [0, 0]

  package init(
    stride: [Int] = [1, 1], padding: [Int] = [0, 0], dilation: [Int] = [1, 1], groups: Int = 1,
    outputPadding: [Int] = [0, 0]
  ) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.outputPadding = outputPadding
  }

  func outputSize(_ input: Int, kernel: Int, _ axis: Int) -> Int {
    let span = dilation[axis] * (kernel - 1) + 1
    return (input + 2 * padding[axis] - span) / stride[axis] + 1
  }

  func transposedSize(_ input: Int, kernel: Int, _ axis: Int) -> Int {
    let span = dilation[axis] * (kernel - 1) + 1
    return (input - 1) * stride[axis] - 2 * padding[axis] + span + outputPadding[axis]
  }

  /// The position under kernel tap `k` for output `o`; outside the input it is padding.
  func source(_ o: Int, _ k: Int, _ axis: Int) -> Int {
    o * stride[axis] - padding[axis] + k * dilation[axis]
  }
}

extension NaiveArray where Scalar: RealScalar {
  /// Input `[N, C, H, W]`, weight `[O, C/groups, kH, kW]`, bias `[O]`, result `[N, O, H′, W′]`.
  package func conv2d(
    _ weight: Self, bias: Self? = nil, _ options: NaiveConvolution = NaiveConvolution()
  ) -> Self {
    let (outputs, depth) = (weight.shape[0], weight.shape[1])
    let (kernelH, kernelW) = (weight.shape[2], weight.shape[3])
    precondition(depth * options.groups == shape[1], "conv2d \(shape), \(weight.shape)")
    let height = options.outputSize(shape[2], kernel: kernelH, 0)
    let width = options.outputSize(shape[3], kernel: kernelW, 1)
    return NaiveArray(shape: [shape[0], outputs, height, width]) { index in
      let (n, o) = (index[0], index[1])
      let group = o / (outputs / options.groups)
      var sum: Scalar = bias?[[o]] ?? 0
      for c in 0..<depth {
        for ky in 0..<kernelH {
          for kx in 0..<kernelW {
            let y = options.source(index[2], ky, 0)
            let x = options.source(index[3], kx, 1)
            guard y >= 0, y < shape[2], x >= 0, x < shape[3] else { continue }
            sum = sum + self[[n, group * depth + c, y, x]] * weight[[o, c, ky, kx]]
          }
        }
      }
      return sum
    }
  }

  /// Input `[N, C, L]`, weight `[O, C/groups, k]`, bias `[O]`, result `[N, O, L′]`.
  package func conv1d(
    _ weight: Self, bias: Self? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) -> Self {
    let options = NaiveConvolution(
      stride: [1, stride], padding: [0, padding], dilation: [1, dilation], groups: groups)
    return unsqueezed(2).conv2d(weight.unsqueezed(2), bias: bias, options).squeezed([2])
  }

  /// The adjoint of `conv2d`: each input element spreads the kernel over the output.
  ///
  /// Input `[N, C, H, W]`, weight `[C, O/groups, kH, kW]`, bias `[O]`, result `[N, O, H′, W′]`.
  package func convTranspose2d(
    _ weight: Self, bias: Self? = nil, _ options: NaiveConvolution = NaiveConvolution()
  ) -> Self {
    let (depth, kernelH, kernelW) = (weight.shape[1], weight.shape[2], weight.shape[3])
    precondition(weight.shape[0] == shape[1], "convTranspose2d \(shape), \(weight.shape)")
    let height = options.transposedSize(shape[2], kernel: kernelH, 0)
    let width = options.transposedSize(shape[3], kernel: kernelW, 1)
    let outputs = depth * options.groups
    var result = NaiveArray(shape: [shape[0], outputs, height, width]) { bias?[[$0[1]]] ?? 0 }
    for index in indices {
      let (n, c) = (index[0], index[1])
      let group = c / (shape[1] / options.groups)
      for tap in allIndices(of: [depth, kernelH, kernelW]) {
        let y = options.source(index[2], tap[1], 0)
        let x = options.source(index[3], tap[2], 1)
        guard y >= 0, y < height, x >= 0, x < width else { continue }
        let target = [n, group * depth + tap[0], y, x]
        result[target] = result[target] + self[index] * weight[[c] + tap]
      }
    }
    return result
  }
}
