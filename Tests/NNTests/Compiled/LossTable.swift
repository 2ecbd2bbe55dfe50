import Autograd
import NN

/// A loss of x by y, both [examples, 3], and of a class for each example.
struct LossCase: Sendable {
  typealias Call = @Sendable (_ x: Variable, _ y: Variable, _ classes: Variable) -> Variable

  /// The name of the function, and what tells overloads apart.
  let name: String
  let call: Call

  init(_ name: String, _ call: @escaping Call) {
    self.name = name
    self.call = call
  }
}

/// 0 or 1 for each element.
private func bits(_ y: Variable) -> Variable { (y .> 0).cast(to: y.dtype) }

let lossTable: [LossCase] = numberLosses + binaryLosses + classLosses + vectorLosses

private let numberLosses = [
  LossCase("meanSquaredError") { x, y, _ in meanSquaredError(x, y) },
  LossCase("meanAbsoluteError") { x, y, _ in meanAbsoluteError(x, y, reduction: .sum) },
  LossCase("huber") { x, y, _ in huber(x, y) },
  LossCase("smoothL1") { x, y, _ in smoothL1(x, y, beta: 0.5) },
  LossCase("logCosh") { x, y, _ in logCosh(x, y) },
  LossCase("pinball") { x, y, _ in pinball(x, y, quantile: 0.3) },
  LossCase("meanSquaredLogarithmicError") { x, y, _ in
    meanSquaredLogarithmicError(square(x), abs(y))
  },
  LossCase("meanAbsolutePercentageError") { x, y, _ in meanAbsolutePercentageError(x, y) },
  LossCase("gaussianNegativeLogLikelihood") { x, y, _ in
    gaussianNegativeLogLikelihood(mean: x, variance: square(y) + 0.1, target: y)
  },
  LossCase("poissonNegativeLogLikelihood of logarithms") { x, y, _ in
    poissonNegativeLogLikelihood(logRate: x, counts: abs(y))
  },
  LossCase("poissonNegativeLogLikelihood") { x, y, _ in
    poissonNegativeLogLikelihood(rate: exp(x), counts: abs(y), includingConstant: true)
  },
]

private let binaryLosses = [
  LossCase("hinge") { x, y, _ in hinge(x, sign(y)) },
  LossCase("squaredHinge") { x, y, _ in squaredHinge(x, sign(y)) },
  LossCase("softMargin") { x, y, _ in softMargin(x, sign(y)) },
  LossCase("marginRanking") { x, y, _ in marginRanking(x, x * y, sign(y), margin: 0.1) },
  LossCase("hingeEmbedding") { x, y, _ in hingeEmbedding(abs(x), sign(y)) },
  LossCase("contrastive") { x, y, _ in contrastive(abs(x), bits(y)) },
  LossCase("binaryCrossEntropy") { x, y, _ in binaryCrossEntropy(sigmoid(x), sigmoid(y)) },
  LossCase("binaryCrossEntropyWithLogits") { x, y, _ in
    binaryCrossEntropyWithLogits(x, sigmoid(y))
  },
  LossCase("binaryFocal") { x, y, _ in binaryFocal(x, bits(y)) },
  LossCase("dice") { x, y, _ in dice(sigmoid(x), sigmoid(y)).mean() },
  LossCase("tversky") { x, y, _ in tversky(sigmoid(x), bits(y), alpha: 0.3, beta: 0.7) },
]

private let classLosses = [
  LossCase("crossEntropy of indices") { x, _, c in
    crossEntropy(x, classIndices: c, labelSmoothing: 0.1)
  },
  LossCase("crossEntropy") { x, y, _ in crossEntropy(x, probabilities: softmax(y, axis: 1)) },
  LossCase("negativeLogLikelihood") { x, _, c in
    negativeLogLikelihood(logSoftmax(x, axis: 1), classIndices: c)
  },
  LossCase("focal of indices") { x, _, c in focal(x, classIndices: c) },
  LossCase("focal") { x, y, _ in focal(x, probabilities: softmax(y, axis: 1)) },
  LossCase("multiMargin") { x, _, c in multiMargin(x, classIndices: c) },
  LossCase("multiLabelMargin") { x, y, _ in multiLabelMargin(x, bits(y)) },
  LossCase("multiLabelSoftMargin") { x, y, _ in multiLabelSoftMargin(x, bits(y)) },
  LossCase("klDivergence") { x, y, _ in
    klDivergence(logSoftmax(x, axis: 1), probabilities: softmax(y, axis: 1))
  },
  LossCase("klDivergence of logarithms") { x, y, _ in
    klDivergence(logSoftmax(x, axis: 1), targetLogProbabilities: logSoftmax(y, axis: 1))
  },
  LossCase("ctc") { x, _, c in
    ctc(logSoftmax(stack([x, x * 2, x - 1]), axis: 2), targets: c.unsqueezed(axis: 1) * 0 + 1)
  },
]

private let vectorLosses = [
  LossCase("negativeCosineSimilarity") { x, y, _ in negativeCosineSimilarity(x, y) },
  LossCase("cosineEmbedding") { x, y, c in
    cosineEmbedding(x, y, 1 - 2 * (c .> 0).cast(to: x.dtype))
  },
  LossCase("tripletMargin") { x, y, _ in
    tripletMargin(anchor: x, positive: y, negative: x * y)
  },
  LossCase("cosineSimilarity") { x, y, _ in cosineSimilarity(x, y).sum() },
  LossCase("pairwiseDistance") { x, y, _ in pairwiseDistance(x, y).sum() },
]
