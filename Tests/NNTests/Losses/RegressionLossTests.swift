import Autograd
import NN
import Testing

// Values and gradients are PyTorch's, in float64.

private let prediction = [0.5, -1.25, 2.0, 0.0]
private let target = [0.0, -1.0, 3.5, 0.0]

@Suite struct RegressionLossTests {
  @Test func `Mean squared error`() {
    expectLoss(at: prediction, value: [0.640625], gradient: [0.25, -0.125, -0.75, 0]) {
      meanSquaredError($0, double(target))
    }
    expectLoss(at: prediction, value: [2.5625], gradient: [1, -0.5, -3, 0]) {
      meanSquaredError($0, double(target), reduction: .sum)
    }
    expectLoss(at: prediction, value: [0.25, 0.0625, 2.25, 0], gradient: [1, -0.5, -3, 0]) {
      meanSquaredError($0, double(target), reduction: .none)
    }
  }

  @Test func `Mean absolute error`() {
    expectLoss(at: prediction, value: [0.5625], gradient: [0.25, -0.25, -0.25, 0]) {
      meanAbsoluteError($0, double(target))
    }
  }

  @Test func `Huber's loss`() {
    expectLoss(at: prediction, value: [0.25], gradient: [0.125, -0.0625, -0.1875, 0]) {
      huber($0, double(target), delta: 0.75)
    }
  }

  @Test func `Shapes that would broadcast are an error that names both`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = meanSquaredError(Variable(Tensor.zeros([4, 1])), Variable(Tensor.zeros([4])))
    }
    expect(
      result,
      says: "meanSquaredError: shapes differ: the prediction is [4, 1], the target [4]",
      "neither is broadcast")
    let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = huber(Variable(Tensor.zeros([4])), Variable(Tensor.zeros([4], dtype: .float64)))
    }
    expect(types, says: "huber: types differ: the prediction is float32, the target float64")
  }
}
