import Autograd
import NN
import Testing

@Suite struct OptimizerTests {
  private let w = double([1, -2], requiresGradient: true)
  private var named: NamedParameters { [("w", w)] }

  @Test func `Given gradients are used in place of the parameters' own`() {
    let v = double([3], requiresGradient: true)
    let optimizer = SGD(named + [(name: "v", value: v)], learningRate: 0.5)
    optimizer.step(gradients: [double([1, 2]), nil])
    expect(w, equals: [0.5, -3])
    expect(v, equals: [3])
    #expect(optimizer.state.parameters.map(\.step) == [1, 0])
  }

  @Test func `A parameter without a gradient stays, and gradients can be forgotten`() {
    let v = double([3], requiresGradient: true)
    let optimizer = Adam(named + [(name: "v", value: v)])
    square(w).sum().backward()
    optimizer.step()
    expect(v, equals: [3])
    #expect(w.array(of: Double.self) != [1, -2])
    #expect(w.requiresGradient && w.isLeaf)
    optimizer.zeroGradients()
    #expect(w.gradient == nil)
  }

  @Test func `A closure computes the loss, and its value is returned`() {
    let optimizer = SGD(named, learningRate: 0.25)
    let loss = optimizer.step { square(w).sum() }
    #expect(loss.item() == 5)
    expect(w, equals: [0.5, -1])
    #expect(w.gradient == nil)
  }

  @Test func `The loss that a step returns holds no graph`() {
    let optimizer = SGD(named, learningRate: 0.25)
    optimizer.step { square(tanh(w)).sum() }
    let nodes = liveNodeCount()
    let loss = optimizer.step { square(tanh(w)).sum() }
    #expect(liveNodeCount() == nodes + 1)
    #expect(loss.isLeaf && !loss.requiresGradient)
    // A graph that somebody holds stays.
    var kept = loss
    let other = optimizer.step {
      kept = square(tanh(w)).sum()
      return kept
    }
    #expect(kept.requiresGradient && !other.requiresGradient)
    #expect(kept.item() == other.item())
  }

  @Test func `A module can be given as it is`() {
    var generator = RandomGenerator(seed: 0)
    let model = Linear(inputs: 2, outputs: 3, using: &generator)
    let optimizer = Adam(model)
    #expect(optimizer.namedParameters.map(\.name) == ["weight", "bias"])
    func train() {
      for _ in 0..<3 { optimizer.step { square(model([[1, 2]])).sum() } }
    }
    train()
    let nodes = liveNodeCount()
    train()
    #expect(liveNodeCount() == nodes, "training keeps graphs alive")
  }

  @Test func `A number as learning rate is changed in place, in full precision`() {
    let optimizer: any Optimizer = SGD(named, learningRate: 0.1)
    let leaf = optimizer.learningRate
    optimizer.learningRate = 0.3
    #expect(optimizer.learningRate.isIdentical(to: leaf) && leaf.item() == 0.3)
    optimizer.learningRate = Variable(0.7)
    optimizer.step(gradients: [double([1, 1])])
    expect(w, equals: [0.3, -2.7], within: 1e-15)
    let single = Variable([1] as [Float], requiresGradient: true)
    SGD([(name: "w", value: single)], learningRate: 0.5).step(gradients: [[1]])
    #expect(single.array(of: Float.self) == [0.5])
  }

  @Test func `A variable as learning rate is used itself, and can be assigned to`() {
    let rate = double([0.5], [])
    let optimizer = SGD(named, learningRate: rate)
    rate.assign(0.25)
    optimizer.step(gradients: [double([1, 1])])
    expect(w, equals: [0.75, -2.25])
    let other = double([1], [], requiresGradient: true)
    optimizer.learningRate = other
    #expect(optimizer.learningRate.isIdentical(to: other))
    // A number does not overwrite the caller's variable.
    optimizer.learningRate = 0.1
    #expect(other.item() == 1)
  }

