import Autograd

/// A parameter drawn from U(−bound, bound), as most layers draw their first values.
func uniformParameter(
  _ shape: Shape, within bound: Double, _ dtype: DType, _ generator: inout RandomGenerator
) -> Variable {
  Variable(
    Tensor.uniform(shape, low: -bound, high: bound, dtype: dtype, using: &generator),
    requiresGradient: true)
}
