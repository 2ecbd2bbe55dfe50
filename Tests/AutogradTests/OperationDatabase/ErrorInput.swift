import Autograd

/// A call that must stop with an error, and what the message must say.
struct ErrorInput: Sendable {
  let name: String
  let fragments: [String]
  let provoke: @Sendable () -> Void

  init(
    _ name: String, _ fragments: String..., provoke: @escaping @Sendable () -> Void
  ) {
    self.name = name
    self.fragments = fragments
    self.provoke = provoke
  }

  static let all =
    elementwiseErrors + layoutErrors + reductionErrors + productErrors
    + indexingErrors + layerErrors

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  static subscript(name: String) -> ErrorInput { byName[name]! }
}

/// A float32 constant of zeros.
private func zeros(_ shape: Int..., name: String? = nil) -> Variable {
  Variable(Tensor.zeros(Shape(shape)), name: name)
}

private func doubles(_ shape: Int...) -> Variable {
  Variable(Tensor.zeros(Shape(shape), dtype: .float64))
}

private func integers(_ shape: Int...) -> Variable {
  Variable(Tensor.zeros(Shape(shape), dtype: .int64))
}

private func truths(_ shape: Int...) -> Variable {
  Variable(Tensor.zeros(Shape(shape), dtype: .bool))
}

private let elementwiseErrors: [ErrorInput] = [
  ErrorInput("add shapes", "add: shapes do not broadcast", "float32 [2, 3]", "float32 [4]") {
    _ = zeros(2, 3) + zeros(4)
  },
  ErrorInput("add types", "add: types differ", "float32 [2]", "float64 [2]", "cast(to:)") {
    _ = zeros(2) + doubles(2)
  },
  ErrorInput("multiply in a layer", "multiply: shapes", "[3, 2]", "(in encoder.hidden)") {
    _ = zeros(3, 2) * zeros(3, name: "encoder.hidden.weight")
  },
  ErrorInput("divide integers", "divide: not defined for int64", "cast(to: .float32)") {
    _ = integers(2) / integers(2)
  },
  ErrorInput("subtract truths", "subtract: not defined for bool") { _ = truths(2) - truths(2) },
  ErrorInput("literal that does not fit", "add: the literal 0.5 does not fit int64") {
    _ = integers(2) + 0.5
  },
  ErrorInput("pow shapes", "pow: shapes do not broadcast", "[2]", "[3]") {
    _ = pow(zeros(2), zeros(3))
  },
  ErrorInput("remainder types", "remainder: types differ", "float64 [2]", "int64 [2]") {
    _ = remainder(doubles(2), integers(2))
  },
  ErrorInput("sqrt of integers", "sqrt: not defined for int64", "cast(to: .float32)") {
    _ = sqrt(integers(2))
  },
  ErrorInput("exp of truths", "exp: not defined for bool") { _ = exp(truths(2)) },
  ErrorInput("log of a named input", "log: not defined for int64", "(in ids)") {
    _ = log(Variable(Tensor([1, 2], dtype: .int64), name: "ids"))
  },
  ErrorInput("logAddExp shapes", "logAddExp: shapes do not broadcast", "[2, 3]", "[2]") {
    _ = logAddExp(zeros(2, 3), zeros(2))
  },
  ErrorInput("xlogy types", "xlogy: types differ", "float32 [2]", "float64 [2]") {
    _ = xlogy(zeros(2), doubles(2))
  },
  ErrorInput("sin of integers", "sin: not defined for int64") { _ = sin(integers(1)) },
  ErrorInput("tanh of truths", "tanh: not defined for bool") { _ = tanh(truths(1)) },
  ErrorInput("atan2 shapes", "atan2: shapes do not broadcast", "[3, 1]", "[2, 2]") {
    _ = atan2(zeros(3, 1), zeros(2, 2))
  },
  ErrorInput("sigmoid of integers", "sigmoid: not defined for int64") { _ = sigmoid(integers(1)) },
  ErrorInput("relu of truths", "relu: not defined for bool") { _ = relu(truths(1)) },
  ErrorInput("gelu of integers", "gelu: not defined for int64") { _ = gelu(integers(1)) },
  ErrorInput("floor of truths", "floor: not defined for bool") { _ = floor(truths(1)) },
  ErrorInput("less shapes", "less: shapes do not broadcast", "[2]", "[3]") {
    _ = zeros(2) .< zeros(3)
  },
  ErrorInput("equal types", "equal: types differ", "float32 [2]", "int64 [2]") {
    _ = zeros(2) .== integers(2)
  },
  ErrorInput("and of numbers", "logicalAnd: the operand is float32 [2], not bool") {
    _ = truths(2) .& zeros(2)
  },
  ErrorInput("not of numbers", "logicalNot: the operand is float32 [2], not bool") {
    _ = .!zeros(2)
  },
  ErrorInput("allClose shapes", "allClose: left float32 [2] and right float32 [3] differ") {
    _ = allClose(zeros(2), zeros(3))
  },
  ErrorInput("select by numbers", "select: the condition is float32 [2], not bool") {
    _ = select(zeros(2), zeros(2), zeros(2))
  },
  ErrorInput("select types", "select: types differ: a float32 [2], b float64 [2]") {
    _ = select(truths(2), zeros(2), doubles(2))
  },
  ErrorInput("select shapes", "select: shapes do not broadcast: condition [2], a [2], b [3]") {
    _ = select(truths(2), zeros(2), zeros(3))
  },
  ErrorInput("clamp limits", "clamp: high 0.0 is below low 1.0") {
    _ = clamp(zeros(2), low: 1, high: 0)
  },
  ErrorInput("maskedFilled shapes", "maskedFilled: the mask [3] does not broadcast to [2]") {
    _ = zeros(2).maskedFilled(truths(3), with: 0)
  },
  ErrorInput("dropout probability", "dropout: the probability 1.5 is not in 0...1") {
    var generator = RandomGenerator(seed: 0)
    _ = dropout(zeros(2), probability: 1.5, using: &generator)
  },
  ErrorInput("dropout axes", "dropout: axis 2 of [2] is out of range") {
    var generator = RandomGenerator(seed: 0)
    _ = dropout(zeros(2), probability: 0.5, sharedAxes: [2], using: &generator)
  },
  ErrorInput("alphaDropout probability", "alphaDropout: the probability -0.5 is not in 0...1") {
    var generator = RandomGenerator(seed: 0)
    _ = alphaDropout(zeros(2), probability: -0.5, using: &generator)
  },
  ErrorInput("hardtanh limits", "hardtanh: low 1.0 is not below high 1.0") {
    _ = hardtanh(zeros(2), low: 1, high: 1)
  },
  ErrorInput("hardtanh of integers", "hardtanh: not defined for int64") {
    _ = hardtanh(integers(2))
  },
  ErrorInput("hardshrink lambda", "hardshrink: lambda -1.0 is negative") {
    _ = hardshrink(zeros(2), lambda: -1)
  },
  ErrorInput("softshrink lambda", "softshrink: lambda -1.0 is negative") {
    _ = softshrink(zeros(2), lambda: -1)
  },
  ErrorInput("celu alpha", "celu: alpha 0.0 is not positive") { _ = celu(zeros(2), alpha: 0) },
  ErrorInput("softsign of integers", "softsign: not defined for int64") {
    _ = softsign(integers(2))
  },
  ErrorInput("threshold of integers", "threshold: not defined for int64") {
    _ = threshold(integers(2), limit: 0, value: 0)
  },
  ErrorInput("rrelu limits", "uniform: the range from 1.0 to 0.5 is empty") {
    var generator = RandomGenerator(seed: 0)
    _ = rrelu(zeros(2), low: 1, high: 0.5, using: &generator)
  },
  ErrorInput(
    "prelu slope", "prelu: the slope float32 [2] is neither one number", "channel of float32 [2, 3]"
  ) {
    _ = prelu(zeros(2, 3), slope: zeros(2))
  },
  ErrorInput("glu axis", "glu: axis 1 of float32 [2, 3] does not divide into two halves") {
    _ = glu(zeros(2, 3))
  },
]

