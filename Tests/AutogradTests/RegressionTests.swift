import Autograd
import Testing

/// Mistakes that were made once.
@Suite struct RegressionTests {
  @Test func literalFromAHookTakesTheTypeAndShapeOfTheCotangent() {
    let x = leaf(1, 2, 3)
    let y = 2 * x
    y.addGradientHook { _ in 0.5 }
    let g = gradient(of: ((y + x).sum() + (3 * x).sum()), withRespectTo: x)
    #expect(g.dtype == .float64)
    #expect(g.array(of: Double.self) == [5, 5, 5])
  }

  @Test func hookOfAnotherTypeIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = leaf(1, 2, 3)
      let y = 2 * x
      y.addGradientHook { _ in Variable([5, 5, 5] as [Float]) }
      _ = gradient(of: y.sum(), withRespectTo: x)
    }
    expectSentence(
      result,
      "addGradientHook: the hook returned float32 [3] for the cotangent float64 [3]")
  }

  @Test func literalFromADerivativeTakesTheTypeAndShapeOfTheInput() {
    let shift = DifferentiableFunction("shift") {
      $0[0] + 2
    } derivative: { _, _, _ in
      [1]
    }
    let x = leaf(1, 2, 3)
    let z = shift(x).sum() + (3 * x).sum() + (x * x).sum()
    #expect(gradient(of: z, withRespectTo: x).array(of: Double.self) == [6, 8, 10])
  }

  @Test func derivativeOfAnotherTypeIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let f = DifferentiableFunction("f") {
        $0[0] + 1
      } derivative: { x, _, g in
        [g.cast(to: .float32)]
      }
      let x = leaf(1, 2)
      _ = gradient(of: f(x).sum() + x.sum(), withRespectTo: x)
    }
    expectSentence(result, "f: cotangent 0 is float32 [2], its input float64 [2]")
  }

  @Test func literalSeedKeepsItsPrecision() {
    let x = leaf(1, 3)
    let g = gradient(of: x + x, withRespectTo: x, seed: 0.1)
    #expect(g.array(of: Double.self) == [0.2, 0.2])
  }

  @Test func exponentNearTwoIsNotTwo() {
    let y = pow(leaf(3), Variable(2.000_000_000_1))
    #expect(y.item() > 9.000_000_000_9)
  }

  @Test func gradientsOfTwoVariablesAreNotOneNode() {
    let (a, b) = (leaf(1, 2), leaf(3, 4))
    (a + b).sum().backward()
    a.gradient?.assign(10 * (a.gradient ?? 0))
    #expect(a.gradient?.array(of: Double.self) == [10, 10])
    #expect(b.gradient?.array(of: Double.self) == [1, 1])
  }

  @Test func gradientIsNotTheSeed() {
    let (a, b) = (leaf(1, 2), leaf(3, 4))
    let seed = Variable([1, 2] as [Double])
    let found = gradients(of: a + b, withRespectTo: [a, a, b, b], seed: seed).compactMap(\.self)
    for (index, g) in found.enumerated() {
      #expect(!g.isIdentical(to: seed))
      g.assign(Variable(Double(index)) * Variable([1, 1] as [Double]))
    }
    #expect(seed.array(of: Double.self) == [1, 2])
    #expect(found.map { $0[0].item() } == [0, 1, 2, 3])
  }

  @Test func gradientThatIsTheSeedStaysConnectedToIt() {
    let (a, b, v) = (leaf(1, 2), leaf(3, 4), leaf(5, 6))
    let g = gradient(of: a + b, withRespectTo: a, seed: v, createGraph: true)
    #expect(gradient(of: (3 * g).sum(), withRespectTo: v).array(of: Double.self) == [3, 3])
  }

  @Test func remainderCountsWithTheQuotientOfItsValue() {
    // In double, 1 / 0.1 rounds to 10, but 1 mod 0.1 is 1 − 9 · 0.1.
    let (a, b) = (leaf(1, -7), leaf(0.1, 2))
    let g = gradient(of: remainder(a, b).sum(), withRespectTo: b)
    #expect(g.array(of: Double.self) == [-9, 4])
  }

  @Test func literalBeyondTheTypeIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable([1, 2] as [UInt8]) .< 256
    }
    expectSentence(result, "less: the literal 256 does not fit uint8")
  }

  @Test func literalIsAnIndex() {
    #expect(indexSelect(leaf(1, 2, 3), at: 1).item() == 2)
  }

  @Test func accumulationKeepsToTheRecordingOfThePass() {
    let x = leaf(2)
    let y = (x * x * x).sum()
    y.backward(createGraph: true)
    withoutRecording { y.backward(createGraph: true) }
    #expect(x.gradient?.item() == 24)
    #expect(x.gradient?.requiresGradient == false)
  }

  @Test func releaseWithHooksThatCaptureTheirInputsDoesNotRecurse() {
    var x = leaf(1)
    for _ in 0..<200_000 {
      let before = x
      x = 1 * before
      x.addGradientHook { $0 + 0 * before }
    }
    x = leaf(1)
    #expect(x.isLeaf)
  }

  @Test func sizesThatOverflowAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2_000_000_000, 2_000_000_000, 2_000_000_000])
    }
    expectSentence(result, "shape: [2000000000, 2000000000, 2000000000] has too many elements")
  }

  @Test func endlessRangeIsAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.range(to: .infinity)
    }
    expectSentence(result, "range: from 0.0 to inf by 1.0 has inf elements")
  }
}
