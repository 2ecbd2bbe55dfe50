import Autograd
import NN
import Testing

/// The loss of sequences against PyTorch's, and against the sum over all alignments.
@Suite struct CTCTests {
  private let references: References

  init() throws { references = try References(topic: "losses") }

  private func loss(
    _ reference: Reference, _ steps: Variable, _ reduction: Reduction, zeroInfinity: Bool = false
  ) -> Variable {
    ctc(
      logSoftmax(steps, axis: 2), targets: Variable(reference["targets"]),
      inputLengths: reference["inputLengths"].array(of: Int.self),
      targetLengths: reference["targetLengths"].array(of: Int.self), zeroInfinity: zeroInfinity,
      reduction: reduction)
  }

  @Test func `Examples of different lengths are PyTorch's`() throws {
    try expectLoss(references, "ctc", by: ["steps"]) { loss($0, $1[0], $2) }
  }

  @Test func `Any label may be the blank one`() throws {
    let reference = try references("ctc blank")
    let steps = reference.leaf("steps")
    // By default all steps and all labels count.
    let loss = ctc(
      logSoftmax(steps, axis: 2), targets: Variable(reference["targets"]), blank: 4)
    reference.expect(loss, gradientsBy: ["steps": steps])
  }

  @Test func `Targets that are too long count as 0 if asked`() throws {
    try expectLoss(references, "ctc short", by: ["steps"]) {
      loss($0, $1[0], $2, zeroInfinity: true)
    }
  }

  @Test func `Targets that are too long are infinite without a gradient`() throws {
    let reference = try references("ctc short none")
    let steps = reference.leaf("steps")
    let losses = loss(reference, steps, .none)
    #expect(losses.value.doubles().map(\.isInfinite) == [true, true, false, false])
    losses.sum().backward()
    let slopes = try #require(steps.gradient)
    #expect(slopes[..., 0..<2, 0...].value.doubles().allSatisfy { $0 == 0 })
    #expect(slopes.value.doubles().allSatisfy { $0.isFinite })
    #expect(slopes[..., 2, 0...].value.doubles().contains { $0 != 0 })
  }

  @Test func `The loss is the sum over all alignments`() {
    let scores = (0..<12).map { Double(($0 * 7) % 5) * 0.4 }
    let steps = logSoftmax(double(scores, [4, 1, 3]), axis: 2)
    let p = exp(steps).value.doubles()
    for target in [[1, 2], [1, 1], [2], []] {
      var total = 0.0
      for path in 0..<81 {
        let labels = [path % 3, path / 3 % 3, path / 9 % 3, path / 27]
        var spelled: [Int] = []
        for (step, label) in labels.enumerated() {
          if label != 0, step == 0 || labels[step - 1] != label { spelled.append(label) }
        }
        if spelled == target {
          total += labels.enumerated().reduce(1) { $0 * p[3 * $1.offset + $1.element] }
        }
      }
      let loss = ctc(steps, targets: Variable(target as [Int], shape: [1, target.count]))
      expect(exp(-loss * Variable(Double(max(target.count, 1)))), equals: [total])
    }
  }

  @Test func `Probabilities of 0 and long sequences leave no NaN`() {
    let steps = double([0, -.infinity, 0, -.infinity, -.infinity, 0], [3, 1, 2])
    let x = Variable(steps.value, requiresGradient: true)
    let loss = ctc(x, targets: Variable([1] as [Int], shape: [1, 1]))
    expect(loss, equals: [0])
    expect(gradient(of: loss, withRespectTo: x), equals: [-1, 0, -1, 0, 0, -1])
    let long = Variable(Tensor.zeros([500, 1, 3]), requiresGradient: true)
    ctc(logSoftmax(long, axis: 2), targets: Variable([1, 2] as [Int], shape: [1, 2])).backward()
    #expect(long.gradient!.value.doubles().allSatisfy { $0.isFinite })
  }

  @Test func `Arguments that do not fit are errors`() async {
    let lengths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctc(
        Variable(Tensor.zeros([4, 2, 3])), targets: Variable([1, 2] as [Int], shape: [2, 1]),
        inputLengths: [4, 5])
    }
    expect(lengths, says: "ctc: inputLengths [4, 5] are not 2 numbers from 0 to 4")
    let blank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctc(
        Variable(Tensor.zeros([4, 2, 3])), targets: Variable([1, 0] as [Int], shape: [2, 1]))
    }
    expect(blank, says: "ctc: the target at [1, 0] is 0, which stands for blank")
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctc(
        Variable(Tensor.zeros([4, 2, 3])), targets: Variable([1, 3] as [Int], shape: [2, 1]))
    }
    expect(label, says: "ctc: the label 3 at [1, 0] is not one of the 3 classes")
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ctc(Variable(Tensor.zeros([4, 3])), targets: Variable([1, 2] as [Int]))
    }
    expect(shape, says: "ctc: expected log-probabilities [steps, examples, classes]", "[4, 3]")
  }
}
