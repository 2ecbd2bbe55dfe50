import Autograd
import Testing

/// The mistakes that every port of reverse mode makes, a test each, and what surrounds them.
@Suite struct BackwardTests {
  // MARK: - Assign instead of add

  @Test func contributionsOfSeveralUsesAreAdded() {
    let x = scalar(3)
    #expect(gradient(of: x * x + x, withRespectTo: x).item() == 7)
    #expect(gradient(of: x + x + x, withRespectTo: x).item() == 3)
    #expect(gradient(of: x * x * x, withRespectTo: x).item() == 27)
  }

  @Test func sharedCotangentIsNotChangedByAdding() {
    // Both inputs of the sum receive the same cotangent; adding to one must leave the other alone.
    let (a, b) = (leaf(1, 2), leaf(3, 4))
    let both = a + b
    let result = (both + 10 * a).sum()
    let all = gradients(of: result, withRespectTo: [a, b, both])
    #expect(all.map { $0?.array(of: Double.self) } == [[11, 11], [1, 1], [1, 1]])
  }

  @Test func backwardAddsToTheGradient() {
    let x = leaf(1, 2)
    let y = (x * x).sum()
    y.backward()
    y.backward()
    #expect(x.gradient?.array(of: Double.self) == [4, 8])
    x.gradient = nil
    y.backward()
    #expect(x.gradient?.array(of: Double.self) == [2, 4])
  }

  @Test func gradientIsNotSharedWithAnotherLeaf() {
    let (a, b) = (leaf(1), leaf(2))
    (a + b).sum().backward()
    (3 * a).sum().backward()
    #expect(a.gradient?.item() == 4)
    #expect(b.gradient?.item() == 1)
  }

  // MARK: - A node twice in the order

  @Test func nodeUsedTwiceIsPassedOnce() {
    let x = scalar(3)
    let y = x * x
    // d(2x² + x²)/dx = 6x.
    #expect(gradient(of: y * 2 + y, withRespectTo: x).item() == 18)
    #expect(gradient(of: y + y * 2, withRespectTo: x).item() == 18)
  }

  @Test func consumersComeBeforeWhatTheyConsume() {
    // f uses c directly and through b, in both orders of arguments; r = c · c².
    let x = scalar(2)
    let c = 3 * x
    let b = square(c)
    #expect(gradient(of: c * b, withRespectTo: x).item() == 3 * 3 * 36)
    #expect(gradient(of: b * c, withRespectTo: x).item() == 3 * 3 * 36)
  }

  @Test func ladderOfSharedNodesIsNotExponential() {
    // 2⁶⁰ paths, 60 nodes.
    let x = scalar(1)
    var y = x
    for _ in 0..<60 { y = y + y }
    #expect(gradient(of: y, withRespectTo: x).item() == 0x1p60)
  }

  @Test func randomGraphsAgreeWithNaiveReverseMode() {
    for seed in 0..<500 as Range<UInt64> {
      let graph = RandomGraph(seed: seed)
      let leaves = graph.leaves.map { scalar($0) }
      let found = gradients(of: graph.evaluate(leaves), withRespectTo: leaves)
      for (found, expected) in zip(found, graph.naiveGradient()) {
        let error = abs((found?.item() ?? 0) - expected)
        #expect(error <= 1e-12 * max(1, abs(expected)), "seed \(seed)")
      }
    }
  }

  // MARK: - A closure that keeps its own output alive

  @Test func recordedOperationsDoNotKeepThemselvesAlive() {
    expectNoLiveNodes {
      let x = leaf(1, 2)
      let y = tanh(exp(x) * x)
      y.sum().backward()
      _ = gradient(of: y.sum(), withRespectTo: x, createGraph: true)
    }
  }

  @Test func ownOperationsDoNotKeepThemselvesAlive() {
    expectNoLiveNodes {
      let cube = DifferentiableFunction("cube") {
        $0[0] * $0[0] * $0[0]
      } derivative: { x, y, g in
        [3 * g * y / x[0]]
      }
      let x = leaf(1, 2)
      let y = cube(x)
      y.sum().backward()
      _ = gradient(of: y.sum(), withRespectTo: x, createGraph: true)
    }
  }

  // MARK: - Recursive release

