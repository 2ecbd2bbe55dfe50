import Autograd
import Oracles

// Values and first derivatives against the naive forms, on the widest float and on dual numbers
// over it.

/// The value.
func checkValue(_ operation: OperationCase, _ sample: OperationSample, _ dtype: DType) {
  let run = withoutRecording { SampleRun(operation, sample, dtype) }
  let expected = Oracle.value(sample, at: sample.values)
  // Seven digits less sure in float32; 2.5 units in the last place are 3e-7.
  let tolerance = dtype == .float32 ? max(2e-6, operation.valueTolerance) : operation.valueTolerance
  expectAgreement(
    sample, "value", run.result.value.wide, expected,
    operation.isElementwise ? .element : .largest(), tolerance: tolerance, dtype)
}

/// ⟨v, Ju⟩ = ⟨Jᵀv, u⟩ for a random cotangent and direction, and for few inputs every element of
/// Jᵀv.
func checkFirstOrder(_ operation: OperationCase, _ sample: OperationSample, _ dtype: DType) {
  var random = seeded(sample.name, sample.label, "first order")
  let run = SampleRun(operation, sample, dtype)
  let v = random.array(Array(run.result.shape), .notSmall)
  checkProducts(operation, sample, run, v, "Jᵀv", &random)
}

/// The same for a cotangent of which every other element is 0.
func checkMixedZeroCotangent(_ operation: OperationCase, _ sample: OperationSample) {
  var random = seeded(sample.name, sample.label, "mixed zero")
  let run = SampleRun(operation, sample)
  var v = random.array(Array(run.result.shape), .notSmall)
  for place in stride(from: 0, to: v.count, by: 2) { v.elements[place] = 0 }
  checkProducts(operation, sample, run, v, "Jᵀv with zeros in v", &random)
}

private func checkProducts(
  _ operation: OperationCase, _ sample: OperationSample, _ run: SampleRun, _ v: WideArray,
  _ what: String, _ random: inout SplitMix64
) {
  let dtype = run.result.dtype
  let tolerance = dtype == .float32 ? max(1e-5, operation.tolerance) : operation.tolerance
  let products = run.products(v)
  let floor = operation.cancellation * largest(v)
  let u = sample.directions(&random)
  let tangent = Oracle.jvp(sample, at: sample.values, direction: u).tangent
  expectAgreement(
    sample, "⟨\(what), u⟩", inner(products, u), inner(v, tangent),
    magnitude: max(floor, forwardMagnitude(cotangent: v, tangent: tangent)), tolerance: tolerance,
    dtype)
  guard sample.differentiableCount <= 24, !sample.isLarge else { return }
  let expected = Oracle.gradient(sample, at: sample.values, cotangent: v)
  for (i, input) in sample.inputs.enumerated() where input.isDifferentiable {
    expectAgreement(
      sample, "\(what) of input \(i) at ", products[i], expected[i], .largest(atLeast: floor),
      tolerance: tolerance, dtype)
  }
}

/// First derivatives of an element-by-element operation at finite points where formulas break, each
/// by itself.
///
/// Large and small slopes stand side by side, so errors are measured by the element, or by 1 where
/// the slope vanishes by cancellation.
func checkSpecialDerivatives(_ operation: OperationCase, _ sample: OperationSample) {
  let run = SampleRun(operation, sample)
  let ones = WideArray(repeating: 1, shape: Array(run.result.shape))
  let products = run.products(ones)
  for i in sample.inputs.indices {
    let u = sample.inputs.enumerated().map { j, input in
      WideArray(repeating: i == j ? 1 : 0, shape: input.values.shape)
    }
    let slopes = Oracle.jvp(sample, at: sample.values, direction: u).tangent
    for place in 0..<slopes.count {
      let point = sample.values.map { Double($0.elements[place]) }
      guard point.allSatisfy(\.isFinite), point.count > 1 || !operation.isSingular(point[0]) else {
        continue
      }
      expectAgreement(
        sample, "derivative \(i) at \(point) ", WideArray(scalar: products[i].elements[place]),
        WideArray(scalar: slopes.elements[place]), .largest(atLeast: 1), tolerance: 1e-12)
    }
  }
}

/// No cotangent, no gradient: exactly.
func checkZeroCotangent(_ operation: OperationCase, _ sample: OperationSample) {
  let run = SampleRun(operation, sample)
  let products = run.products(WideArray(repeating: 0, shape: Array(run.result.shape)))
  for (i, product) in products.enumerated() {
    let zeros = WideArray(repeating: 0, shape: product.shape)
    expectAgreement(
      sample, "Jᵀ0 of input \(i) at ", product, zeros, .largest(), tolerance: 0)
  }
}

/// Jᵀ(2v − 3w) = 2Jᵀv − 3Jᵀw.
func checkLinearity(_ operation: OperationCase, _ sample: OperationSample) {
  var random = seeded(sample.name, sample.label, "linearity")
  let run = SampleRun(operation, sample)
  let v = random.array(Array(run.result.shape))
  let w = random.array(Array(run.result.shape))
  let together = run.products(v * 2 - w * 3)
  for (i, pair) in zip(run.products(v), run.products(w)).enumerated() {
    let (first, second) = (pair.0 * 2, pair.1 * 3)
    let magnitude = max(largest(first), largest(second), operation.cancellation * largest(v))
    expectAgreement(
      sample, "Jᵀ(2v − 3w) of input \(i) at ", together[i], first - second,
      .largest(atLeast: magnitude), tolerance: 1e-14)
  }
}

/// ⟨v, f(x)⟩ + ⟨w, f(x)⟩ + Σx², with f applied twice and once more used twice: the gradients add
/// up.
func checkFanOut(_ operation: OperationCase, _ sample: OperationSample) {
  var random = seeded(sample.name, sample.label, "fan-out")
  let first = SampleRun(operation, sample)
  let again = SampleRun(operation, sample)
  let v = random.array(Array(first.result.shape), .notSmall)
  let w = random.array(Array(first.result.shape), .notSmall)
  let copies =
    sample.copies > 1 ? Array(repeating: first.inputs[0], count: sample.copies) : first.inputs
  let second = operation.form(copies, sample.integers)
  var total = first.inner([first.result, second, first.result], [v, w, w])
  for (i, input) in sample.inputs.enumerated() where input.isDifferentiable {
    total = total + square(first.inputs[i]).sum()
  }
  let products = zip(again.products(v), again.products(w)).map { $0 + $1 * 2 }
  for (i, gradient) in first.products(of: total).enumerated() {
    guard sample.inputs[i].isDifferentiable else { continue }
    let expected = products[i] + sample.values[i] * 2
    let magnitude = max(
      largest(products[i]), largest(sample.values[i]), operation.cancellation * largest(v))
    expectAgreement(
      sample, "gradient with fan-out of input \(i) at ", gradient.value.wide, expected,
      .largest(atLeast: magnitude), tolerance: 1e-13)
  }
}

extension OperationCase {
  fileprivate func isSingular(_ point: Double) -> Bool {
    singularPoints.contains { $0 == point && $0.sign == point.sign }
  }
}
