import Autograd
import NN
import Testing

@Suite struct OptimizerWrapperTests {
  private let w = double([1, -2], requiresGradient: true)
  private var named: NamedParameters { [("w", w)] }

  @Test func `Micro-batches are accumulated to their mean or sum`() {
    let v = double([0], requiresGradient: true)
    let both = named + [(name: "v", value: v)]
    let optimizer = SGD(both, learningRate: 0.5).accumulating(2)
    optimizer.step(gradients: [double([1, 2]), nil])
    expect(w, equals: [1, -2])
    optimizer.step(gradients: [double([3, -4]), nil])
    expect(w, equals: [0, -1.5])
    #expect(optimizer.state.inner[0].parameters.map(\.step) == [1, 0])
    // A missing gradient counts as 0; the next window begins from nothing.
    optimizer.step(gradients: [nil, double([8])])
    optimizer.step(gradients: [double([4, 4]), nil])
    expect(w, equals: [-1, -2.5])
    expect(v, equals: [-2])
    let sum = SGD(named, learningRate: 0.5).accumulating(2, as: .sum)
    for _ in 0..<2 { sum.step(gradients: [double([1, 1])]) }
    expect(w, equals: [-2, -3.5])
  }

  @Test func `Accumulated micro-batches equal the whole batch`() throws {
    let references = try References(topic: "optimizers")
    let (whole, parts) = (try OptimizerProblem(references), try OptimizerProblem(references))
    let optimizer = Adam(parts.named).clipped(byGlobalNorm: 0.1).accumulating(3)
    whole.train(Adam(whole.named).clipped(byGlobalNorm: 0.1), steps: 5)
    parts.train(optimizer, steps: 15)
    expect(double(parts.values), equals: whole.values, within: 1e-14)
  }

  @Test func `Steps with gradients that are not finite change nothing`() {
    let v = double([3], requiresGradient: true)
    let optimizer = Adam(named + [(name: "v", value: v)]).skippingNonFinite()
    optimizer.step(gradients: [double([1, 1]), nil])
    let (before, saved) = (w.array(of: Double.self), optimizer.base.savedState())
    optimizer.step(gradients: [double([1, 1]), double([.nan])])
    optimizer.step(gradients: [double([.infinity, 1]), double([1])])
    #expect(w.array(of: Double.self) == before && v.item() == 3)
    let after = optimizer.base.savedState()
    #expect(after.mapValues { $0.doubles() } == saved.mapValues { $0.doubles() })
    #expect(optimizer.skippedSteps == 2)
    optimizer.step(gradients: [double([1, 1]), double([1])])
    #expect(w.array(of: Double.self) != before && optimizer.skippedSteps == 2)
  }

  @Test func `Averages are swapped in for a closure only, even if it throws`() {
    struct Failure: Error {}
    let optimizer = SGD(named, learningRate: 1).averaging(.equal(from: 2, every: 2))
    #expect(optimizer.withAverages { w.array(of: Double.self) } == [1, -2])
    for slope in [1.0, 1, 2, 2, 4, 4] { optimizer.step(gradients: [double([slope, 0])]) }
    // After steps 2, 4 and 6 the first element was −1, −5 and −13.
    #expect(optimizer.averagedSteps == 3)
    let average = optimizer.withAverages { w.array(of: Double.self) }
    expect(double(average), equals: [-19.0 / 3, -2])
    #expect(throws: Failure.self) { try optimizer.withAverages { throw Failure() } }
    expect(w, equals: [-13, -2])
  }

  @Test func `The first exponential average is the parameters themselves`() {
    let optimizer = SGD(named, learningRate: 1).averaging(.exponential(decay: 0.75))
    optimizer.step(gradients: [double([0.1, 0.3])])
    let own = w.array(of: Double.self)
    #expect(optimizer.withAverages { w.array(of: Double.self) } == own)
    optimizer.step(gradients: [double([-4, 0])])
    expect(double(optimizer.withAverages { w.array(of: Double.self) }), equals: [1.9, -2.3])
  }

  @Test func `Wrappers pass the learning rate on`() {
    let optimizer = SGD(named, learningRate: 1).clipped(byValue: 1).accumulating(1)
    optimizer.learningRate = 0.25
    optimizer.step(gradients: [double([7, -0.5])])
    expect(w, equals: [0.75, -1.875])
  }

