import Autograd
import Testing

/// Whether the elements are those expected, to a relative error that float64 keeps easily.
func expect(
  _ x: Variable?, equals expected: [Double], within tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let values = x?.value.doubles() ?? []
  guard values.count == expected.count else {
    Issue.record("\(values) are not as many as \(expected)", sourceLocation: sourceLocation)
    return
  }
  for (value, expected) in zip(values, expected) {
    #expect(
      abs(value - expected) <= tolerance * max(1, abs(expected)), sourceLocation: sourceLocation)
  }
}

/// A float64 leaf.
func double(_ values: [Double], _ shape: Shape? = nil, requiresGradient: Bool = false) -> Variable {
  Variable(Tensor(values, shape: shape), requiresGradient: requiresGradient)
}

/// Whether a process ended with an error that holds certain words.
func expect(
  _ result: ExitTest.Result?, says words: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  for word in words {
    #expect(message.contains(word), sourceLocation: sourceLocation)
  }
}
