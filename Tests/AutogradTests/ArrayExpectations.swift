import Kernels
import Testing

@testable import Autograd

/// Checks a shape and float32 elements.
func expectArray(
  _ result: Variable, _ shape: Shape, _ values: [Float],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(result.shape == shape, sourceLocation: sourceLocation)
  #expect(result.array(of: Float.self) == values, sourceLocation: sourceLocation)
}

/// Checks a shape and int64 elements.
func expectArray(
  _ result: Variable, _ shape: Shape, integers: [Int],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(result.shape == shape, sourceLocation: sourceLocation)
  #expect(result.array(of: Int.self) == integers, sourceLocation: sourceLocation)
}

/// Checks that a process ended with the given sentence on its standard error.
func expectSentence(
  _ result: ExitTest.Result?, _ sentence: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
  #expect(text.contains(sentence), sourceLocation: sourceLocation)
}

/// The first and the second derivative of the sum of `f` at `values`: the gradient, and that of the
/// gradient's sum.
func derivatives(
  at values: Tensor, _ f: (Variable) -> Variable
) -> (first: [Float], second: [Float]) {
  let x = Variable(values, requiresGradient: true)
  let g = gradient(of: f(x).sum(), withRespectTo: x, createGraph: true)
  let h = gradient(of: g.sum(), withRespectTo: x)
  return (g.array(of: Float.self), h.array(of: Float.self))
}

/// Integers as an int64 variable.
func indices(_ literal: Tensor.Literal) -> Variable { Variable(Tensor(literal, dtype: .int64)) }

/// Stops the process unless some bits are the same on 1, 2, 3 and 8 threads.
///
/// For exit tests: in a process of their own, as other tests change the number of threads meanwhile.
func requireSameBitsOnAnyNumberOfThreads(_ bits: () -> [[UInt32]]) {
  k_set_thread_count(1)
  let expected = bits()
  for count: Int32 in [2, 3, 8] {
    k_set_thread_count(count)
    if bits() != expected { fatalError("other bits on \(count) threads") }
  }
}
