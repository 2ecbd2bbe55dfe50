import Kernels

// Attention as one primitive, which never writes the matrix of scores (Dao et al.,
// arXiv:2205.14135). Operands are read where they lie, with the heads anywhere between the steps
// and the features, and results are written so that merging the heads again needs no copy.

private final class AttentionBox: AttributeBox {
  let isCausal: Bool
  let scale: Double
  /// Whether the gradients by queries, keys and values lie side by side, step by step: where the
  /// three are parts of one array, this is the gradient of that array.
  let isInterleaved: Bool

  init(isCausal: Bool, scale: Double, isInterleaved: Bool) {
    self.isCausal = isCausal
    self.scale = scale
    self.isInterleaved = isInterleaved
  }
}

/// The output [batch, queries, heads, features], then for each batch, head and query the logarithm
/// of the sum of exponentials; inputs queries, keys, values [batch, heads, steps, features] and a
/// mask.
let attentionForwardPrimitive = Primitive(
  "attentionForward",
  .custom { s in
    withKernelArguments(s, mask: 3, output: s.node) { k_attention(&$0) }
  }, rule: .none)

/// The output alone, which lies in the result of ``attentionForwardPrimitive``; inputs queries, keys
/// and values, that result, and a mask.
let attentionPrimitive = Primitive(
  "attention", .view,
  rule: .allInputs { s, g in
    let box = s.box(AttentionBox.self)
    let (query, key, value) = (s[0], s[1], s[2])
    let inputs = [query, key, value, s[3], g.withDenseRows()]
    let all = attentionGradientPrimitive.apply(
      to: s.node.inputCount > 4 ? inputs + [s[4]] : inputs,
      shape: gradientShape(query, key, value, box), dtype: g.dtype, attributes: .box(box))
    return gradientParts(of: all, query, key, value, box) + [nil, nil]
  })

/// The gradients by queries, keys and values; inputs queries, keys, values, the forward result, the
/// cotangent of the output and a mask.
///
/// With P the weights, Q, K, V the inputs, G the cotangent, s the scale, and D u = P ∘ (u − Σ P u)
/// the symmetric derivative of the softmax: dS = D(G Vᵀ), and the gradients are s dS K, s dSᵀ Q and
/// Pᵀ G. Their cotangents a, b and c give t = s (a Kᵀ + Q bᵀ) as the cotangent of dS.
let attentionGradientPrimitive = Primitive(
  "attentionGradient",
  .custom { s in
    let box = s.box(AttentionBox.self)
    let g = s[4].withDenseRows()
    withKernelArguments(s, mask: 5, output: s[3].node) { attention in
      attention.g = UnsafeRawPointer(g.node.fields.pointee.data)
      let gStrides = g.layout.strides.map { Int64($0) }
      attention.g_strides = (gStrides[0], gStrides[2], gStrides[1])
      let parts = gradientLayouts(s[0], s[1], s[2], box)
      let start = s.node.fields.pointee.data
      func place(_ index: Int) -> UnsafeMutableRawPointer {
        start + parts[index].offset * g.dtype.size
      }
      attention.d_query = place(0)
      attention.d_key = place(1)
      attention.d_value = place(2)
      attention.d_query_strides = rowStrides(parts[0].strides)
      attention.d_key_strides = rowStrides(parts[1].strides)
      attention.d_value_strides = rowStrides(parts[2].strides)
      k_attention_gradient(&attention)
    }
    withExtendedLifetime(g) {}
  },
  rule: .allInputs { s, cotangent in
    let box = s.box(AttentionBox.self)
    let (q, k, v, g) = (s[0], s[1], s[2], s[4].permuted([0, 2, 1, 3]))
    let parts = gradientParts(of: cotangent, q, k, v, box)
    let (a, b, c) = (parts[0]!, parts[1]!, parts[2]!)
    let scale = Variable(box.scale)
    let weights = attentionWeights(
      query: q, key: k, mask: s.node.inputCount > 5 ? s[5] : nil, isCausal: box.isCausal,
      scale: box.scale)
    func meanOverWeights(_ u: Variable) -> Variable {
      (weights * u).sum(axis: -1, keepingAxes: true)
    }
    func derivative(_ u: Variable) -> Variable { weights * (u - meanOverWeights(u)) }
    func by(_ x: Variable, _ y: Variable) -> Variable { matmul(x, y, transposingSecond: true) }
    let weightsPart = by(g, v)
    let scoresPart = derivative(weightsPart)
    let t = scale * (by(a, k) + by(q, b))
    let spread = derivative(t)
    let ofWeights =
      by(g, c) + t * (weightsPart - meanOverWeights(weightsPart)) - meanOverWeights(t) * weightsPart
    let ofScores = derivative(ofWeights)
    return [
      scale * (matmul(ofScores, k) + matmul(scoresPart, b)),
      scale * (matmul(ofScores.transposed(), q) + matmul(scoresPart.transposed(), a)),
      matmul(spread.transposed(), g), nil,
      (matmul(weights, c) + matmul(spread, v)).permuted([0, 2, 1, 3]), nil,
    ]
  })

