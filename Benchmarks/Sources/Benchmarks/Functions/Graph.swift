import Autograd
import MachinePeak

/// What a node costs: forward, backward and release.
func benchmarkGraph(_ bench: Bench) {
  bench.measure("chain of 1,000 scalar additions, per operation", calls: 1000) { chain(1000) }
  bench.measure("chain of 1,000,000 nodes", total: 1) { chain(1_000_000) }
}

/// y = y + x, `count` times, and the gradient by x.
private func chain(_ count: Int) {
  let x = Variable([0.001], requiresGradient: true)
  var y = Variable([1], requiresGradient: true)
  for _ in 0..<count { y = y + x }
  _ = gradients(of: y, withRespectTo: [x])
}
