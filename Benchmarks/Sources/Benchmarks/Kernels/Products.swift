import Autograd

/// Matrix products of all layouts, large, skinny and small.
func benchmarkMatmul(_ bench: Bench, _ numbers: inout Numbers) {
  func measure(_ name: String, _ a: Variable, _ b: Variable, _ dtype: Work.Limit = .float32) {
    let work = Work.operations(2 * a.count * b.shape[b.rank - 1], dtype)
    bench.kernel("matmul \(name)", work) { matmul(a, b) }
  }
  let (a, b) = (numbers.uniform([1024, 1024]), numbers.uniform([1024, 1024]))
  measure("1024", a, b)
  measure("1024 AᵀB", a.transposed(), b)
  measure("1024 ABᵀ", a, b.transposed())
  measure("(128×784)(784×128)", numbers.uniform([128, 784]), numbers.uniform([784, 128]))
  measure("(256×4096)(4096×10)", numbers.uniform([256, 4096]), numbers.uniform([4096, 10]))
  measure("32×(64×32)(32×64)", numbers.uniform([32, 64, 32]), numbers.uniform([32, 32, 64]))
  measure("(32×10)(10×10)", numbers.uniform([32, 10]), numbers.uniform([10, 10]))
  measure(
    "float64 1024", numbers.uniform([1024, 1024], dtype: .float64),
    numbers.uniform([1024, 1024], dtype: .float64), .float64)
}

/// Convolutions and pooling, forward and both gradients.
func benchmarkConvolution(_ bench: Bench, _ numbers: inout Numbers) {
  func measure(
    _ name: String, _ input: Shape, _ filters: Shape, stride: SpatialSizes = 1,
    padding: ConvolutionPadding = 0
  ) {
    let (x, w) = (numbers.leaf(input), numbers.leaf(filters))
    func convolved(_ x: Variable, _ w: Variable) -> Variable {
      conv2d(x, w, stride: stride, padding: padding)
    }
    let work = Work.operations(2 * convolved(x, w).count * filters.elementCount / filters[0])
    bench.kernel("conv \(name)", work) { convolved(x, w) }
    bench.backward("conv \(name), by input", work, convolved(x, w.detached()), by: [x])
    bench.backward("conv \(name), by filters", work, convolved(x.detached(), w), by: [w])
  }
  measure("1→32, 3×3, 64×28×28", [64, 1, 28, 28], [32, 1, 3, 3])
  measure("32→64, 3×3, 64×26×26", [64, 32, 26, 26], [64, 32, 3, 3])
  measure(
    "64→64, 3×3, stride 2, 16×28×28", [16, 64, 28, 28], [64, 64, 3, 3], stride: 2, padding: 1)
  measure("64→256, 1×1, 16×28×28", [16, 64, 28, 28], [256, 64, 1, 1])

  let x = numbers.leaf([64, 64, 24, 24])
  bench.kernel("max pool 2×2", .floats(x.count * 5 / 4)) { maxPool2d(x, size: 2) }
  bench.backward(
    "max pool 2×2, gradient", .floats(x.count * 5 / 4), maxPool2d(x, size: 2), by: [x])
}
