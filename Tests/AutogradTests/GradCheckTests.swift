import Autograd
import Testing

/// A fault in a first derivative, in the words of the table of what checkers catch.
enum Fault: Sendable, CustomTestStringConvertible {
  case factor(Double)
  case oneZeroed
  case tenthZeroed

  var testDescription: String {
    switch self {
    case .factor(let factor): "factor \(factor)"
    case .oneZeroed: "one element zeroed"
    case .tenthZeroed: "10 % of the elements zeroed"
    }
  }

  /// Multiplies the elements of a cotangent.
  func mask(_ count: Int) -> Variable {
    var elements = [Double](repeating: 1, count: count)
    switch self {
    case .factor(let factor): elements = elements.map { $0 * factor }
    case .oneZeroed: elements[count / 3] = 0
    case .tenthZeroed: for i in stride(from: 7, to: count, by: 10) { elements[i] = 0 }
    }
    return Variable(Tensor(elements))
  }
}

/// c tanh x, with a fault in the derivative.
private func scaledTanh(_ fault: Fault?, _ c: Variable) -> DifferentiableFunction {
  DifferentiableFunction("scaledTanh") { x in
    c * tanh(x[0])
  } derivative: { x, _, g in
    let right = g * c * (1 - square(tanh(x[0])))
    return [fault.map { right * $0.mask(right.count) } ?? right]
  }
}

private func random(_ count: Int, seed: Int) -> Variable {
  Variable(Tensor(Samples(seed: seed).normals(count)))
}

/// Normally distributed numbers, enough for a test.
private struct Samples {
  var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }

  /// Sums of twelve uniform numbers.
  consuming func normals(_ count: Int) -> [Double] {
    (0..<count).map { _ in (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
  }
}

@Suite(.serialized) struct GradCheckTests {
  @Test(
    "Faults in a derivative are caught at every size",
    arguments: [
      Fault.factor(1.1), .factor(1.01), .factor(1.001), .factor(1 + 1e-4), .factor(1 + 1e-6),
      .oneZeroed, .tenthZeroed,
    ], [10, 100, 1_000, 10_000])
  func fault(_ fault: Fault, count: Int) {
    for seed in 1...(count > 100 ? 1 : 5) {
      let function = scaledTanh(fault, random(count, seed: 100 + seed))
      let report = gradCheck(
        { function($0[0]) }, at: [random(count, seed: seed)], seed: UInt64(seed))
      #expect(report.outcome == .failed, "seed \(seed): \(report)")
    }
  }

  @Test("A right derivative raises no alarm at any size", arguments: [10, 100, 1_000, 10_000])
  func noFault(count: Int) {
    for seed in 1...(count > 100 ? 1 : 5) {
      let function = scaledTanh(nil, random(count, seed: 100 + seed))
      let report = gradCheck(
        { function($0[0]) }, at: [random(count, seed: seed)], seed: UInt64(seed))
      #expect(report.passed, "seed \(seed): \(report)")
    }
  }
}
