import Autograd
import NN

/// Points of two half-moons that reach into each other.
struct Moons {
  /// Float32 [count, 2] and [count, 1]: places, and 0 or 1 for the moon.
  let points, labels: Tensor

  init(count: Int, noise: Double, using generator: inout RandomGenerator) {
    let half = Tensor.uniform([count, 1], low: 0, high: Double.pi, using: &generator)
    let scatter = Tensor.normal([count, 2], standardDeviation: noise, using: &generator)
    labels = Tensor((0..<count).map { Float($0 % 2) }, shape: [count, 1])
    let (angle, moon) = (Variable(half), Variable(labels))
    points = withoutRecording {
      let sign = 1 - 2 * moon
      let places = concatenate([moon + sign * cos(angle), sign * sin(angle) + 0.5 * moon], axis: 1)
      return (places + Variable(scatter)).value
    }
  }
}

/// One network with 16 hidden units, once by hand and once of layers.
///
/// Both begin with the same numbers and go the same way, so all their numbers stay the same, to the
/// last bit.
struct FromScratch {
  /// The losses of each epoch.
  private(set) var lossesByHand: [Float] = [], lossesOfLayers: [Float] = []
  /// The parameters at the end: hidden weight and bias, output weight and bias.
  private(set) var parametersByHand: [Variable] = [], parametersOfLayers: [Variable] = []

  init(_ moons: Moons, rate: Double, epochs: Int, using generator: inout RandomGenerator) {
    let (x, y) = (Variable(moons.points), Variable(moons.labels))
    let model = Sequential {
      Linear(inputs: 2, outputs: 16, using: &generator)
      Tanh()
      Linear(inputs: 16, outputs: 1, using: &generator)
    }
    // Copies: from here on nothing is shared.
    parametersByHand = model.parameters.map { Variable($0.value, requiresGradient: true) }
    parametersOfLayers = model.parameters
    trainByHand(x, y, rate, epochs)
    train(model, x, y, rate, epochs)
  }

  /// Nothing but variables, gradients and a loop.
  private mutating func trainByHand(_ x: Variable, _ y: Variable, _ rate: Double, _ epochs: Int) {
    for _ in 0..<epochs {
      let loss = FromScratch.step(parametersByHand, x, y, rate)
      lossesByHand.append(Float(loss.item()))
    }
  }

  /// One step of gradient descent, and the loss before it.
  static func step(_ w: [Variable], _ x: Variable, _ y: Variable, _ rate: Double) -> Variable {
    let logit = FromScratch.logit(x, w)
    let loss = ((1 - y) * logit + softplus(-logit)).mean()
    let slopes = gradients(of: loss, withRespectTo: w)
    for (weight, slope) in zip(w, slopes) {
      weight.assign(weight - Variable(rate) * slope!)
    }
    return loss
  }

  /// The same, of ready-made parts.
  private mutating func train(
    _ model: Sequential, _ x: Variable, _ y: Variable, _ rate: Double, _ epochs: Int
  ) {
    let optimizer = SGD(model.namedParameters, learningRate: Variable(rate))
    for _ in 0..<epochs {
      optimizer.zeroGradients()
      let loss = binaryCrossEntropyWithLogits(model(x), y)
      loss.backward()
      optimizer.step()
      lossesOfLayers.append(Float(loss.item()))
    }
  }

  /// The network by hand; sigmoid of it is the probability of moon 1.
  static func logit(_ x: Variable, _ w: [Variable]) -> Variable {
    let hidden = tanh(matmul(x, w[0].transposed()) + w[1])
    return matmul(hidden, w[2].transposed()) + w[3]
  }

  /// How many numbers differ in their bits: losses and parameters.
  var differences: Int {
    zip(lossesByHand + numbers(parametersByHand), lossesOfLayers + numbers(parametersOfLayers))
      .count { $0.bitPattern != $1.bitPattern }
  }

  /// How many numbers were compared.
  var comparisons: Int { lossesByHand.count + numbers(parametersByHand).count }

  private func numbers(_ parameters: [Variable]) -> [Float] {
    parameters.flatMap { $0.array(of: Float.self) }
  }

  /// The share of points on the right side.
  func accuracy(on moons: Moons) -> Double {
    let logits = withoutRecording {
      FromScratch.logit(Variable(moons.points), parametersByHand)
    }
    let pairs = zip(logits.value.doubles(), moons.labels.doubles())
    return Double(pairs.count { ($0 > 0) == ($1 == 1) }) / Double(logits.count)
  }
}