private let layoutErrors: [ErrorInput] = [
  ErrorInput("reshaped", "reshaped: [2, 3] has 6 elements, [4] 4") { _ = zeros(2, 3).reshaped(4) },
  ErrorInput("reshaped freely", "reshaped: [2, 3] does not divide into [4, -1]") {
    _ = zeros(2, 3).reshaped(4, -1)
  },
  ErrorInput("permuted", "permuted: [0, 0] is not a permutation of the 2 axes of [2, 3]") {
    _ = zeros(2, 3).permuted([0, 0])
  },
  ErrorInput("transposed", "transposed: axis 2 of [2, 3] is out of range", "from -2 to 1") {
    _ = zeros(2, 3).transposed(0, 2)
  },
  ErrorInput("squeezed", "squeezed: axis 0 of [2, 3] has size 2, not 1") {
    _ = zeros(2, 3).squeezed(axis: 0)
  },
  ErrorInput("expanded", "expanded: [2, 3] does not broadcast to [2, 4]") {
    _ = zeros(2, 3).expanded(to: [2, 4])
  },
  ErrorInput("unflattened", "unflattened: [4] does not make up axis 0 of [6]") {
    _ = zeros(6).unflattened(axis: 0, into: [4])
  },
  ErrorInput("padded", "padded: the widths", "do not fit [2, 3]") {
    _ = zeros(2, 3).padded([(before: 1, after: 1)])
  },
  ErrorInput("repeated", "repeated: the counts [2] do not fit [2, 3]") {
    _ = zeros(2, 3).repeated(2)
  },
  ErrorInput("rolled", "rolled: axis 3 of [2, 3] is out of range") {
    _ = zeros(2, 3).rolled(by: 1, axis: 3)
  },
  ErrorInput(
    "concatenate shapes", "concatenate: shapes differ outside of axis 0", "[2, 3]", "[2, 4]"
  ) {
    _ = concatenate([zeros(2, 3), zeros(2, 4)])
  },
  ErrorInput("concatenate types", "concatenate: types differ", "float32 [2]", "float64 [2]") {
    _ = concatenate([zeros(2), doubles(2)])
  },
  ErrorInput("concatenate nothing", "concatenate: there are no variables") { _ = concatenate([]) },
  ErrorInput("stack shapes", "stack: shapes differ", "float32 [2]", "float32 [3]") {
    _ = stack([zeros(2), zeros(3)])
  },
  ErrorInput("split sizes", "split: the sizes [1, 1] do not add up to axis 0 of [3]") {
    _ = zeros(3).split(sizes: [1, 1])
  },
  ErrorInput("chunked", "chunked: the count 0 is not positive") { _ = zeros(3).chunked(into: 0) },
  ErrorInput("subscript of an element", "subscript", "axis 1 of shape [2, 3]", "5") {
    _ = zeros(2, 3)[0, 5]
  },
  ErrorInput("subscript of a range", "subscript", "axis 0 of shape [2, 3]") {
    _ = zeros(2, 3)[1..<4]
  },
  ErrorInput("subscript of too many axes", "subscript", "[2, 3]") { _ = zeros(2, 3)[0, 0, 0] },
  ErrorInput("windows", "windows: a window of size 4", "float32 [3] has 3") {
    _ = zeros(3).windows(axis: 0, size: 4)
  },
  ErrorInput(
    "addingWindows", "addingWindows: the 2 windows of float32 [2, 3] need 4 elements, not 3"
  ) {
    _ = zeros(2, 3).addingWindows(axis: 0, length: 3)
  },
]

