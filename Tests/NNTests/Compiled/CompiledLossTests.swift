import Autograd
import NN
import Testing

@Suite struct CompiledLossTests {
  /// Goes down a loss, and looks at its first and second derivatives on the way.
  private static func descent(_ loss: LossCase, examples: Int, _ dtype: DType) -> CompiledCase {
    func draw(_ seed: Int) -> Variable {
      var generator = RandomGenerator(seed: UInt64(seed))
      return Variable(Tensor.normal([examples, 3], dtype: dtype, using: &generator))
    }
    let x = Variable(draw(1).value, requiresGradient: true)
    return CompiledCase(
      arguments: { call in
        var generator = RandomGenerator(seed: UInt64(call))
        let classes = Tensor.integers([examples], in: 0..<3, using: &generator)
        return [draw(10 + call), Variable(classes)]
      },
      step: { arguments in
        let value = loss.call(x, arguments[0], arguments[1])
        let first = gradient(of: value, withRespectTo: x, createGraph: true)
        let second = gradients(of: square(first).sum(), withRespectTo: [x])[0]
        withoutRecording { x.assign(x - 0.1 * first) }
        return [value, first] + (second.map { [$0] } ?? [])
      }, state: { [x.value] })
  }

  @Test func `50 steps down each loss have the same bits on 1, 2, 3 and 8 threads`() async {
    await #expect(processExitsWith: .success) {
      for loss in lossTable {
        expectSameBitsOnAnyNumberOfThreads(loss.name, steps: 50) {
          CompiledLossTests.descent(loss, examples: 4, .float64)
        }
      }
    }
  }

  @Test func `Losses of many examples have the same bits on 1, 2, 3 and 8 threads`() async {
    await #expect(processExitsWith: .success) {
      for loss in lossTable {
        expectSameBitsOnAnyNumberOfThreads(loss.name, steps: 2) {
          CompiledLossTests.descent(loss, examples: 1 << 15, .float32)
        }
      }
    }
  }

  @Test func `Every loss of the library is in the table`() throws {
    let names = try SourceFiles.publicDeclarations(in: "Losses").filter { $0[1] == "func" }.map {
      $0[2]
    }
    #expect(Set(names) == Set(lossTable.map { $0.name.prefix { $0 != " " } }))
  }
}
