import Autograd
import NN
import Testing

/// An optimizer of a matrix and a vector with a learning rate.
private typealias Make = @Sendable (NamedParameters, Variable) -> any Optimizer
private let differentiable: [(name: String, make: Make)] = [
  ("SGD", { SGD($0, learningRate: $1) }),
  ("SGD momentum", { SGD($0, learningRate: $1, momentum: 0.9, dampening: 0.1, weightDecay: 0.1) }),
  ("SGD Nesterov", { SGD($0, learningRate: $1, momentum: 0.5, isNesterov: true) }),
  ("Adam", { Adam($0, learningRate: $1, weightDecay: 0.1) }),
  ("AMSGrad", { Adam($0, learningRate: $1, isAMSGrad: true) }),
  ("AdamW", { AdamW($0, learningRate: $1, weightDecay: 0.2) }),
  ("RMSprop", { RMSprop($0, learningRate: $1) }),
  ("RMSprop centred", { RMSprop($0, learningRate: $1, momentum: 0.5, isCentered: true) }),
  ("Adagrad", { Adagrad($0, learningRate: $1, learningRateDecay: 0.1) }),
  ("Adadelta", { Adadelta($0, learningRate: $1) }),
  ("Adamax", { Adamax($0, learningRate: $1) }),
  ("NAdam", { NAdam($0, learningRate: $1) }),
  ("RAdam", { RAdam($0, learningRate: $1, betas: (0.9, 0.8)) }),
  ("Lion", { Lion($0, learningRate: $1, weightDecay: 0.1) }),
  ("LAMB", { LAMB($0, learningRate: $1) }),
  ("Adafactor", { Adafactor($0, learningRate: $1) }),
  ("Muon", { OptimizerGroup([Muon([$0[0]], learningRate: $1), SGD([$0[1]], learningRate: $1)]) }),
  ("Rprop", { Rprop($0, learningRate: $1) }),
  ("ASGD", { ASGD($0, learningRate: $1, decay: 0.1, averagingStart: 1) }),
  ("LBFGS", { LBFGS($0, learningRate: $1, historySize: 2) }),
  ("Lookahead", { Lookahead(Adam($0, learningRate: $1), interval: 2) }),
  ("averaging", { SGD($0, learningRate: $1).averaging(.exponential(decay: 0.5)) }),
  ("accumulating", { SGD($0, learningRate: $1).accumulating(2) }),
  ("clipped by value", { SGD($0, learningRate: $1).clipped(byValue: 0.3) }),
  ("clipped by norm", { SGD($0, learningRate: $1).clipped(byNorm: 0.3) }),
  ("clipped by global norm", { SGD($0, learningRate: $1).clipped(byGlobalNorm: 0.3) }),
  ("clipped adaptively", { SGD($0, learningRate: $1).clipped(byShareOfParameters: 0.1) }),
  ("skipping", { SGD($0, learningRate: $1).skippingNonFinite().zeroingNaNs() }),
  ("constrained", { SGD($0, learningRate: $1).constrained(by: .maxNorm(0.8)) }),
]

@Suite struct HypergradientTests {
  /// The loss after a few steps, as a function of the learning rate and of the initial matrix and
  /// vector.
  ///
  /// A coordinate whose factor is 0 has no influence: its gradient is exactly 0 in every step.
  private func lossAfterTraining(
    _ name: String, rate: Variable, start: [Variable], factors: [Variable], steps: Int = 3
  ) throws -> Variable {
    let make = try #require(differentiable.first { $0.name == name }).make
    func loss(_ w: [Variable]) -> Variable {
      zip(w, factors).map { w, f in (exp(f * w) - 2 * f * w + square(f * w)).sum() }.reduce(0, +)
        + 0 * w[0].sum() + 0 * w[1].sum()
    }
    let leaves = start.map { Variable($0.value, requiresGradient: true) }
    let optimizer = make([("matrix", leaves[0]), ("vector", leaves[1])], rate)
    var (parameters, state) = (start, optimizer.initialState(for: start))
    for _ in 0..<steps {
      let slopes = gradients(of: loss(parameters), withRespectTo: parameters, createGraph: true)
      (parameters, state) = optimizer.update(
        parameters: parameters, gradients: slopes, state: state)
    }
    return loss(parameters)
  }

