import Autograd
import NN
import Testing

/// A training of which two copies can be made that begin alike.
private struct TrainingCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable () -> (step: (Variable, Variable) -> Variable, state: () -> [String: Tensor])
  private let optimizer: @Sendable (any Layer) -> any Optimizer

  init(
    _ name: String, model: @escaping @Sendable (inout RandomGenerator) -> any Layer,
    optimizer: @escaping @Sendable (any Layer) -> any Optimizer = { Adam($0.namedParameters) },
    loss: @escaping @Sendable (Variable, Variable) -> Variable = { meanSquaredError($0, $1) }
  ) {
    testDescription = name
    self.optimizer = optimizer
    make = {
      var generator = RandomGenerator(seed: 5)
      let model = model(&generator)
      let optimizer = optimizer(model)
      return (
        { x, y in optimizer.step { loss(model(x), y) } },
        { model.state().merging(optimizer.savedState()) { first, _ in first } }
      )
    }
  }
}

extension TrainingCase {
  /// The same optimizer with so many weights that several threads share them.
  var wide: TrainingCase {
    TrainingCase(
      testDescription,
      model: { generator in
        Sequential {
          Linear(inputs: 256, outputs: 256, using: &generator)
          Tanh()
        }
      }, optimizer: optimizer)
  }
}

private func random(_ shape: Shape, _ seed: Int) -> Variable {
  var generator = RandomGenerator(seed: UInt64(seed))
  return Variable(Tensor.normal(shape, using: &generator))
}

private func hasSameBits(_ a: Tensor, _ b: Tensor) -> Bool {
  a.shape == b.shape && a.dtype == b.dtype
    && zip(a.doubles(), b.doubles()).allSatisfy { $0.bitPattern == $1.bitPattern }
}

/// Trains both ways and compares losses and states at every step.
private func expectSameBits(
  _ training: TrainingCase, steps: Int = 50, x: Shape, y: (Int) -> Variable,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (eager, other) = (training.make(), training.make())
  let compiled = compile(other.step)
  for step in 0..<steps {
    let (x, y) = (random(x, step), y(step))
    let (ours, theirs) = (eager.step(x, y), compiled(x, y))
    guard hasSameBits(ours.value, theirs.value) else {
      Issue.record("loss of step \(step)", sourceLocation: sourceLocation)
      return
    }
    let states = (eager.state(), other.state())
    for (name, value) in states.0 where !hasSameBits(value, states.1[name]!) {
      Issue.record("\(name) after step \(step)", sourceLocation: sourceLocation)
      return
    }
  }
}

@Suite struct CompiledTrainingTests {
  private static let optimizers: [TrainingCase] = {
    func rule(
      _ name: String, _ optimizer: @escaping @Sendable (any Layer) -> any Optimizer
    ) -> TrainingCase {
      TrainingCase(
        name,
        model: { generator in
          Sequential {
            Linear(inputs: 3, outputs: 8, using: &generator)
            Tanh()
            Linear(inputs: 8, outputs: 2, using: &generator)
          }
        }, optimizer: optimizer)
    }
    return [
      rule("SGD") { SGD($0.namedParameters, learningRate: 0.05) },
      rule("SGD with momentum") {
        SGD($0.namedParameters, learningRate: 0.05, momentum: 0.9, isNesterov: true)
      },
      rule("Adam with AMSGrad") { Adam($0.namedParameters, isAMSGrad: true) },
      rule("AdamW with TransformedGradients") {
        AdamW($0.namedParameters).clipped(byGlobalNorm: 0.5)
      },
      rule("RMSprop") { RMSprop($0.namedParameters, momentum: 0.9, isCentered: true) },
      rule("Adagrad") { Adagrad($0.namedParameters) },
      rule("Adadelta") { Adadelta($0.namedParameters) },
      rule("Adamax") { Adamax($0.namedParameters) },
      rule("NAdam") { NAdam($0.namedParameters) },
      rule("RAdam") { RAdam($0.namedParameters) },
      rule("Lion") { Lion($0.namedParameters) },
      rule("LAMB") { LAMB($0.namedParameters) },
      rule("Adafactor") { Adafactor($0.namedParameters) },
      rule("Rprop") { Rprop($0.namedParameters) },
      rule("ASGD") { ASGD($0.namedParameters) },
      rule("SharpnessAware around SGD") {
        SharpnessAware(SGD($0.namedParameters, learningRate: 0.05))
      },
      rule("Muon and Adam in an OptimizerGroup") { model in
        OptimizerGroup([
          Muon(model.namedParameters.filter { $0.value.rank == 2 }),
          Adam(model.namedParameters.filter { $0.value.rank != 2 }),
        ])
      },
    ]
  }()

