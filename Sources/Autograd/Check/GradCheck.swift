/// How far ``gradCheck(_:at:order:tolerance:seed:)`` looks.
public enum GradCheckOrder: Int, Sendable {
  /// The derivative.
  case first = 1
  /// The derivative, and the derivative of the derivative.
  case second = 2
}

/// Compares the derivatives of a function with differences of its values, and reports the worst
/// element.
///
/// ```swift
/// let report = gradCheck({ tanh(matmul($0[0], $0[1])) }, at: [weight, x])
/// #expect(report.passed, "\(report)")
/// ```
///
/// The function runs in float64, whatever the inputs' type: inputs of a floating-point type are
/// converted to float64 leaves, others are passed on as they are. A float32 variable that the
/// function captures stops with the error that types differ, which names it; pass it as an input
/// instead.
///
/// Numeric derivatives are fourth-order central differences, f′ ≈ (8 f(x + h) − 8 f(x − h) − f(x +
/// 2h) + f(x − 2h)) / 12h, with step sizes from 2⁻⁸ down until h and h/2 agree. Up to 100 input and
/// 1,000 output elements every element of the Jacobian J is compared; above, the identity ⟨Jᵀv, u⟩
/// = ⟨v, J u⟩ is checked in three random directions, and a fault is traced to its element by
/// bisection. The second order applies the same to x ↦ ∇⟨v, f(x)⟩.
///
/// An error is allowed up to `tolerance` times the forward magnitude: |Jᵢⱼ| or |v|·|J u|, but at least a
/// hundredth of the element of f and of the column's largest element, and 10⁻⁴ of the largest
/// element of f. If the differences are less certain than that, the outcome is
/// ``GradCheckReport/Outcome-swift.enum/inconclusive(reason:)``, never a pass.
///
/// - Parameters:
///   - function: Must compute the same bits for the same inputs; its result must be float64.
///   - inputs: The point. Elements that the result does not depend on must have no gradient, or 0.
///   - order: Whether the second derivative is checked too.
///   - tolerance: The allowed relative error.
///   - seed: Chooses the random directions.
/// - Complexity: About 6 evaluations for each input element of a full Jacobian, 20 in all for
///   projections; 34 to 68 more measure the noise.
public func gradCheck(
  _ function: ([Variable]) -> Variable, at inputs: [Variable],
  order: GradCheckOrder = .second, tolerance: Double = 1e-7, seed: UInt64 = 0
) -> GradCheckReport {
  guard tolerance > 0, tolerance < 1 else {
    fatalError("gradCheck: the tolerance \(tolerance) is not between 0 and 1")
  }
  return withoutActuallyEscaping(function) { function in
    Context.with(Context.recordingOff, false) {
      GradCheck(function, at: inputs, tolerance: tolerance, seed: seed).run(order)
    }
  }
}

/// One run of the checker.
struct GradCheck {
  let point: CheckPoint
  let tolerance: Double
  var tally = GradCheckTally()
  private let function: ([Variable]) -> Variable
  var generator: SplitMix64

  init(
    _ function: @escaping ([Variable]) -> Variable, at inputs: [Variable], tolerance: Double,
    seed: UInt64
  ) {
    point = CheckPoint(inputs)
    self.function = function
    self.tolerance = tolerance
    generator = SplitMix64(state: seed)
  }

  consuming func run(_ order: GradCheckOrder) -> GradCheckReport {
    let values = CheckedMap(values: function, at: point)
    check(values, order: 1)
    if order == .second, tally.isClean {
      // Weights for all outputs, so that the gradient of one number shows them all.
      let weights = generator.signs(values.center.count)
      check(CheckedMap(gradientOf: function, weights: weights, at: point), order: 2)
    }
    return tally.report
  }

  private mutating func check(_ map: CheckedMap, order: Int) {
    tally.order = order
    let again = map.evaluate(point.elements)
    if map.center.isEmpty || point.elements.isEmpty {
      tally.refuse("there is nothing to compare: the function has no input or output elements")
    } else if !zip(map.center, again).allSatisfy({ $0.bitPattern == $1.bitPattern }) {
      tally.refuse("the function is not deterministic: two evaluations at one point differ")
    } else if let bad = map.center.firstIndex(where: { !$0.isFinite }) {
      tally.refuse(
        nonFinite: "\(map.place(ofOutput: bad)) is \(map.center[bad]) at the point itself")
    } else {
      let signs = generator.signs(point.elements.count)
      let direction = zip(signs, point.scales).map { $0 * $1 }
      // Neither is a power of two, for the reason given at the step sizes.
      let fine = noise(
        of: map, at: point.elements, along: direction, spacing: 0x1.19e3779b97f4ap-22)
      if point.elements.count <= 100, map.center.count <= 1000 {
        // Rounding in coarse steps shows at a distance only; large functions have too many kinks
        // for that.
        let coarse = noise(
          of: map, at: point.elements, along: signs, spacing: 0x1.19e3779b97f4ap-13)
        checkJacobian(of: map, noise: zip(fine, coarse).map { Swift.max($0, $1) })
      } else {
        for _ in 0..<3 { checkProjection(of: map, noise: fine) }
      }
    }
  }
}

/// A small random generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number in 0.5..<1.5.
  mutating func magnitude() -> Double { 0.5 + Double(next() >> 11) * 0x1p-53 }

  /// Numbers of either sign whose magnitudes are in 0.5..<1.5: none is so small that it hides an
  /// element.
  mutating func signs(_ count: Int) -> [Double] {
    (0..<count).map { _ in next() & 1 == 0 ? magnitude() : -magnitude() }
  }
}