  private let start = [
    double([0.7, -0.5, 0.3, 0.4, -0.9, 0.8], [3, 2], requiresGradient: true),
    double([-0.6, 0.2], requiresGradient: true),
  ]

  @Test(arguments: differentiable.map(\.name))
  func `Gradients through training are those of finite differences`(name: String) throws {
    let factors = [double([1.5, 0.5, 0.7, 1.1, 0.9, 0.6], [3, 2]), double([0.8, 1.2])]
    let rate = double([0.03], [], requiresGradient: true)
    let result = try lossAfterTraining(name, rate: rate, start: start, factors: factors)
    let slopes = gradients(of: result, withRespectTo: [rate] + start)
    func value(_ rate: Double, _ shift: Double, _ leaf: Int, _ element: Int) throws -> Double {
      var moved = start
      var values = start[leaf].value.doubles()
      values[element] += shift
      moved[leaf] = double(values, start[leaf].shape, requiresGradient: true)
      return try lossAfterTraining(
        name, rate: double([rate], []), start: moved, factors: factors
      ).item()
    }
    func derivative(_ f: (Double) throws -> Double) rethrows -> Double {
      let h = 1e-4
      return try (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
    }
    let byRate = try derivative { try value(0.03 + $0, 0, 0, 0) }
    let exact = try #require(slopes[0]).item()
    #expect(exact != 0)
    #expect(abs(exact - byRate) < 1e-6 * max(1, abs(byRate)), "\(exact) against \(byRate)")
    for leaf in start.indices {
      let exact = try #require(slopes[leaf + 1]).value.doubles()
      for element in exact.indices {
        let estimate = try derivative { try value(0.03, $0, leaf, element) }
        #expect(
          abs(exact[element] - estimate) < 1e-6 * max(1, abs(estimate)),
          "\(exact[element]) against \(estimate), leaf \(leaf), element \(element)")
      }
    }
  }

  @Test(arguments: differentiable.map(\.name), [0, 1, 2])
  func `Gradients through training are finite where the loss is flat`(
    name: String, flat: Int
  ) throws {
    // One coordinate of each parameter without influence, a whole parameter, or all.
    let factors: [Variable] =
      switch flat {
      case 0: [double([1.5, 0, 0.7, 1.1, 0.9, 0.6], [3, 2]), double([0, 1.2])]
      case 1: [double([0, 0, 0, 0, 0, 0], [3, 2]), double([0.8, 1.2])]
      default: [double([0, 0, 0, 0, 0, 0], [3, 2]), double([0, 0])]
      }
    for start in [start, start.map { double([Double](repeating: 0, count: $0.count), $0.shape) }] {
      let rate = double([0.03], [], requiresGradient: true)
      for leaf in start { leaf.requiresGradient = true }
      let result = try lossAfterTraining(name, rate: rate, start: start, factors: factors)
      #expect(result.item().isFinite)
      for slope in gradients(of: result, withRespectTo: [rate] + start) {
        let values = try #require(slope).value.doubles()
        #expect(values.allSatisfy { $0.isFinite }, "\(values)")
      }
    }
  }

  @Test func `A step of sharpness-aware minimization can be differentiated`() throws {
    let rate = double([0.1], [], requiresGradient: true)
    func result(_ w: Variable, _ rate: Variable) -> Variable {
      let leaf = Variable(w.value, requiresGradient: true)
      let optimizer = SharpnessAware(SGD([(name: "w", value: leaf)], learningRate: rate))
      func loss(_ w: Variable) -> Variable { (exp(w) + square(w)).sum() }
      let slope = gradient(of: loss(w), withRespectTo: w, createGraph: true)
      let uphill = optimizer.ascended([w], gradients: [slope])
      let there = gradient(of: loss(uphill[0]), withRespectTo: uphill[0], createGraph: true)
      let next = optimizer.update(
        parameters: [w], gradients: [there], state: optimizer.initialState(for: [w]))
      return loss(next.parameters[0])
    }
    let report = gradCheck(
      { result($0[0], $0[1]) }, at: [double([0.5, -1]), rate], order: .first)
    #expect(report.passed, "\(report)")
    let zero = double([0, 0], requiresGradient: true)
    expect(
      SharpnessAware(SGD([(name: "w", value: zero)])).ascended([zero], gradients: [zero])[0],
      equals: [0, 0])
  }
}
