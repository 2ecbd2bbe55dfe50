import Autograd
import Testing

/// Every kind of operation gives back its nodes: after use, after backward, after a recorded
/// backward.
@Suite struct LiveNodeTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (_ x: Variable) -> Variable

    init(_ name: String, _ run: @escaping @Sendable (Variable) -> Variable) {
      testDescription = name
      self.run = run
    }
  }

  static let samples: [Sample] = [
    Sample("add") { $0 + $0 },
    Sample("literal") { 2 * $0 - 1 },
    Sample("divide") { $0 / ($0 + 1) },
    Sample("power") { pow($0, 3) + pow(2, $0) },
    Sample("remainder") { remainder($0, 0.7) },
    Sample("unary") { exp(sin(sqrt($0))) + log($0) },
    Sample("activation") { gelu(relu($0)) + sigmoid(softplus($0)) },
    Sample("rounding") { floor($0) * $0 },
    Sample("comparison") { select($0 .> 0.5, $0, -$0) },
    Sample("masked") { $0.maskedFilled(.!($0 .> 0.5), with: 0) },
    Sample("maximum") { maximum($0, $0.transposed()) + minimum($0, 0.3) },
    Sample("clamp") { clamp($0, low: 0.2, high: 0.8) },
    Sample("reshape") { $0.reshaped(2, 8) + 1 },
    Sample("transpose") { $0.transposed() * $0 },
    Sample("expand") { $0.unsqueezed(axis: 0).expanded(to: [3, 4, 4]) },
    Sample("cast") { $0.cast(to: .float32).cast(to: .float64) },
    Sample("copy") { $0.copied() },
    Sample("sum") { $0.sum(axis: 0) },
    Sample("mean") { $0.mean(axes: [0, 1], keepingAxes: true) },
    Sample("max") { $0.max(axis: 1) - $0.min(axis: 0) },
    Sample("matmul") { matmul($0, $0.transposed()) },
    Sample("batched matmul") { matmul($0.unsqueezed(axis: 0), $0) },
    Sample("detached") { $0.detached() * $0 },
    Sample("strict") { x in withStrictGradients { select(x .> 0.5, sqrt(x), 0) } },
    Sample("without recording") { x in x + withoutRecording { x * x } },
    Sample("gradient inside") {
      gradient(of: ($0 * $0 * $0).sum(), withRespectTo: $0, createGraph: true)
    },
    Sample("own operation") { x in
      DifferentiableFunction("own") {
        $0[0] * $0[1]
      } derivative: { x, _, g in
        [g * x[1], g * x[0]]
      }(x, exp(x))
    },
    Sample("own kernel") { x in
      DifferentiableFunction("own", of: Double.self) {
        $0[0]
      } kernel: { inputs, output in
        for i in output.indices { output[i] = 2 * inputs[0][i] }
      } derivative: { _, _, g in
        [2 * g]
      }(x)
    },
    Sample("hook") { x in
      let y = x * x
      y.addGradientHook { 2 * $0 }
      return y
    },
  ]

  private func input() -> Variable {
    let elements = (1...16).map { Double($0) / 17 }
    return Variable(Tensor(elements, shape: [4, 4]), requiresGradient: true)
  }

  @Test(arguments: samples)
  func allNodesAreReleased(_ sample: Sample) {
    expectNoLiveNodes("forward") { _ = sample.run(input()) }
    expectNoLiveNodes("backward") {
      let x = input()
      sample.run(x).sum().backward()
      #expect(x.gradient != nil)
    }
    expectNoLiveNodes("second order") {
      let x = input()
      let first = gradient(of: sample.run(x).sum(), withRespectTo: x, createGraph: true)
      _ = gradients(of: square(first).sum(), withRespectTo: [x], createGraph: true)
    }
    expectNoLiveNodes("accumulated, with a graph") {
      let x = input()
      let y = sample.run(x).sum()
      y.backward()
      y.backward()
    }
  }

  @Test func keptResultKeepsItsGraphOnly() {
    let before = liveNodeCount()
    var x: Variable? = scalar(2)
    var y: Variable? = x.map { exp($0) }
    #expect(liveNodeCount() == before + 2)
    x = nil
    #expect(liveNodeCount() == before + 2)
    withExtendedLifetime(y) {}
    y = nil
    #expect(liveNodeCount() == before)
  }

  @Test func unrecordedResultsKeepNothing() {
    let x = Variable([1, 2])
    let before = liveNodeCount()
    let y = exp(exp(exp(x)))
    #expect(liveNodeCount() == before + 1)
    withExtendedLifetime(y) {}
  }

  @Test func keptGradientOfRecordedPassKeepsItsGraph() {
    expectNoLiveNodes {
      let x = scalar(2)
      var g: Variable? = gradient(of: x * x * x, withRespectTo: x, createGraph: true)
      #expect(g.map { gradient(of: $0, withRespectTo: x).item() } == 12)
      g = nil
    }
  }
}
