import Autograd

// Calls of products, indexing and layers that must stop with an error.

private func zeros(_ shape: Int..., name: String? = nil) -> Variable {
  Variable(Tensor.zeros(Shape(shape)), name: name)
}

let productErrors: [ErrorInput] = [
  ErrorInput(
    "matmul inner",
    "matmul: inner dimensions differ: left float32 [2, 3] has 3, right float32 [4, 2] has 4"
  ) { _ = matmul(zeros(2, 3), zeros(4, 2)) },
  ErrorInput("matmul in a layer", "matmul: inner dimensions", "\"net.w\"", "(in net)") {
    _ = matmul(zeros(2, 3), zeros(4, 2, name: "net.w"))
  },
  ErrorInput("matmul batch", "matmul: batch axes do not broadcast", "[2, 1, 3]", "[3, 3, 1]") {
    _ = matmul(zeros(2, 1, 3), zeros(3, 3, 1))
  },
  ErrorInput("matmul scalar", "matmul: a scalar is not a matrix", "float32 []", "float32 [2]") {
    _ = matmul(zeros(), zeros(2))
  },
  ErrorInput(
    "matmul types", "matmul: types differ", "float32 [2, 2]", "float64 [2, 2]; cast one"
  ) {
    _ = matmul(zeros(2, 2), Variable(Tensor.zeros([2, 2], dtype: .float64)))
  },
  ErrorInput("matmul bool", "matmul: bool has no products", "bool [2, 2]; cast both") {
    _ = matmul(zeros(2, 2) .> 0, zeros(2, 2) .> 0)
  },
  ErrorInput("dot", "dot:", "left float32 [2]", "right float32 [3]") {
    _ = dot(zeros(2), zeros(3))
  },
  ErrorInput("outer", "outer:", "left float32 [2, 2]", "right float32 [3]") {
    _ = outer(zeros(2, 2), zeros(3))
  },
  ErrorInput("addmm", "addmm: float32 [3] does not broadcast to the product [2, 2]") {
    _ = addmm(zeros(3), zeros(2, 2), zeros(2, 2))
  },
  ErrorInput("linear input", "linear: the input float32 [2, 3]", "the weight float32 [5, 4]") {
    _ = linear(zeros(2, 3), zeros(5, 4))
  },
  ErrorInput("linear bias", "linear: the bias float32 [4]", "the weight float32 [5, 3]") {
    _ = linear(zeros(2, 3), zeros(5, 3), bias: zeros(4))
  },
  ErrorInput("tensordot", "tensordot: axes [1] of float32 [2, 3]", "axes [0] of float32 [4, 2]") {
    _ = tensordot(zeros(2, 3), zeros(4, 2), leftAxes: [1], rightAxes: [0])
  },
  ErrorInput("tensordot of too many axes", "tensordot: 2 axes are too many", "[2]", "[2, 2]") {
    _ = tensordot(zeros(2), zeros(2, 2), axes: 2)
  },
  ErrorInput("einsum operands", "einsum: \"ij,jk->ik\" names 2 operands, but there are 1") {
    _ = einsum("ij,jk->ik", zeros(2, 3))
  },
  ErrorInput("einsum sizes", "einsum: \"ij,jk->ik\"", "3", "4") {
    _ = einsum("ij,jk->ik", zeros(2, 3), zeros(4, 2))
  },
  ErrorInput("einsum rank", "einsum: \"ij->i\"", "[2]") { _ = einsum("ij->i", zeros(2)) },
  ErrorInput("trace", "trace: float32 [3] is not a matrix") { _ = zeros(3).trace() },
  ErrorInput("lowerTriangle", "lowerTriangle: float32 [3] is not a matrix") {
    _ = zeros(3).lowerTriangle()
  },
  ErrorInput("diagonal", "diagonal: axis 0 is given twice") {
    _ = zeros(3, 3).diagonal(axes: (0, -2))
  },
]

