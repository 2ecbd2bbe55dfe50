import Autograd
import NN

/// Steps whose time is that of their kernels.
var largeWorkloads: [Workload] {
  [
    classifier("mlp", [1024, 4096, 4096, 10], batch: 256) {
      SGD($0, learningRate: 0.01, momentum: 0.9)
    },
    Workload("cnn") {
      var numbers = Numbers()
      let model = Sequential {
        Conv2d(
          weight: numbers.parameter([32, 1, 3, 3]), bias: numbers.parameter([32], bound: 1.0 / 3))
        ReLU()
        Conv2d(
          weight: numbers.parameter([64, 32, 3, 3]),
          bias: numbers.parameter([64], bound: 1 / Double(288).squareRoot()))
        ReLU()
        MaxPool2d(size: 2)
        Flatten()
        linear(9216, 128, &numbers)
        ReLU()
        linear(128, 10, &numbers)
      }
      let x = numbers.uniform([64, 1, 28, 28])
      let y = numbers.integers([64], below: 10)
      let optimizer = Adam(model, learningRate: 0.001)
      return { optimizer.step { crossEntropy(model(x), classIndices: y) } }
    },
    Workload("lstm") {
      var numbers = Numbers()
      let cell = LSTMCell(
        weights: GateWeights(
          input: numbers.parameter([1024, 128], bound: 1.0 / 16),
          hidden: numbers.parameter([1024, 256], bound: 1.0 / 16),
          inputBias: numbers.parameter([1024], bound: 1.0 / 16),
          hiddenBias: numbers.parameter([1024], bound: 1.0 / 16)))
      var generator = RandomGenerator(seed: 0)
      let lstm = LSTM(cells: [[cell]], dropout: Dropout(probability: 0, using: &generator))
      let output = linear(256, 10, &numbers)
      let x = numbers.uniform([32, 64, 128])
      let y = numbers.integers([32], below: 10)
      let optimizer = Adam(lstm.namedParameters + output.namedParameters, learningRate: 0.001)
      return {
        optimizer.step { crossEntropy(output(lstm(x).state.hidden[0]), classIndices: y) }
      }
    },
    Workload("gpt") {
      var numbers = Numbers()
      let model = GPT(&numbers)
      let text = numbers.integers([16, 65], below: GPT.characters)
      let (x, y) = (text[0..., ..<64], text[0..., 1...].flattened())
      let optimizer = AdamW(model, learningRate: 0.001, betas: (0.9, 0.99), weightDecay: 0.1)
      return { optimizer.step { crossEntropy(model(x).flattened(to: 1), classIndices: y) } }
    },
  ]
}