  @Test(arguments: optimizers)
  fileprivate func `Optimizers`(training: TrainingCase) {
    expectSameBits(training, x: [6, 3]) { random([6, 2], 100 + $0) }
  }

  @Test func `Optimizers of many weights, on 1, 2, 3 and 8 threads`() async {
    await #expect(processExitsWith: .success) {
      for training in CompiledTrainingTests.optimizers {
        expectSameBitsOnAnyNumberOfThreads(training.testDescription, steps: 50) {
          let (step, state) = training.wide.make()
          return CompiledCase(
            arguments: { [random([4, 256], $0), random([4, 256], 100 + $0)] },
            step: { [step($0[0], $0[1])] },
            state: { state().sorted { $0.key < $1.key }.map(\.value) })
        }
      }
    }
  }

  @Test func `Every optimizer of the library is in the table, or steps eagerly only`() throws {
    var missing: Set<Substring> = []
    for words in try SourceFiles.publicDeclarations(in: "Optimizers") {
      guard let kind = words.firstIndex(of: "class") else { continue }
      missing.insert(words[kind + 1])
    }
    #expect(missing.count > 20)
    missing.subtract(Self.optimizers.flatMap { $0.testDescription.split(separator: " ") })
    missing.subtract(
      ["AccumulatedGradients", "AveragedParameters", "FiniteGradients", "LBFGS", "Lookahead"])
    #expect(missing == [])
  }

  @Test func `Normalisation and dropout`() {
    let training = TrainingCase(
      "normalised",
      model: { generator in
        Sequential {
          Linear(inputs: 3, outputs: 8, using: &generator)
          BatchNorm(channels: 8)
          GELU()
          Dropout(probability: 0.3, using: &generator)
          Linear(inputs: 8, outputs: 8, using: &generator)
          LayerNorm(shape: [8])
          RReLU(using: &generator)
          GaussianNoise(standardDeviation: 0.1, using: &generator)
          RMSNorm(shape: [8])
          AlphaDropout(probability: 0.2, using: &generator)
          Linear(inputs: 8, outputs: 2, using: &generator)
        }
      })
    expectSameBits(training, x: [6, 3]) { random([6, 2], 100 + $0) }
  }

  @Test func `A convolutional network with integer labels`() {
    let training = TrainingCase(
      "convolutional",
      model: { generator in
        Sequential {
          Conv2d(inputs: 1, outputs: 4, kernelSize: 3, padding: .same, using: &generator)
          BatchNorm(channels: 4)
          ReLU()
          MaxPool2d(size: 2)
          SpatialDropout(probability: 0.2, using: &generator)
          Conv2d(inputs: 4, outputs: 4, kernelSize: 3, groups: 2, using: &generator)
          SiLU()
          GlobalAveragePool()
          Flatten()
          Linear(inputs: 4, outputs: 3, using: &generator)
        }
      }, loss: { crossEntropy($0, classIndices: $1, labelSmoothing: 0.1) })
    expectSameBits(training, steps: 20, x: [5, 1, 8, 8]) { step in
      Variable((0..<5).map { ($0 * step) % 3 })
    }
  }
}
