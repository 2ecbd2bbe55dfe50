import Autograd
import Foundation
import Kernels
import Testing

/// A computation that changes variables, of which copies can be made that begin alike.
struct CompiledCase {
  /// What goes in, by the number of the call.
  let arguments: (Int) -> [Variable]
  let step: ([Variable]) -> [Variable]
  /// The variables that it changes.
  let state: () -> [Tensor]

  /// All results of some calls, and the state behind them.
  fileprivate func numbers(steps: Int, isCompiled: Bool) -> [[Double]] {
    let compiled = compile(step)
    let results = (0..<steps).flatMap { number in
      let arguments = arguments(number)
      return (isCompiled ? compiled(arguments) : step(arguments)).map(\.value)
    }
    return (results + state()).map { $0.doubles() }
  }
}

/// Compares the bits of a computation, eager and compiled, on 1, 2, 3 and 8 threads.
///
/// For exit tests: in a process of their own, as other tests change the number of threads meanwhile.
func expectSameBitsOnAnyNumberOfThreads(
  _ name: String, steps: Int, _ make: () -> CompiledCase,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  k_set_thread_count(1)
  let expected = make().numbers(steps: steps, isCompiled: false)
  for threads: Int32 in [1, 2, 3, 8] {
    k_set_thread_count(threads)
    for isCompiled in threads == 1 ? [true] : [false, true] {
      let numbers = make().numbers(steps: steps, isCompiled: isCompiled)
      let isSame = expected.count == numbers.count && zip(expected, numbers).allSatisfy(hasSameBits)
      #expect(
        isSame, "\(name), \(isCompiled ? "compiled" : "eager") on \(threads) threads",
        sourceLocation: sourceLocation)
    }
  }
}

private func hasSameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count
    && a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in a.isEmpty || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0 }
    }
}
