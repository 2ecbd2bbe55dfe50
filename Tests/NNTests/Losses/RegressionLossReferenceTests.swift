import Autograd
import NN
import Testing

/// Losses between numbers against PyTorch's values and gradients in float64.
@Suite struct RegressionLossReferenceTests {
  private let references: References
  private let pair = ["prediction", "target"]

  init() throws { references = try References(topic: "losses") }

  @Test func `Squared and absolute errors are PyTorch's`() throws {
    try expectLoss(references, "mse", by: pair) { meanSquaredError($1[0], $1[1], reduction: $2) }
    try expectLoss(references, "mae", by: pair) { meanAbsoluteError($1[0], $1[1], reduction: $2) }
  }

  @Test func `Huber's loss and the smooth L1 loss are PyTorch's`() throws {
    try expectLoss(references, "huber", by: pair) {
      huber($1[0], $1[1], delta: 0.75, reduction: $2)
    }
    try expectLoss(references, "smoothL1", by: pair) {
      smoothL1($1[0], $1[1], beta: 0.75, reduction: $2)
    }
  }

  @Test func `Log-cosh and pinball follow their formulas`() throws {
    try expectLoss(references, "logCosh", by: pair) { logCosh($1[0], $1[1], reduction: $2) }
    try expectLoss(references, "pinball", by: pair) {
      pinball($1[0], $1[1], quantile: 0.3, reduction: $2)
    }
  }

  @Test func `Relative errors follow their formulas`() throws {
    try expectLoss(references, "msle", by: pair) {
      meanSquaredLogarithmicError($1[0], $1[1], reduction: $2)
    }
    try expectLoss(references, "mape", by: pair) {
      meanAbsolutePercentageError($1[0], $1[1], reduction: $2)
    }
  }

  @Test(arguments: [false, true])
  func `Likelihoods of counts are PyTorch's`(isFull: Bool) throws {
    // Stirling's formula begins at t = 1, where differences cannot look.
    try expectLoss(references, "poisson \(isFull)", by: ["logRate", "counts"], moving: 1) {
      poissonNegativeLogLikelihood(
        logRate: $1[0], counts: $1[1], includingConstant: isFull, reduction: $2)
    }
    try expectLoss(references, "poisson rate \(isFull)", by: ["rate", "counts"], moving: 1) {
      poissonNegativeLogLikelihood(
        rate: $1[0], counts: $1[1], includingConstant: isFull, reduction: $2)
    }
  }

  @Test(arguments: [false, true])
  func `The likelihood of normal distributions is PyTorch's`(isFull: Bool) throws {
    let leaves = ["mean", "target", "variance"]
    try expectLoss(references, "gaussian \(isFull)", by: leaves) {
      gaussianNegativeLogLikelihood(
        mean: $1[0], variance: $1[2], target: $1[1], includingConstant: isFull, reduction: $2)
    }
  }

  @Test func `A variance below the limit keeps its slope, as in PyTorch`() throws {
    let reference = try references("gaussian limited none")
    let leaves = ["mean", "target", "variance"].map(reference.leaf)
    reference.expect(
      gaussianNegativeLogLikelihood(
        mean: leaves[0], variance: leaves[2], target: leaves[1], epsilon: 1e-3, reduction: .none),
      gradientsBy: ["mean": leaves[0], "target": leaves[1], "variance": leaves[2]])
  }
}
