// Every reference operation against PyTorch, in value and in first and second derivative, and its
// derivatives against differences.
import Oracles
import Testing

struct GoldenTests {
  private static func direction(of op: ReferenceOp, seed: Int) -> [WideArray] {
    op.inputs.enumerated().map { i, input in InputPattern.plain(input.shape).array(seed + i) }
  }

  /// The tolerances are those of PyTorch's double, or of a WideFloat that is itself a double.
  private func isClose(_ a: WideFloat, _ b: Double, scale: WideFloat) -> Bool {
    WideFloat.abs(a - WideFloat(b)) <= max(2e-14, 1000 * .ulpOfOne) * max(scale, WideFloat.abs(a))
  }

  @Test(arguments: ReferenceOp.all)
  func agreesWithPyTorch(_ op: ReferenceOp) throws {
    let golden = try #require(goldens[op.name])
    let u = Self.direction(of: op, seed: 20)
    let (value, tangent) = Oracle.jvp(op, at: op.inputs, direction: u)
    let v = InputPattern.plain(value.shape).array(40)
    let expected = WideArray(converting: golden.value, shape: value.shape)
    #expect(scaledError(value, expected, scale: 1) <= max(2e-15, 64 * .ulpOfOne))

    let first = (v * tangent).sum().elements[0]
    let firstScale = 1 + forwardMagnitude(cotangent: v, tangent: tangent)
    #expect(isClose(first, golden.first, scale: firstScale))

    let bend = Oracle.secondDirectional(op, at: op.inputs, direction: u)
    let second = (v * bend).sum().elements[0]
    let secondScale = firstScale + forwardMagnitude(cotangent: v, tangent: bend)
    #expect(isClose(second, golden.second, scale: secondScale))
  }

  @Test func everyInputHasItsGolden() {
    #expect(Set(goldens.keys) == Set(referenceInputs.keys))
  }

  /// Differences hold away from kinks only, so the inputs with ties are left out.
  private static let smooth = ReferenceOp.all.filter { !$0.name.contains("Ties") && $0.isSmooth }

  @Test(arguments: smooth)
  func dualsAgreeWithDifferences(_ op: ReferenceOp) {
    let u = Self.direction(of: op, seed: 20)
    let exact = Oracle.jvp(op, at: op.inputs, direction: u).tangent
    let approximate = Oracle.centralDifference(op, at: op.inputs, direction: u)
    // 2e-11 for Float80; see centralDifference for the exponent.
    let tolerance = 3e4 * WideFloat.pow(WideFloat.ulpOfOne, 0.8)
    #expect(scaledError(approximate, exact, scale: 1) <= tolerance)
  }

  @Test(arguments: ReferenceOp.all)
  func floatFollowsWide(_ op: ReferenceOp) {
    let narrow: NaiveArray<Float> = op(op.inputs.map { $0.constants() })
    #expect(scaledError(narrow.primal, op(op.inputs), scale: 1) <= 4e-6)
  }
}

extension ReferenceOp {
  /// Whether no input lies on a kink; remainder's last pair does: 1.21875 = 26·0.046875.
  var isSmooth: Bool { !["normInfinity", "clamp", "remainder"].contains(name) }
}
