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
}