/// Attention in blocks; nil if the composition must do it: other types, empty arrays, very many
/// features, or a mask that is differentiated by.
func blockedAttention(
  query: Variable, key: Variable, value: Variable, mask: Variable?, isCausal: Bool, scale: Double
) -> Variable? {
  let dtype = query.dtype
  guard dtype.isFloatingPoint, key.dtype == dtype, value.dtype == dtype, query.count > 0,
    key.count > 0, value.count > 0, query.shape[query.rank - 1] <= K_ATTENTION_FEATURES,
    value.shape[value.rank - 1] <= K_ATTENTION_FEATURES,
    let batch = [query, key, value].map({ Shape($0.shape.dropLast(2)) }).reduce(
      Optional(Shape()), { $0?.broadcast(with: $1) })
  else { return nil }
  if let mask {
    guard mask.dtype == .bool || mask.dtype == dtype, mask.count > 0,
      !(mask.requiresGradient && Context.isRecording)
    else { return nil }
  }
  let heads = batch.rank > 1 ? batch[batch.rank - 1] : 1
  let outer: Shape = [batch.elementCount / heads, heads]
  /// […, rows, columns] as [batch, heads, rows, columns].
  func inHeads(_ x: Variable, _ rows: Int, _ columns: Int) -> Variable {
    x.expanded(to: Shape(Array(batch) + [rows, columns]))
      .reshaped(to: Shape(Array(outer) + [rows, columns]))
  }
  func inHeads(_ x: Variable) -> Variable {
    inHeads(x.withDenseRows(), x.shape[x.rank - 2], x.shape[x.rank - 1])
  }
  let (q, k, v) = (inHeads(query), inHeads(key), inHeads(value))
  let (queries, keys, features) = (q.shape[2], k.shape[2], v.shape[3])
  let masks = mask.map { [inHeads($0, queries, keys)] } ?? []
  let box = AttentionBox(isCausal: isCausal, scale: scale, isInterleaved: areParts(q, k, v))
  let sums = outer.elementCount * queries
  let forward = withoutRecording {
    attentionForwardPrimitive.apply(
      to: [q, k, v] + masks, shape: [sums * (features + 1)], dtype: dtype, attributes: .box(box))
  }
  let output = attentionPrimitive.view(
    of: forward, shape: [outer[0], queries, heads, features], inputs: [q, k, v, forward] + masks,
    attributes: .box(box))
  return output.permuted([0, 2, 1, 3]).reshaped(to: Shape(Array(batch) + [queries, features]))
}

// MARK: Memory

extension Variable {
  /// The variable with neighbours in the last axis next to each other, copied if it must be.
  fileprivate func withDenseRows() -> Variable {
    guard let strides = node.fields.pointee.strides, strides[rank - 1] != 1 else { return self }
    return dense()
  }
}

