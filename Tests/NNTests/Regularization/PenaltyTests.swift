import Autograd
import NN
import Testing

@Suite struct PenaltyTests {
  private let parameters: NamedParameters = [
    ("weight", double([1, -2, 3, -4, 0, 2], [2, 3], requiresGradient: true)),
    ("bias", double([0.5, -0.5], requiresGradient: true)),
  ]

  @Test func `Penalties are sums over the selected parameters`() {
    #expect(l1Penalty(parameters).item() == 13)
    #expect(l1Penalty(parameters) { name, _ in name == "bias" }.item() == 1)
    #expect(l2Penalty(parameters).item() == 34.5)
    #expect(l2Penalty(parameters) { $1.rank >= 2 }.item() == 34)
    #expect(elasticNetPenalty(parameters, l1: 2, l2: 10).item() == 371)
    var generator = RandomGenerator(seed: 0)
    let model = Linear(inputs: 2, outputs: 2, using: &generator)
    #expect(abs(l2Penalty(model).item() - square(model.weight).sum().item()) < 1)
  }

  @Test func `The orthogonal penalty vanishes for orthonormal rows or columns`() {
    func penalty(_ values: [Double], _ shape: Shape) -> Double {
      orthogonalPenalty([(name: "w", value: double(values, shape, requiresGradient: true))]).item()
    }
    #expect(penalty([1, 0, 0, 0, 1, 0], [2, 3]) == 0)
    #expect(penalty([1, 0, 0, 1, 0, 0], [3, 2]) == 0)
    #expect(penalty([1, 1, 0, 1], [2, 2]) == 3)
    #expect(penalty([2, 0, 0, 2], [2, 1, 2]) == 18)
  }

  @Test func `Penalties have their derivatives, at zeros too`() {
    let w = double([1, -2, 3, 0.5, 0.25, 2], [2, 3])
    func named(_ x: Variable) -> NamedParameters { [("w", x)] }
    let penalties: [(Variable) -> Variable] = [
      { l1Penalty(named($0)) }, { l2Penalty(named($0)) },
      { elasticNetPenalty(named($0), l1: 0.5, l2: 2) }, { orthogonalPenalty(named($0)) },
    ]
    for penalty in penalties {
      let report = gradCheck({ penalty($0[0]) }, at: [w])
      #expect(report.passed, "\(report)")
      let zero = double([0, 0], [2, 1], requiresGradient: true)
      #expect(gradient(of: penalty(zero), withRespectTo: zero).value.doubles() == [0, 0])
    }
  }

  @Test func `The gradient penalty is the squared distance of slopes from the target`() {
    let x = double([3, 4, 0, 2], [2, 2], requiresGradient: true)
    // f = x · x / 2 has the slope x, of norm 5 and 2.
    let outputs = square(x).sum(axis: 1) / 2
    #expect(gradientPenalty(of: outputs, withRespectTo: x).item() == 8.5)
    #expect(gradientPenalty(of: outputs, withRespectTo: x, target: 0).item() == 14.5)
    let line = double([2, -1, 0], requiresGradient: true)
    #expect(gradientPenalty(of: square(line), withRespectTo: line, target: 2).item() == 8.0 / 3)
  }

  @Test func `The gradient penalty can be minimized`() {
    let x = double([0.3, -0.4, 0.9, 0.2, 0.1, -0.8], [3, 2])
    let weight = double([0.5, -0.2, 0.1, 0.7], [2, 2])
    func penalty(_ weight: Variable, _ x: Variable) -> Variable {
      let inputs = x.requiresGradient ? x : Variable(x.value, requiresGradient: true)
      return gradientPenalty(of: tanh(matmul(inputs, weight)).sum(axis: 1), withRespectTo: inputs)
    }
    let report = gradCheck({ penalty($0[0], x) }, at: [weight])
    #expect(report.passed, "\(report)")
    let flat = double([0, 0, 0, 0], [2, 2], requiresGradient: true)
    let slope = gradient(of: penalty(flat, x), withRespectTo: flat)
    #expect(slope.value.doubles().allSatisfy { $0.isFinite })
  }

  @Test func `Selecting nothing is an error`() async {
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Variable([1] as [Float], requiresGradient: true)
      _ = l1Penalty([(name: "w", value: w)]) { name, _ in name == "v" }
    }
    expect(none, says: "l1Penalty: no parameter is selected")
  }
}

@Suite struct ConstraintTests {
  @Test func `Constraints are projections`() {
    let w = double([3, 4, 0.3, 0.4, 0, 0], [3, 2])
    expect(Constraint.maxNorm(1)(w), equals: [0.6, 0.8, 0.3, 0.4, 0, 0])
    expect(Constraint.unitNorm(w), equals: [0.6, 0.8, 0.6, 0.8, 0, 0])
    expect(Constraint.maxNorm(2.5)(double([3, 4])), equals: [1.5, 2])
    expect(Constraint.nonNegative(double([-1, 0, 2])), equals: [0, 0, 2])
    expect(Constraint.unitNorm(double([-2], [])), equals: [-1])
    for constraint in [Constraint.maxNorm(0.7), .unitNorm, .nonNegative] {
      let report = gradCheck({ constraint($0[0]) }, at: [double([3, 4, 0.3, 0.4], [2, 2])])
      #expect(report.passed, "\(report)")
    }
  }

  @Test func `Constraints hold after each step, for the selected parameters`() {
    let w = double([0.9, 0], [1, 2], requiresGradient: true)
    let b = double([0.9], requiresGradient: true)
    let optimizer = SGD([(name: "w", value: w), (name: "b", value: b)], learningRate: 1)
      .constrained(by: .maxNorm(1)) { $1.rank >= 2 }
    optimizer.step(gradients: [double([-0.6, -2], [1, 2]), double([-1])])
    expect(w, equals: [0.6, 0.8])
    expect(b, equals: [1.9])
  }
}
