import Autograd
import NN
import Testing

/// Losses of classes against PyTorch's values and gradients in float64.
@Suite struct ClassLossReferenceTests {
  private let references: References

  init() throws { references = try References(topic: "losses") }

  @Test func `Divergences are PyTorch's, summed over the classes`() throws {
    try expectLoss(references, "kl", by: ["prediction", "target"]) {
      klDivergence($1[0], probabilities: $1[1], reduction: $2)
    }
    try expectLoss(references, "kl log", by: ["prediction", "target"]) {
      klDivergence($1[0], targetLogProbabilities: $1[1], reduction: $2)
    }
  }

  @Test func `The mean divergence is PyTorch's batchmean`() throws {
    let reference = try references("kl batchmean")
    let (prediction, target) = (reference.leaf("prediction"), reference.leaf("target"))
    reference.expect(
      klDivergence(prediction, probabilities: target),
      gradientsBy: ["prediction": prediction, "target": target])
  }

  @Test func `Binary cross-entropies with weights are PyTorch's`() throws {
    try expectLoss(references, "bce", by: ["probability", "target"]) {
      binaryCrossEntropy(
        $1[0], $1[1], weights: Variable($0["weights"]), reduction: $2)
    }
    try expectLoss(references, "bceLogits", by: ["logit", "target"]) {
      binaryCrossEntropyWithLogits(
        $1[0], $1[1], positiveWeight: Variable($0["positiveWeight"]),
        weights: Variable($0["weights"]), reduction: $2)
    }
  }

  @Test func `Focal losses of two classes follow their formula`() throws {
    try expectLoss(references, "binaryFocal", by: ["logit", "target"]) {
      binaryFocal($1[0], $1[1], reduction: $2)
    }
    try expectLoss(references, "binaryFocal soft", by: ["logit", "target"]) {
      binaryFocal($1[0], $1[1], gamma: 1.5, alpha: nil, reduction: $2)
    }
  }

  @Test func `Focal losses of several classes follow their formula`() throws {
    try expectLoss(references, "focal indices", by: ["logits"]) {
      focal(
        $1[0], classIndices: Variable($0["classIndices"]), weights: Variable($0["weights"]),
        reduction: $2)
    }
    try expectLoss(references, "focal probabilities", by: ["logits", "target"]) {
      focal(
        $1[0], probabilities: $1[1], gamma: 1.5, weights: Variable($0["weights"]), reduction: $2)
    }
  }

  @Test func `Focal losses without focus are cross-entropies`() {
    let logits = double([1, -2, 0.5, 3, 0, -1], [2, 3])
    let labels = Variable([1, 0] as [Int])
    expect(
      focal(logits, classIndices: labels, gamma: 0, ignoreIndex: 0),
      equals: crossEntropy(logits, classIndices: labels, ignoreIndex: 0).value.doubles())
    let target = double([0, 1, 1, 0, 0.5, 1], [2, 3])
    expect(
      binaryFocal(logits, target, gamma: 0, alpha: nil),
      equals: binaryCrossEntropyWithLogits(logits, target).value.doubles())
  }

  @Test(arguments: [1, 2])
  func `The multi-class margin loss is PyTorch's`(power: Int) throws {
    try expectLoss(references, "multiMargin \(power)", by: ["scores"]) {
      multiMargin(
        $1[0], classIndices: Variable($0["classIndices"]), power: power, margin: 0.8,
        weights: Variable($0["weights"]), reduction: $2)
    }
  }

  @Test func `The multi-class margin loss takes a single example`() throws {
    let reference = try references("multiMargin single")
    let scores = reference.leaf("scores")
    reference.expect(
      multiMargin(scores, classIndices: Variable([1] as [Int], shape: [])),
      gradientsBy: ["scores": scores])
  }

  @Test func `Losses of several labels are PyTorch's`() throws {
    try expectLoss(references, "multiLabelMargin", by: ["scores"]) {
      multiLabelMargin($1[0], Variable($0["target"]), reduction: $2)
    }
    try expectLoss(references, "multiLabelSoftMargin", by: ["logits"]) {
      multiLabelSoftMargin(
        $1[0], Variable($0["target"]), weights: Variable($0["weights"]), reduction: $2)
    }
  }

  @Test func `Overlap losses follow their formulas`() throws {
    try expectLoss(references, "dice", by: ["probability", "target"]) {
      dice($1[0], $1[1], smoothing: 0.5, reduction: $2)
    }
    try expectLoss(references, "tversky", by: ["probability", "target"]) {
      tversky($1[0], $1[1], alpha: 0.3, beta: 0.7, reduction: $2)
    }
  }
}
