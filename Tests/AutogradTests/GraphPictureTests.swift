import Autograd
import Testing

@Suite struct GraphPictureTests {
  @Test func descriptionIndentsInputs() {
    let x = Variable([1, 2, 3], requiresGradient: true, name: "x")
    let y = (x * x).named("square").sum()
    #expect(
      graphDescription(of: y) == """
        0 sum: float32 []
          1 multiply: float32 [3] "square"
            2 leaf: float32 [3] "x", requires gradient
            2 (see above)
        """)
  }

  @Test func dotHasNodesAndEdges() {
    let a = leaf(1, 2, name: "a \"quoted\"")
    let b = constant(3, 4)
    #expect(
      graphDOT(of: a / b) == #"""
        digraph {
          node [fontname="sans-serif"];
          n0 [label="divide: float64 [2]", shape=ellipse];
          n1 -> n0;
          n2 -> n0;
          n1 [label="leaf: float64 [2] \"a \"quoted\"\", requires gradient", shape=box, style=bold];
          n2 [label="leaf: float64 [2]", shape=box];
        }
        """#)
  }

  @Test func namesOwnOperations() {
    let double = DifferentiableFunction("double") {
      2 * $0[0]
    } derivative: { _, _, g in
      [2 * g]
    }
    let x = Variable([1], requiresGradient: true)
    #expect(graphDescription(of: double(x)).hasPrefix("0 double: float32 [1]\n"))
  }

  @Test func constantIsOneLine() {
    #expect(graphDescription(of: Variable([1]) + Variable([2])) == "0 leaf: float32 [1]")
  }

  @Test func deepGraphIsDrawnWithoutRecursion() {
    var x = Variable(0.5)
    x.requiresGradient = true
    for _ in 0..<2_000 { x = -x }
    #expect(graphDescription(of: x).split(separator: "\n").count == 2_001)
    #expect(graphDOT(of: x).split(separator: "\n").count == 3 + 2_001 + 2_000)
  }
}
