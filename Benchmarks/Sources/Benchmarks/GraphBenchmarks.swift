import Autograd
import MachinePeak
import NN

/// y = y + x, `count` times, and the gradient by x: forward, backward and release.
func scalarChain(_ count: Int) {
  let x = Variable([0.001], requiresGradient: true)
  var y = Variable([1], requiresGradient: true)
  for _ in 0..<count { y = y + x }
  _ = gradients(of: y, withRespectTo: [x])
}

/// What a node costs, and a small model's step.
func benchmarkGraph() {
  report(
    "chain of 1,000 scalar additions, per operation", fastest { scalarChain(1000) } * 1e9 / 1000,
    "ns")
  report("chain of 1,000,000 nodes", fastest(total: 3) { scalarChain(1_000_000) }, "s")

  let inputs = Variable([[0, 0], [0, 1], [1, 0], [1, 1]])
  let targets = Variable([[0], [1], [1], [0]])
  var generator = RandomGenerator(seed: 1)
  let model = Sequential {
    Linear(inputs: 2, outputs: 8, using: &generator)
    Tanh()
    Linear(inputs: 8, outputs: 1, using: &generator)
    Sigmoid()
  }
  let optimizer = SGD(model.namedParameters, learningRate: 0.5)
  let step = {
    let loss = meanSquaredError(model(inputs), targets)
    optimizer.zeroGradients()
    loss.backward()
    optimizer.step()
  }
  report("XOR 2-8-1 training step, batch 4, SGD", fastest(step) * 1e6, "us")
}
