import Testing

@testable import Autograd

@Suite struct RecordingMemoryTests {
  @Test func `What only the recorder holds is freed while it records`() {
    let size = 1 << 18
    weak var first: Storage?
    let function = compile { x in
      var y = x + 1
      first = y.node.fields.pointee.storage
      for _ in 0..<12 { y = y * 2 }
      #expect(first == nil)
      return y.sum()
    }
    let x = Variable(Tensor.ones([size]))
    #expect(function(x).item() == Double(size * 8192))
    #expect(function(x).item() == Double(size * 8192))
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
