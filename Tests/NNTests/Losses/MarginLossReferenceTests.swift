import Autograd
import NN
import Testing

/// Margins and embeddings against PyTorch's values and gradients in float64.
@Suite struct MarginLossReferenceTests {
  private let references: References

  init() throws { references = try References(topic: "losses") }

  @Test func `Hinge losses follow their formulas`() throws {
    try expectLoss(references, "hinge", by: ["score", "target"]) {
      hinge($1[0], $1[1], reduction: $2)
    }
    try expectLoss(references, "squaredHinge", by: ["score", "target"]) {
      squaredHinge($1[0], $1[1], reduction: $2)
    }
  }

  @Test func `Margins of scores are PyTorch's`() throws {
    try expectLoss(references, "softMargin", by: ["score"]) {
      softMargin($1[0], Variable($0["target"]), reduction: $2)
    }
    try expectLoss(references, "marginRanking", by: ["first", "second", "target"]) {
      marginRanking($1[0], $1[1], $1[2], margin: 0.25, reduction: $2)
    }
  }

  @Test func `Losses of distances are PyTorch's`() throws {
    try expectLoss(references, "hingeEmbedding", by: ["distance", "target"], moving: 1) {
      hingeEmbedding($1[0], $1[1], margin: 1.5, reduction: $2)
    }
    try expectLoss(references, "contrastive", by: ["distance", "target"]) {
      contrastive($1[0], $1[1], margin: 1.5, reduction: $2)
    }
  }

  @Test func `The cosine is PyTorch's along any axis`() throws {
    try expectLoss(references, "cosine", by: ["first", "second"]) { _, inputs, reduction in
      let losses = negativeCosineSimilarity(inputs[0], inputs[1], reduction: reduction)
      return -losses
    }
    let reference = try references("cosine axis none")
    let (first, second) = (reference.leaf("first"), reference.leaf("second"))
    reference.expect(
      cosineSimilarity(first, second, axis: 0), gradientsBy: ["first": first, "second": second])
  }

  @Test func `The cosine embedding loss is PyTorch's`() throws {
    let leaves = ["first", "second", "target"]
    try expectLoss(references, "cosineEmbedding", by: leaves, moving: 2) {
      cosineEmbedding($1[0], $1[1], $1[2], margin: -0.9, reduction: $2)
    }
  }

  @Test func `The triplet margin loss is PyTorch's, with and without swap`() throws {
    let leaves = ["anchor", "positive", "negative"]
    try expectLoss(references, "triplet", by: leaves) {
      tripletMargin(anchor: $1[0], positive: $1[1], negative: $1[2], reduction: $2)
    }
    try expectLoss(references, "triplet swap", by: leaves) {
      tripletMargin(
        anchor: $1[0], positive: $1[1], negative: $1[2], margin: 0.8, order: 3, swap: true,
        reduction: $2)
    }
  }

  @Test func `The pairwise distance is PyTorch's`() throws {
    let reference = try references("distance")
    let (first, second) = (reference.leaf("first"), reference.leaf("second"))
    reference.expect(
      pairwiseDistance(first, second, order: 1), gradientsBy: ["first": first, "second": second])
  }
}
