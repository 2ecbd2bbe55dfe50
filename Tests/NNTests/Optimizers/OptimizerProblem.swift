import Autograd
import NN

typealias NamedParameters = [(name: String, value: Variable)]

/// The problem of the references: the mean of (W₂ tanh(W₁ x + b₁) + b₂ − y)².
struct OptimizerProblem {
  let named: NamedParameters
  private let x, y: Variable

  init(_ references: References) throws {
    let problem = try references("problem")
    let names = ["hidden.weight", "hidden.bias", "output.weight", "output.bias"]
    named = names.enumerated().map { ($1, problem.leaf("\($0)")) }
    (x, y) = (Variable(problem["x"]), Variable(problem["y"]))
  }

  var matrices: NamedParameters { named.filter { $0.value.rank == 2 } }
  var biases: NamedParameters { named.filter { $0.value.rank == 1 } }

  func loss() -> Variable { loss(named.map(\.value)) }

  func loss(_ p: [Variable]) -> Variable {
    let hidden = tanh(linear(x, p[0], bias: p[1]))
    return meanSquaredError(linear(hidden, p[2], bias: p[3]), y)
  }

  /// All parameters in one list, in the order in which they were made.
  var values: [Double] { named.flatMap { $0.value.value.doubles() } }

  func train(_ optimizer: any Optimizer, steps: Int) {
    for _ in 0..<steps { optimizer.step { loss() } }
  }
}

/// How to make one of every optimizer and wrapper, by the names of the references.
///
/// The learning rate is a parameter where the reference's is to be replaced.
typealias MakeOptimizer = @Sendable (OptimizerProblem) -> any Optimizer

let optimizerCases: [(name: String, make: MakeOptimizer)] = [
  ("sgd", { SGD($0.named, learningRate: 0.1) }),
  (
    "sgd momentum",
    {
      SGD($0.named, learningRate: 0.05, momentum: 0.9, dampening: 0.2, weightDecay: 0.01)
    }
  ),
  ("sgd nesterov", { SGD($0.named, learningRate: 0.05, momentum: 0.8, isNesterov: true) }),
  ("adam", { Adam($0.named, learningRate: 0.02) }),
  (
    "amsgrad",
    {
      Adam(
        $0.named, learningRate: 0.02, betas: (0.8, 0.99), epsilon: 1e-6, weightDecay: 0.02,
        isAMSGrad: true)
    }
  ),
  ("adamw", { AdamW($0.named, learningRate: 0.02, weightDecay: 0.1) }),
  (
    "adamw masked",
    {
      AdamW(
        $0.named, learningRate: 0.02,
        weightDecay: .decoupled(0.1, where: WeightDecay.exceptBiasesAndNorms))
    }
  ),
  ("rmsprop", { RMSprop($0.named, learningRate: 0.001) }),
  (
    "rmsprop centered",
    {
      RMSprop(
        $0.named, learningRate: 0.001, smoothing: 0.9, weightDecay: 0.01, momentum: 0.5,
        isCentered: true)
    }
  ),
  ("rmsprop momentum", { RMSprop($0.named, learningRate: 0.005, momentum: 0.8) }),
  ("adagrad", { Adagrad($0.named, learningRate: 0.1) }),
  (
    "adagrad decay",
    {
      Adagrad(
        $0.named, learningRate: 0.1, learningRateDecay: 0.01, weightDecay: 0.01,
        initialAccumulator: 0.1, epsilon: 1e-6)
    }
  ),
  ("adadelta", { Adadelta($0.named) }),
  (
    "adadelta decay",
    {
      Adadelta($0.named, learningRate: 0.7, smoothing: 0.95, epsilon: 1e-4, weightDecay: 0.01)
    }
  ),
  ("adamax", { Adamax($0.named, learningRate: 0.02) }),
  (
    "adamax decay",
    {
      Adamax(
        $0.named, learningRate: 0.02, betas: (0.8, 0.99), epsilon: 1e-6, weightDecay: 0.01)
    }
  ),
  ("nadam", { NAdam($0.named, learningRate: 0.02) }),
  (
    "nadam decoupled",
    {
      NAdam(
        $0.named, learningRate: 0.02, betas: (0.8, 0.99), weightDecay: .decoupled(0.1),
        momentumDecay: 0.01)
    }
  ),
  ("radam", { RAdam($0.named, learningRate: 0.02) }),
  (
    "radam decoupled",
    { RAdam($0.named, learningRate: 0.005, betas: (0.8, 0.9), weightDecay: .decoupled(0.1)) }
  ),
  ("radam coupled", { RAdam($0.named, learningRate: 0.02, weightDecay: 0.1) }),
  ("adafactor", { Adafactor($0.named, learningRate: 0.005) }),
  (
    "adafactor decay",
    {
      Adafactor(
        $0.named, learningRate: 0.2, squareDecay: -0.6, epsilons: (1e-3, 1e-2), clipping: 1.5,
        weightDecay: 0.05)
    }
  ),
  ("rprop", { Rprop($0.named) }),
  (
    "rprop limits",
    { Rprop($0.named, learningRate: 0.02, factors: (0.4, 1.5), limits: (1e-4, 0.1)) }
  ),
  ("asgd", { ASGD($0.named, learningRate: 0.1) }),
  (
    "muon",
    {
      OptimizerGroup([
        Muon($0.matrices, learningRate: 0.002), AdamW($0.biases, learningRate: 0.01),
      ])
    }
  ),
  (
    "muon adamw",
    {
      OptimizerGroup([
        Muon(
          $0.matrices, learningRate: 0.02, weightDecay: 0.01, momentum: 0.8, isNesterov: false,
          iterations: 3, adjustment: .matchingAdamW),
        SGD($0.biases, learningRate: 0.1),
      ])
    }
  ),
  ("lion", { Lion($0.named, learningRate: 0.002, weightDecay: 0.1) }),
  ("lamb", { LAMB($0.named, learningRate: 0.002) }),
  ("lookahead", { Lookahead(SGD($0.named, learningRate: 0.1), interval: 4, share: 0.6) }),
  ("sam", { SharpnessAware(SGD($0.named, learningRate: 0.05), radius: 0.02) }),
  ("clip norm", { SGD($0.named, learningRate: 0.1).clipped(byGlobalNorm: 0.1) }),
  ("clip value", { SGD($0.named, learningRate: 0.1).clipped(byValue: 0.05) }),
  ("ema", { SGD($0.named, learningRate: 0.1).averaging(.exponential(decay: 0.9)) }),
  ("swa", { SGD($0.named, learningRate: 0.1).averaging(.equal(from: 1, every: 1)) }),
  (
    "lbfgs wolfe",
    { LBFGS($0.named, maximumIterations: 4, lineSearch: .strongWolfe) }
  ),
  (
    "lbfgs short",
    {
      LBFGS(
        $0.named, learningRate: 0.5, maximumIterations: 5, maximumEvaluations: 7, historySize: 3,
        lineSearch: .strongWolfe)
    }
  ),
  ("lbfgs fixed", { LBFGS($0.named, learningRate: 0.2, maximumIterations: 5) }),
  (
    "lbfgs single",
    { LBFGS($0.named, learningRate: 0.2, maximumIterations: 1, historySize: 5) }
  ),
]
