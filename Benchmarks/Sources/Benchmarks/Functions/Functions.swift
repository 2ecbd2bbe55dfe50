import Autograd

/// Values and gradients of functions on large arrays: fusion and memory.
func benchmarkFunctions(_ bench: Bench) {
  var numbers = Numbers()
  let x = Variable(numbers.uniform([10_000_000], bound: 3).value, requiresGradient: true)
  measureGradients(bench, "elementwise", [x]) {
    (tanh(2 * $0[0] + 1) * sigmoid($0[0]) - $0[0]).sum()
  }
  let rows = [
    Variable(numbers.uniform([4096, 1024], bound: 2).value, requiresGradient: true),
    Variable((1 + numbers.uniform([1024], bound: 0.1)).value, requiresGradient: true),
    numbers.parameter([1024], bound: 0.1),
  ]
  measureGradients(bench, "normsoftmax", rows) {
    square(softmax(layerNorm($0[0], weight: $0[1], bias: $0[2]), axis: -1)).sum()
  }
}

/// Measures a function of some leaves with its gradients by all of them.
private func measureGradients(
  _ bench: Bench, _ name: String, _ leaves: [Variable],
  _ function: @escaping ([Variable]) -> Variable
) {
  let both = {
    let value = function(leaves)
    return [value] + gradients(of: value, withRespectTo: leaves).map { $0! }
  }
  /// The sum of the squares of the gradient by the first leaf.
  func check(_ results: [Variable]) -> Double { square(results[1]).sum().item() }
  bench.measure(name, .eager, check: check(both())) { _ = both() }
  let compiled = compile(both)
  _ = compiled()
  bench.measure(name, .compiled, check: check(compiled())) { _ = compiled() }
}
