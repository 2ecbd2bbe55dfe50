import Autograd
import NN

/// A network that reads handwritten digits: of linear layers, or of convolutions.
struct Digits {
  let model: Sequential
  let history: History
  let trainingCount: Int
  /// The images that were held out, with their labels and the network's answers.
  let heldOut: Batch
  let answers: [Int]
  /// Which digit was taken for which.
  private(set) var confusion = ConfusionMatrix(classes: 10)

  enum Kind: String, CaseIterable, Sendable {
    case mlp, cnn
  }

  /// Trains on four fifths of the images, in which each digit has its share.
  init(
    _ data: TensorDataset, kind: Kind, layers: [Int], rate: Double, epochs: Int, batchSize: Int,
    seed: UInt64
  ) throws {
    var generator = RandomGenerator(seed: seed)
    let parts = Splits.parts(
      stratifiedBy: data.targets.array(of: Int.self), fractions: [0.8, 0.2], using: &generator)
    trainingCount = parts[0].count
    heldOut = data.batch(at: parts[1])
    model = Digits.network(
      kind, height: data.inputs.shape[2], width: data.inputs.shape[3], layers: layers,
      using: &generator)
    let training = Subset(data, at: parts[0])
    let loader = DataLoader(training, batchSize: batchSize, shuffle: true, using: &generator)
    history = try model.fit(
      loader, loss: { crossEntropy($0, classIndices: $1) },
      optimizer: Adam(model), epochs: epochs, metrics: [CategoricalAccuracy()],
      validation: Subset(data, at: parts[1]),
      schedule: .cosine(from: rate, over: epochs * loader.batchCount), progress: .onTerminal)
    let scores = Variable(model.predict(heldOut.inputs))
    confusion.update(prediction: scores, target: heldOut.target)
    answers = scores.argmax(axis: 1).array(of: Int.self)
  }

  /// Images [n, 1, height, width] become a score for each of the ten digits.
  private static func network(
    _ kind: Kind, height: Int, width: Int, layers: [Int], using generator: inout RandomGenerator
  ) -> Sequential {
    switch kind {
    case .mlp:
      Sequential {
        Flatten()
        MLP(sizes: [height * width] + layers + [10], using: &generator)
      }
    case .cnn:
      Sequential {
        Conv2d(inputs: 1, outputs: 16, kernelSize: 3, padding: 1, using: &generator)
        ReLU()
        MaxPool2d(size: 2)
        Conv2d(inputs: 16, outputs: 32, kernelSize: 3, padding: 1, using: &generator)
        ReLU()
        MaxPool2d(size: 2)
        Flatten()
        Linear(inputs: 32 * (height / 4) * (width / 4), outputs: 10, using: &generator)
      }
    }
  }

  /// The optical digits of 8 × 8 pixels that come along.
  static func optical() -> TensorDataset {
    var pixels: [Float] = []
    var labels: [Int] = []
    for line in Resources.digits.split(separator: "\n") {
      labels.append(line.first?.hexDigitValue ?? 0)
      // A pixel is a hexadecimal digit, or g for 16, which is black.
      pixels += line.dropFirst(2).map { Float($0.hexDigitValue ?? 16) / 16 }
    }
    return TensorDataset(
      inputs: Tensor(pixels, shape: [labels.count, 1, 8, 8]), targets: Tensor(labels))
  }
}
