import Autograd
import NN
import Testing

/// A rule that goes by Swift state.
private final class Alternating: UpdateRule {
  var steps = 0

  init(_ parameters: some ParameterSource) { super.init(parameters, learningRate: 0.25) }

  override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    steps += 1
    return steps % 2 == 0 ? parameter + gradient : parameter - rate(for: parameter) * gradient
  }
}

private final class Tripled: UpdateRule, PureRule {
  private(set) var calls = 0

  init(_ parameters: some ParameterSource) { super.init(parameters, learningRate: 0.5) }

  override func update(
    _ parameter: Variable, gradient: Variable, state: inout ParameterState
  ) -> Variable {
    calls += 1
    let share = state.number(parameter.dtype) { 1 / Double($0) }
    return parameter - share * rate(for: parameter) * gradient
  }
}

/// Parameters with an optimizer, and the same ones improved by the pure form, which is never a plan.
private struct Race {
  let parameters: NamedParameters
  let optimizer: any Optimizer
  private var values: [Variable]
  private var state: OptimizerState

  init(_ make: (NamedParameters) -> any Optimizer) {
    let shapes: [Shape] = [[4, 3], [4], [70], [2, 2]]
    let dtypes: [DType] = [.float32, .float32, .float64, .float64]
    let all = zip(shapes, dtypes).enumerated().map { index, kind in
      let value = random(kind.0, kind.1, seed: index)
      return (name: "\(index)", value: Variable(value, requiresGradient: true))
    }
    optimizer = make(all)
    // A group has an order of its own.
    parameters = optimizer.namedParameters
    values = parameters.map { $0.value.detached() }
    state = optimizer.state
    // Handles are leaves of the optimizer; the pure form goes on from copies.
    for index in state.parameters.indices {
      state.parameters[index].slots = state.parameters[index].slots.map { Variable($0.value) }
    }
    copyInner(&state)
  }

  private func copyInner(_ state: inout OptimizerState) {
    for inner in state.inner.indices {
      for index in state.inner[inner].parameters.indices {
        let slots = state.inner[inner].parameters[index].slots
        state.inner[inner].parameters[index].slots = slots.map { Variable($0.value) }
      }
      copyInner(&state.inner[inner])
    }
  }

  /// A step by both; whether they agree.
  mutating func step(_ number: Int, leavingOut missing: Set<Int> = []) -> Bool {
    let slopes = parameters.enumerated().map { index, parameter -> Variable? in
      let (shape, dtype) = (parameter.value.shape, parameter.value.dtype)
      return missing.contains(index)
        ? nil : Variable(random(shape, dtype, seed: 100 * number + index))
    }
    (values, state) = withoutRecording {
      optimizer.update(parameters: values, gradients: slopes, state: state)
    }
    optimizer.step(gradients: slopes)
    return zip(values, parameters).allSatisfy { value, parameter in
      zip(value.value.doubles(), parameter.value.value.doubles())
        .allSatisfy { $0.bitPattern == $1.bitPattern }
    }
  }
}

private func random(_ shape: Shape, _ dtype: DType, seed: Int) -> Tensor {
  var generator = RandomGenerator(seed: UInt64(seed))
  return Tensor.normal(shape, dtype: dtype, using: &generator)
}

