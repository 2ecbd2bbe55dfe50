import Autograd
import NN
import Testing

typealias NamedParameters = [(name: String, value: Variable)]

/// The problem of the trajectories: the mean of (tanh(x Wᵀ + b) − y)².
private struct Problem {
  let weight: Variable
  let bias: Variable

  init() {
    weight = double([0.3, -0.2, 0.1, 0.4], [2, 2], requiresGradient: true)
    bias = double([0.05, -0.1], requiresGradient: true)
  }

  var named: NamedParameters { [("weight", weight), ("bias", bias)] }

  static func loss(_ weight: Variable, _ bias: Variable) -> Variable {
    let x = double([0.5, -1, 1.5, 2, -0.75, 0.25], [3, 2])
    let y = double([0.1, 0.9, -0.4, 0.3, 0.6, -0.2], [3, 2])
    return meanSquaredError(tanh(matmul(x, weight.transposed()) + bias), y)
  }
}

@Suite struct TrajectoryTests {
  private func expectTrajectory(
    _ expected: [[Double]], _ make: (NamedParameters) -> any Optimizer,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let problem = Problem()
    let optimizer = make(problem.named)
    for step in 1...200 {
      optimizer.zeroGradients()
      Problem.loss(problem.weight, problem.bias).backward()
      optimizer.step()
      guard step % 20 == 0 else { continue }
      let values = problem.weight.value.doubles() + problem.bias.value.doubles()
      for (value, expected) in zip(values, expected[step / 20 - 1]) {
        #expect(abs(value - expected) < 1e-10, "step \(step)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test func `SGD walks with PyTorch`() {
    expectTrajectory(Trajectories.sgd) { SGD($0, learningRate: 0.1) }
    expectTrajectory(Trajectories.momentum) {
      SGD($0, learningRate: 0.05, momentum: 0.9, dampening: 0.2, weightDecay: 0.01)
    }
    expectTrajectory(Trajectories.nesterov) {
      SGD($0, learningRate: 0.05, momentum: 0.8, isNesterov: true)
    }
  }

  @Test func `Adam walks with PyTorch`() {
    expectTrajectory(Trajectories.adam) { Adam($0, learningRate: 0.02) }
    expectTrajectory(Trajectories.amsgrad) {
      Adam(
        $0, learningRate: 0.02, betas: (0.8, 0.99), epsilon: 1e-6, weightDecay: 0.02,
        isAMSGrad: true)
    }
  }
}

@Suite struct OptimizerTests {
  @Test func `Given gradients are used in place of the parameters' own`() {
    let problem = Problem()
    let optimizer = SGD(problem.named, learningRate: 0.5)
    optimizer.step(gradients: [double([1, 2, 3, 4], [2, 2]), nil])
    expect(problem.weight, equals: [-0.2, -1.2, -1.4, -1.6])
    expect(problem.bias, equals: [0.05, -0.1])
    #expect(optimizer.state.map(\.step) == [1, 0])
  }

  @Test func `A parameter without a gradient stays, and gradients can be forgotten`() {
    let problem = Problem()
    let optimizer = Adam(problem.named)
    square(problem.weight).sum().backward()
    optimizer.step()
    expect(problem.bias, equals: [0.05, -0.1])
    #expect(problem.weight.array(of: Double.self) != [0.3, -0.2, 0.1, 0.4])
    #expect(problem.weight.requiresGradient && problem.weight.isLeaf)
    optimizer.zeroGradients()
    #expect(problem.weight.gradient == nil)
  }

  @Test func `The learning rate can change between steps`() {
    let w = double([1], requiresGradient: true)
    let optimizer: any Optimizer = SGD([("w", w)], learningRate: 0.5)
    optimizer.step(gradients: [double([1])])
    optimizer.learningRate = 0.25
    optimizer.step(gradients: [double([1])])
    expect(w, equals: [0.25])
  }

  @Test func `The learning rate can be assigned`() {
    let w = double([1], requiresGradient: true)
    let rate = Variable(0.5)
    let optimizer = SGD([("w", w)], learningRate: rate)
    rate.assign(0.25)
    optimizer.step(gradients: [double([1])])
    expect(w, equals: [0.75])
  }

  @Test func `The momentum is not the caller's gradient`() {
    let w = double([Double](repeating: 1, count: 100), requiresGradient: true)
    let optimizer = SGD([("w", w)], learningRate: 0.5, momentum: 0.5)
    let slope = double([Double](repeating: 1, count: 100))
    optimizer.step(gradients: [slope])
    optimizer.step(gradients: [slope])
    #expect(slope.array(of: Double.self).allSatisfy { $0 == 1 })
    expect(optimizer.state[0].slots[0], equals: [Double](repeating: 1.5, count: 100))
  }

  @Test(arguments: [false, true])
  func `Training continues from a saved state as if it had not stopped`(isAdam: Bool) throws {
    func make(_ parameters: NamedParameters) -> any Optimizer {
      isAdam ? Adam(parameters) : SGD(parameters, learningRate: 0.1, momentum: 0.9)
    }
    func train(_ problem: Problem, _ optimizer: any Optimizer, steps: Int) {
      for _ in 0..<steps {
        optimizer.zeroGradients()
        Problem.loss(problem.weight, problem.bias).backward()
        optimizer.step()
      }
    }
    let (straight, first, second) = (Problem(), Problem(), Problem())
    train(straight, make(straight.named), steps: 20)
    let before = make(first.named)
    train(first, before, steps: 10)
    second.weight.assign(Variable(first.weight.value))
    second.bias.assign(Variable(first.bias.value))
    let after = make(second.named)
    let saved = before.savedState()
    #expect(saved["weight.step"]?.item() == 10)
    try after.load(saved)
    train(second, after, steps: 10)
    #expect(second.weight.array(of: Double.self) == straight.weight.array(of: Double.self))
    #expect(second.bias.array(of: Double.self) == straight.bias.array(of: Double.self))
    let error = #expect(throws: StateError.self) { try after.load([:]) }
    #expect(error?.problems.contains(.missing("bias.step")) == true)
  }

  @Test func `Senseless arguments are errors`() async {
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([], learningRate: 0.1)
    }
    expect(empty, says: "SGD: there are no parameters to improve")
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Variable([1] as [Float], requiresGradient: true)
      _ = Adam([("w", w), ("w", w)])
    }
    expect(twice, says: "Adam: two parameters are named 'w'")
    let tied = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Variable([1] as [Float], requiresGradient: true)
      _ = Adam([("v", w), ("w", w)])
    }
    expect(tied, says: "Adam: 'v' and 'w' are one variable")
    let betas = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([("w", Variable([1] as [Float], requiresGradient: true))], betas: (0.9, 1))
    }
    expect(betas, says: "Adam: betas (0.9, 1.0) must lie in 0..<1")
    let counts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let w = Variable([1] as [Float], requiresGradient: true)
      SGD([("w", w)], learningRate: 1).step(gradients: [])
    }
    expect(counts, says: "SGD: 1 parameters, 0 gradients and 1 states")
  }
}

