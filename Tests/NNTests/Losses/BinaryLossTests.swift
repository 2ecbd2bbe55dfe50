import Autograd
import NN
import Testing

// Values and gradients are PyTorch's, in float64.

@Suite struct BinaryLossTests {
  private let labels = [0.0, 1.0, 0.25, 1.0]
  private let logits = [0.3, -2.0, 40.0, -800.0]

  @Test func `Cross-entropy of probabilities`() {
    expectLoss(
      at: [0.2, 0.9, 0.5, 0.001], value: [1.9823516316285295],
      gradient: [0.31249999999999994, -0.2777777777777778, 0.25, -249.99999999999997]
    ) { binaryCrossEntropy($0, double(labels)) }
  }

  @Test func `Certainty costs at most 100, and gradients stay finite`() {
    let p = double([0, 1, 0, 1], requiresGradient: true)
    let losses = binaryCrossEntropy(p, double([1, 0, 0, 1]), reduction: .none)
    expect(losses, equals: [100, 100, 0, 0])
    losses.sum().backward()
    // The limited logarithm is constant; the other one has the slope ±1.
    expect(p.gradient, equals: [0, 0, 1, -1])
  }

  @Test func `Cross-entropy of logits`() {
    expectLoss(
      at: logits, value: [208.24532081387787],
      gradient: [0.14361062920291476, -0.2201992694944706, 0.1875, -0.25]
    ) { binaryCrossEntropyWithLogits($0, double(labels)) }
  }

  @Test func `Positive weights, one for all or one for each class`() {
    let value = [509.04291881801896]
    let slope = [0.14361062920291476, -0.5504981737361765, 0.1875, -0.625]
    expectLoss(at: logits, value: value, gradient: slope) {
      binaryCrossEntropyWithLogits($0, double(labels), positiveWeight: double([2.5], []))
    }
    expectLoss(at: logits, [2, 2], value: value, gradient: slope) {
      binaryCrossEntropyWithLogits(
        $0, double(labels, [2, 2]), positiveWeight: double([2.5, 2.5]))
    }
  }

  @Test func `Weights of another shape are an error`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Variable(Tensor.zeros([4, 1]))
      _ = binaryCrossEntropyWithLogits(x, x, positiveWeight: Variable(Tensor.zeros([3])))
    }
    expect(result, says: "positiveWeight has the shape [3], not that of the last axes of [4, 1]")
  }
}