@Suite struct PlannedStepTests {
  private static let rules: [(name: String, make: @Sendable (NamedParameters) -> any Optimizer)] = [
    ("SGD", { SGD($0, learningRate: 0.1) }),
    ("momentum", { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.1) }),
    ("Adam", { Adam($0, isAMSGrad: true) }), ("AdamW", { AdamW($0, weightDecay: 0.1) }),
    ("RMSprop", { RMSprop($0, momentum: 0.9, isCentered: true) }), ("Adagrad", { Adagrad($0) }),
    ("Adadelta", { Adadelta($0) }), ("Adamax", { Adamax($0) }), ("NAdam", { NAdam($0) }),
    ("RAdam", { RAdam($0) }), ("Lion", { Lion($0) }), ("LAMB", { LAMB($0) }),
    ("Adafactor", { Adafactor($0) }), ("Rprop", { Rprop($0) }),
    ("ASGD", { ASGD($0, averagingStart: 3) }),
    (
      "Muon in a group",
      { all in
        OptimizerGroup([
          Muon(all.filter { $0.value.rank == 2 }), Adam(all.filter { $0.value.rank != 2 }),
        ])
      }
    ),
    ("clipped", { Adam($0).clipped(byGlobalNorm: 1) }),
    ("accumulating", { Adam($0).accumulating(3) }),
    ("averaging", { SGD($0, learningRate: 0.1).averaging(.exponential(decay: 0.9)) }),
    ("skipping", { Adam($0).skippingNonFinite() }),
    ("lookahead", { Lookahead(Adam($0), interval: 3) }),
    ("own rule", { Tripled($0) }),
  ]

  @Test(arguments: rules.map(\.name))
  func `A planned step has the bits of the pure form`(name: String) throws {
    let make = try #require(Self.rules.first { $0.name == name }).make
    var race = Race(make)
    for step in 0..<12 {
      let agrees = race.step(step)
      #expect(agrees, "step \(step)")
    }
  }

  @Test(arguments: ["SGD", "Adam", "NAdam", "Adafactor", "own rule"])
  func `Gradients that are missing now and then`(name: String) throws {
    let make = try #require(Self.rules.first { $0.name == name }).make
    var race = Race(make)
    for step in 0..<30 {
      let missing: Set<Int> = step % 5 == 3 ? [0, 2] : step % 7 == 4 ? [1] : []
      let agrees = race.step(step, leavingOut: missing)
      #expect(agrees, "step \(step)")
    }
  }

  @Test func `Rates that are set, replaced and scheduled`() {
    var race = Race { Adam($0) }
    let own = Variable(Tensor([0.02], shape: []))
    for step in 0..<20 {
      if step == 5 { race.optimizer.learningRate = 0.5 }
      if step == 9 { race.optimizer.learningRate = own }
      if step == 13 { own.assign(Variable(Tensor([0.03], shape: []))) }
      if step > 15 { race.optimizer.learningRate = Variable(1 / Double(step)) }
      let agrees = race.step(step)
      #expect(agrees, "step \(step)")
    }
  }

  @Test func `Frozen parameters, and states from elsewhere`() throws {
    var race = Race { Adam($0) }
    for step in 0..<5 {
      let agrees = race.step(step)
      #expect(agrees, "step \(step)")
    }
    race.parameters[1].value.requiresGradient = false
    for step in 5..<10 {
      let agrees = race.step(step)
      #expect(agrees, "step \(step)")
    }

    // Back to an earlier state: the same steps have the same effects.
    let (weights, saved) = (race.parameters.map(\.value.value), race.optimizer.savedState())
    func run() -> [[Double]] {
      for step in 0..<4 {
        race.optimizer.step(
          gradients: race.parameters.map {
            Variable(random($0.value.shape, $0.value.dtype, seed: step))
          })
      }
      return race.parameters.map { $0.value.value.doubles() }
    }
    let first = run()
    for (parameter, weight) in zip(race.parameters, weights) {
      parameter.value.assign(Variable(weight))
    }
    try race.optimizer.load(saved)
    #expect(run() == first)
    // What somebody else holds of the weights has not changed.
    #expect(weights.map { $0.doubles() } != first)
  }

  @Test func `Weights and gradients that others hold keep their values`() {
    let w = Variable(random([100], .float32, seed: 1), requiresGradient: true)
    let optimizer = SGD([(name: "w", value: w)], learningRate: 0.5)
    var snapshots: [(Tensor, [Double])] = []
    for _ in 0..<6 {
      snapshots.append((w.value, w.value.doubles()))
      // The gradient is the parameter itself.
      optimizer.step(gradients: [w])
    }
    for (tensor, values) in snapshots { #expect(tensor.doubles() == values) }
    #expect(w.value.doubles() == snapshots[0].1.map { $0 / 64 })
  }

  @Test func `A rule that goes by Swift state is not frozen`() {
    let w = Variable(Tensor([0.0 as Double]), requiresGradient: true)
    let optimizer = Alternating([(name: "w", value: w)])
    for _ in 0..<10 { optimizer.step(gradients: [Variable(Tensor([1.0 as Double]))]) }
    #expect(optimizer.steps == 10)
    #expect(w.item() == 5 * 0.75)
  }

  @Test func `A pure rule is recorded and no longer called`() {
    let w = Variable(Tensor([0.0 as Double]), requiresGradient: true)
    let optimizer = Tripled([(name: "w", value: w)])
    for _ in 0..<10 { optimizer.step(gradients: [Variable(Tensor([1.0 as Double]))]) }
    #expect(optimizer.calls == 1)
    #expect(optimizer.state.parameters[0].step == 10)
  }

  @Test func `A compiled step sees another rate, another state and other counts`() throws {
    func train(_ compiles: Bool) throws -> [Double] {
      let w = Variable(random([5], .float64, seed: 1), requiresGradient: true)
      let optimizer = Adam([(name: "w", value: w)], learningRate: 0.1)
      let function: () -> Variable = { optimizer.step { square(w).sum() } }
      let compiled = compile(function)
      let saved = optimizer.savedState()
      for step in 0..<12 {
        _ = compiles ? compiled() : function()
        if step == 4 { optimizer.learningRate = Variable(Tensor([0.3], shape: [])) }
        if step == 8 { try optimizer.load(saved) }
      }
      return w.value.doubles()
    }
    #expect(try train(true) == train(false))
  }
}