let indexingErrors: [ErrorInput] = [
  ErrorInput("indexSelect", "indexSelect: index 3 at position 1 is not in 0..<3", "float32 [3, 2]")
  {
    _ = indexSelect(zeros(3, 2), at: Variable([0, 3] as [Int]))
  },
  ErrorInput("indexSelect of numbers", "indexSelect: the indices float32 [2]", "not integers") {
    _ = indexSelect(zeros(3, 2), at: zeros(2))
  },
  ErrorInput("indexSelect below 0", "indexSelect: index -1 at position 0 is not in 0..<3") {
    _ = indexSelect(zeros(3), at: Variable([-1] as [Int]))
  },
  ErrorInput(
    "gather", "gather: the indices int64 [3, 3] and float32 [2, 3] differ outside of axis 1"
  ) {
    _ = gather(zeros(2, 3), at: Variable(Tensor.zeros([3, 3], dtype: .int64)), axis: 1)
  },
  ErrorInput("takeAlongAxis", "takeAlongAxis: the indices int64 [2]", "float32 [2, 3]") {
    _ = takeAlongAxis(zeros(2, 3), at: Variable([0, 1] as [Int]), axis: 1)
  },
  ErrorInput("scatter", "scatter: the values are float32 [3], not float32 [2]") {
    _ = scatter(zeros(3), at: Variable([0, 1] as [Int]), axis: 0, into: zeros(4))
  },
  ErrorInput("scatterAdd", "scatterAdd: index 4 at position 0 is not in 0..<4") {
    _ = scatterAdd(zeros(1), at: Variable([4] as [Int]), axis: 0, into: zeros(4))
  },
  ErrorInput("indexAdd", "indexAdd: the values are float32 [2], not float32 [1]") {
    _ = indexAdd(zeros(2), at: Variable([0] as [Int]), into: zeros(4))
  },
  ErrorInput("embedding", "embedding: the table is float32 [4], not a matrix") {
    _ = embedding(Variable([0] as [Int]), zeros(4))
  },
  ErrorInput("oneHot", "oneHot: index 5 at position 1 is not in 0..<3") {
    _ = oneHot(Variable([0, 5] as [Int]), count: 3)
  },
  ErrorInput("maskedSelect", "maskedSelect: the mask float32 [2] does not fit float32 [2]") {
    _ = maskedSelect(zeros(2), zeros(2))
  },
]

