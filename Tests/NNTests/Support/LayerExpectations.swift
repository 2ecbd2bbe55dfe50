import Autograd
import NN
import Testing

/// Numbers without a pattern.
func numbers(_ shape: Shape, seed: Double = 1, low: Double = -1, high: Double = 1) -> Variable {
  let values = (0..<shape.elementCount).map { index -> Double in
    let bits = ((seed + Double(index)) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
    return low + (high - low) * bits
  }
  return double(values, shape)
}

/// Compares the first and second derivatives of a layer by its input with differences, and the
/// derivatives by the input of its gradients by its parameters.
func expectDerivatives(
  of layer: any Layer, at x: Variable, sourceLocation: SourceLocation = #_sourceLocation
) {
  let report = gradCheck({ layer($0[0]) }, at: [x])
  #expect(report.passed, "\(layer.label): \(report)", sourceLocation: sourceLocation)
  let parameters = layer.parameters
  if parameters.isEmpty { return }
  let mixed = gradCheck(
    { inputs in
      let slopes = gradients(
        of: square(layer(inputs[0])).sum(), withRespectTo: parameters, createGraph: true)
      return concatenate(slopes.map { $0!.flattened() })
    }, at: [x], order: .first)
  #expect(mixed.passed, "\(layer.label): \(mixed)", sourceLocation: sourceLocation)
}

extension Reference {
  /// Compares a layer with the case, and the names of its variables with PyTorch's.
  func expect(
    layer: any Layer, sourceLocation: SourceLocation = #_sourceLocation,
    call: (any Layer, Variable) -> Variable = { $0($1) }
  ) throws {
    expectNames(of: layer, inputs: ["input"], sourceLocation: sourceLocation)
    func run<L: Layer>(_ layer: L) throws {
      try expect(layer, inputs: ["input"], sourceLocation: sourceLocation) { call($0, $1[0]) }
    }
    try run(layer)
  }

  /// Compares the names of a module's variables with PyTorch's.
  func expectNames(
    of module: any Module, inputs: Set<String>, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let others = inputs.union(["value", "cotangent"])
    let names = arrays.keys.filter {
      !others.contains($0) && !$0.hasPrefix("gradient ") && !$0.hasPrefix("after ")
    }
    #expect(Set(module.state().keys) == Set(names), "\(name)", sourceLocation: sourceLocation)
  }
}
