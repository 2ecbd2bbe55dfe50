import Autograd

// Attributions by gradients: how much each element of the input matters for the output. The first
// axis of input and output is that of the examples, and the model must not mix them (as batch
// normalization does in training). Results have the input's shape and are constants.

/// How strongly the output reacts to each element of the input: |∂y/∂x|.
///
/// Simonyan, Vedaldi and Zisserman, arXiv:1312.6034.
///
/// ```swift
/// let map = saliency({ model($0) }, at: images, target: .classIndices(labels))
/// ```
///
/// - Parameters:
///   - model: From inputs [examples, …] to outputs [examples, …].
///   - x: The inputs, floating-point.
///   - target: Which output y is explained.
/// - Returns: The shape of x; stops with an error if y does not depend on x.
public func saliency(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget = .output
) -> Variable {
  abs(inputGradient(model, at: x, target: target, operation: "saliency"))
}

/// What each element of the input contributes in a linear approximation: x ∂y/∂x.
///
/// For a linear model without bias the contributions add up to the output.
/// Shrikumar et al., arXiv:1605.01713.
///
/// - Parameters:
///   - model: From inputs [examples, …] to outputs [examples, …].
///   - x: The inputs, floating-point.
///   - target: Which output y is explained.
/// - Returns: The shape of x; stops with an error if y does not depend on x.
public func inputTimesGradient(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget = .output
) -> Variable {
  x.detached() * inputGradient(model, at: x, target: target, operation: "inputTimesGradient")
}

/// The mean gradient ∂y/∂x around the input: at points x + n with normal noise n, so that what
/// changes from point to point averages out.
///
/// Smilkov et al., arXiv:1706.03825.
///
/// - Parameters:
///   - model: From inputs [examples, …] to outputs [examples, …].
///   - x: The inputs, floating-point.
///   - target: Which output y is explained.
///   - standardDeviation: Of the noise, in the unit of x; 10 to 20 % of the range of x is usual.
///   - samples: How many points; above 0, else stops with an error.
///   - generator: The source of the noise.
/// - Returns: The shape of x; stops with an error if y does not depend on x.
public func smoothGrad(
  _ model: (Variable) -> Variable, at x: Variable, target: AttributionTarget = .output,
  standardDeviation: Double, samples: Int = 50, using generator: inout RandomGenerator
) -> Variable {
  guard samples > 0 else {
    fatalError("smoothGrad: there are \(samples) samples; expected 1 or more")
  }
  var total = Variable(Tensor.zeros(x.shape, dtype: x.dtype))
  for _ in 0..<samples {
    let noise = Tensor.normal(
      x.shape, standardDeviation: standardDeviation, dtype: x.dtype, using: &generator)
    total += inputGradient(
      model, at: x.detached() + Variable(noise), target: target, operation: "smoothGrad")
  }
  return total / Variable(Double(samples))
}
