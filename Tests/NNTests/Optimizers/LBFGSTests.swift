import Autograd
import NN
import Testing

@Suite struct LBFGSTests {
  private func rosenbrock(_ w: Variable) -> Variable {
    square(1 - w[0]) + 100 * square(w[1] - square(w[0]))
  }

  @Test(arguments: [DType.float32, .float64])
  func `The valley of Rosenbrock is walked through`(dtype: DType) {
    let w = Variable(Tensor([-1.2, 1], dtype: dtype), requiresGradient: true)
    let optimizer = LBFGS(
      [(name: "w", value: w)], gradientTolerance: 1e-12, changeTolerance: 1e-16,
      lineSearch: .strongWolfe)
    for _ in 0..<6 { optimizer.step { rosenbrock(w) } }
    expect(w, equals: [1, 1], within: dtype == .float64 ? 1e-9 : 1e-3)
    #expect(w.dtype == dtype)
  }

  @Test func `A step ends at its limits`() {
    for maximum in 1...9 {
      let w = double([-1.2, 1], requiresGradient: true)
      let optimizer = LBFGS(
        [(name: "w", value: w)], maximumEvaluations: maximum, lineSearch: .strongWolfe)
      var evaluations = 0
      let first = optimizer.step {
        evaluations += 1
        return rosenbrock(w)
      }
      #expect(first.item() == rosenbrock(double([-1.2, 1])).item())
      // The search tries one point more than it may divide, as PyTorch's.
      #expect(evaluations <= maximum + 1)
      #expect(optimizer.state.counts["evaluations"] == evaluations)
      #expect(optimizer.state.counts["iterations"]! <= evaluations)
    }
  }

  @Test func `Nothing moves at a minimum`() {
    let w = double([1, 1], requiresGradient: true)
    let optimizer = LBFGS([(name: "w", value: w)])
    optimizer.step { rosenbrock(w) }
    #expect(w.array(of: Double.self) == [1, 1])
    #expect(optimizer.state.counts == ["iterations": 0, "evaluations": 1, "pairs": 0])
  }

  @Test func `The history keeps the last changes`() {
    let w = double([3, -1, 2], requiresGradient: true)
    let optimizer = LBFGS(
      [(name: "w", value: w)], learningRate: 0.3, maximumIterations: 1, historySize: 2)
    var moves: [[Double]] = []
    for _ in 0..<6 {
      let before = w.value.doubles()
      optimizer.step { (exp(w) + exp(-2 * w)).sum() }
      moves.append(zip(w.value.doubles(), before).map { $0 - $1 })
    }
    // The newest move becomes history in the next step, when its change of gradient is known.
    let state = optimizer.state.parameters[0]
    for (name, move) in [("move", moves[5]), ("move.1", moves[4]), ("move.0", moves[3])] {
      expect(state.slots[state.slotNames.firstIndex(of: name)!], equals: move, within: 1e-14)
    }
    #expect(optimizer.state.counts["pairs"] == 2)
  }

  @Test func `A loss that is NaN ends a step like any other`() {
    let w = double([1, 2], requiresGradient: true)
    let optimizer = LBFGS(
      [(name: "w", value: w)], maximumEvaluations: 7, lineSearch: .strongWolfe)
    let loss = optimizer.step { (w * Variable(.nan)).sum() }
    #expect(loss.item().isNaN)
    #expect((2...8).contains(optimizer.state.counts["evaluations"]!))
  }

  @Test func `A loss without the parameters is an error`() async {
    let constant = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Variable([1] as [Float], requiresGradient: true)
      withoutRecording { _ = Adam([(name: "w", value: w)]).step { w.sum() } }
    }
    expect(constant, says: "Adam: the loss depends on no parameter")
    let foreign = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let v = Variable([1] as [Float], requiresGradient: true)
      let w = Variable([1] as [Float], requiresGradient: true)
      _ = Adam([(name: "w", value: w)]).step { v.sum() }
    }
    expect(foreign, says: "Adam: the loss depends on none of the optimizer's parameters", "'w'")
    let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LBFGS([
        (name: "v", value: Variable([1] as [Float], requiresGradient: true)),
        (name: "w", value: Variable([1] as [Double], requiresGradient: true)),
      ])
    }
    expect(types, says: "LBFGS: parameters are float32 and float64")
  }
}
