import Autograd
import NN

@testable import Demos

/// A training as a demo does it: its model, data and optimizer.
struct DemoTraining {
  /// Inputs and targets of a step.
  let batch: (_ step: Int) throws -> (Variable, Variable)
  /// One step, which gives the loss.
  let step: (Variable, Variable) -> Variable
  /// All parameters, and what else a step changes.
  let state: () -> [String: Tensor]

  init(
    _ model: any Module, _ optimizer: any Optimizer, schedule: Schedule? = nil,
    batch: @escaping (Int) throws -> (Variable, Variable),
    loss: @escaping (Variable, Variable) -> Variable
  ) {
    self.batch = { step in
      if let schedule { optimizer.learningRate = Variable(schedule(step)) }
      return try batch(step)
    }
    step = { x, y in optimizer.step { loss(x, y) } }
    state = { model.state().merging(optimizer.savedState()) { first, _ in first } }
  }

  /// A training of variables that no module has.
  init(
    of parameters: [Variable], batch: @escaping (Int) throws -> (Variable, Variable),
    step: @escaping (Variable, Variable) -> Variable
  ) {
    self.batch = batch
    self.step = step
    state = {
      Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ("\($0)", $1.value) })
    }
  }
}

/// How to make a training, each time one that begins with the same numbers.
struct DemoCase: Sendable {
  /// The name of the demo, and what tells its trainings apart.
  let demo, variant: String
  let make: @Sendable () throws -> DemoTraining

  init(_ demo: Demo, _ variant: String = "", _ make: @escaping @Sendable () throws -> DemoTraining)
  {
    self.demo = demo.name
    self.variant = variant
    self.make = make
  }

  var name: String { variant.isEmpty ? demo : "\(demo) \(variant)" }

  /// At least one training of each demo.
  static let all = tables + points + images + simulations + texts
}

/// The rows of a step: one batch after the other, the last one of each epoch with what is left.
private func batch(_ step: Int, of data: some Dataset<Batch>, size: Int) throws -> (
  Variable, Variable
) {
  let count = (data.count + size - 1) / size
  let start = step % count * size
  let batch = try data.batch(at: Array(start..<min(start + size, data.count)))
  return (batch.input, batch.target)
}

private let tables = [
  DemoCase(.linearRegression) {
    var generator = RandomGenerator(seed: 1)
    let table = RegressionTable.textbook(using: &generator)
    let columns = try [table.columns[0], table.answers].map { column in
      Tensor(try Standardization(column, name: "")(column), shape: [column.count, 1])
    }
    let data = TensorDataset(inputs: columns[0], targets: columns[1])
    let model = Linear(inputs: 1, outputs: 1, dtype: .float64, using: &generator)
    return DemoTraining(
      model, OptimizerChoice.sgd.make(model.namedParameters, rate: 0.01),
      schedule: Schedule { 0.01 * (1 - Double($0) / 50) },
      batch: { try batch($0, of: data, size: 32) },
      loss: { meanSquaredError(model($0), $1) })
  },
  DemoCase(.binary) {
    let table = try RegressionTable.breastCancer()
    let data = TensorDataset(inputs: table.inputTensor, targets: table.answerTensor)
    let model = try Binary(table, rate: 0.005, epochs: 1, seed: 1).model
    return DemoTraining(
      model, Adam(model, learningRate: 0.005), batch: { try batch($0, of: data, size: 32) },
      loss: { binaryCrossEntropyWithLogits(model($0), $1) })
  },
  DemoCase(.regression) {
    let table = try RegressionTable.diabetes()
    let answers = withoutRecording {
      Standardizer(fitting: table.answerTensor)(Variable(table.answerTensor)).value
    }
    let data = TensorDataset(inputs: table.inputTensor, targets: answers)
    let settings = Regression.Settings()
    var generator = RandomGenerator(seed: 1)
    let model = Regression.network(for: table, hidden: settings.hidden, using: &generator)
    return DemoTraining(
      model, Adam(model, learningRate: Variable(settings.rate)),
      batch: { try batch($0, of: data, size: 32) },
      loss: { Regression.loss(model($0), $1, of: model, settings) })
  },
]

private let points =
  OptimizerChoice.allCases.map { choice in
    DemoCase(.xor, "by \(choice)") {
      let model = XOR(seed: 1, optimizer: choice, rate: 0.1, epochs: 1).model
      return DemoTraining(
        model, choice.make(model.namedParameters, rate: 0.1),
        batch: { _ in (Variable(XOR.inputs), Variable(XOR.answers)) },
        loss: { binaryCrossEntropyWithLogits(model($0), $1) })
    }
  } + [
    DemoCase(.fromScratch) {
      var generator = RandomGenerator(seed: 1)
      let moons = Moons(count: 400, noise: 0.1, using: &generator)
      let w = FromScratch(moons, rate: 1, epochs: 1, using: &generator).parametersByHand
      return DemoTraining(
        of: w, batch: { _ in (Variable(moons.points), Variable(moons.labels)) },
        step: { x, y in FromScratch.step(w, x, y, 1) })
    }
  ]

private let digits = Digits.optical()

private let images = Digits.Kind.allCases.map { kind in
  DemoCase(.digits, "\(kind)") {
    // One step of all images at once makes the model.
    let model = try Digits(
      digits, kind: kind, layers: [128], rate: 1e-9, epochs: 1, batchSize: 2000, seed: 1
    ).model
    return DemoTraining(
      model, Adam(model), schedule: .cosine(from: 0.01, over: 50),
      batch: { try batch($0, of: digits, size: 32) },
      loss: { crossEntropy(model($0), classIndices: $1) })
  }
}

private let simulations = [
  DemoCase(.pendulum) {
    let pendulum = Pendulum(
      truth: [1, 0.3], start: [1.4, 0], noise: 0.1, steps: 100, epochs: 1, rate: 0.02, seed: 1)
    let physics = Variable(Tensor(pendulum.start), requiresGradient: true)
    let optimizer = Adam([("physics", physics)], learningRate: 0.02)
    return DemoTraining(
      of: [physics],
      batch: { step in
        optimizer.learningRate = Variable(0.02 * (1 - Double(step) / 50))
        let seen = Variable(pendulum.observations)
        return (seen, seen)
      },
      step: { _, seen in
        optimizer.step {
          meanSquaredError(Pendulum.angles(of: physics, steps: seen.count), seen)
        }
      })
  }
]

private let texts = [
  DemoCase(.languageModel) {
    let tokenizer = CharacterTokenizer(fitting: Resources.sonnets)
    let text = try tokenizer.encode(Resources.sonnets)
    let data = NextTokenDataset(tokens: text, length: LanguageModel.context)
    var generator = RandomGenerator(seed: 1)
    let model = LanguageModel(characters: tokenizer.count, dropout: 0.1, using: &generator)
    return DemoTraining(
      model, AdamW(model, betas: (0.9, 0.99), weightDecay: 0.1).clipped(byGlobalNorm: 1),
      schedule: .cosine(from: 0.005, over: 50).warmedUp(over: 10),
      batch: { try batch($0, of: data, size: 4) },
      loss: { LanguageModel.bits(model($0), $1) })
  }
]
