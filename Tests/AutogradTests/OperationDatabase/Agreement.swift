import Autograd
import Oracles
import Testing

/// What an error is measured by.
enum ErrorScale {
  /// Each element by itself: for results that are computed element by element.
  case element
  /// The largest element, but at least this.
  case largest(atLeast: WideFloat = 0)
}

/// The element that is farthest from what is expected.
struct WorstElement {
  var index: [Int] = []
  var actual: WideFloat = 0
  var expected: WideFloat = 0
  var error: WideFloat = 0
}

/// The largest error of an array; infinite where NaNs or infinities are not where they are
/// expected.
///
/// What is expected is first rounded to the type of the result, so that overflow is no error.
func worstElement(
  _ actual: WideArray, _ expected: WideArray, _ scale: ErrorScale, _ dtype: DType = .float64
) -> WorstElement {
  var largest: WideFloat = 0
  if case .largest(let floor) = scale {
    largest = expected.elements.reduce(floor) { $1.isFinite ? max($0, WideFloat.abs($1)) : $0 }
  }
  // Below it, numbers have fewer digits.
  let smallest: WideFloat =
    dtype == .float32
    ? WideFloat(Float.leastNormalMagnitude) : WideFloat(Double.leastNormalMagnitude)
  var worst = WorstElement()
  var worstPlace = 0
  for (place, pair) in zip(actual.elements, expected.elements).enumerated() {
    let a = pair.0
    let e = pair.1
    let rounded = dtype == .float32 ? WideFloat(Float(e)) : WideFloat(Double(e))
    if a == rounded || a.isNaN && rounded.isNaN { continue }
    var error = WideFloat.infinity
    if a.isFinite && rounded.isFinite {
      error = WideFloat.abs(a - e) / max(largest, WideFloat.abs(e), smallest)
    }
    if error > worst.error {
      worst = WorstElement(actual: a, expected: e, error: error)
      worstPlace = place
    }
  }
  if worst.error > 0 { worst.index = actual.indices[worstPlace] }
  return worst
}

/// Records an issue that names the operation, the sample, the worst element and both values.
func expectAgreement(
  _ sample: OperationSample, _ what: String, _ actual: WideArray, _ expected: WideArray,
  _ scale: ErrorScale, tolerance: WideFloat, _ dtype: DType = .float64
) {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(sample.name) \(sample.label) \(dtype): \(what) has shape \(actual.shape), not \(expected.shape)"
    )
    return
  }
  let worst = worstElement(actual, expected, scale, dtype)
  if worst.error <= tolerance { return }
  Issue.record(
    """
    \(sample.name) \(sample.label) \(dtype): \(what)\(worst.index) is \(worst.actual), expected \
    \(worst.expected), error \(Double(worst.error)) > \(Double(tolerance))
    """)
}

/// As above, for two numbers and the magnitude by which their difference is measured.
func expectAgreement(
  _ sample: OperationSample, _ what: String, _ actual: WideFloat, _ expected: WideFloat,
  magnitude: WideFloat, tolerance: WideFloat, _ dtype: DType = .float64
) {
  let difference = WideFloat.abs(actual - expected)
  // NaN fails.
  if difference <= tolerance * magnitude { return }
  Issue.record(
    """
    \(sample.name) \(sample.label) \(dtype): \(what) is \(actual), expected \(expected), error \
    \(Double(difference / magnitude)) > \(Double(tolerance))
    """)
}

/// ⟨a, b⟩ of all arrays.
func inner(_ a: [WideArray], _ b: [WideArray]) -> WideFloat {
  zip(a, b).reduce(0) { $0 + inner($1.0, $1.1) }
}

/// ⟨a, b⟩.
func inner(_ a: WideArray, _ b: WideArray) -> WideFloat {
  zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 }
}

/// The largest magnitude.
func largest(_ array: WideArray) -> WideFloat {
  array.elements.reduce(0) { max($0, WideFloat.abs($1)) }
}
