import Autograd
import MachinePeak

/// The matrix product in GFLOP/s, and as a fraction of the machine's peak.
func benchmarkMatmul() {
  var generator = RandomGenerator(seed: 1)
  func matrix(_ rows: Int, _ columns: Int, _ dtype: DType = .float32) -> Variable {
    Variable(Tensor.normal([rows, columns], dtype: dtype, using: &generator))
  }
  func measure(_ name: String, _ a: Variable, _ b: Variable, threads: Int) {
    let flops = 2 * Double(a.shape[0]) * Double(a.shape[1]) * Double(b.shape[1])
    report(
      "matmul \(name)", flops / fastest { _ = matmul(a, b) } * 1e-9, "GFLOP/s", threads: threads)
  }
  let (a, b) = (matrix(1024, 1024), matrix(1024, 1024))
  let (c, d) = (matrix(1024, 1024, .float64), matrix(1024, 1024, .float64))
  let (tall, wide) = (matrix(128, 784), matrix(784, 128))
  for threads in [1, 2] {
    peak_set_library_threads(Int32(threads))
    report("peak float32", peak_gflops(0, Int32(threads)), "GFLOP/s", threads: threads)
    report("peak float64", peak_gflops(1, Int32(threads)), "GFLOP/s", threads: threads)
    measure("float32 1024", a, b, threads: threads)
    measure("float32 1024 AᵀB", a.transposed(), b, threads: threads)
    measure("float32 1024 ABᵀ", a, b.transposed(), threads: threads)
    measure("float32 (128×784)(784×128)", tall, wide, threads: threads)
    measure("float64 1024", c, d, threads: threads)
  }
  peak_set_library_threads(1)
}

/// Element-by-element functions on 10⁷ floats, beside the time in which memory is copied.
func benchmarkElementwise() {
  var generator = RandomGenerator(seed: 1)
  let x = Variable(Tensor.normal([10_000_000], using: &generator))
  for threads in [1, 2] {
    peak_set_library_threads(Int32(threads))
    report("copy 10⁷ floats", fastest(copying(10_000_000)) * 1e3, "ms", threads: 1)
    report("exp 10⁷ floats", fastest { _ = exp(x) } * 1e3, "ms", threads: threads)
    report("tanh 10⁷ floats", fastest { _ = tanh(x) } * 1e3, "ms", threads: threads)
    report("sigmoid 10⁷ floats", fastest { _ = sigmoid(x) } * 1e3, "ms", threads: threads)
    report("add 10⁷ floats", fastest { _ = x + x } * 1e3, "ms", threads: threads)
  }
  peak_set_library_threads(1)
}

/// A memory copy between two buffers that have been touched.
private func copying(_ count: Int) -> () -> Void {
  let source = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
  let target = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
  source.initialize(repeating: 1)
  target.initialize(repeating: 0)
  // Lives as long as the process.
  nonisolated(unsafe) let buffers = (source, target)
  return { _ = buffers.1.update(from: buffers.0) }
}
