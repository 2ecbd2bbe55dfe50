import Autograd
import NN
import Testing

/// Losses against PyTorch's values and gradients in float64.
@Suite struct LossReferenceTests {
  private let references: References

  init() throws { references = try References(topic: "losses") }

  @Test func `The mean squared error is PyTorch's`() throws {
    let reference = try references("mse")
    let prediction = reference.leaf("prediction")
    let target = reference.leaf("target")
    reference.expect(
      meanSquaredError(prediction, target),
      gradientsBy: ["prediction": prediction, "target": target])
  }
}