@Suite struct HypergradientTests {
  /// The loss after a few steps from (1, −0.5, 0), as a function of the learning rate.
  ///
  /// The third coordinate has no influence: its gradient is exactly 0 in every step.
  private func lossAfterTraining(
    _ rate: Variable, _ make: (NamedParameters, Variable) -> any Optimizer
  ) -> Variable {
    let start = double([1, -0.5, 0], requiresGradient: true)
    let factors = double([1.5, 0.5, 0])
    func loss(_ w: Variable) -> Variable {
      (exp(factors * w) - 2 * factors * w + square(factors * w)).sum()
    }
    let optimizer = make([("w", start)], rate)
    var (parameters, state) = ([start], optimizer.state)
    for _ in 0..<5 {
      let slopes = gradients(
        of: loss(parameters[0]), withRespectTo: parameters, createGraph: true)
      (parameters, state) = optimizer.update(
        parameters: parameters, gradients: slopes, state: state)
    }
    return loss(parameters[0])
  }

  private func expectHypergradient(
    _ make: (NamedParameters, Variable) -> any Optimizer,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let rate = double([0.03], [], requiresGradient: true)
    let exact = gradient(of: lossAfterTraining(rate, make), withRespectTo: rate).item()
    func value(_ rate: Double) -> Double { lossAfterTraining(double([rate], []), make).item() }
    let h = 1e-4
    let near = value(0.03 + h) - value(0.03 - h)
    let far = value(0.03 + 2 * h) - value(0.03 - 2 * h)
    let estimate = (8 * near - far) / (12 * h)
    #expect(exact != 0 && exact.isFinite, sourceLocation: sourceLocation)
    #expect(
      abs(exact - estimate) < 1e-7 * abs(exact), "\(exact) against \(estimate)",
      sourceLocation: sourceLocation)
  }

  @Test func `The learning rate's gradient is that of finite differences`() {
    expectHypergradient { SGD($0, learningRate: $1) }
    expectHypergradient { SGD($0, learningRate: $1, momentum: 0.9, weightDecay: 0.1) }
    expectHypergradient { SGD($0, learningRate: $1, momentum: 0.5, isNesterov: true) }
    expectHypergradient { Adam($0, learningRate: $1) }
    expectHypergradient { Adam($0, learningRate: $1, isAMSGrad: true) }
  }

  @Test func `Gradients through Adam are finite where the loss is flat`() {
    let start = double([1, 0], requiresGradient: true)
    let optimizer = Adam([("w", start)], learningRate: 0.1)
    let slopes = gradients(
      of: square(start).sum(), withRespectTo: [start], createGraph: true)
    #expect(slopes[0]?.array(of: Double.self) == [2, 0])
    let (after, _) = optimizer.update(
      parameters: [start], gradients: slopes, state: optimizer.state)
    let through = gradient(of: after[0].sum(), withRespectTo: start)
    let values = through.array(of: Double.self)
    #expect(values.allSatisfy { $0.isFinite })
    // One step moves by the learning rate, whatever the slope: the derivative is that of w alone.
    #expect(abs(values[0] - 1) < 1e-6)
  }
}
