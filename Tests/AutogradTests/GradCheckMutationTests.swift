import Autograd
import Testing

import struct Oracles.SplitMix64

/// Faults that were put into derivatives on purpose: the checker must find each, and find none
/// where there is none.
@Suite(.serialized) struct GradCheckMutationTests {
  /// A fault in a vector of first derivatives.
  enum Fault: Sendable, CustomTestStringConvertible {
    case factor(Double), oneZeroed, tenthZeroed

    var testDescription: String {
      switch self {
      case .factor(let factor): "factor \(factor)"
      case .oneZeroed: "one element zeroed"
      case .tenthZeroed: "10 % of the elements zeroed"
      }
    }

    /// What multiplies the right derivative.
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

  private static let sizes: [(count: Int, trials: UInt64)] = [
    (10, 20), (100, 1), (1_000, 2), (10_000, 1),
  ]

  @Test(arguments: [
    Fault.factor(-1), .factor(1.1), .factor(1.01), .factor(1.001), .factor(1 + 1e-4),
    .factor(1 + 1e-6), .oneZeroed, .tenthZeroed,
  ])
  func faultIsFoundAtEverySize(_ fault: Fault) {
    for (count, trials) in Self.sizes {
      // Tracing a fault among so many elements takes seconds in a debug build: once will do.
      if count == 10_000, fault.testDescription != Fault.tenthZeroed.testDescription { continue }
      for seed in 1...trials {
        let function = scaledTanh(fault, normals(count, seed: 100 + seed))
        let report = gradCheck(
          { function($0[0]) }, at: [normals(count, seed: seed)], order: .first, seed: seed)
        #expect(report.outcome == .failed, "\(count) elements, seed \(seed): \(report)")
        if case .oneZeroed = fault {
          #expect(report.worst?.element?.index == [count / 3])
          #expect(report.worst?.output?.index == [count / 3])
          #expect(report.worst?.analytic == 0)
        }
      }
    }
  }

  @Test func noFaultIsFoundWhereThereIsNone() {
    for (count, trials) in Self.sizes {
      for seed in 1...trials {
        let function = scaledTanh(nil, normals(count, seed: 100 + seed))
        let report = gradCheck(
          { function($0[0]) }, at: [normals(count, seed: seed)], seed: seed)
        #expect(report.passed, "\(count) elements, seed \(seed): \(report)")
      }
    }
  }

  /// x · w + b by hand, with the given gradient of the bias.
  private func affine(_ bias: @escaping (Variable) -> Variable) -> ([Variable]) -> Variable {
    let function = DifferentiableFunction("affine") {
      matmul($0[0], $0[1]) + $0[2]
    } derivative: { x, _, g in
      [matmul(g, x[1].transposed()), matmul(x[0].transposed(), g), bias(g)]
    }
    return { function($0[0], $0[1], $0[2]) }
  }

  @Test(arguments: [4, 60])
  func missingReductionIsFound(rows: Int) {
    let point = [normals(rows, 5, seed: 1), normals(5, 30, seed: 2), normals(30, seed: 3)]
    #expect(gradCheck(affine { $0.sum(axis: 0) }, at: point, order: .first).passed)
    // The engine's own reduction.
    #expect(gradCheck(affine { $0 }, at: point, order: .first).passed)
    // Not linear in the cotangent: right for each output alone, wrong for several together.
    let wrong = gradCheck(affine { $0.max(axis: 0) }, at: point, order: .first)
    #expect(wrong.outcome == .failed)
    let mean = gradCheck(affine { $0.mean(axis: 0) }, at: point, order: .first)
    #expect(mean.outcome == .failed)
    #expect(mean.worst?.element?.input == 2)
  }

