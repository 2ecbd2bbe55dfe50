import Foundation
import Testing

@testable import Autograd

/// Numbers without a pattern, by the formula of Fixtures/generate.py.
func sample(_ shape: Shape, _ seed: Double, low: Double = -1, high: Double = 1) -> Variable {
  let values = (0..<shape.elementCount).map { i in
    low + (high - low) * (0.5 + 0.5 * Foundation.sin(seed + 1.3 * Double(i)))
  }
  return Variable(Tensor(values, shape: shape), requiresGradient: true)
}

/// A float64 leaf.
func leaf(_ values: [Double], _ shape: Shape? = nil) -> Variable {
  Variable(Tensor(values, shape: shape), requiresGradient: true)
}

/// A float64 constant.
func constant(_ values: [Double], _ shape: Shape? = nil) -> Variable {
  Variable(Tensor(values, shape: shape))
}

func expectClose(
  _ result: [Double], _ expected: [Double], _ tolerance: Double = 1e-10, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard result.count == expected.count else {
    Issue.record(
      "\(what): \(result.count) elements, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (a, b)) in zip(result, expected).enumerated() {
    let isClose =
      a == b || a.isNaN && b.isNaN || Swift.abs(a - b) <= tolerance * Swift.max(1, Swift.abs(b))
    #expect(isClose, "\(what)[\(index)]: \(a), expected \(b)", sourceLocation: sourceLocation)
  }
}

/// The arrays of a case: PyTorch's value, then its gradient by each input; empty if there is no
/// such case.
func numbers(_ fixtures: [String: String], _ name: String) -> [[Double]] {
  (fixtures[name] ?? "").split(separator: ";").map { part in
    part.split(whereSeparator: \.isWhitespace).map { Double($0)! }
  }
}

/// Compares value and first derivatives with PyTorch's, and second derivatives with central
/// differences of the first.
func expectPyTorch(
  _ name: String, of fixtures: [String: String], _ inputs: Variable...,
  sourceLocation: SourceLocation = #_sourceLocation, function: ([Variable]) -> Variable
) {
  let expected = numbers(fixtures, name)
  guard expected.count == inputs.count + 1 else {
    Issue.record("no fixture \(name) for \(inputs.count) inputs", sourceLocation: sourceLocation)
    return
  }
  let value = function(inputs)
  expectClose(
    value.value.doubles(), expected[0], 1e-10, "\(name) value", sourceLocation: sourceLocation)
  let seed = sample(value.shape, 9).detached()
  let first = gradients(of: value, withRespectTo: inputs, seed: seed)
  for (index, gradient) in first.enumerated() {
    expectClose(
      gradient?.value.doubles() ?? [], expected[index + 1], 1e-10, "\(name) gradient \(index)",
      sourceLocation: sourceLocation)
  }
  expectSecondDerivatives(name, inputs, sourceLocation: sourceLocation, function: function)
}

/// Compares the gradient of a weighted sum of the first derivatives with its central differences.
func expectSecondDerivatives(
  _ name: String, _ inputs: [Variable], sourceLocation: SourceLocation = #_sourceLocation,
  function: ([Variable]) -> Variable
) {
  func slope(_ points: [Variable]) -> Variable {
    let value = function(points)
    let seed = sample(value.shape, 9).detached()
    let first = gradients(of: value, withRespectTo: points, seed: seed, createGraph: true)
    return zip(first, points).enumerated().reduce(Variable(0)) { sum, pair in
      guard let gradient = pair.element.0 else { return sum }
      return sum + (gradient * sample(gradient.shape, 5 + Double(pair.offset)).detached()).sum()
    }
  }
  let total = slope(inputs)
  let second: [Variable?] =
    total.requiresGradient
    ? gradients(of: total, withRespectTo: inputs) : inputs.map { _ in nil }
  for (index, input) in inputs.enumerated() {
    let values = input.value.doubles()
    let differences = values.indices.map { element in
      func moved(by step: Double) -> Double {
        var values = values
        values[element] += step
        var points = inputs
        points[index] = Variable(Tensor(values, shape: input.shape), requiresGradient: true)
        return slope(points).item()
      }
      return (moved(by: 1e-5) - moved(by: -1e-5)) / 2e-5
    }
    let result = second[index]?.value.doubles() ?? values.map { _ in 0 }
    expectClose(
      result, differences, 1e-7, "\(name) second derivative \(index)",
      sourceLocation: sourceLocation)
  }
}