  @Test func `A group keeps the proportions of its learning rates`() {
    let v = double([0], requiresGradient: true)
    let group = OptimizerGroup([
      SGD(named, learningRate: 0.5), SGD([(name: "v", value: v)], learningRate: 0.05),
    ])
    for rate in [0, 1.0] {
      group.learningRate = Variable(rate)
      #expect(group.learningRate.item() == rate)
      #expect(abs(group.members[1].learningRate.item() - rate / 10) < 1e-17)
    }
    group.clipped(byGlobalNorm: 2.5).step(gradients: [double([3, 0]), double([4])])
    expect(w, equals: [1 - 1.5, -2], within: 1e-6)
    expect(v, equals: [-0.2], within: 1e-6)
    // A recorded rate scales both, and can be differentiated by.
    let rate = double([2], [], requiresGradient: true)
    group.learningRate = rate
    let next = group.update(
      parameters: [w, v], gradients: [double([1, 0]), double([1])],
      state: group.initialState(for: [w, v]))
    let total = next.parameters.map { $0.sum() }.reduce(0, +)
    expect(gradient(of: total, withRespectTo: rate), equals: [-1.1])
  }
}

@Suite struct GradientTransformTests {
  private let gradients: [Variable?] = [double([3, -4], [2, 1]), nil, double([12])]

  private func values(_ gradients: [Variable?]) -> [[Double]?] {
    gradients.map { $0?.value.doubles() }
  }

  @Test func `Gradients are clipped`() throws {
    #expect(values(gradients.clipped(byValue: 3.5)) == [[3, -3.5], nil, [3.5]])
    #expect(values(gradients.clipped(byNorm: 100)) == values(gradients))
    expect(gradients.clipped(byNorm: 5)[0], equals: [3, -4], within: 1e-6)
    expect(gradients.clipped(byNorm: 5)[2], equals: [5], within: 1e-6)
    #expect(try #require(gradients.globalNorm).item() == 13)
    let clipped = gradients.clipped(byGlobalNorm: 6.5)
    expect(clipped[0], equals: [1.5, -2], within: 1e-6)
    expect(clipped[2], equals: [6], within: 1e-6)
    #expect(values([nil].clipped(byGlobalNorm: 1)) == [nil])
    #expect(values(gradients.clipped(byGlobalNorm: 0)) == [[0, -0.0], nil, [0]])
  }

  @Test func `Adaptive clipping goes by units`() {
    let weight = double([10, 0, 0.1, 0], [2, 2])
    let slopes: [Variable?] = [double([3, 4, 3, 4], [2, 2]), double([1, 1])]
    let clipped = slopes.clipped(byShare: 0.1, of: [weight, double([0, 0])])
    // Unit norms 10 and 0.1 allow 1 and 0.01; the vector of zeros counts as 0.001.
    expect(clipped[0], equals: [0.6, 0.8, 0.006, 0.008])
    let share = 1e-4 / 2.0.squareRoot()
    expect(clipped[1], equals: [share, share])
    let small: [Variable?] = [double([0.3, 0.4], [1, 2])]
    expect(small.clipped(byShare: 1, of: [double([1, 0], [1, 2])])[0], equals: [0.3, 0.4])
  }

  @Test func `NaNs become zeros`() {
    let slopes: [Variable?] = [double([1, .nan, .infinity])]
    #expect(values(slopes.zeroingNaNs()) == [[1, 0, .infinity]])
  }

  @Test func `Clipped gradients can be differentiated, at a norm of 0 too`() {
    let transforms: [([Variable?]) -> [Variable?]] = [
      { $0.clipped(byValue: 3.5) }, { $0.clipped(byNorm: 2) }, { $0.clipped(byGlobalNorm: 2) },
      { $0.clipped(byShare: 0.1, of: [double([1, 2]), double([3])]) },
    ]
    for transform in transforms {
      let report = gradCheck(
        { concatenate(transform([$0[0], $0[1]]).map { $0! }) },
        at: [double([3, -4]), double([12])])
      #expect(report.passed, "\(report)")
      let zero = double([0, 0], requiresGradient: true)
      let other = double([0], requiresGradient: true)
      let sum = transform([zero, other]).map { $0!.sum() }.reduce(0, +)
      expect(gradient(of: sum, withRespectTo: zero), equals: [1, 1])
    }
  }
}
