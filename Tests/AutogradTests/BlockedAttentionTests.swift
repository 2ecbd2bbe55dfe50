import Autograd
import Kernels
import Testing

@testable import Autograd

/// Attention in blocks against the composition, which writes the matrix of scores.
@Suite(.serialized) struct BlockedAttentionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var sizes: [Int]
    var dtype = DType.float64
    var isCausal = false
    /// Strides over the shape of the scores; none, for pairs, for keys, or added for pairs.
    var mask = ""

    var testDescription: String { "\(sizes) \(dtype) \(isCausal ? "causal" : "") \(mask)" }
    var queries: Int { sizes[2] }
    var keys: Int { sizes[3] }
  }

  /// [batch, heads, queries, keys, features, value features]: single elements, blocks that are not
  /// full, and several blocks of both.
  static let cases: [Case] = [
    Case(sizes: [1, 1, 1, 1, 1, 1]), Case(sizes: [2, 3, 5, 7, 4, 3]),
    Case(sizes: [1, 2, 33, 65, 8, 8], isCausal: true), Case(sizes: [2, 1, 70, 300, 16, 24]),
    Case(sizes: [1, 1, 140, 140, 5, 5], isCausal: true),
    Case(sizes: [1, 2, 40, 150, 8, 4], mask: "pairs"),
    Case(sizes: [2, 2, 33, 150, 8, 4], mask: "keys"),
    Case(sizes: [2, 2, 33, 150, 8, 4], isCausal: true, mask: "keys"),
    Case(sizes: [1, 2, 40, 150, 8, 4], mask: "added"),
    Case(sizes: [1, 1, 32, 128, 256, 256]), Case(sizes: [2, 2, 64, 64, 32, 32], dtype: .float32),
    Case(sizes: [1, 2, 70, 300, 16, 24], dtype: .float32, isCausal: true, mask: "added"),
  ]

  private func inputs(_ c: Case) -> [Variable] {
    var random = RandomGenerator(seed: 3)
    let s = c.sizes
    func make(_ rows: Int, _ columns: Int) -> Variable {
      let values = Tensor.normal([s[0], s[1], rows, columns], dtype: c.dtype, using: &random)
      return Variable(values, requiresGradient: true)
    }
    return [make(s[2], s[4]), make(s[3], s[4]), make(s[3], s[5])]
  }

  private func mask(_ c: Case) -> Variable? {
    var random = RandomGenerator(seed: 4)
    switch c.mask {
    case "pairs":
      // Row 2 attends to nothing.
      let rows = Variable(Tensor.range(to: Double(c.queries), dtype: .int64)).unsqueezed(axis: 1)
      let drawn = Tensor.bernoulli([c.queries, c.keys], probability: 0.6, using: &random)
      return Variable(drawn) .& (rows .!= 2)
    case "keys":
      return Variable(
        Tensor.bernoulli([c.sizes[0], 1, 1, c.keys], probability: 0.4, using: &random))
    case "added":
      let shape: Shape = [c.sizes[1], c.queries, c.keys]
      let added = Variable(Tensor.normal(shape, dtype: c.dtype, using: &random))
      return select(added .> 1, Variable(-Double.infinity), added)
    default: return nil
    }
  }

  private func blocked(_ x: [Variable], _ c: Case) -> Variable {
    blockedAttention(
      query: x[0], key: x[1], value: x[2], mask: mask(c), isCausal: c.isCausal, scale: 0.4)!
  }

  private func composed(_ x: [Variable], _ c: Case) -> Variable {
    let weights = attentionWeights(
      query: x[0], key: x[1], mask: mask(c), isCausal: c.isCausal, scale: 0.4)
    return matmul(weights, x[2])
  }

  /// The value, the first and the second derivatives of a weighted sum.
  private func derivatives(
    _ x: [Variable], _ f: ([Variable]) -> Variable
  ) -> [Variable] {
    var random = RandomGenerator(seed: 5)
    func weighed(_ y: Variable) -> Variable {
      (y * Variable(Tensor.normal(y.shape, dtype: y.dtype, using: &random))).sum()
    }
    let y = f(x)
    let first = gradients(of: weighed(y), withRespectTo: x, createGraph: true).map { $0! }
    let slope = first.map(weighed).reduce(Variable(0), +)
    return [y] + first + gradients(of: slope, withRespectTo: x).map { $0! }
  }

  @Test(arguments: cases) func agreesWithTheComposition(_ c: Case) {
    let x = inputs(c)
    let pairs = zip(derivatives(x) { blocked($0, c) }, derivatives(x) { composed($0, c) })
    for (result, expected) in pairs {
      let scale = Swift.max(1, abs(expected).max().item())
      let error = abs(result - expected).max().item()
      #expect(error <= scale * (c.dtype == .float32 ? 2e-5 : 1e-12))
    }
  }

  @Test func isUsedAndNeverKeepsTheScores() {
    let x = inputs(Case(sizes: [2, 2, 5, 7, 4, 3]))
    let y = scaledDotProductAttention(query: x[0], key: x[1], value: x[2])
    let names = Order(below: y.node).nodes.map { $0.takeUnretainedValue().primitive?.name }
    #expect(names.contains("attention") && !names.contains("softmax"))
  }

  @Test func aMaskThatIsDifferentiatedByGetsItsGradient() {
    let x = inputs(Case(sizes: [1, 1, 2, 3, 2, 2]))
    let mask = Variable(Tensor.zeros([2, 3], dtype: .float64), requiresGradient: true)
    let y = scaledDotProductAttention(query: x[0], key: x[1], value: x[2], mask: mask)
    #expect(gradients(of: y.sum(), withRespectTo: [mask])[0] != nil)
  }

  /// The heads of one array with queries, keys and values, as transformers make them.
  private func selfAttention(_ all: Variable, heads: Int) -> Variable {
    let (batch, steps, features) = (all.shape[0], all.shape[1], all.shape[2] / 3)
    let parts = all.split(sizes: [features, features, features], axis: 2).map {
      $0.unflattened(axis: 2, into: [heads, features / heads]).transposed(1, 2)
    }
    let y = scaledDotProductAttention(
      query: parts[0], key: parts[1], value: parts[2], isCausal: true)
    return y.transposed(1, 2).reshaped(batch, steps, features)
  }

  @Test func headsAreReadAndWrittenWithoutCopies() {
    var random = RandomGenerator(seed: 6)
    let all = Variable(
      Tensor.normal([2, 40, 96], dtype: .float64, using: &random), requiresGradient: true)
    let weights = Variable(Tensor.normal([2, 40, 32], dtype: .float64, using: &random))
    let step = compile { (x: Variable) in
      let loss = (selfAttention(x, heads: 4) * weights).sum()
      return gradients(of: loss, withRespectTo: [x]).map { $0! }
    }
    let compiled = step(all)[0]
    // Not even the result is copied: it is a view of the joined gradients.
    let lines = step.plan(for: all).description.split(separator: "\n")
    #expect(lines.filter { $0.contains("contiguous") || $0.contains("concatenate") }.count == 0)
    #expect(lines.count == 3, "\(lines)")
    let eager = gradient(of: (selfAttention(all, heads: 4) * weights).sum(), withRespectTo: all)
    #expect(compiled.array(of: Double.self) == eager.array(of: Double.self))
    func heads(_ part: Int) -> Variable {
      all[0..., 0..., (32 * part)..<(32 * part + 32)].reshaped(2, 40, 4, 8).transposed(1, 2)
    }
    let composed = matmul(
      attentionWeights(query: heads(0), key: heads(1), isCausal: true), heads(2))
    let expected = gradient(
      of: (composed.transposed(1, 2).reshaped(2, 40, 32) * weights).sum(), withRespectTo: all)
    expectClose(eager.array(of: Double.self), expected.array(of: Double.self), 1e-12)
  }

  @Test func sameBitsOnAnyNumberOfThreads() async {
    await #expect(processExitsWith: .success) {
      let tests = BlockedAttentionTests()
      let c = Case(
        sizes: [3, 4, 70, 150, 16, 8], dtype: .float32, isCausal: true, mask: "keys")
      let x = tests.inputs(c)
      requireSameBitsOnAnyNumberOfThreads {
        let y = tests.blocked(x, c)
        let all = gradients(of: (y * y).sum(), withRespectTo: x)
        return ([y] + all.map { $0! }).map { $0.array(of: Float.self).map(\.bitPattern) }
      }
    }
  }

  @Test func extremes() {
    let infinity = Double.infinity
    func attend(_ scores: [Double], _ values: [Double]) -> [Double] {
      let n = scores.count
      let y = blockedAttention(
        query: constant([1], [1, 1]), key: constant(scores, [n, 1]),
        value: constant(values, [n, 1]), mask: nil, isCausal: false, scale: 1)!
      return y.value.doubles()
    }
    #expect(attend([1e300, 0], [3, 4]) == [3])
    #expect(attend([-1e300, -1e300], [3, 5]) == [4])
    #expect(attend([-infinity, 0], [3, 4]) == [4])
    #expect(attend([-infinity, -infinity], [3, 4])[0].isNaN)
    #expect(attend([infinity, 0], [3, 4])[0].isNaN)
    #expect(attend([.nan, 0], [3, 4])[0].isNaN)
    // A key that is far larger in a later block takes all the weight.
    let (ones, twos) = ([Double](repeating: 1, count: 200), [Double](repeating: 2, count: 200))
    #expect(attend(ones + [900], twos + [7]) == [7])
  }
}
