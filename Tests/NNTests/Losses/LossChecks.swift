import Autograd
import NN
import Testing

/// Compares a loss and its gradient, and runs the second derivative.
func expectLoss(
  at point: [Double], _ shape: Shape? = nil, value: [Double], gradient expected: [Double],
  sourceLocation: SourceLocation = #_sourceLocation, _ loss: (Variable) -> Variable
) {
  let x = double(point, shape, requiresGradient: true)
  let y = loss(x)
  expect(y, equals: value, sourceLocation: sourceLocation)
  let slope = gradient(of: y.sum(), withRespectTo: x, createGraph: true)
  expect(slope, equals: expected, sourceLocation: sourceLocation)
  let curvature = gradients(of: square(slope).sum(), withRespectTo: [x])[0]
  #expect(
    curvature?.value.doubles().allSatisfy { $0.isFinite } ?? true, sourceLocation: sourceLocation)
}

/// Compares a loss with PyTorch's value and gradients in each reduction, and its derivatives of
/// first and second order with differences.
///
/// - Parameters:
///   - name: The cases are "<name> mean", "<name> sum" and "<name> none".
///   - leaves: By which inputs it is differentiated; they are passed in this order.
///   - count: How many of the leaves the differences may move: others are labels, or at a kink.
func expectLoss(
  _ references: References, _ name: String, by leaves: [String], moving count: Int? = nil,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ loss: (Reference, [Variable], Reduction) -> Variable
) throws {
  for reduction in Reduction.allCases {
    let reference = try references("\(name) \(reduction)")
    let inputs = leaves.map(reference.leaf)
    let pairs = Dictionary(uniqueKeysWithValues: zip(leaves, inputs))
    reference.expect(
      loss(reference, inputs, reduction), gradientsBy: pairs, sourceLocation: sourceLocation)
  }
  let reference = try references("\(name) none")
  let inputs = leaves.map(reference.leaf)
  let fixed = Array(inputs[(count ?? inputs.count)...])
  let report = gradCheck(
    { loss(reference, $0 + fixed, .none) }, at: Array(inputs[..<(count ?? inputs.count)]))
  #expect(report.passed, "\(name): \(report)", sourceLocation: sourceLocation)
}
