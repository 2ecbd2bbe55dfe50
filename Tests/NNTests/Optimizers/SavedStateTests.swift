import Autograd
import NN
import Testing

@Suite struct SavedStateTests {
  private let references: References

  init() throws { references = try References(topic: "optimizers") }

  private static let more: [(name: String, make: MakeOptimizer)] = [
    ("accumulating", { Adam($0.named).clipped(byNorm: 0.2).accumulating(4) }),
    ("skipping", { SGD($0.named, momentum: 0.5).skippingNonFinite() }),
    ("swa late", { SGD($0.named).averaging(.equal(from: 5, every: 3)) }),
    (
      "all", { Lookahead(NAdam($0.named)).averaging(.exponential(decay: 0.8)).accumulating(2) }
    ),
    (
      "group",
      {
        OptimizerGroup([
          Adam($0.biases).accumulating(2), Adagrad($0.matrices).accumulating(3),
        ])
      }
    ),
  ]

  @Test(arguments: (optimizerCases + more).map(\.name))
  func `Training continues from a saved state as if it had not stopped`(name: String) throws {
    let make = try #require((optimizerCases + Self.more).first { $0.name == name }).make
    let steps = name.hasPrefix("lbfgs") ? 3 : 15
    let straight = try OptimizerProblem(references)
    let uninterrupted = make(straight)
    straight.train(uninterrupted, steps: 2 * steps)
    let first = try OptimizerProblem(references)
    let before = make(first)
    first.train(before, steps: steps)
    let second = try OptimizerProblem(references)
    let after = make(second)
    for (own, other) in zip(second.named, first.named) { own.value.assign(other.value.detached()) }
    // Values are copies: training on does not change them.
    let saved = before.savedState()
    first.train(before, steps: 1)
    try after.load(saved)
    second.train(after, steps: steps)
    #expect(second.values == straight.values)
    #expect(
      after.savedState().mapValues { $0.doubles() }
        == uninterrupted.savedState().mapValues { $0.doubles() })
  }

  @Test func `States are saved by the names of parameters`() throws {
    let problem = try OptimizerProblem(references)
    let optimizer = OptimizerGroup([
      AdamW(problem.matrices), SGD(problem.biases, momentum: 0.9).accumulating(2),
    ]).skippingNonFinite()
    problem.train(optimizer, steps: 3)
    let saved = optimizer.savedState()
    #expect(saved["hidden.weight.step"]?.item() == 3)
    #expect(saved["hidden.weight.mean"]?.shape == [3, 2])
    #expect(saved["hidden.bias.step"]?.item() == 1)
    #expect(saved["hidden.bias.accumulated.count"]?.item() == 1)
    #expect(saved["1.microBatches"]?.item() == 1)
    #expect(saved["skippedSteps"]?.item() == 0)
    // Six numbers for each matrix and bias: step, mean, square; step, momentum, sum and count.
    #expect(saved.count == 2 * 3 + 2 * 4 + 2)
  }

  @Test func `What does not fit is not loaded`() throws {
    let problem = try OptimizerProblem(references)
    let optimizer = Adam(problem.named)
    problem.train(optimizer, steps: 2)
    var saved = optimizer.savedState()
    saved["output.bias.mean"] = Tensor.zeros([3], dtype: .float64)
    saved["output.bias.step"] = nil
    saved["surplus"] = Tensor.zeros([])
    problem.train(optimizer, steps: 1)
    let before = optimizer.savedState().mapValues { $0.doubles() }
    let error = #expect(throws: StateError.self) { try optimizer.load(saved) }
    #expect(
      error?.problems == [
        .shape("output.bias.mean", expected: [2], found: [3]), .missing("output.bias.step"),
        .unexpected("surplus"),
      ])
    #expect(optimizer.savedState().mapValues { $0.doubles() } == before)
  }

  @Test(arguments: [-1, Int.max, Int.min])
  func `Counts that cannot be are not loaded`(count: Int) throws {
    let problem = try OptimizerProblem(references)
    let optimizer = Adam(problem.named).accumulating(4)
    for name in ["output.bias.step", "microBatches", "output.bias.accumulated.count"] {
      var saved = optimizer.savedState()
      saved[name] = Tensor([count], shape: [])
      let error = #expect(throws: StateError.self) { try optimizer.load(saved) }
      #expect(error?.problems == [.mismatch("'\(name)' is \(count), which is no count")])
    }
  }

  @Test func `Fewer micro-batches or a shorter history continue a longer one`() throws {
    let problem = try OptimizerProblem(references)
    let four = SGD(problem.named, learningRate: 0.1).accumulating(4)
    problem.train(four, steps: 3)
    let two = SGD(problem.named, learningRate: 0.1).accumulating(2)
    try two.load(four.savedState())
    let before = problem.values
    problem.train(two, steps: 1)
    #expect(problem.values != before)
    #expect(two.savedState()["microBatches"]?.item() == 0)

    let lbfgs = LBFGS(problem.named, historySize: 2)
    var saved = lbfgs.savedState()
    saved["pairs"] = Tensor([7], shape: [])
    try lbfgs.load(saved)
    problem.train(lbfgs, steps: 1)
    #expect(lbfgs.state.counts["pairs"] == 2)
  }
}
