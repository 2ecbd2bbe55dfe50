import Autograd
import Testing

@Suite struct MissingGradientTests {
  private let x = leaf(1, 2)
  private let other = leaf(3, 4)

  private func reason(_ result: Variable, _ variable: Variable) -> MissingGradientReason? {
    missingGradientReason(of: result, withRespectTo: variable)
  }

  @Test func noneIfThereIsAGradient() {
    #expect(reason((x * x).sum(), x) == nil)
    #expect(reason(x, x) == nil)
    #expect(reason(x * x, x) == nil)
  }

  @Test func notRequired() {
    let constant = Variable(Tensor([5, 6], dtype: .float64))
    let result = (x * constant).sum()
    #expect(reason(result, constant) == .notRequired)
    #expect(gradients(of: result, withRespectTo: [constant])[0] == nil)
  }

  @Test func resultIsConstant() {
    #expect(reason(x.detached().sum(), x) == .resultIsConstant)
    #expect(reason(withoutRecording { x.sum() }, x) == .resultIsConstant)
    #expect(reason((x .> 1), x) == .resultIsConstant)
    #expect(gradients(of: x.detached().sum(), withRespectTo: [x])[0] == nil)
  }

  @Test func notUsed() {
    #expect(reason(x.sum(), other) == .notUsed)
    #expect(reason((x * other.detached()).sum(), other) == .notUsed)
    #expect(gradients(of: x.sum(), withRespectTo: [other, x]).map { $0 == nil } == [true, false])
  }

  @Test func noDifferentiablePath() {
    let gate = DifferentiableFunction("gate") {
      $0[0] * $0[1]
    } derivative: { x, _, g in
      [g * x[1], nil]
    }
    let result = gate(x, other).sum()
    #expect(reason(result, other) == .noDifferentiablePath)
    #expect(gradients(of: result, withRespectTo: [other])[0] == nil)
  }

  @Test func constantDerivativeIsZeroNotMissing() {
    #expect(reason(floor(x).sum(), x) == nil)
    #expect(gradient(of: floor(x).sum(), withRespectTo: x).array(of: Double.self) == [0, 0])
  }

  @Test func everyReasonIsASentence() {
    let all: [MissingGradientReason] = [
      .notRequired, .resultIsConstant, .notUsed, .noDifferentiablePath,
    ]
    #expect(Set(all.map(\.description)).count == 4)
    #expect(all.allSatisfy { $0.description.count > 40 })
  }

  @Test func gradientStopsWithTheReason() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (x, y) = (leaf(1), leaf(2))
      _ = gradient(of: x.sum(), withRespectTo: y)
    }
    let message = "gradient: there is none: the variable was not used in computing the result"
    #expect(errors(of: result).contains(message))
  }
}