  @Test func longChainIsReleasedWithoutRecursion() {
    expectNoLiveNodes {
      var x = scalar(1)
      for _ in 0..<300_000 { x = -x }
    }
  }

  // MARK: - Seeds and results

  @Test func seedWeighsTheOutputs() {
    let x = leaf(1, 2, 3)
    let g = gradient(of: x * x, withRespectTo: x, seed: constant(1, 10, 100))
    #expect(g.array(of: Double.self) == [2, 40, 600])
  }

  @Test func gradientByIntermediateResult() {
    let x = leaf(1, 2)
    let y = x * x
    let z = (y * y).sum()
    #expect(gradient(of: z, withRespectTo: y).array(of: Double.self) == [2, 8])
  }

  @Test func gradientBySelfIsOne() {
    let x = scalar(5)
    #expect(gradient(of: x, withRespectTo: x).item() == 1)
    let c = Variable([4])
    #expect(gradient(of: c, withRespectTo: c).item() == 1)
  }

  @Test func graphCanBeUsedAgain() {
    let x = scalar(2)
    let y = x * x
    let (a, b) = (gradient(of: y, withRespectTo: x), gradient(of: y, withRespectTo: x))
    #expect(a.item() == 4 && b.item() == 4)
    #expect(gradient(of: y * y, withRespectTo: x).item() == 32)
  }

  @Test func resultWithoutSeedMustBeOneNumber() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Variable([1, 2, 3], requiresGradient: true)
      (x * x).backward()
    }
    #expect(errors(of: result).contains("has 3 elements; reduce it to one"))
  }

  @Test func seedMustFit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Variable([1, 2, 3], requiresGradient: true)
      (x * x).backward(seed: Variable([1, 2]))
    }
    let message = errors(of: result)
    #expect(message.contains("the seed float32 [2] does not fit the result float32 [3]"))
  }

  @Test func constantHasNoBackward() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Variable([1]).backward() }
    #expect(errors(of: result).contains("does not require a gradient"))
  }
}

/// A random program on scalars, and its gradient by the definition: recursive, without an order.
private struct RandomGraph {
  enum Step {
    case add(Int, Int), multiply(Int, Int), sine(Int)
  }

  var leaves: [Double] = []
  private var steps: [Step] = []

  init(seed: UInt64) {
    var state = seed &+ 1
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    leaves = (0..<3).map { _ in Double(draw(2_000)) / 1_000 - 1 }
    for index in 0..<(3 + draw(12)) {
      // The last three values are likely inputs: so graphs are deep, and nodes have several uses.
      let known = leaves.count + index
      let (a, b) = (known - 1 - draw(min(known, 3)), draw(known))
      switch draw(4) {
      case 0: steps.append(.add(b, a))
      case 1: steps.append(.multiply(a, b))
      case 2: steps.append(.multiply(b, a))
      default: steps.append(.sine(a))
      }
    }
  }

  func evaluate(_ leaves: [Variable]) -> Variable {
    var values = leaves
    for step in steps {
      switch step {
      case .add(let a, let b): values.append(values[a] + values[b])
      case .multiply(let a, let b): values.append(values[a] * values[b])
      case .sine(let a): values.append(sin(values[a]))
      }
    }
    return values[values.count - 1]
  }

  func naiveGradient() -> [Double] {
    let values = withoutRecording { () -> [Double] in
      var values = leaves
      for step in steps {
        switch step {
        case .add(let a, let b): values.append(values[a] + values[b])
        case .multiply(let a, let b): values.append(values[a] * values[b])
        case .sine(let a): values.append(sin(scalar(values[a])).item())
        }
      }
      return values
    }
    var result = [Double](repeating: 0, count: leaves.count)
    // Adds the cotangent g of a value to all leaves below it, path by path.
    func propagate(_ g: Double, to index: Int) {
      if index < leaves.count {
        result[index] += g
        return
      }
      switch steps[index - leaves.count] {
      case .add(let a, let b):
        propagate(g, to: a)
        propagate(g, to: b)
      case .multiply(let a, let b):
        propagate(g * values[b], to: a)
        propagate(g * values[a], to: b)
      case .sine(let a):
        propagate(g * cos(scalar(values[a])).item(), to: a)
      }
    }
    propagate(1, to: values.count - 1)
    return result
  }
}
