import Kernels

// Layer norm and RMS norm as primitives: each row is read once, forward and backward.

private final class RowNormBox: AttributeBox {
  /// The number of elements that are normalized together.
  let size: Int
  let epsilon: Double
  /// Whether the mean is subtracted: layer norm; RMS norm does not.
  let isCentered: Bool
  let hasWeight: Bool
  let hasBias: Bool

  init(size: Int, epsilon: Double, isCentered: Bool, hasWeight: Bool, hasBias: Bool) {
    self.size = size
    self.epsilon = epsilon
    self.isCentered = isCentered
    self.hasWeight = hasWeight
    self.hasBias = hasBias
  }

  /// How many gradients are sums over rows.
  var sums: Int { (hasWeight ? 1 : 0) + (hasBias ? 1 : 0) }
}

/// x̂ · weight + bias with x̂ = (x − μ) / √(σ² + ε) for each row; inputs x, weight and bias.
let rowNormPrimitive = Primitive(
  "rowNorm",
  .custom { s in
    let box = s.box(RowNormBox.self)
    let out = s.node.fields.pointee
    let inputs = (0..<s.node.inputCount).map { s[$0].dense() }
    let memory = inputs.map { UnsafeRawPointer($0.node.fields.pointee.data) }
    k_layer_norm(
      out.dtype.kernelType, out.data, memory[0], box.hasWeight ? memory[1] : nil,
      box.hasBias ? memory[memory.count - 1] : nil, Int64(out.count / max(1, box.size)),
      Int64(box.size), box.epsilon, box.isCentered)
    withExtendedLifetime(inputs) {}
  },
  rule: .allInputs { s, g in
    let box = s.box(RowNormBox.self)
    let x = s[0]
    let count = k_layer_norm_gradient_size(
      Int64(x.count / max(1, box.size)), Int64(box.size), Int64(box.sums))
    let all = rowNormGradientPrimitive.apply(
      to: [x, g.dense()] + (box.hasWeight ? [s[1]] : []), shape: [Int(count)], dtype: x.dtype,
      attributes: .box(box))
    var result: [Variable?] = [all.part(from: 0, shape: x.shape)]
    for index in 0..<box.sums {
      // A copy: what is kept of the gradient of a parameter should not hold that of x.
      let shape = s[index + 1].shape
      result.append(all.part(from: x.count + index * box.size, shape: shape).copied())
    }
    return result
  })

/// The gradients by x, weight and bias one after the other, and memory for partial sums; inputs x, g
/// and weight.
let rowNormGradientPrimitive = Primitive(
  "rowNormGradient",
  .custom { s in
    let box = s.box(RowNormBox.self)
    let out = s.node.fields.pointee
    let (x, g) = (s[0].dense(), s[1].dense())
    let weight = box.hasWeight ? s[2].dense() : nil
    k_layer_norm_gradient(
      out.dtype.kernelType, out.data, x.node.fields.pointee.data,
      weight.map { UnsafeRawPointer($0.node.fields.pointee.data) }, g.node.fields.pointee.data,
      Int64(x.count / max(1, box.size)), Int64(box.size), Int64(box.sums), box.epsilon,
      box.isCentered)
    withExtendedLifetime((x, g, weight)) {}
  },
  rule: .allInputs { s, cotangent in
    let box = s.box(RowNormBox.self)
    let rows: Shape = [s[0].count / max(1, box.size), box.size]
    let sums = (0..<box.sums).map {
      cotangent.part(from: s[0].count + $0 * box.size, shape: [box.size])
    }
    let gradient = NormalizationGradient(
      x: s[0].reshaped(to: rows), g: s[1].reshaped(to: rows),
      weight: box.hasWeight ? s[2].reshaped(to: [box.size]) : nil, axes: [1],
      epsilon: box.epsilon, isCentered: box.isCentered)
    let parts = gradient.cotangents(
      byX: cotangent.part(from: 0, shape: rows), byWeight: box.hasWeight ? sums[0] : nil,
      byBias: box.hasBias ? sums[box.sums - 1] : nil)
    return [
      parts.x.reshaped(to: s[0].shape), parts.g.reshaped(to: s[1].shape),
      parts.weight.map { $0.reshaped(to: s[2].shape) },
    ]
  })

/// Normalizes the last axes together; shapes fit.
func rowNorm(
  _ x: Variable, axes: Int, weight: Variable?, bias: Variable?, epsilon: Double, isCentered: Bool
) -> Variable {
  let parameters = [weight, bias].compactMap { $0?.dense() }
  for parameter in parameters where parameter.dtype != x.dtype {
    fatalError(
      "normalization: types differ: \(describe(x)) and the parameter \(describe(parameter))"
        + location(of: x))
  }
  let size = x.shape.elementCount(of: (x.rank - axes)..<x.rank)
  return rowNormPrimitive.apply(
    to: [x.dense()] + parameters, shape: x.shape, dtype: x.dtype,
    attributes: .box(
      RowNormBox(
        size: size, epsilon: epsilon, isCentered: isCentered, hasWeight: weight != nil,
        hasBias: bias != nil)))
}

extension Variable {
  /// Consecutive elements of an array without gaps, under another shape.
  func part(from start: Int, shape: Shape) -> Variable {
    slice(self, Region(self.shape, axis: 0, start: start, count: shape.elementCount))
      .reshaped(to: shape)
  }
}
