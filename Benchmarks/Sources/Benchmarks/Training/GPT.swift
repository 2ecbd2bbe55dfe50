import Autograd
import NN

/// A small GPT: 4 blocks of 128 features and 4 heads that read 64 characters; the last map shares the
/// table of the first.
struct GPT: Layer {
  static let (characters, features, heads, context) = (65, 128, 4, 64)
  let embedding: Embedding
  let positions: Variable
  let blocks: [Block]
  let norm = LayerNorm(shape: [features])

  init(_ numbers: inout Numbers) {
    let (rows, features) = (GPT.characters, GPT.features)
    embedding = Embedding(weight: numbers.parameter([rows, features], bound: GPT.bound))
    positions = numbers.parameter([GPT.context, features], bound: GPT.bound)
    blocks = (0..<4).map { _ in Block(&numbers) }
  }

  /// Characters [batch, context] become logits for those that follow.
  func forward(_ x: Variable) -> Variable {
    let features = blocks.reduce(embedding(x) + positions) { $1($0) }
    return linear(norm(features), embedding.weight)
  }

  /// Attention and a network of two layers, with the norm before each.
  struct Block: Layer {
    let norm1 = LayerNorm(shape: [features]), norm2 = LayerNorm(shape: [features])
    let input, output, up, down: Linear

    init(_ numbers: inout Numbers) {
      input = map(features, 3 * features, &numbers)
      output = map(features, features, &numbers)
      up = map(features, 4 * features, &numbers)
      down = map(4 * features, features, &numbers)
    }

    func forward(_ x: Variable) -> Variable {
      let y = x + output(attention(input(norm1(x))))
      return y + down(gelu(up(norm2(y))))
    }

    /// The attention of all heads, of queries, keys and values that lie side by side.
    private func attention(_ joined: Variable) -> Variable {
      let batch = joined.shape[0]
      let parts = joined.split(size: features, axis: 2).map {
        $0.reshaped(to: [batch, context, heads, features / heads]).permuted([0, 2, 1, 3])
      }
      let mixed = scaledDotProductAttention(
        query: parts[0], key: parts[1], value: parts[2], isCausal: true)
      return mixed.permuted([0, 2, 1, 3]).reshaped(to: [batch, context, features])
    }
  }

  /// Weights have about the standard deviation 0.02.
  private static let bound = 0.035

  private static func map(_ inputs: Int, _ outputs: Int, _ numbers: inout Numbers) -> Linear {
    Linear(
      weight: numbers.parameter([outputs, inputs], bound: bound),
      bias: Variable(Tensor.zeros([outputs]), requiresGradient: true))
  }
}