  @Test func wrongOperandIsFound() {
    let swapped = DifferentiableFunction("product") {
      $0[0] * $0[1]
    } derivative: { x, _, g in
      [g * x[0], g * x[1]]
    }
    let dropped = DifferentiableFunction("product") {
      $0[0] * $0[1]
    } derivative: { x, _, g in
      [g * x[1], nil]
    }
    for function in [swapped, dropped] {
      let report = gradCheck(
        { function($0[0], $0[1]) }, at: [normals(3, seed: 1), normals(3, seed: 2)])
      #expect(report.outcome == .failed)
    }
    let detached = gradCheck({ $0[0] * $0[0].detached() }, at: [normals(3, seed: 1)])
    #expect(detached.outcome == .failed)
  }

  @Test func gradientOfAnUnusedInputIsFound() {
    let spurious = DifferentiableFunction("first") {
      1 * $0[0]
    } derivative: { _, _, g in
      [g, 1e-6 * g]
    }
    let report = gradCheck(
      { spurious($0[0], $0[1]) }, at: [normals(3, seed: 1), normals(3, seed: 2)])
    #expect(report.outcome == .failed)
    #expect(report.worst?.element?.input == 1)
  }

  @Test(arguments: [3, 200])
  func wrongSecondDerivativeIsFound(count: Int) {
    let right = DifferentiableFunction("tanh") {
      tanh($0[0])
    } derivative: { _, y, g in
      [g * (1 - square(y))]
    }
    let detaching = DifferentiableFunction("tanh") {
      tanh($0[0])
    } derivative: { _, y, g in
      [g * (1 - square(y.detached()))]
    }
    let recomputing = DifferentiableFunction("tanh") {
      tanh($0[0])
    } derivative: { x, _, g in
      let slope = DifferentiableFunction("slope") {
        1 - square(tanh($0[0]))
      } derivative: { x, _, g in
        // −2 tanh x (1 − tanh² x), with an error of 10⁻⁴.
        let t = tanh(x[0])
        return [-2.0002 * t * (1 - square(t)) * g]
      }
      return [g * slope(x[0])]
    }
    let point = [normals(count, seed: 9)]
    #expect(gradCheck({ right($0[0]) }, at: point).passed)
    for wrong in [detaching, recomputing] {
      #expect(gradCheck({ wrong($0[0]) }, at: point, order: .first).passed)
      let report = gradCheck({ wrong($0[0]) }, at: point)
      #expect(report.outcome == .failed, "\(report)")
      #expect(report.worst?.order == 2)
      #expect(report.worst?.element == report.worst?.output)
    }
  }

  /// A smooth random function of two matrices and a vector.
  private func randomFunction(_ seed: UInt64) -> ([Variable]) -> Variable {
    var generator = SplitMix64(seed: seed)
    let choices = (0..<6).map { _ in generator.integer(in: 0..<14) }
    return { inputs in
      var y = inputs[0]
      for choice in choices {
        switch choice {
        case 0: y = matmul(y, inputs[1])
        case 1: y = y + inputs[2]
        case 2: y = y * inputs[2]
        case 3: y = tanh(y)
        case 4: y = sin(y)
        case 5: y = exp(0.3 * sin(y))
        case 6: y = y / (1 + square(inputs[0]))
        case 7: y = softplus(y) - log(2 + square(y))
        case 8: y = sigmoid(y) * y.transposed()
        case 9: y = y - 0.5 * y.mean(axis: 1, keepingAxes: true)
        case 10: y = gelu(y)
        case 11: y = sqrt(1 + square(y))
        case 12: y = erf(y) + 0.5 * y
        default: y = y.reshaped(9).reshaped(3, 3) + inputs[1].sum(axis: 0)
        }
      }
      return seed % 3 == 0 ? y.sum() : y
    }
  }

  @Test func randomFunctionsRaiseNoAlarm() {
    for seed in 0..<200 as Range<UInt64> {
      let point = [
        normals(3, 3, seed: 3 * seed), normals(3, 3, seed: 3 * seed + 1),
        normals(3, seed: 3 * seed + 2),
      ]
      let report = gradCheck(randomFunction(seed), at: point)
      #expect(report.passed, "seed \(seed): \(report)")
    }
  }
}
