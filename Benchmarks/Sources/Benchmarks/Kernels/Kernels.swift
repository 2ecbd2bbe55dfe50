import Autograd
import MachinePeak

/// Single operations and their derivatives, beside what the processor can do.
func benchmarkKernels(_ bench: Bench) {
  let threads = Int32(bench.threads)
  for (name, value, unit) in [
    ("float32", peak_gflops(0, threads), "GFLOP/s"),
    ("float64", peak_gflops(1, threads), "GFLOP/s"),
    ("memory", peak_bandwidth(threads), "GB/s"),
  ] {
    bench.report(name, "limit", value, unit: unit)
  }
  var numbers = Numbers()
  benchmarkMatmul(bench, &numbers)
  benchmarkConvolution(bench, &numbers)
  benchmarkElementwise(bench, &numbers)
  benchmarkRows(bench, &numbers)
  benchmarkAttention(bench, &numbers)
}

extension Bench {
  /// Measures an operation, with nothing recorded.
  func kernel(_ name: String, _ work: Work, _ body: () -> Variable) {
    withoutRecording { measure(name, total: 0.15, work: work) { _ = body() } }
  }

  /// Measures the gradients of an operation by some of its inputs, without the operation.
  func backward(_ name: String, _ work: Work, _ y: Variable, by leaves: [Variable]) {
    let seed = Variable(Tensor.full(0.5, y.shape))
    measure(name, total: 0.15, work: work) {
      _ = gradients(of: y, withRespectTo: leaves, seed: seed)
    }
  }
}

extension Numbers {
  /// A leaf of the next numbers, within 1.
  mutating func leaf(_ shape: Shape) -> Variable { parameter(shape, bound: 1) }
}
