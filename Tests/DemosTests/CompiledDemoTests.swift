import Autograd
import Kernels
import NN
import Testing

@testable import Demos

/// The contract of the compiler, proven on what people run first: a training has the same bits eager
/// and compiled, on any number of threads.
@Suite struct CompiledDemoTests {
  @Test(arguments: DemoCase.all.map(\.name))
  func `50 steps of a demo, eager and compiled, on 1, 2, 3 and 8 threads`(name: String) async {
    // In a process of its own, as other tests change the number of threads meanwhile.
    await #expect(processExitsWith: .success) { [name] in
      let training = try #require(DemoCase.all.first { $0.name == name })
      k_set_thread_count(1)
      let expected = try numbers(of: training, isCompiled: false)
      let losses = expected[0]
      #expect(losses.suffix(10).reduce(0, +) < losses.prefix(10).reduce(0, +), "it does not learn")
      for threads: Int32 in [1, 2, 3, 8] {
        k_set_thread_count(threads)
        for isCompiled in threads == 1 ? [true] : [false, true] {
          let result = try numbers(of: training, isCompiled: isCompiled)
          #expect(
            bits(result) == bits(expected),
            "\(isCompiled ? "compiled" : "eager") on \(threads) threads")
        }
      }
    }
  }

  @Test func `Every demo is in the table`() {
    #expect(Set(DemoCase.all.map(\.demo)) == Set(Demo.all.map(\.name)))
  }
}

/// The loss of each of 50 steps, and the state behind them.
private func numbers(of training: DemoCase, isCompiled: Bool) throws -> [[Double]] {
  let training = try training.make()
  let compiled = compile(training.step)
  let losses = try (0..<50).map { step in
    let (x, y) = try training.batch(step)
    return (isCompiled ? compiled(x, y) : training.step(x, y)).item()
  }
  return [losses] + training.state().sorted { $0.key < $1.key }.map { $0.value.doubles() }
}

private func bits(_ numbers: [[Double]]) -> [[UInt64]] { numbers.map { $0.map(\.bitPattern) } }
