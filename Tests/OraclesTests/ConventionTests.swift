// The table of conventions at kinks and singular points in Dual.swift.
import Oracles
import Testing

private typealias Dual1 = Dual<WideFloat>

private func slope(_ x: WideFloat, _ f: (Dual<WideFloat>) -> Dual<WideFloat>) -> WideFloat {
  f(Dual(x, 1)).tangent
}

private struct Norm: NaiveFunction {
  let p: Double
  func callAsFunction<S: RealScalar>(_ x: [NaiveArray<S>]) -> NaiveArray<S> { x[0].norm(p) }
}

struct ConventionTests {
  @Test func kinksAtZero() {
    #expect(slope(0, Dual1.abs) == 0)
    #expect(slope(0, Dual1.sign) == 0)
    #expect(slope(0, Dual1.relu) == 0)
    #expect(slope(0) { Dual1.elu($0, alpha: 0.5) } == 0.5)
    #expect(slope(0) { Dual1.leakyRelu($0, slope: 0.25) } == 0.25)
    #expect(slope(0) { Dual1.max($0, 0) } == 0.5)
    #expect(slope(0) { Dual1.min(0, $0) } == 0.5)
  }

  @Test func stepsAreFlat() {
    let steps: [(Dual1) -> Dual1] = [Dual1.floor, Dual1.ceil, Dual1.trunc, Dual1.round]
    #expect(steps.map { $0(Dual1(-2.5, 1)).value } == [-3, -2, -2, -2])
    #expect(steps.map { $0(Dual1(1.5, 1)).value } == [1, 2, 1, 2])
    #expect(steps.allSatisfy { slope(-2.5, $0) == 0 })
  }

  @Test func clampPassesOnTheBounds() {
    let slopes = [-1, -0.5, 0, 1, 1.5].map { x in slope(x) { Dual1.clamp($0, -0.5, 1) } }
    #expect(slopes == [0, 1, 1, 1, 0])
  }

  @Test func powers() {
    #expect(slope(0) { Dual1.pow($0, 0) } == 0)
    #expect(slope(0) { Dual1.pow($0, 1) } == 1)
    #expect(slope(0) { Dual1.pow($0, 0.5) } == .infinity)
    #expect(slope(-2) { Dual1.pow($0, 3) } == 12)
    #expect([0, 2].map { y in slope(y) { Dual1.pow(0, $0) } } == [0, 0])
    let bend = Dual.pow(Dual<Dual1>(Dual1(0, 1), 1), 2).tangent.tangent
    #expect(bend == 2)
  }

  @Test func singularSlopes() {
    #expect(slope(0, Dual1.sqrt) == .infinity)
    #expect(slope(0, Dual1.log) == .infinity)
    #expect(slope(0, Dual1.rsqrt) == -.infinity)
    #expect(slope(0) { Dual1.atan2($0, 0) } == 0)
    #expect(slope(0) { Dual1.xlogy($0, 0) } == 0)
    #expect(slope(0) { Dual1.xlogy($0, 1) } == 0)
    #expect(slope(0) { Dual1.xlogy($0, 8) } == WideFloat.log(8))
  }

  @Test func structuralZeroMeetsAnInfiniteSlope() {
    #expect(Dual1.sqrt(Dual1(0, 0)).tangent == 0)
    let merelyZero = Dual<Dual1>(Dual1(0, 0), Dual1(0, 1))
    #expect(Dual.sqrt(merelyZero).tangent.isNaN)
  }

  @Test func remainderHasTheDivisorsSign() {
    let pairs: [(Dual1, Dual1)] = [(-7, 3), (7, -3), (-7, -3), (7, 3), (6, 3)]
    #expect(pairs.map { Dual1.remainder($0, $1) } == [2, -2, -1, 1, 0])
    #expect(slope(3) { Dual1.remainder(-7, $0) } == 3)
    #expect(slope(3) { Dual1.fmod(-7, $0) } == 2)
  }

  @Test func tiesShareEvenly() {
    let x = NaiveArray<Dual1>([Dual(2, 1), 1, 2, Dual(2, 5)])
    #expect(x.amax().elements[0].tangent == 2)
    #expect((-x).amin().elements[0].tangent == -2)
    let window = x.reshaped(to: [1, 1, 2, 2]).maxPool(kernel: [2, 2])
    #expect(window.elements[0].tangent == 1)
  }

  @Test(arguments: [0, 1, 2, 3, Double.infinity])
  func normIsFlatAtZero(p: Double) {
    let zero = WideArray([0, 0, 0])
    #expect(Oracle.gradient(Norm(p: p), at: [zero])[0].elements == [0, 0, 0])
  }

  @Test func deviationIsFlatWhereItIsZero() {
    let x = NaiveArray<Dual1>([Dual(2, 1), 2, 2])
    #expect(x.standardDeviation().elements[0].tangent == 0)
  }

  @Test func extremeLogSumExp() {
    let infinity = WideFloat.infinity
    #expect(WideArray([-infinity, -infinity]).logSumExp().elements == [-infinity])
    #expect(WideArray([infinity, 0]).logSumExp().elements == [infinity])
    #expect(NaiveArray<Double>([1000, -1000]).logSumExp().elements == [1000])
    #expect(Double.logAddExp(-.infinity, -.infinity) == -.infinity)
    #expect(Double.sigmoid(-1000) == 0 && Double.softplus(1000) == 1000)
  }
}
