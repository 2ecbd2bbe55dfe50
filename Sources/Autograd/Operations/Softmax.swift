import Kernels

// Softmax, its logarithm, and log-sum-exp: primitives, because their compositions overflow. The
// kernels work on rows, so another axis is moved to the end first. The first derivatives are
// primitives, too, which read each row once.

/// ∂/∂x: y (g − Σ g y).
let softmaxPrimitive = Primitive(
  "softmax", softmaxKernel(logarithm: false),
  rule: .perInput([{ s, g in softmaxGradient(s.y, g) }]))

/// ∂/∂x: g − eʸ Σ g.
let logSoftmaxPrimitive = Primitive(
  "logSoftmax", softmaxKernel(logarithm: true),
  rule: .perInput([{ s, g in logSoftmaxGradient(s.y, g) }]))

/// y (g − Σ g y), of which ∂/∂g is the same function of the cotangent.
let softmaxGradientPrimitive = Primitive(
  "softmaxGradient", softmaxGradientKernel(logarithm: false),
  rule: .perInput([
    { s, h in
      let (y, g) = (s[0], s[1])
      return h * (g - (g * y).sum(axis: -1, keepingAxes: true))
        - g * (h * y).sum(axis: -1, keepingAxes: true)
    },
    { s, h in softmaxGradient(s[0], h) },
  ]))

/// g − eʸ Σ g.
let logSoftmaxGradientPrimitive = Primitive(
  "logSoftmaxGradient", softmaxGradientKernel(logarithm: true),
  rule: .perInput([
    { s, h in -h * exp(s[0]) * s[1].sum(axis: -1, keepingAxes: true) },
    { s, h in h - (h * exp(s[0])).sum(axis: -1, keepingAxes: true) },
  ]))

private func softmaxGradient(_ y: Variable, _ g: Variable) -> Variable {
  softmaxGradientPrimitive(y, g.dense(), shape: y.shape)
}

private func logSoftmaxGradient(_ y: Variable, _ g: Variable) -> Variable {
  logSoftmaxGradientPrimitive(y, g.dense(), shape: y.shape)
}

/// ∂/∂x: g eˣ⁻ʸ.
///
/// A row of −∞ has y = −∞; there x − 0 takes the place of x − y, so that eˣ⁻ʸ is 0.
let logSumExpPrimitive = Primitive(
  "logSumExp",
  .custom { s in
    let dense = s[0].dense()
    let x = dense.node.fields
    let out = s.node.fields
    let n = x.pointee.shape[x.pointee.shape.rank - 1]
    k_log_sum_exp(
      out.pointee.dtype.kernelType, out.pointee.data, x.pointee.data, Int64(out.pointee.count),
      Int64(n))
    withExtendedLifetime(dense) {}
  },
  rule: .perInput([
    { s, g in
      let finite = select(s.y .== Variable(-Double.infinity), 0, s.y)
      return g.unsqueezed(axis: -1) * exp(s[0] - finite.unsqueezed(axis: -1))
    }
  ]))

private func softmaxKernel(logarithm: Bool) -> Primitive.Kernel {
  .custom { s in
    let dense = s[0].dense()
    let x = dense.node.fields
    let out = s.node.fields
    let n = x.pointee.shape[x.pointee.shape.rank - 1]
    if x.pointee.count == 0 { return }
    k_softmax(
      out.pointee.dtype.kernelType, out.pointee.data, x.pointee.data, Int64(x.pointee.count / n),
      Int64(n), logarithm)
    withExtendedLifetime(dense) {}
  }
}

private func softmaxGradientKernel(logarithm: Bool) -> Primitive.Kernel {
  .custom { s in
    let (y, g) = (s[0].dense(), s[1].dense())
    let out = s.node.fields
    if out.pointee.count == 0 { return }
    let n = out.pointee.shape[out.pointee.shape.rank - 1]
    k_softmax_gradient(
      out.pointee.dtype.kernelType, out.pointee.data, y.node.fields.pointee.data,
      g.node.fields.pointee.data, Int64(out.pointee.count / n), Int64(n), logarithm)
    withExtendedLifetime((y, g)) {}
  }
}

/// Applies a primitive of the last axis along any axis.
private func alongAxis(
  _ axis: Int, of x: Variable, operation: String, _ primitive: Primitive
) -> Variable {
  x.requireFloatingPoint(operation)
  let axis = resolve(axis: axis, rank: x.rank, operation: operation, of: x)
  let rows = x.movingAxis(axis, to: -1)
  return primitive(rows, shape: rows.shape).movingAxis(-1, to: axis)
}

/// The softmax eˣ / Σ eˣ along an axis, without overflow.
///
/// An element −∞ has the value and the gradient 0; if all are −∞ the values are NaN.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - axis: The axis that sums to 1, negative ones counting from the end.
public func softmax(_ x: Variable, axis: Int) -> Variable {
  alongAxis(axis, of: x, operation: "softmax", softmaxPrimitive)
}

/// The logarithm of ``softmax(_:axis:)``, x − log Σ eˣ along an axis, exact where the softmax
/// vanishes.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - axis: The axis, negative ones counting from the end.
public func logSoftmax(_ x: Variable, axis: Int) -> Variable {
  alongAxis(axis, of: x, operation: "logSoftmax", logSoftmaxPrimitive)
}

/// log Σ eˣ over the given axes, or over all, without overflow.
///
/// Where all elements are −∞, or there are none, the value is −∞; their gradient is then 0.
///
/// - Parameters:
///   - x: Floating-point, else stops with an error.
///   - axes: The axes to sum over, negative ones counting from the end; nil for all.
///   - keepingAxes: Whether the reduced axes stay, with size 1.
public func logSumExp(
  _ x: Variable, axes: [Int]? = nil, keepingAxes: Bool = false
) -> Variable {
  x.requireFloatingPoint("logSumExp")
  let axes = x.reductionAxes(axes, operation: "logSumExp").list
  let others = (0..<x.rank).filter { !axes.contains($0) }
  let outer = Shape(others.map { x.shape[$0] })
  let n = axes.reduce(1) { $0 * x.shape[$1] }
  let rows = x.permuted(others + axes).reshaped(to: outer.appending(n))
  let result = logSumExpPrimitive(rows, shape: outer)
  return keepingAxes ? result.reshaped(to: x.keptShape(axes)) : result
}

/// log Σ eˣ along one axis, without overflow.
public func logSumExp(_ x: Variable, axis: Int, keepingAxes: Bool = false) -> Variable {
  logSumExp(x, axes: [axis], keepingAxes: keepingAxes)
}

extension Variable {
  /// The shape with some axes, counted from 0, replaced by axes of size 1.
  func keptShape(_ axes: [Int]) -> Shape {
    var result = shape
    for axis in axes { result[axis] = 1 }
    return result
  }
}
