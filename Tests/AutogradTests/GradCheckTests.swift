import Autograd
import Testing

import struct Oracles.SplitMix64

/// Normally distributed numbers: sums of twelve uniform ones.
func normals(_ sizes: Int..., seed: UInt64) -> Variable {
  var generator = SplitMix64(seed: seed)
  let elements = (0..<sizes.reduce(1, *)).map { _ in
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.uniform(0, 1)) }
  }
  return Variable(Tensor(elements, shape: Shape(sizes)))
}

/// What the checker finds, what it refuses, and how it reports; for faults see
/// GradCheckMutationTests.
@Suite struct GradCheckTests {
  // MARK: - Points without trouble

  @Test func functionOfSeveralInputs() {
    let report = gradCheck(
      { tanh(matmul($0[0], $0[1]) + $0[2]) },
      at: [normals(3, 4, seed: 1), normals(4, 2, seed: 2), normals(2, seed: 3)])
    #expect(report.passed, "\(report)")
    #expect(report.outcome == .passed)
    // 22 inputs by 6 outputs, and a Hessian of 22 by 22.
    #expect(report.counts.all == 22 * 6 + 22 * 22)
    #expect(report.worst.map { $0.error <= $0.allowedError } == true)
  }

  @Test func firstOrderAlone() {
    let report = gradCheck({ exp($0[0]) }, at: [normals(3, seed: 1)], order: .first)
    #expect(report.passed)
    #expect(report.counts.all == 9)
  }

  @Test func float32InputsAreCheckedInDouble() {
    let report = gradCheck({ sin($0[0]) * $0[0] }, at: [Variable([0.1, -2.5])])
    #expect(report.passed, "\(report)")
    #expect((report.worst?.relativeError ?? 1) < 1e-8)
  }

  @Test func integerInputsArePassedOn() {
    let classes = Variable(Tensor([0, 1, 1], dtype: .int64))
    let report = gradCheck(
      { select($0[1] .== 1, exp($0[0]), sin($0[0])) }, at: [normals(3, seed: 1), classes])
    #expect(report.passed, "\(report)")
  }

  @Test(arguments: [1e-6, 1e-3, 1, 1e3, 1e6])
  func magnitudes(x: Double) {
    for function in [{ log($0) }, { sqrt($0) }, { 1 / $0 }, { $0 * $0 }, { sin($0) }]
      as [(Variable) -> Variable]
    {
      let report = gradCheck({ function($0[0]) }, at: [scalar(x)])
      #expect(report.passed, "\(report)")
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8])
  func stationaryPoints(power: Int) {
    let report = gradCheck(
      { x in (1..<power).reduce(x[0]) { y, _ in y * x[0] } }, at: [leaf(0, 1)])
    #expect(report.passed, "\(report)")
  }

  @Test func rapidOscillation() {
    let report = gradCheck({ sin(300 * $0[0]) }, at: [scalar(0.3)])
    #expect(report.passed, "\(report)")
  }

  @Test func functionThatDifferentiates() {
    let report = gradCheck(
      { square(gradient(of: exp($0[0] * $0[0]).sum(), withRespectTo: $0[0], createGraph: true)) },
      at: [leaf(0.3, -0.8)])
    #expect(report.passed, "\(report)")
  }

  @Test func recordsEvenWhereRecordingIsOff() {
    #expect(withoutRecording { gradCheck({ exp($0[0]) }, at: [leaf(1)]) }.passed)
  }

  @Test func unusedInputsHaveTheDerivativeZero() {
    let report = gradCheck({ square($0[1]) }, at: [leaf(1, 2), leaf(3)])
    #expect(report.passed, "\(report)")
    #expect(gradCheck({ 0 * $0[0].detached() }, at: [leaf(1, 2)]).passed)
  }

