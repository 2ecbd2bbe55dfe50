import Testing

@testable import Autograd

@Suite struct PlanPictureTests {
  @Test func `Instructions, memories and arrows`() {
    let w = Variable(Tensor([1, 2, 3] as [Float]), requiresGradient: true).named("layer.weight")
    let step = compile { x in
      let loss = square(w * x).sum()
      w.assign(w - 0.5 * gradient(of: loss, withRespectTo: w))
      return loss
    }
    let x = Variable(Tensor([4, 5, 6] as [Float]))
    let dot = step.plan(for: x).dot
    #expect(dot.hasPrefix("digraph {\n") && dot.hasSuffix("\n}"))
    #expect(dot.contains("square"))
    #expect(dot.contains("sum\\nfloat32 []\", shape=ellipse];"))
    #expect(dot.contains("label=\"argument 0\", shape=box];"))
    #expect(dot.contains("label=\"result 0\", shape=box];"))
    #expect(
      dot.contains("label=\"leaf: float32 [3] \\\"layer.weight\\\"\", shape=box, style=bold];"))
    #expect(!dot.contains(" ns"))
    #expect(step.plan(for: x, isTimed: true).dot.contains(" ns\", shape=ellipse];"))
  }

  @Test func `Arrows lead from what is read to what is written`() {
    let w = Variable(Tensor([1] as [Float]), requiresGradient: true)
    let step = compile { x in
      w.assign(w + x)
      return x.sum()
    }
    let lines = step.plan(for: Variable(Tensor([2] as [Float]))).dot.split(separator: "\n")
    func number(_ text: String) -> Substring? {
      lines.first { $0.contains(text) }?.split(separator: " ").first
    }
    let leaf = number("leaf")!, add = number(": add")!
    #expect(lines.contains("  \(leaf) -> \(add);"))
    #expect(lines.contains("  \(add) -> \(leaf);"))
    #expect(lines.contains("  \(number("argument 0")!) -> \(add);"))
  }
}