private let reductionErrors: [ErrorInput] = [
  ErrorInput("sum axis", "sum: axis 2 of [2, 3] is out of range; axes go from -2 to 1") {
    _ = zeros(2, 3).sum(axis: 2)
  },
  ErrorInput("sum axis twice", "sum: axis 1 occurs twice in [0, 1, 1]") {
    _ = zeros(2, 3).sum(axes: [0, 1, 1])
  },
  ErrorInput("sum of a scalar's axis", "sum: axis 0 of [] is out of range; a scalar has no axes") {
    _ = zeros().sum(axis: 0)
  },
  ErrorInput("mean of integers", "mean: not defined for int64; cast(to: .float32)") {
    _ = integers(2).mean()
  },
  ErrorInput("max of nothing", "max: axis 0 of [0] is empty") { _ = zeros(0).max() },
  ErrorInput("min of nothing", "min: axis 1 of [2, 0] is empty") { _ = zeros(2, 0).min(axis: 1) },
  ErrorInput("any of numbers", "any: the variable is float32, not bool") { _ = zeros(2).any() },
  ErrorInput("variance of integers", "variance: not defined for int64") {
    _ = integers(2).variance()
  },
  ErrorInput("norm of order NaN", "norm: the order is NaN") { _ = norm(zeros(2), order: .nan) },
  ErrorInput("norm of integers", "norm: not defined for int64") { _ = norm(integers(2)) },
  ErrorInput("softmax axis", "softmax: axis 1 of [3] is out of range") {
    _ = softmax(zeros(3), axis: 1)
  },
  ErrorInput("softmax of integers", "softmax: not defined for int64") {
    _ = softmax(integers(3), axis: 0)
  },
  ErrorInput("logSumExp axis", "logSumExp: axis -3 of [2, 3] is out of range") {
    _ = logSumExp(zeros(2, 3), axis: -3)
  },
  ErrorInput("cumulativeSum axis", "cumulativeSum: axis 1 of [3] is out of range") {
    _ = zeros(3).cumulativeSum(axis: 1)
  },
  ErrorInput("product axis", "product: axis 4 of [2, 3] is out of range") {
    _ = zeros(2, 3).product(axis: 4)
  },
  ErrorInput("argmax of nothing", "argmax: axis 0 of [0, 3] is empty") {
    _ = zeros(0, 3).argmax(axis: 0)
  },
  ErrorInput("argsort axis", "argsort: axis 1 of [3] is out of range") {
    _ = zeros(3).argsort(axis: 1)
  },
  ErrorInput("topK", "topK: axis 0 of [3] has 3 elements, not 4") { _ = zeros(3).topK(4) },
]
