import Autograd
import NN
import Testing

private struct Tagger: Module {
  let embedding: Embedding, lstm: LSTM, output: Linear

  init(using generator: inout RandomGenerator) {
    embedding = Embedding(count: 7, features: 4, paddingIndex: 0, using: &generator)
    lstm = LSTM(
      inputs: 4, hidden: 5, layers: 2, bidirectional: true, dropout: 0.2, using: &generator)
    output = Linear(inputs: 10, outputs: 3, using: &generator)
  }

  func callAsFunction(_ tokens: Variable, _ lengths: Variable) -> Variable {
    output(lstm(embedding(tokens), lengths: lengths).outputs.mean(axis: 1))
  }
}

private struct SmallTransformer: Module {
  let embedding: Embedding, positions: SinusoidalPositionalEncoding
  let encoder: TransformerEncoderLayer

  init(using generator: inout RandomGenerator) {
    embedding = Embedding(count: 7, features: 8, using: &generator)
    positions = SinusoidalPositionalEncoding()
    encoder = TransformerEncoderLayer(
      features: 8, heads: 2, feedForward: 16, dropout: 0.1, activation: GELU(), normFirst: true,
      using: &generator)
  }

  func callAsFunction(_ tokens: Variable) -> Variable {
    let x = encoder(positions(embedding(tokens)), mask: AttentionMask(isCausal: true))
    return matmul(x, embedding.weight.transposed())
  }
}

private func numbers(_ shape: Shape, _ seed: Int, _ dtype: DType = .float64) -> Variable {
  var generator = RandomGenerator(seed: UInt64(seed))
  return Variable(Tensor.normal(shape, dtype: dtype, using: &generator))
}

private func tokens(_ shape: Shape, _ seed: Int, below limit: Int = 7) -> Variable {
  var generator = RandomGenerator(seed: UInt64(seed))
  return Variable(Tensor.integers(shape, in: 0..<limit, using: &generator))
}

private func hasSameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.shape == b.shape
    && zip(a.doubles(), b.doubles()).allSatisfy {
      $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
    }
}

@Suite struct CompiledModelTests {
  @Test func `A recurrent network over sequences of changing lengths`() {
    func make() -> (Tagger, (Variable, Variable, Variable) -> Variable) {
      var generator = RandomGenerator(seed: 1)
      let model = Tagger(using: &generator)
      let optimizer = Adam(model, learningRate: 0.01)
      return (
        model,
        { x, lengths, y in
          optimizer.step { crossEntropy(model(x, lengths), classIndices: y) }
        }
      )
    }
    let ((ours, step), (theirs, other)) = (make(), make())
    let compiled = compile(other)
    for number in 0..<20 {
      let lengths = tokens([3], number, below: 5) + 1
      let (x, y) = (tokens([3, 5], 50 + number), tokens([3], 90 + number, below: 3))
      #expect(hasSameBits(step(x, lengths, y).value, compiled(x, lengths, y).value))
    }
    for (name, value) in ours.state() { #expect(hasSameBits(value, theirs.state()[name]!)) }
  }

  @Test func `A causal Transformer with tied weights`() {
    func make() -> (SmallTransformer, (Variable, Variable) -> Variable) {
      var generator = RandomGenerator(seed: 1)
      let model = SmallTransformer(using: &generator)
      let optimizer = AdamW(model, learningRate: 0.01)
      return (
        model,
        { x, y in
          optimizer.step { crossEntropy(model(x).transposed(1, 2), classIndices: y) }
        }
      )
    }
    let ((ours, step), (theirs, other)) = (make(), make())
    let compiled = compile(other)
    for number in 0..<20 {
      let text = tokens([2, 9], number)
      let (x, y) = (text[..., 0..<8], text[..., 1...])
      #expect(hasSameBits(step(x, y).value, compiled(x, y).value))
    }
    for (name, value) in ours.state() { #expect(hasSameBits(value, theirs.state()[name]!)) }
  }

  @Test func `Losses, their gradients and second derivatives`() {
    let losses: [(String, (Variable, Variable, Variable) -> Variable)] = [
      ("meanSquaredError", { x, y, _ in meanSquaredError(x, y) }),
      ("meanAbsoluteError", { x, y, _ in meanAbsoluteError(x, y, reduction: .sum) }),
      ("huber", { x, y, _ in huber(x, y) }),
      ("smoothL1", { x, y, _ in smoothL1(x, y, beta: 0.5) }),
      ("logCosh", { x, y, _ in logCosh(x, y) }),
      ("pinball", { x, y, _ in pinball(x, y, quantile: 0.3) }),
      ("hinge", { x, y, _ in hinge(x, sign(y)) }),
      ("softMargin", { x, y, _ in softMargin(x, sign(y)) }),
      ("binaryCrossEntropy", { x, y, _ in binaryCrossEntropy(sigmoid(x), sigmoid(y)) }),
      ("withLogits", { x, y, _ in binaryCrossEntropyWithLogits(x, sigmoid(y)) }),
      ("crossEntropy", { x, _, c in crossEntropy(x, classIndices: c, labelSmoothing: 0.1) }),
      ("probabilities", { x, y, _ in crossEntropy(x, probabilities: softmax(y, axis: 1)) }),
      ("focal", { x, _, c in focal(x, classIndices: c) }),
      ("multiMargin", { x, _, c in multiMargin(x, classIndices: c) }),
      (
        "klDivergence",
        { x, y, _ in klDivergence(logSoftmax(x, axis: 1), probabilities: softmax(y, axis: 1)) }
      ),
      ("cosine", { x, y, _ in negativeCosineSimilarity(x, y) }),
      ("triplet", { x, y, _ in tripletMargin(anchor: x, positive: y, negative: x * y) }),
      (
        "gaussian",
        { x, y, _ in
          gaussianNegativeLogLikelihood(mean: x, variance: square(y) + 0.1, target: y)
        }
      ),
      ("poisson", { x, y, _ in poissonNegativeLogLikelihood(logRate: x, counts: abs(y)) }),
      ("dice", { x, y, _ in dice(sigmoid(x), sigmoid(y)).mean() }),
      (
        "ctc",
        { x, _, c in
          ctc(
            logSoftmax(stack([x, x * 2, x - 1]), axis: 2), targets: c.unsqueezed(axis: 1) * 0 + 1)
        }
      ),
    ]
    for (name, loss) in losses {
      func all(_ x: Variable, _ y: Variable, _ c: Variable) -> [Variable] {
        let value = loss(x, y, c)
        let first = gradient(of: value, withRespectTo: x, createGraph: true)
        let second = gradients(of: square(first).sum(), withRespectTo: [x])[0]
        return [value, first] + (second.map { [$0] } ?? [])
      }
      let compiled = compile(all)
      for call in 0..<4 {
        let x = Variable(numbers([4, 3], call).value, requiresGradient: true)
        let (y, c) = (numbers([4, 3], 10 + call), tokens([4], call, below: 3))
        for (ours, theirs) in zip(all(x, y, c), compiled(x, y, c)) {
          #expect(hasSameBits(ours.value, theirs.value), "\(name), call \(call)")
        }
      }
    }
  }
}