  @Test func `A scheduled number does not spoil recorded updates`() {
    let optimizer = SGD(named, learningRate: 0.1)
    let start = double([3], requiresGradient: true)
    var (parameters, state) = ([start], optimizer.initialState(for: [start]))
    for step in 1...2 {
      optimizer.learningRate = Variable(0.1 * Double(step))
      let slopes = gradients(
        of: square(parameters[0]).sum(), withRespectTo: parameters, createGraph: true)
      (parameters, state) = optimizer.update(
        parameters: parameters, gradients: slopes, state: state)
    }
    // w (1 − 0.2) (1 − 0.4)
    expect(gradient(of: parameters[0].sum(), withRespectTo: start), equals: [0.48])
  }

  @Test func `The momentum is not the caller's gradient`() {
    let v = double([Double](repeating: 1, count: 100), requiresGradient: true)
    let optimizer = SGD([(name: "v", value: v)], learningRate: 0.5, momentum: 0.5)
    let slope = double([Double](repeating: 1, count: 100))
    optimizer.step(gradients: [slope])
    optimizer.step(gradients: [slope])
    #expect(slope.array(of: Double.self).allSatisfy { $0 == 1 })
    expect(optimizer.state.parameters[0].slots[0], equals: [Double](repeating: 1.5, count: 100))
  }

  @Test func `Steps equal the pure form, for each type`() throws {
    for (name, make) in optimizerCases where name != "sam" && !name.hasPrefix("lbfgs") {
      let references = try References(topic: "optimizers")
      let (inPlace, pure) = (try OptimizerProblem(references), try OptimizerProblem(references))
      inPlace.train(make(inPlace), steps: 6)
      let optimizer = make(pure)
      var parameters = optimizer.namedParameters.map(\.value)
      var state = optimizer.initialState(for: parameters)
      let order = pure.named.map { own in
        optimizer.namedParameters.firstIndex { $0.name == own.name }!
      }
      for _ in 0..<6 {
        let loss = pure.loss(order.map { parameters[$0] })
        let slopes = gradients(of: loss, withRespectTo: parameters)
        (parameters, state) = optimizer.update(
          parameters: parameters, gradients: slopes, state: state)
      }
      expect(
        double(order.flatMap { parameters[$0].value.doubles() }), equals: inPlace.values,
        within: 1e-14)
    }
    for dtype in [DType.float32, .float64] {
      let v = Variable(Tensor([1, 2], dtype: dtype), requiresGradient: true)
      let optimizer = NAdam([(name: "v", value: v)], weightDecay: .decoupled(0.1))
      optimizer.step { square(v).sum() }
      #expect(v.dtype == dtype && optimizer.state.parameters[0].slots[0].dtype == dtype)
    }
  }

  @Test func `Parameters without elements and single numbers are improved, too`() {
    let empty = double([], [0, 3], requiresGradient: true)
    let scalar = double([2], [], requiresGradient: true)
    let parameters: NamedParameters = [("empty", empty), ("scalar", scalar)]
    let makers: [(NamedParameters) -> any Optimizer] = [
      { Adam($0).clipped(byGlobalNorm: 1) }, { Adafactor($0) }, { LAMB($0) }, { Rprop($0) },
      { LBFGS($0) }, { Lookahead(RMSprop($0, isCentered: true)).clipped(byShareOfParameters: 1) },
    ]
    for make in makers {
      scalar.assign(2)
      let optimizer = make(parameters)
      optimizer.step { square(scalar).sum() + empty.sum() }
      #expect(scalar.item() < 2)
    }
  }

  @Test func `Weight decay acts on the selected parameters`() {
    let v = double([[1.0, -2]].flatMap { $0 }, [1, 2], requiresGradient: true)
    let both = named + [(name: "v", value: v)]
    let zeros = [double([0, 0]), double([0, 0], [1, 2])]
    SGD(
      both, learningRate: 0.5,
      weightDecay: .decoupled(0.2, where: WeightDecay.exceptBiasesAndNorms)
    ).step(gradients: zeros)
    expect(w, equals: [1, -2])
    expect(v, equals: [0.9, -1.8])
    SGD(both, learningRate: 0.5, weightDecay: .coupled(0.2) { name, _ in name == "w" })
      .step(gradients: zeros)
    expect(w, equals: [0.9, -1.8])
    Lion(named, learningRate: 0.5, weightDecay: 0.2).step(gradients: [double([0, 0])])
    expect(w, equals: [0.81, -1.62])
  }
}
