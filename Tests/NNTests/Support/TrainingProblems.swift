import Autograd
import NN

/// A small problem of classification, from two interleaved rings, and models for it.
enum Rings {
  static let count = 60

  /// Points [60, 2] and classes [60].
  static func data(seed: UInt64 = 1) -> (x: Tensor, y: Tensor) {
    var generator = RandomGenerator(seed: seed)
    let noise = Tensor.normal([count, 2], standardDeviation: 0.1, using: &generator).doubles()
    let labels = (0..<count).map { $0 % 2 }
    let points = (0..<count).flatMap { index -> [Float] in
      let angle = Double(index) * 0.4
      let radius = labels[index] == 0 ? 0.4 : 1.2
      let (s, c) = (sine(angle), sine(angle + 1.5707963267948966))
      return [Float(radius * c + noise[2 * index]), Float(radius * s + noise[2 * index + 1])]
    }
    return (Tensor(points, shape: [count, 2]), Tensor(labels))
  }

  static func dataset(seed: UInt64 = 1) -> TensorDataset {
    let (x, y) = data(seed: seed)
    return TensorDataset(inputs: x, targets: y)
  }

  static func model(seed: UInt64 = 2) -> Sequential {
    var generator = RandomGenerator(seed: seed)
    return Sequential {
      Linear(inputs: 2, outputs: 16, using: &generator)
      Tanh()
      Noise(using: &generator)
      Linear(inputs: 16, outputs: 2, using: &generator)
    }
  }

  static func loader(seed: UInt64 = 3, batchSize: Int = 8) -> DataLoader<TensorDataset> {
    var generator = RandomGenerator(seed: seed)
    return DataLoader(dataset(), batchSize: batchSize, shuffle: true, using: &generator)
  }

  private static func sine(_ x: Double) -> Double {
    Autograd.sin(Variable(x).cast(to: .float64)).item()
  }
}

/// A layer that draws random numbers in training, as dropout does, and counts its calls, as
/// normalisations do.
struct Noise: Layer {
  let mode = Mode()
  let source: RandomSource
  let calls = Variable(Tensor([0.0 as Float], shape: []))

  var buffers: [Variable] { [calls] }

  init(using generator: inout RandomGenerator) { source = RandomSource(splitFrom: &generator) }

  func forward(_ x: Variable) -> Variable {
    guard mode.isTraining else { return x }
    withoutRecording { calls.assign(calls + 1) }
    return x
      + Variable(
        Tensor.normal(x.shape, standardDeviation: 0.05, using: &source.generator))
  }
}

extension Module {
  /// The bits of all variables, by path.
  var bits: [String: [UInt32]] {
    state().mapValues { $0.array(of: Float.self).map(\.bitPattern) }
  }
}

extension History {
  /// Everything but the durations, as bits: what two equal trainings have in common.
  var bits: [[UInt64]] {
    rows.map { row in zip(quantities, row).filter { $0.0 != .seconds }.map(\.1.bitPattern) }
  }
}

/// The loss of classes.
func classLoss(_ prediction: Variable, _ target: Variable) -> Variable {
  crossEntropy(prediction, classIndices: target)
}

/// A folder for one test, removed with its files at the end.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  try body(folder.path)
}
