import Autograd
import NN
import Testing

/// All elements of several variables in a row.
func joined(_ variables: [Variable]) -> Variable {
  concatenate(variables.map { $0.flattened() })
}

/// Numbers without a pattern, in −1...1.
func noise(_ shape: Shape, _ seed: UInt64, dtype: DType = .float64) -> Variable {
  var generator = RandomGenerator(seed: seed)
  return Variable(Tensor.uniform(shape, low: -1, high: 1, dtype: dtype, using: &generator))
}

extension Reference {
  /// As ``expect(_:inputs:)``, and PyTorch's module has no parameters besides those of this one.
  func expectAll<M: Module>(
    of module: M, inputs: [String], sourceLocation: SourceLocation = #_sourceLocation,
    call: (M, [Variable]) -> Variable
  ) throws {
    try expect(module, inputs: inputs, sourceLocation: sourceLocation, call: call)
    let prefix = "gradient "
    let theirs = arrays.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
    let ours = module.namedParameters.map { Substring($0.name) }
    let leaves = inputs.filter { self[$0].dtype.isFloatingPoint }.map { Substring($0) }
    #expect(Set(theirs) == Set(ours + leaves), "\(name)", sourceLocation: sourceLocation)
  }
}

/// Whether the derivatives by the inputs of the gradients by a module's parameters are right.
///
/// Together with the first derivatives by parameters, which references tell, these are the second
/// derivatives that mix both.
func expectMixedDerivatives<M: Module>(
  of module: M, at inputs: [Variable], sourceLocation: SourceLocation = #_sourceLocation,
  call: @escaping (M, [Variable]) -> Variable
) {
  let parameters = module.parameters
  let report = gradCheck(
    { inputs in
      let y = call(module, inputs)
      let slopes = gradients(
        of: square(y).sum(), withRespectTo: parameters, createGraph: true)
      return joined(slopes.compactMap { $0 })
    }, at: inputs, order: .first)
  #expect(report.passed, "\(report)", sourceLocation: sourceLocation)
}
