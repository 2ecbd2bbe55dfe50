import Testing

@testable import Autograd

@Suite struct SlicingTests {
  // [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
  private let x = Variable(Tensor.range(to: 12)).reshaped(3, 4)

  @Test func integersRemoveTheirAxis() {
    expectArray(x[1], [4], [4, 5, 6, 7])
    expectArray(x[-1], [4], [8, 9, 10, 11])
    expectArray(x[1, 2], [], [6])
    expectArray(x[-3, -4], [], [0])
  }

  @Test func rangesKeepTheirAxis() {
    expectArray(x[1..<3], [2, 4], [4, 5, 6, 7, 8, 9, 10, 11])
    expectArray(x[0...0], [1, 4], [0, 1, 2, 3])
    expectArray(x[2...], [1, 4], [8, 9, 10, 11])
    expectArray(x[..<1, 1...2], [1, 2], [1, 2])
    expectArray(x[...0, 3...], [1, 1], [3])
    expectArray(x[3...], [0, 4], [])
    expectArray(x[1..<1, 0], [0], [])
  }

  @Test func negativeBoundsCountFromTheEnd() {
    expectArray(x[0, (-2)...], [2], [2, 3])
    expectArray(x[0, ..<(-1)], [3], [0, 1, 2])
    expectArray(x[0, -3 ..< -1], [2], [1, 2])
    expectArray(x[0, -3 ... -1], [3], [1, 2, 3])
    expectArray(x[0, ...(-2)], [3], [0, 1, 2])
  }

  @Test func ellipsisStandsForTheOtherAxes() {
    expectArray(x[..., 0], [3], [0, 4, 8])
    expectArray(x[ellipsis, 1], [3], [1, 5, 9])
    expectArray(x[0, ...], [4], [0, 1, 2, 3])
    expectArray(x[0, ..., 1], [], [1])
    expectArray(x[...], [3, 4], (0..<12).map(Float.init))
    #expect(x.reshaped(3, 2, 2)[0, ..., 1].array(of: Float.self) == [1, 3])
    #expect(x[ellipsis].shape == [3, 4])
  }

  @Test func newAxesHaveSizeOne() {
    #expect(x[newAxis].shape == [1, 3, 4])
    #expect(x[0..., newAxis].shape == [3, 1, 4])
    #expect(x[..., newAxis].shape == [3, 4, 1])
    #expect(x[newAxis, 0, newAxis, ..<2].shape == [1, 1, 2])
  }

  @Test func stepsFollowNumPy() {
    expectArray(x[every(2), 0], [2], [0, 8])
    expectArray(x[0, every(3)], [2], [0, 3])
    expectArray(x[0, every(-1)], [4], [3, 2, 1, 0])
    expectArray(x[0, every(-2)], [2], [3, 1])
    expectArray(x[0, every(-1, from: 2)], [3], [2, 1, 0])
    expectArray(x[0, every(-1, to: 1)], [2], [3, 2])
    expectArray(x[0, every(-1, from: -2, to: 0)], [2], [2, 1])
    expectArray(x[0, every(1, from: 1, to: -1)], [2], [1, 2])
    expectArray(x[0, every(5)], [1], [0])
    expectArray(x[0, every(1, from: 3, to: 1)], [0], [])
    expectArray(x[0, every(-1, from: 1, to: 3)], [0], [])
  }

  @Test func stepsAgreeWithStrideForAllBounds() {
    for size in 1...4 {
      let x = Variable(Tensor.range(to: Double(size)))
      for step in [-3, -2, -1, 1, 2, 3] {
        let bounds = step > 0 ? 0...size : 0...(size - 1)
        for from in bounds {
          for to in bounds {
            let expected = stride(from: from, to: to, by: step).map(Float.init)
            expectArray(x[every(step, from: from, to: to)], [expected.count], expected)
          }
          let last = step > 0 ? size : -1
          let rest = stride(from: from, to: last, by: step).map(Float.init)
          expectArray(x[every(step, from: from)], [rest.count], rest)
        }
      }
    }
  }

  @Test func slicesOfViews() {
    expectArray(x.transposed()[1], [3], [1, 5, 9])
    expectArray(x.transposed()[every(-1), -1], [4], [11, 10, 9, 8])
    expectArray(x[every(-1), every(-1)][every(-1)][0], [4], [3, 2, 1, 0])
    expectArray(x[0].expanded(to: [2, 4])[1, every(-2)], [2], [3, 1])
  }

  @Test func largeSlicesShareMemory() {
    let big = Variable(Tensor.range(to: 10_000)).reshaped(100, 100)
    let part = big[every(-1), 10..<20]
    #expect(part.value.storage === big.value.storage)
    #expect(part[0, 0].item() == 9910)
    #expect(part[99].array(of: Float.self) == (10..<20).map(Float.init))
  }

