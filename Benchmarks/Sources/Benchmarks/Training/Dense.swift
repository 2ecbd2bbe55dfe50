import Autograd
import NN

/// Steps of fully connected networks, from 17 to 21 million parameters.
var smallWorkloads: [Workload] {
  [
    Workload("xor", loopSteps: 10_000) {
      var numbers = Numbers()
      let model = Sequential(dense([2, 8, 1], Tanh(), &numbers) + [Sigmoid()])
      let x: Variable = [[0, 0], [0, 1], [1, 0], [1, 1]]
      let y: Variable = [[0], [1], [1], [0]]
      let optimizer = SGD(model, learningRate: 0.5)
      return { optimizer.step { meanSquaredError(model(x), y) } }
    },
    Workload("line", loopSteps: 10_000) {
      var numbers = Numbers()
      let model = linear(1, 1, &numbers)
      let x = numbers.uniform([100, 1])
      let y = 2 * x + 3 + 0.1 * numbers.uniform([100, 1])
      let optimizer = SGD(model, learningRate: 0.1)
      return { optimizer.step { meanSquaredError(model(x), y) } }
    },
    Workload("binary", loopSteps: 10_000) {
      var numbers = Numbers()
      let model = Sequential(dense([8, 10, 8, 1], ReLU(), &numbers))
      let x = numbers.uniform([32, 8])
      let y = (x.sum(axes: [1], keepingAxes: true) .> 0).cast(to: .float32)
      let optimizer = Adam(model, learningRate: 0.001)
      return { optimizer.step { binaryCrossEntropyWithLogits(model(x), y) } }
    },
    classifier("narrow", [784, 10, 10, 10], batch: 32, loopSteps: 1000) {
      Adam($0, learningRate: 0.001)
    },
    classifier("digits", [784, 128, 10], batch: 128, loopSteps: 1000) {
      Adam($0, learningRate: 0.001)
    },
  ]
}

/// A network with rectifiers that tells classes apart.
func classifier(
  _ name: String, _ sizes: [Int], batch: Int, loopSteps: Int? = nil,
  optimizer: @escaping (Sequential) -> any Optimizer
) -> Workload {
  Workload(name, loopSteps: loopSteps) {
    var numbers = Numbers()
    let model = Sequential(dense(sizes, ReLU(), &numbers))
    let x = numbers.uniform([batch, sizes[0]])
    let y = numbers.integers([batch], below: sizes.last!)
    let optimizer = optimizer(model)
    return { optimizer.step { crossEntropy(model(x), classIndices: y) } }
  }
}

/// An affine map of the next numbers.
func linear(_ inputs: Int, _ outputs: Int, _ numbers: inout Numbers) -> Linear {
  let bound = 1 / Double(inputs).squareRoot()
  return Linear(
    weight: numbers.parameter([outputs, inputs]),
    bias: numbers.parameter([outputs], bound: bound))
}

/// Affine maps with an activation between them.
private func dense(_ sizes: [Int], _ activation: any Layer, _ numbers: inout Numbers)
  -> [any Layer]
{
  var layers: [any Layer] = []
  for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
    layers += [linear(inputs, outputs, &numbers), activation]
  }
  return layers.dropLast()
}