  @Test func releasesEverything() {
    let x = leaf(1, 2)
    expectNoLiveNodes { #expect(gradCheck({ exp($0[0]) * $0[0] }, at: [x]).passed) }
  }

  // MARK: - Kinks

  @Test func kinksAreNamed() {
    let atRelu = gradCheck({ relu($0[0]) }, at: [leaf(1, 0, -1)])
    #expect(atRelu.outcome == .kink)
    #expect(!atRelu.passed)
    #expect(atRelu.worst?.element?.index == [1])
    #expect(atRelu.worst?.oneSided?.contains(0) == true)
    #expect(atRelu.description.contains("met a kink at order 1: ∂output[1] / ∂input 0[1]"))
    #expect(atRelu.description.contains("within the one-sided derivatives"))
    #expect(gradCheck({ abs($0[0]) }, at: [scalar(0)]).outcome == .kink)
    #expect(gradCheck({ maximum($0[0], $0[1]) }, at: [leaf(2), leaf(2)]).outcome == .kink)
    #expect(gradCheck({ $0[0].max() }, at: [leaf(2, 2, 1)]).outcome == .kink)
  }

  @Test func kinkOfTheDerivative() {
    // x |x| has the derivative 2 |x|.
    let report = gradCheck({ $0[0] * abs($0[0]) + $0[0] }, at: [scalar(0)])
    #expect(report.outcome == .kink)
    #expect(report.worst?.order == 2)
  }

  @Test func jumpsAreKinks() {
    #expect(gradCheck({ floor($0[0]) }, at: [scalar(2)]).outcome == .kink)
    #expect(gradCheck({ sign($0[0]) }, at: [scalar(0)]).outcome == .kink)
  }

  @Test(arguments: [1e-1, 1e-3, 1e-5])
  func pointsNearAKinkAreNone(distance: Double) {
    #expect(gradCheck({ relu($0[0]) }, at: [leaf(distance, -distance)]).passed)
    #expect(gradCheck({ abs($0[0] - 1) }, at: [scalar(1 + distance)]).passed)
  }

  @Test func kinkAmongManyElementsIsFound() {
    var elements = normals(2_000, seed: 4).array(of: Double.self)
    elements = elements.map { abs($0) < 1e-3 ? 1 : $0 }
    let x = Variable(Tensor(elements))
    #expect(gradCheck({ relu($0[0]) }, at: [x], order: .first).passed)
    elements[1_234] = 0
    let report = gradCheck({ relu($0[0]) }, at: [Variable(Tensor(elements))], order: .first)
    #expect(report.outcome == .kink)
    #expect(report.worst?.element?.index == [1_234])
    #expect(report.worst?.output?.index == [1_234])
  }

  // MARK: - Refusals

  private func reason(_ report: GradCheckReport) -> String {
    if case .inconclusive(let reason) = report.outcome { return reason }
    return ""
  }

  @Test func noiseIsRefused() {
    for seed in 0..<20 as Range<UInt64> {
      let report = gradCheck(
        { sin($0[0].cast(to: .float32)).cast(to: .float64) }, at: [normals(4, seed: seed)])
      #expect(reason(report).contains("is uncertain by"), "\(report)")
    }
  }

  @Test func cancellationIsRefused() {
    let report = gradCheck({ ($0[0] + 1e9) - 1e9 }, at: [scalar(0.3)], order: .first)
    #expect(reason(report).contains("is uncertain by"), "\(report)")
  }

  @Test func unreachableToleranceIsRefused() {
    let report = gradCheck({ exp($0[0]) }, at: [scalar(0.3)], tolerance: 1e-14)
    #expect(reason(report).contains("is uncertain by"), "\(report)")
  }

  @Test func chanceIsRefused() {
    var calls = 0.0
    let report = gradCheck(
      { x in
        calls += 1
        return x[0] * Variable(calls)
      }, at: [scalar(1)])
    #expect(reason(report).contains("not deterministic"))
  }

  @Test func nothingToCompareIsRefused() {
    let empty = Variable(Tensor([Double](), shape: [0]))
    #expect(reason(gradCheck({ exp($0[0]) }, at: [empty])).contains("nothing to compare"))
  }

  @Test func infinitiesAreReported() {
    let root = gradCheck({ sqrt($0[0]) }, at: [leaf(0, 1)])
    #expect(root.outcome == .nonFinite)
    #expect(root.worst?.element?.index == [0])
    #expect(root.worst?.analytic == .infinity)
    let logarithm = gradCheck({ log($0[0]) }, at: [leaf(1, 0)])
    #expect(logarithm.outcome == .nonFinite)
    #expect(logarithm.description.contains("output[1] is -inf at the point itself"))
    let strict = withStrictGradients {
      gradCheck({ select($0[0] .> 0, sqrt($0[0]), 0) }, at: [leaf(-1)])
    }
    #expect(strict.outcome == .nonFinite)
    #expect(gradCheck({ select($0[0] .> 0, sqrt($0[0]), 0) }, at: [leaf(-1)]).passed)
  }

  // MARK: - Reports and errors

  @Test func reportNamesTheWorstElement() {
    let wrong = DifferentiableFunction("wrong") {
      $0[0] * $0[1]
    } derivative: { x, _, g in
      let mask = Variable(Tensor([1.0, 1, 1, 1, 1, 1.5] as [Double], shape: [2, 3]))
      return [g * x[1], g * x[0] * mask]
    }
    let (a, b) = (normals(2, 3, seed: 1), normals(2, 3, seed: 2).named("weight"))
    let report = gradCheck({ wrong($0[0], $0[1]) }, at: [a, b])
    #expect(report.outcome == .failed)
    #expect(report.counts.failed == 1)
    #expect(report.worst?.element?.input == 1)
    #expect(report.worst?.element?.name == "weight")
    #expect(report.worst?.element?.index == [1, 2])
    #expect(report.worst?.output?.input == nil)
    #expect(report.worst?.output?.index == [1, 2])
    #expect(report.worst?.order == 1)
    let right = a.array(of: Double.self)[5]
    #expect(report.worst.map { abs($0.numeric - right) < 1e-9 * abs(right) } == true)
    #expect(report.worst.map { abs($0.analytic - 1.5 * right) < 1e-12 * abs(right) } == true)
    #expect(report.worst.map { abs($0.relativeError - 0.5) < 1e-8 } == true)
    let lines = report.description.split(separator: "\n")
    let head = "gradCheck failed at order 1: ∂output[1, 2] / ∂input 1 \"weight\"[1, 2] is wrong"
    #expect(lines.first.map { String($0) } == head)
    #expect(lines.count == 3)
    #expect(report.description.contains("relative error 5.0e-1"))
  }

  @Test func capturedFloat32IsAnError() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let bias = Variable([1, 2], name: "bias")
      _ = gradCheck({ $0[0] + bias }, at: [leaf(1, 2)])
    }
    let message = "add: types differ: left float64 [2], right float32 [2] \"bias\""
    #expect(errors(of: result).contains(message))
  }

  @Test func resultMustBeFloat64() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = gradCheck({ $0[0] .> 0 }, at: [leaf(1, 2)]) }
    #expect(errors(of: result).contains("gradCheck: the function returns bool [2], not float64"))
  }

  @Test func someInputMustBeFloatingPoint() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = gradCheck({ $0[0] }, at: [Variable(Tensor([1], dtype: .int64))]) }
    #expect(errors(of: result).contains("none of the 1 inputs has a floating-point type"))
  }
}
