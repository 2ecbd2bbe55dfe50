import Autograd
import Oracles

// Higher derivatives: gradients of ⟨Jᵀv, u⟩ against nested dual numbers.

/// ⟨w, Hu⟩ for the Hessian H of ⟨v, f⟩, its symmetry, and the derivative of ⟨Jᵀv, u⟩ by v, which is
/// Ju.
func checkSecondOrder(_ operation: OperationCase, _ sample: OperationSample) {
  var random = seeded(sample.name, sample.label, "second order")
  let run = SampleRun(operation, sample)
  let v = random.array(Array(run.result.shape), .notSmall)
  let u = sample.directions(&random)
  let w = sample.directions(&random)
  let seed = Variable(Tensor(v, as: .float64), requiresGradient: true)
  let first = run.products(of: run.result, seed: seed, createGraph: true)
  // ⟨Jᵀv, u⟩ does not depend on x if f is linear, and on nothing if f is constant.
  let along = run.inner(first, u)
  guard along.requiresGradient else {
    let second = Oracle.secondDirectional(sample, at: sample.values, direction: u, w)
    return expectAgreement(
      sample, "a second derivative that is not recorded", 0, inner(v, second), magnitude: 0,
      tolerance: 0)
  }
  let hu = run.products(of: along).map { $0.value.wide }
  let ju = gradients(of: along, withRespectTo: [seed])[0]?.value.wide

  let tangent = Oracle.jvp(sample, at: sample.values, direction: u).tangent
  let zeros = WideArray(repeating: 0, shape: v.shape)
  expectAgreement(
    sample, "∂⟨Jᵀv, u⟩/∂v at ", ju ?? zeros, tangent, .largest(atLeast: operation.cancellation),
    tolerance: operation.tolerance)

  let second = Oracle.secondDirectional(sample, at: sample.values, direction: u, w)
  let floor = operation.cancellation * largest(v)
  let magnitude = max(
    floor, forwardMagnitude(cotangent: v, tangent: second),
    inner(hu.map { $0.map { WideFloat.abs($0) } }, w.map { $0.map { WideFloat.abs($0) } }))
  expectAgreement(
    sample, "⟨w, Hu⟩", inner(hu, w), inner(v, second), magnitude: magnitude, tolerance: 1e-11)

  let across = run.inner(first, w)
  guard across.requiresGradient else { return }
  let hw = run.products(of: across).map { $0.value.wide }
  expectAgreement(
    sample, "⟨u, Hw⟩ = ⟨w, Hu⟩", inner(hw, u), inner(hu, w), magnitude: magnitude, tolerance: 1e-11)
  if sample.differentiableCount <= 6 {
    let expected = Oracle.hessianVectorProduct(
      sample, at: sample.values, direction: u, cotangent: v)
    for (i, input) in sample.inputs.enumerated() where input.isDifferentiable {
      expectAgreement(
        sample, "Hu of input \(i) at ", hu[i], expected[i], .largest(atLeast: floor),
        tolerance: 1e-11)
    }
  }
}

/// At a minimum of ½‖f(x) − f(x₀)‖² the cotangent is zero, but not its derivatives: the gradient
/// vanishes and the Hessian is JᵀJ.
func checkStationaryPoint(_ operation: OperationCase, _ sample: OperationSample) {
  var random = seeded(sample.name, sample.label, "stationary")
  let run = SampleRun(operation, sample)
  let u = sample.directions(&random)
  let w = sample.directions(&random)
  let distance = 0.5 * square(run.result - run.result.detached()).sum()
  guard distance.requiresGradient else { return }
  let first = run.products(of: distance, createGraph: true)
  for (i, gradient) in first.enumerated() {
    let zeros = WideArray(repeating: 0, shape: Array(gradient.shape))
    expectAgreement(
      sample, "gradient at the minimum of input \(i) at ", gradient.value.wide, zeros, .largest(),
      tolerance: 0)
  }
  let along = run.inner(first, u)
  guard along.requiresGradient else { return }
  let hu = run.products(of: along).map { $0.value.wide }
  let ju = Oracle.jvp(sample, at: sample.values, direction: u).tangent
  let jw = Oracle.jvp(sample, at: sample.values, direction: w).tangent
  expectAgreement(
    sample, "⟨w, Hu⟩ at the minimum", inner(hu, w), inner(ju, jw),
    magnitude: max(operation.cancellation, forwardMagnitude(cotangent: ju, tangent: jw)),
    tolerance: 1e-11)
}

/// The third directional derivative of ⟨v, f⟩ along u, by dual numbers nested three times.
func checkThirdOrder(_ operation: OperationCase, _ sample: OperationSample) {
  typealias Dual3 = Dual<Dual<Dual<WideFloat>>>
  var random = seeded(sample.name, sample.label, "third order")
  let run = SampleRun(operation, sample)
  let v = random.array(Array(run.result.shape), .notSmall)
  let u = sample.directions(&random)
  var derivative = run.inner([run.result], [v])
  for _ in 0..<3 {
    guard derivative.requiresGradient else {
      derivative = Variable(Tensor.zeros([], dtype: .float64))
      break
    }
    derivative = run.inner(run.products(of: derivative, createGraph: true), u)
  }
  let seeded = zip(sample.values, u).map { x, u in
    x.combined(with: u) { x, u in
      Dual3(Dual(Dual(x, u), Dual(u, 0)), Dual(Dual(u, 0), Dual(0, 0)))
    }
  }
  let third = sample(seeded).map(\.tangent.tangent.tangent)
  expectAgreement(
    sample, "third derivative", WideFloat(derivative.item()), inner(v, third),
    magnitude: max(
      operation.cancellation * largest(v), forwardMagnitude(cotangent: v, tangent: third)),
    tolerance: 1e-10)
}
