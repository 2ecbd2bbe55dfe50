import Autograd
import NN
import Testing

private struct Tied: Layer {
  let linear: Linear
  let scale = Variable(Tensor.ones([4]), requiresGradient: true)
  let mean = Variable(Tensor.zeros([4]))
  var buffers: [Variable] { [mean] }

  init(using generator: inout RandomGenerator) {
    linear = Linear(inputs: 4, outputs: 4, using: &generator)
  }

  func forward(_ x: Variable) -> Variable {
    matmul(linear(linear(x)) * scale, linear.weight)
  }
}

@Suite struct ModelSummaryTests {
  @Test func `Each call is listed with its own sizes and work`() {
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Linear(inputs: 784, outputs: 128, using: &generator)
      ReLU()
      Linear(inputs: 128, outputs: 10, using: &generator)
    }
    model.freeze { name, _ in name == "0.weight" }
    let summary = model.summary(inputShape: [2, 784])
    #expect(summary.rows.map(\.path) == ["", "0", "1", "2"])
    #expect(summary.rows.map(\.outputShapes) == [[[2, 10]], [[2, 128]], [[2, 128]], [[2, 10]]])
    #expect(summary.rows.map(\.parameterCount) == [0, 100_480, 0, 1290])
    #expect(summary.rows.map(\.multiplyAdds) == [0, 2 * 784 * 128, 0, 2 * 1280])
    #expect(summary.rows[1].outputBytes == 2 * 128 * 4)
    #expect(summary.parameterBytes == 4 * 101_770)
    #expect(summary.trainedCount == 101_770 - 784 * 128)
    #expect(summary.frozenCount == 784 * 128)
    #expect(!model.layers.isEmpty && model.namedParameters.map(\.name).first == "0.bias")
    let text = summary.description
    #expect(text.contains("0: Linear(784 → 128)  [2, 128]     100,480"))
    #expect(text.hasSuffix("1,418 trained, 100,352 frozen"))
  }

  @Test func `A part that is called twice counts its parameters once and its work twice`() {
    var generator = RandomGenerator(seed: 0)
    let summary = Tied(using: &generator).summary(inputShape: [3, 4])
    #expect(summary.rows.map(\.path) == ["", "linear", "linear"])
    #expect(summary.rows.map(\.parameterCount) == [4, 20, 0])
    #expect(summary.rows.map(\.multiplyAdds) == [3 * 16, 3 * 16, 3 * 16])
    #expect(summary.trainedCount == 24)
    #expect(summary.bufferCount == 4)
  }
}