let layerErrors: [ErrorInput] = [
  ErrorInput("conv2d channels", "conv2d: the input float32 [1, 3, 4, 4]", "[2, 2, 3, 3]") {
    _ = conv2d(zeros(1, 3, 4, 4), zeros(2, 2, 3, 3))
  },
  ErrorInput("conv2d window", "conv2d: the window spans 5 elements", "[1, 1, 4, 4]") {
    _ = conv2d(zeros(1, 1, 4, 4), zeros(1, 1, 5, 5))
  },
  ErrorInput("conv2d bias", "conv2d: the bias float32 [3] does not have shape [2]") {
    _ = conv2d(zeros(1, 1, 4, 4), zeros(2, 1, 3, 3), bias: zeros(3))
  },
  ErrorInput("conv1d groups", "conv1d: 2 groups do not divide", "float32 [3, 1, 2]") {
    _ = conv1d(zeros(1, 2, 4), zeros(3, 1, 2), groups: 2)
  },
  ErrorInput("conv1d padding", "conv1d: padding .same needs stride 1, not [2]") {
    _ = conv1d(zeros(1, 1, 4), zeros(1, 1, 2), stride: 2, padding: .same)
  },
  ErrorInput("convTranspose2d", "convTranspose2d: outputPadding 2 is not below the stride 1") {
    _ = convTranspose2d(zeros(1, 1, 2, 2), zeros(1, 1, 2, 2), outputPadding: 2)
  },
  ErrorInput("maxPool2d padding", "maxPool2d: padding 2 is more than half of the window's size 2") {
    _ = maxPool2d(zeros(1, 1, 4, 4), size: 2, padding: 2)
  },
  ErrorInput(
    "conv2d without examples", "conv2d: the input float32 [2, 4, 4]", "unsqueezed(axis: 0)"
  ) {
    _ = conv2d(zeros(2, 4, 4), zeros(2, 2, 3, 3))
  },
  ErrorInput("mirror image", "padded: the widths (3, 0) are too large for axis 1 of [1, 3]") {
    _ = zeros(1, 3).padded([(0, 0), (3, 0)], mode: .reflect)
  },
  ErrorInput("circular padding", "padded: the widths (0, 4)", "axis 0 of [3]", ".circular") {
    _ = zeros(3).padded([(0, 4)], mode: .circular)
  },
  ErrorInput("replicated nothing", "padded: the widths (1, 1)", "axis 0 of [0]", ".replicate") {
    _ = zeros(0).padded([(1, 1)], mode: .replicate)
  },
  ErrorInput("maxPool2d of nothing", "maxPool2d: a spatial axis of float32 [1, 0, 4] is empty") {
    _ = maxPool2d(zeros(1, 0, 4), size: 1)
  },
  ErrorInput("maxPool1d ceil", "maxPool1d: the window spans 5 elements") {
    _ = maxPool1d(zeros(1, 2), size: 5, stride: 2, ceilMode: true)
  },
  ErrorInput(
    "adaptiveMaxPool2d", "adaptiveMaxPool2d: float32 [3, 0] does not have 2 spatial axes with"
  ) {
    _ = adaptiveMaxPool2d(zeros(3, 0), outputSize: 2)
  },
  ErrorInput("interpolate", "interpolate: float32 [3, 4] does not have axes of examples") {
    _ = interpolate(zeros(3, 4), size: 2)
  },
  ErrorInput("interpolate to nothing", "interpolate: the scale 0.1 leaves nothing of axis 2") {
    _ = interpolate(zeros(1, 1, 4), scale: 0.1)
  },
  ErrorInput("interpolate to too much", "interpolate: the scale 1e+30 makes too much of axis 2") {
    _ = interpolate(zeros(1, 1, 4), scale: 1e30)
  },
  ErrorInput("interpolate by NaN", "interpolate: the scale nan is not positive and finite") {
    _ = interpolate(zeros(1, 1, 4), scale: .nan)
  },
  ErrorInput("pixelShuffle", "pixelShuffle: the square of the factor 2", "the 6 channels") {
    _ = pixelShuffle(zeros(1, 6, 2, 2), factor: 2)
  },
  ErrorInput("pixelUnshuffle", "pixelUnshuffle: the factor 2 does not divide the 3 rows") {
    _ = pixelUnshuffle(zeros(1, 1, 3, 2), factor: 2)
  },
  ErrorInput("channelShuffle", "channelShuffle: 4 groups do not divide axis 1", "[1, 6, 2]") {
    _ = channelShuffle(zeros(1, 6, 2), groups: 4)
  },
  ErrorInput("unfold2d", "unfold2d: float32 [2, 3, 4] does not have 4 axes") {
    _ = unfold2d(zeros(2, 3, 4), size: 2)
  },
  ErrorInput("fold2d", "fold2d: float32 [1, 4, 5] is not [N, C · 4, 4]", "3 × 3") {
    _ = fold2d(zeros(1, 4, 5), outputSize: 3, size: 2)
  },
  ErrorInput("maxPool1d of integers", "maxPool1d: not defined for int64") {
    _ = maxPool1d(Variable(Tensor.zeros([1, 4], dtype: .int64)), size: 2)
  },
  ErrorInput("averagePool2d sizes", "averagePool2d: size [2, 2, 2] does not fit 2 spatial axes") {
    _ = averagePool2d(zeros(1, 1, 4, 4), size: [2, 2, 2])
  },
  ErrorInput("averagePool1d window", "averagePool1d: the window spans 5 elements", "[1, 4]") {
    _ = averagePool1d(zeros(1, 4), size: 5)
  },
  ErrorInput("adaptiveAveragePool2d", "adaptiveAveragePool2d: float32 [3]", "spatial axes") {
    _ = adaptiveAveragePool2d(zeros(3), outputSize: 1)
  },
  ErrorInput("layerNorm weight", "layerNorm: the weight float32 [2]", "[3] of float32 [2, 3]") {
    _ = layerNorm(zeros(2, 3), weight: zeros(2))
  },
  ErrorInput(
    "batchNorm channels", "batchNorm: the bias float32 [3]", "the 2 channels of float32 [4, 2]"
  ) {
    _ = batchNorm(zeros(4, 2), bias: zeros(3))
  },
  ErrorInput("batchNorm rank", "batchNorm: float32 [3] has no axis of channels") {
    _ = batchNorm(zeros(3))
  },
  ErrorInput("groupNorm", "groupNorm: 2 groups do not divide the channels of float32 [1, 3]") {
    _ = groupNorm(zeros(1, 3), groups: 2)
  },
  ErrorInput("instanceNorm", "instanceNorm: float32 [2, 3] has no spatial axes") {
    _ = instanceNorm(zeros(2, 3))
  },
  ErrorInput("attention shapes", "scaledDotProductAttention: shapes do not fit", "[2, 3]", "[2, 4]")
  {
    _ = scaledDotProductAttention(query: zeros(2, 3), key: zeros(2, 4), value: zeros(2, 4))
  },
  ErrorInput(
    "attention mask", "attentionWeights: the mask float32 [5]", "the scores [2, 2]"
  ) {
    _ = scaledDotProductAttention(
      query: zeros(2, 3), key: zeros(2, 3), value: zeros(2, 3), mask: zeros(5))
  },
  ErrorInput("attention weights", "attentionWeights: shapes do not fit", "[2, 3]", "[2, 4]") {
    _ = attentionWeights(query: zeros(2, 3), key: zeros(2, 4))
  },
]
