import Autograd
import NN
import Testing

/// What losses make of arguments that do not fit, of nothing, and of other types.
@Suite struct LossArgumentTests {
  private typealias Loss = @Sendable (Variable, Variable, Reduction) -> Variable

  /// Losses of two variables of one shape, [examples, features].
  private static let losses: [(name: String, apply: Loss)] =
    [
      ("meanSquaredError", { meanSquaredError($0, $1, reduction: $2) }),
      ("meanAbsoluteError", { meanAbsoluteError($0, $1, reduction: $2) }),
      ("huber", { huber($0, $1, reduction: $2) }),
      ("smoothL1", { smoothL1($0, $1, reduction: $2) }),
      ("logCosh", { logCosh($0, $1, reduction: $2) }),
      ("pinball", { pinball($0, $1, quantile: 0.5, reduction: $2) }),
      ("meanSquaredLogarithmicError", { meanSquaredLogarithmicError($0, $1, reduction: $2) }),
      ("meanAbsolutePercentageError", { meanAbsolutePercentageError($0, $1, reduction: $2) }),
      (
        "poissonNegativeLogLikelihood",
        { poissonNegativeLogLikelihood(logRate: $0, counts: $1, reduction: $2) }
      ),
      (
        "gaussianNegativeLogLikelihood",
        { gaussianNegativeLogLikelihood(mean: $0, variance: $0, target: $1, reduction: $2) }
      ),
      ("klDivergence", { klDivergence($0, probabilities: $1, reduction: $2) }),
      ("crossEntropy", { crossEntropy($0, probabilities: $1, reduction: $2) }),
      ("binaryCrossEntropy", { binaryCrossEntropy($0, $1, reduction: $2) }),
      (
        "binaryCrossEntropyWithLogits", { binaryCrossEntropyWithLogits($0, $1, reduction: $2) }
      ),
      ("binaryFocal", { binaryFocal($0, $1, reduction: $2) }),
      ("focal", { focal($0, probabilities: $1, reduction: $2) }),
      ("hinge", { hinge($0, $1, reduction: $2) }),
      ("squaredHinge", { squaredHinge($0, $1, reduction: $2) }),
      ("softMargin", { softMargin($0, $1, reduction: $2) }),
      ("marginRanking", { marginRanking($0, $0, $1, reduction: $2) }),
      ("hingeEmbedding", { hingeEmbedding($0, $1, reduction: $2) }),
      ("contrastive", { contrastive($0, $1, reduction: $2) }),
      ("multiLabelMargin", { multiLabelMargin($0, $1, reduction: $2) }),
      ("multiLabelSoftMargin", { multiLabelSoftMargin($0, $1, reduction: $2) }),
      ("negativeCosineSimilarity", { negativeCosineSimilarity($0, $1, reduction: $2) }),
      ("tripletMargin", { tripletMargin(anchor: $0, positive: $0, negative: $1, reduction: $2) }),
      ("dice", { dice($0, $1, reduction: $2) }),
      ("tversky", { tversky($0, $1, reduction: $2) }),
    ]

  @Test(arguments: losses.indices)
  func `Shapes that would broadcast stop with the name of the loss`(index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index] in
      let (x, t) = (Variable(Tensor.ones([3, 2])), Variable(Tensor.ones([1, 2])))
      _ = LossArgumentTests.losses[index].apply(x, t, .mean)
    }
    expect(
      result, says: "\(Self.losses[index].name): shapes differ", "[3, 2]", "[1, 2]",
      "neither is broadcast")
  }

  @Test(arguments: losses.indices)
  func `The sum is that of the elements, the mean their mean, of both types`(index: Int) {
    let values = [0.2, 0.7, 0.5, 0.9, 0.1, 0.4]
    for dtype in [DType.float32, .float64] {
      let x = Variable(Tensor(values, shape: [3, 2]).converted(to: dtype))
      let t = Variable(Tensor(Array(values.reversed()), shape: [3, 2]).converted(to: dtype))
      let loss = Self.losses[index].apply
      let elements = loss(x, t, .none)
      #expect(elements.dtype == dtype)
      #expect(elements.shape == [3, 2] || elements.shape == [3])
      #expect(loss(x, t, .sum).item() == elements.sum().item())
      #expect(loss(x, t, .mean).item() == elements.mean().item())
    }
  }

  @Test(arguments: losses.indices)
  func `No examples have no losses, the sum 0 and a mean of NaN`(index: Int) {
    let nothing = Variable(Tensor.zeros([0, 2], dtype: .float64))
    let loss = Self.losses[index].apply
    #expect(loss(nothing, nothing, .none).count == 0)
    #expect(loss(nothing, nothing, .sum).item() == 0)
    #expect(loss(nothing, nothing, .mean).item().isNaN)
  }

  @Test func `Labels of pairs have the shape without the features`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Variable(Tensor.ones([3, 2]))
      _ = cosineEmbedding(x, x, Variable(Tensor.ones([3, 1])))
    }
    expect(result, says: "cosineEmbedding: shapes differ: the cosine is [3], the target [3, 1]")
  }

  @Test func `An error says in which layer a parameter is`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = Variable(Tensor.ones([3, 2]), name: "encoder.weight")
      _ = meanSquaredError(weight, Variable(Tensor.ones([2])))
    }
    expect(result, says: "meanSquaredError: shapes differ", "(in encoder)")
  }

  @Test func `Numbers out of range are errors`() async {
    let quantile = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = pinball(Variable([1]), Variable([1]), quantile: 95)
    }
    expect(quantile, says: "pinball: the quantile is 95.0; it must lie in 0...1")
    let power = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = multiMargin(Variable([1, 2]), classIndices: Variable([0] as [Int], shape: []), power: 3)
    }
    expect(power, says: "multiMargin: the power is 3; it must be 1 or 2")
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dice(Variable([1, 2]), Variable([1, 2]))
    }
    expect(rank, says: "dice: the shape [2] has no axes of elements; expected [examples, …]")
  }
}