  @Test func gradientIsZeroOutside() {
    let x = Variable([1, 2, 3, 4], requiresGradient: true)
    let y = (x[1..<3] * Variable([10, 20])).sum()
    #expect(gradient(of: y, withRespectTo: x).array(of: Float.self) == [0, 10, 20, 0])
    let z = (x[every(-2)] * Variable([10, 20])).sum()
    #expect(gradient(of: z, withRespectTo: x).array(of: Float.self) == [0, 20, 0, 10])
    let m = Variable([[1, 2], [3, 4]], requiresGradient: true)
    #expect(gradient(of: m[1, 0], withRespectTo: m).array(of: Float.self) == [0, 0, 1, 0])
    let n = (m[newAxis, ..., 1] * Variable([[5, 7]])).sum()
    #expect(gradient(of: n, withRespectTo: m).array(of: Float.self) == [0, 5, 0, 7])
  }

  @Test func secondDerivative() {
    let x = Variable([1, 2, 3], requiresGradient: true)
    let y = (x[1...] * x[1...] * x[..<2]).sum()  // x₁² x₀ + x₂² x₁
    let g = gradient(of: y, withRespectTo: x, createGraph: true)
    #expect(g.array(of: Float.self) == [4, 13, 12])
    // The Hessian [[0, 4, 0], [4, 2, 6], [0, 6, 4]] times ones.
    let h = gradient(of: g.sum(), withRespectTo: x)
    #expect(h.array(of: Float.self) == [4, 12, 10])
  }

  // MARK: What is left out has the derivative 0, not NaN

  @Test func leftOutSingularityIsHarmless() {
    let (g, h) = derivatives(at: [0, 4, 16]) { sqrt($0)[1...] }
    #expect(g == [0, 0.25, 0.125])
    #expect(h == [0, -0.03125, -0.00390625])
  }

  @Test func strictModeKeepsIEEE() {
    let x = Variable([0, 4], requiresGradient: true)
    let y = sqrt(x)[1...].sum()
    let g = withStrictGradients { gradient(of: y, withRespectTo: x) }
    #expect(g.array(of: Float.self)[0].isNaN)
  }

  @Test func sliceOfSlice() {
    let (g, h) = derivatives(at: [0, 0, 4, 0]) { sqrt($0)[1...][1..<2] }
    #expect(g == [0, 0, 0.25, 0])
    #expect(h == [0, 0, -0.03125, 0])
    let (a, b) = derivatives(at: [0, 4, 0]) { log(sqrt($0)[every(-1)][1]) }
    #expect(a == [0, 0.125, 0])
    #expect(b == [0, -0.03125, 0])
  }

  @Test func sliceThenSelect() {
    let (g, h) = derivatives(at: [0, 0, 4]) { x in
      let part = sqrt(x)[1...]
      return select(x[1...] .> 0, part, 0)
    }
    #expect(g == [0, 0, 0.25])
    #expect(h == [0, 0, -0.03125])
  }

  @Test func selectThenSlice() {
    let (g, h) = derivatives(at: [0, 0, 4]) { x in select(x .> 0, sqrt(x), 0)[1...] }
    #expect(g == [0, 0, 0.25])
    #expect(h == [0, 0, -0.03125])
  }

  @Test func maskPassesReductionsAndReshapes() {
    let (g, h) = derivatives(at: [[0, 4], [0, 16]]) { x in
      sqrt(x).transposed().reshaped(4)[2...]
    }
    #expect(g == [0, 0.25, 0, 0.125])
    #expect(h == [0, -0.03125, 0, -0.00390625])
  }

  @Test func anUnslicedUseKeepsAllElementsAlive() {
    let (g, _) = derivatives(at: [1, 4]) { x in
      let root = sqrt(x)
      return root[1...].sum() + root.sum()
    }
    #expect(g == [0.5, 0.5])
    let x = Variable([0, 4], requiresGradient: true)
    let root = sqrt(x)
    let y = root[1...].sum() + root.sum()
    // The unsliced use has the true derivative ∞ at 0.
    #expect(gradient(of: y, withRespectTo: x).array(of: Float.self) == [.infinity, 0.5])
  }

  @Test func twoSlicesAreAliveWhereEitherIs() {
    let (g, _) = derivatives(at: [0, 4, 16]) { x in
      let root = sqrt(x)
      return root[1..<2].sum() + root[2...].sum()
    }
    #expect(g == [0, 0.25, 0.125])
  }

  // MARK: Errors

  @Test func indexOutOfRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([[1, 2], [3, 4]]).named("net.weight")[0, 2]
    }
    expectSentence(
      result, "subscript: index 2 is out of range for axis 1 of shape [2, 2] (in net)")
  }

  @Test func boundOutOfRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([1, 2, 3])[1..<4]
    }
    expectSentence(result, "subscript: upper bound 4 is out of range for axis 0 of shape [3]")
  }

  @Test func tooManyIndices() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([1, 2, 3])[0, 0]
    }
    expectSentence(result, "subscript: 2 indices for shape [3]")
  }
}
