import Autograd
import MachinePeak
import NN

/// A fully connected network and the data that it is trained on, one fixed batch.
private struct TrainingProblem {
  let name: String
  let sizes: [Int]
  let batch: Int
  let usesClasses: Bool
  let usesAdam: Bool

  /// A step of training: loss, gradients, update.
  func makeStep() -> () -> Variable {
    var generator = RandomGenerator(seed: 1)
    let layers = zip(sizes, sizes.dropFirst()).enumerated().flatMap { index, size in
      let linear: any Layer = Linear(inputs: size.0, outputs: size.1, using: &generator)
      let activation: any Layer = usesAdam ? ReLU() : Tanh()
      return index + 2 < sizes.count ? [linear, activation] : [linear]
    }
    let model = Sequential(layers)
    let x = Variable(Tensor.normal([batch, sizes[0]], using: &generator))
    let optimizer: any Optimizer =
      usesAdam ? Adam(model, learningRate: 0.001) : SGD(model, learningRate: 0.5)
    if usesClasses {
      let labels = Variable(
        Tensor.integers([batch], in: 0..<sizes[sizes.count - 1], using: &generator))
      return { optimizer.step { crossEntropy(model(x), classIndices: labels) } }
    }
    let y = Variable(Tensor.uniform([batch, 1], using: &generator))
    return { optimizer.step { meanSquaredError(sigmoid(model(x)), y) } }
  }
}

/// Steps of training, eager, compiled, and many compiled ones in one call.
func benchmarkTraining() {
  let problems = [
    TrainingProblem(
      name: "2-8-1, batch 4, SGD", sizes: [2, 8, 1], batch: 4, usesClasses: false,
      usesAdam: false),
    TrainingProblem(
      name: "8-10-8-1, batch 32, Adam", sizes: [8, 10, 8, 1], batch: 32, usesClasses: false,
      usesAdam: true),
    TrainingProblem(
      name: "784-128-10, batch 128, Adam", sizes: [784, 128, 10], batch: 128, usesClasses: true,
      usesAdam: true),
  ]
  for threads in [1, 2] {
    peak_set_library_threads(Int32(threads))
    for problem in problems {
      let eager = problem.makeStep()
      report("\(problem.name), eager", fastest { _ = eager() } * 1e6, "us", threads: threads)
      let compiled = compile(problem.makeStep())
      report("\(problem.name), compiled", fastest { _ = compiled() } * 1e6, "us", threads: threads)
      let seconds = fastest { _ = compiled.run(times: 1000) } / 1000
      report("\(problem.name), loop of 1,000", seconds * 1e6, "us", threads: threads)
    }
  }
  peak_set_library_threads(1)
}
