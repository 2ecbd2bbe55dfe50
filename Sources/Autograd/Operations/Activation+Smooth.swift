import Kernels

// Activation functions that are smooth, or smooth but for the second derivative at 0.

/// The exponential linear unit that keeps mean 0 and variance 1 from layer to layer: 1.0507 ·
/// ``elu(_:alpha:)`` with alpha 1.6733 (arXiv:1706.02515).
public func selu(_ x: Variable) -> Variable {
  1.0507009873554805 * elu(x, alpha: 1.6732632423543772)
}

/// x for x > 0, else `alpha` (e^(x / alpha) − 1), whose derivative is continuous for every alpha
/// (arXiv:1704.07483).
///
/// - Parameters:
///   - x: The values.
///   - alpha: The negative of the limit for x → −∞; positive, else it is an error.
public func celu(_ x: Variable, alpha: Double = 1) -> Variable {
  guard alpha > 0 else { fatalError("celu: alpha \(alpha) is not positive") }
  return select(x .> 0, x, Variable(alpha) * expm1(x / Variable(alpha)))
}

/// x tanh(log(1 + eˣ)) (arXiv:1908.08681).
public func mish(_ x: Variable) -> Variable { x * tanh(softplus(x)) }

/// x − tanh x; near 0 the difference has fewer correct digits, as in PyTorch.
public func tanhshrink(_ x: Variable) -> Variable { x - tanh(x) }

/// (x / (1 + |x|))′ = 1 / (1 + |x|)², which the composition finds as a difference that cancels.
let softsignPrimitive = Primitive(
  "softsign",
  .custom { s in
    let x = s[0].dense()
    let one = full(1, .scalar, x.dtype)
    let (type, count) = (x.dtype.kernelType, Int64(x.count))
    let input = x.node.fields.pointee.data
    let out = s.node.fields.pointee.data
    k_unary(.absolute, type, out, input, count)
    k_binary(.add, type, out, out, 1, one.node.fields.pointee.data, 0, count)
    k_binary(.divide, type, out, input, 1, out, 1, count)
    withExtendedLifetime((x, one)) {}
  },
  liveness: .elementwise,
  rule: .perInput([{ s, g in g / square(1 + abs(s[0])) }]))

/// x / (1 + |x|), a sigmoid with heavy tails.
public func softsign(_ x: Variable) -> Variable {
  x.requireFloatingPoint("softsign")
  return softsignPrimitive(x, shape: x.shape)
}

/// The softmax of −x along an axis: e⁻ˣ / Σ e⁻ˣ.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - axis: The axis that sums to 1, negative ones counting from the end.
public func softmin(_ x: Variable, axis: Int) -> Variable { softmax(-x, axis: axis) }

/// The first half of x times the sigmoid of the second, along an axis (arXiv:1612.08083).
///
/// - Parameters:
///   - x: Floating-point.
///   - axis: The axis to halve, negative ones counting from the end; stops with an error if its
///     size is odd.
public func glu(_ x: Variable, axis: Int = -1) -> Variable {
  let axis = resolve(axis: axis, rank: x.rank, operation: "glu", of: x)
  guard x.shape[axis] % 2 == 0 else {
    fatalError(
      "glu: axis \(axis) of \(describe(x)) does not divide into two halves\(location(of: x))")
  }
  let half = x.shape[axis] / 2
  let parts = x.split(sizes: [half, half], axis: axis)
  return parts[0] * sigmoid(parts[1])
}
