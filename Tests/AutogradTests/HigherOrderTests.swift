import Autograd
import Testing

@Suite struct HigherOrderTests {
  /// The derivatives of order 0 to 5 at a point.
  private func derivatives(at point: Double, _ function: (Variable) -> Variable) -> [Double] {
    let x = scalar(point)
    var y = function(x)
    var result = [y.item()]
    for _ in 1...5 {
      y = gradient(of: y, withRespectTo: x, createGraph: true)
      result.append(y.item())
    }
    return result
  }

  private func expectClose(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (order, (found, expected)) in zip(found, expected).enumerated() {
      #expect(
        abs(found - expected) <= 1e-13 * max(1, abs(expected)), "order \(order)",
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [-2.0, -0.3, 0, 0.7, 3])
  func fiveDerivatives(point: Double) {
    let (s, c) = (sin(scalar(point)).item(), cos(scalar(point)).item())
    expectClose(derivatives(at: point) { sin($0) }, [s, c, -s, -c, s, c])
    expectClose(derivatives(at: point) { cos($0) }, [c, -s, -c, s, c, -s])
    let e = exp(scalar(point)).item()
    expectClose(derivatives(at: point) { exp($0) }, [e, e, e, e, e, e])
    let p = point
    expectClose(
      derivatives(at: point) { $0 * $0 * $0 * $0 * $0 },
      [p * p * p * p * p, 5 * p * p * p * p, 20 * p * p * p, 60 * p * p, 120 * p, 120])
    let t = tanh(scalar(point)).item()
    let t2 = t * t
    expectClose(
      derivatives(at: point) { tanh($0) },
      [
        t, 1 - t2, t * (-2 + 2 * t2), -2 + t2 * (8 - 6 * t2), t * (16 + t2 * (-40 + 24 * t2)),
        16 + t2 * (-136 + t2 * (240 - 120 * t2)),
      ])
  }

  @Test(arguments: [0.2, 1, 4.5])
  func fiveDerivativesOfPowersAndLogarithms(p: Double) {
    let q = 1 / p
    let (q2, q3) = (q * q, q * q * q)
    expectClose(
      derivatives(at: p) { log($0) },
      [log(scalar(p)).item(), q, -q2, 2 * q3, -6 * q2 * q2, 24 * q2 * q3])
    expectClose(
      derivatives(at: p) { reciprocal($0) },
      [q, -q2, 2 * q3, -6 * q2 * q2, 24 * q2 * q3, -120 * q3 * q3])
    expectClose(
      derivatives(at: p) { pow($0, 5) },
      [p * p * p * p * p, 5 * p * p * p * p, 20 * p * p * p, 60 * p * p, 120 * p, 120])
  }

  @Test func mixedDerivativesAreSymmetric() {
    let (x, y) = (scalar(0.4), scalar(-1.3))
    let f = sin(x * y) * exp(x)
    let fx = gradient(of: f, withRespectTo: x, createGraph: true)
    let fy = gradient(of: f, withRespectTo: y, createGraph: true)
    let fxy = gradient(of: fx, withRespectTo: y).item()
    let fyx = gradient(of: fy, withRespectTo: x).item()
    // eˣ (x cos xy + cos xy − xy sin xy).
    let (s, c) = (sin(x * y).item(), cos(x * y).item())
    let expected = exp(x).item() * (0.4 * c + c + 0.4 * 1.3 * s)
    expectClose([fxy, fyx], [expected, expected])
  }

  @Test func hessianVectorProduct() {
    // f = Σ x³ + xᵀ A x, so H v = 6 x v + (A + Aᵀ) v.
    let x = leaf(2, -1, 0.5)
    let a = Variable(Tensor([1.0, 2, 0, 0, -1, 3, 4, 0, 1] as [Double], shape: [3, 3]))
    let v = constant(1, -2, 3)
    let f = (x * x * x).sum() + matmul(x, matmul(a, x))
    let first = gradient(of: f, withRespectTo: x, createGraph: true)
    let product = gradient(of: (first * v).sum(), withRespectTo: x)
    let expected = 6 * x * v + matmul(a + a.transposed(), v)
    #expect(product.array(of: Double.self) == expected.array(of: Double.self))
    let seeded = gradient(of: first, withRespectTo: x, seed: v)
    #expect(seeded.array(of: Double.self) == expected.array(of: Double.self))
  }

  @Test func gradientPenalty() {
    // f = (w·x)², ∇ₓf = 2 (w·x) w, penalty |∇ₓf|² = 4 (w·x)² |w|².
    let (w, x) = (leaf(1, -2, 3), leaf(0.5, 1, 2))
    let f = square((w * x).sum())
    let slope = gradient(of: f, withRespectTo: x, createGraph: true)
    let found = gradient(of: square(slope).sum(), withRespectTo: w)
    let (dot, norm) = ((w * x).sum(), square(w).sum())
    let expected = 8 * dot * norm * x + 8 * square(dot) * w
    expectClose(found.array(), expected.array())
  }

  @Test func gradientThroughAStepOfDescent() {
    // L(w) = a w², w₁ = w − r L′(w) = w (1 − 2 a r).
    let (w, rate) = (scalar(1.5), scalar(0.1))
    let a = 3.0
    func loss(_ w: Variable) -> Variable { Variable(a) * w * w }
    let slope = gradient(of: loss(w), withRespectTo: w, createGraph: true)
    let next = w - rate * slope
    let all = gradients(of: loss(next), withRespectTo: [rate, w])
    let (w1, factor) = (1.5 * (1 - 2 * a * 0.1), 1 - 2 * a * 0.1)
    expectClose(all.map { $0?.item() ?? .nan }, [2 * a * w1 * (-2 * a * 1.5), 2 * a * w1 * factor])
  }

  @Test func gradientThroughManySteps() {
    let w = scalar(1)
    var current = w
    for _ in 0..<20 {
      let loss = square(current)
      let slope = gradient(of: loss, withRespectTo: current, createGraph: true)
      current = current - 0.25 * slope
    }
    // Each step halves the weight.
    #expect(gradient(of: current, withRespectTo: w).item() == 0x1p-20)
  }

  @Test func linearFunctionsHaveNoSecondDerivative() {
    let x = leaf(1, 2)
    let first = gradient(of: (3 * x).sum(), withRespectTo: x, createGraph: true)
    #expect(!first.requiresGradient)
    #expect(gradients(of: first.sum(), withRespectTo: [x])[0] == nil)
  }

  @Test func maskedElementsAreZeroAtEveryOrder() {
    let x = scalar(0)
    var y = select(x .> 0, sqrt(x) + log(x), x * x)
    var found: [Double] = []
    for _ in 0..<4 {
      y = gradient(of: y, withRespectTo: x, createGraph: true)
      found.append(y.item())
      if !y.requiresGradient { break }
    }
    #expect(found.starts(with: [0, 2]))
    #expect(found.allSatisfy { $0.isFinite })
  }
}