/// Whether queries, keys and values lie side by side in the rows of one array.
private func areParts(_ q: Variable, _ k: Variable, _ v: Variable) -> Bool {
  let row = q.shape[1] * q.shape[3]
  return [q, k, v].allSatisfy {
    $0.shape == q.shape && $0.layout.strides[2] == 3 * row
      && (q.shape[1] == 1 || $0.layout.strides[1] == q.shape[3])
  }
}

private func gradientShape(
  _ q: Variable, _ k: Variable, _ v: Variable, _ box: AttentionBox
) -> Shape {
  box.isInterleaved
    ? [q.shape[0], q.shape[2], 3, q.shape[1], q.shape[3]] : [q.count + k.count + v.count]
}

/// Where the gradients lie in one array, each in the order of its input's axes.
private func gradientLayouts(
  _ q: Variable, _ k: Variable, _ v: Variable, _ box: AttentionBox
) -> [StridedLayout] {
  var offset = 0
  return [q, k, v].map { x in
    let (heads, steps, features) = (x.shape[1], x.shape[2], x.shape[3])
    let row = heads * features * (box.isInterleaved ? 3 : 1)
    var layout = StridedLayout(x.shape, strides: [steps * row, features, row, 1])
    layout.offset = offset
    offset += box.isInterleaved ? heads * features : x.count
    return layout
  }
}

private func gradientParts(
  of all: Variable, _ q: Variable, _ k: Variable, _ v: Variable, _ box: AttentionBox
) -> [Variable?] {
  var start = 0
  return [q, k, v].enumerated().map { index, x in
    let shape: Shape = [x.shape[0], x.shape[2], x.shape[1], x.shape[3]]
    defer { start += x.count }
    let part =
      box.isInterleaved ? all[0..., 0..., index] : all.part(from: start, shape: shape)
    return part.permuted([0, 2, 1, 3])
  }
}

private func rowStrides(_ strides: [Int]) -> (Int64, Int64, Int64) {
  (Int64(strides[0]), Int64(strides[1]), Int64(strides[2]))
}

/// Describes the inputs, a mask among them if there are more than `mask`, and the forward result to
/// the kernels.
private func withKernelArguments(
  _ s: Site, mask: Int, output: Node, _ body: (inout KAttention) -> Void
) {
  let box = s.box(AttentionBox.self)
  let (q, k, v) = (s[0].withDenseRows(), s[1].withDenseRows(), s[2].withDenseRows())
  var attention = KAttention()
  attention.type = q.dtype.kernelType
  attention.is_causal = box.isCausal
  attention.scale = box.scale
  attention.batch = Int64(q.shape[0])
  attention.heads = Int64(q.shape[1])
  attention.queries = Int64(q.shape[2])
  attention.keys = Int64(k.shape[2])
  attention.features = Int64(q.shape[3])
  attention.value_features = Int64(v.shape[3])
  let outputs = q.shape[0] * q.shape[2] * q.shape[1] * v.shape[3]
  attention.out = output.fields.pointee.data
  attention.log_sums = output.fields.pointee.data + outputs * q.dtype.size
  attention.query = UnsafeRawPointer(q.node.fields.pointee.data)
  attention.key = UnsafeRawPointer(k.node.fields.pointee.data)
  attention.value = UnsafeRawPointer(v.node.fields.pointee.data)
  attention.query_strides = rowStrides(q.layout.strides)
  attention.key_strides = rowStrides(k.layout.strides)
  attention.value_strides = rowStrides(v.layout.strides)
  if s.node.inputCount > mask {
    let mask = s[mask]
    let strides = mask.layout.strides
    attention.mask_kind = mask.dtype == .bool ? .bool : .added
    attention.mask = UnsafeRawPointer(mask.node.fields.pointee.data)
    attention.mask_strides = (
      Int64(strides[0]), Int64(strides[1]), Int64(strides[2]), Int64(strides[3])
    )
  }
  body(&attention)
  withExtendedLifetime((q, k, v)) {}
}
