import Autograd
import NN
import Testing

private func leaf(_ shape: Shape = [1]) -> Variable {
  Variable(Tensor.ones(shape), requiresGradient: true)
}

@Suite struct OptimizerErrorTests {
  @Test func `Parameters that cannot be told apart are errors`() async {
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD(NamedParameters(), learningRate: 0.1)
    }
    expect(empty, says: "SGD: there are no parameters to improve")
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([(name: "w", value: leaf()), (name: "w", value: leaf())])
    }
    expect(twice, says: "Adam: two parameters are named 'w'")
    let tied = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = leaf()
      _ = Adam([(name: "v", value: w), (name: "w", value: w)])
    }
    expect(tied, says: "Adam: 'v' and 'w' are one variable")
    let constant = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LBFGS([(name: "v", value: Variable([1]))])
    }
    expect(constant, says: "LBFGS: 'v' is not a leaf that requires a gradient")
    let shared = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = [(name: "w", value: leaf())]
      _ = OptimizerGroup([SGD(w), Adam(w)])
    }
    expect(shared, says: "OptimizerGroup: two parameters are named 'w'")
  }

  @Test func `Numbers out of range are errors`() async {
    let betas = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([(name: "w", value: leaf())], betas: (0.9, 1))
    }
    expect(betas, says: "Adam: the second beta 1.0 must lie in 0..<1")
    let epsilon = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AdamW([(name: "w", value: leaf())], epsilon: -1)
    }
    expect(epsilon, says: "AdamW: the epsilon -1.0 must be at least 0")
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([(name: "w", value: leaf())], weightDecay: -0.5)
    }
    expect(decay, says: "WeightDecay: the rate -0.5 must be at least 0")
    let matrix = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Muon([(name: "w", value: leaf())])
    }
    expect(matrix, says: "Muon: 'w' [1] is not a matrix")
    let factors = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Rprop([(name: "w", value: leaf())], factors: (1.2, 0.5))
    }
    expect(factors, says: "Rprop: factors (1.2, 0.5)")
  }

  @Test func `Steps that do not fit are errors`() async {
    let counts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      SGD([(name: "w", value: leaf())], learningRate: 1).step(gradients: [])
    }
    expect(counts, says: "SGD: 1 parameters, 0 gradients and 1 states")
    let sharp = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      SharpnessAware(SGD([(name: "w", value: leaf())])).step()
    }
    expect(sharp, says: "SharpnessAware: a step needs the loss itself")
    let nested = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Lookahead(Lookahead(SGD([(name: "w", value: leaf())])))
    }
    expect(nested, says: "Lookahead: the optimizer inside keeps", "wrap it once")
    let rule = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      UpdateRule([(name: "w", value: leaf())], learningRate: 1).step(gradients: [[1]])
    }
    expect(rule, says: "UpdateRule: update(_:gradient:state:) is not overridden")
  }
}
