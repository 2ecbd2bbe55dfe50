import Kernels

// The cross-entropy of logits and class indices, without the softmax's ever being written.

/// log Σ eˣ − xᵢ for each row x and its index i; ∂/∂x: g (softmax x − the unit vector of i).
let crossEntropyPrimitive = Primitive(
  "crossEntropy",
  .custom { s in
    let (x, indices) = (s[0].dense(), s[1].dense())
    let out = s.node.fields.pointee
    k_cross_entropy(
      out.dtype.kernelType, out.data, x.node.fields.pointee.data,
      indices.node.fields.pointee.data.assumingMemoryBound(to: Int64.self), Int64(out.count),
      Int64(x.shape[x.rank - 1]))
    withExtendedLifetime((x, indices)) {}
  },
  rule: .indexed { s, g, input in
    guard input == 0 else { return nil }
    return crossEntropyGradientPrimitive.apply(
      to: [s[0], s[1], g.dense()], shape: s[0].shape, dtype: g.dtype)
  })

/// g (softmax x − the unit vector of i) for each row x, its index i and its cotangent g.
///
/// With the cotangent h: ∂/∂x is g times the softmax's product with h, ∂/∂g is Σ h softmax x − hᵢ.
let crossEntropyGradientPrimitive = Primitive(
  "crossEntropyGradient",
  .custom { s in
    let (x, indices, g) = (s[0].dense(), s[1].dense(), s[2].dense())
    let out = s.node.fields.pointee
    k_cross_entropy_gradient(
      out.dtype.kernelType, out.data, x.node.fields.pointee.data,
      indices.node.fields.pointee.data.assumingMemoryBound(to: Int64.self),
      g.node.fields.pointee.data, Int64(g.count), Int64(x.shape[x.rank - 1]))
    withExtendedLifetime((x, indices, g)) {}
  },
  rule: .indexed { s, h, input in
    let y = softmax(s[0], axis: -1)
    let mean = (h * y).sum(axis: -1, keepingAxes: true)
    switch input {
    case 0: return s[2].unsqueezed(axis: -1) * y * (h - mean)
    case 2:
      let picked = gather(h, at: s[1].unsqueezed(axis: -1), axis: -1)
      return (mean - picked).squeezed(axis: -1)
    default: return nil
    }
  })

/// The cross-entropies −log softmax(x)ᵢ of logits x along an axis and class indices i.
///
/// - Parameters:
///   - logits: Floating-point.
///   - indices: int64, in range, of the logits' shape without the axis.
///   - axis: The axis of the classes, counted from 0.
package func crossEntropies(_ logits: Variable, at indices: Variable, axis: Int) -> Variable {
  logits.requireFloatingPoint("crossEntropy")
  let rows = logits.movingAxis(axis, to: -1)
  return crossEntropyPrimitive(rows.dense(), indices.dense(), shape: indices.shape)
}
