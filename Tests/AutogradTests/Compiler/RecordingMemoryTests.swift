import Testing

@testable import Autograd

@Suite struct RecordingMemoryTests {
  @Test func `What only a tentative recorder holds is freed while it records`() {
    let size = 1 << 18
    weak var first: Storage?
    let plan = AutomaticPlan()
    let x = Variable(Tensor.ones([size]))
    for _ in 0..<4 {
      let result = plan([x]) { arguments in
        var y = arguments[0]! + 1
        first = y.node.fields.pointee.storage
        for _ in 0..<12 { y = y * 2 }
        #expect(first == nil)
        return [y.sum()]
      }
      #expect(result[0]?.item() == Double(size * 8192))
    }
  }

  @Test func `What a plan will compute has no memory while it is recorded`() {
    let size = 1 << 18
    let w = Variable(Tensor.ones([size]), requiresGradient: true)
    let function = compile { x in
      let y = square(w * x)
      #expect(y.node.fields.pointee.storage?.byteCount == 0)
      let slope = gradient(of: y.sum(), withRespectTo: w)
      #expect(slope.node.fields.pointee.storage?.byteCount == 0)
      w.assign(w - slope)
      return (w + 1).sum()
    }
    for expected in [0, 2, 0, 2] {
      #expect(function(Variable(Tensor.ones([size]))).item() == Double(expected * size))
    }
  }

  @Test func `A value that was kept beside a plan is NaN`() {
    for size in [3, 300] {
      var kept: [Variable] = []
      let w = Variable(Tensor.ones([size]), requiresGradient: true)
      let function = compile { x in
        let y = w * x
        kept = [y, y[..<2], y.cast(to: .int64), w.detached()]
        return y.sum()
      }
      #expect(function(Variable(Tensor.full(2, [size]))).item() == Double(2 * size))
      #expect(kept[0].value.doubles().count { $0.isNaN } == size)
      #expect(kept[1].value.doubles().count { $0.isNaN } == 2)
      #expect(kept[2].value.doubles().allSatisfy { $0 == 0 })
      #expect(kept[3].value.doubles() == w.value.doubles())
      #expect((kept[0] + w).sum().item().isNaN)
    }
  }

  @Test func `Constants that are computed from constants stay`() {
    let size = 1 << 18
    let function = compile { x in
      var y = Variable(Tensor.ones([size])) + 1
      for _ in 0..<12 { y = y * 2 }
      return (y * x).sum()
    }
    for _ in 0..<3 {
      #expect(function(Variable(Tensor.ones([size]))).item() == Double(size * 8192))
    }
  }
}
