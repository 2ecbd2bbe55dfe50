import Autograd

/// Something that is computed from variables of its own, by operations one by one or as a plan.
struct Function {
  /// What is measured; the same for all sides.
  let name: String
  let body: () -> [Variable]
  /// Which of the results is checked, by the sum of its squares.
  var checked = 0

  /// Measures the function operation by operation and as a plan.
  func measure(_ bench: Bench, total: Double) {
    func check(_ results: [Variable]) -> Double { square(results[checked]).sum().item() }
    bench.measure(name, .eager, check: check(body()), total: total) { _ = body() }
    let compiled = compile(body)
    _ = compiled()
    bench.measure(name, .compiled, check: check(compiled()), total: total) { _ = compiled() }
  }

  /// The plan of the function with the time of each instruction.
  func plan() -> PlanDescription {
    let compiled = compile(body)
    for _ in 0..<20 { _ = compiled() }
    return compiled.plan(isTimed: true)
  }
}

/// Values and gradients of functions on large arrays: fusion and memory.
func functionsOnLargeArrays() -> [Function] {
  var numbers = Numbers()
  let x = Variable(numbers.uniform([10_000_000], bound: 3).value, requiresGradient: true)
  let rows = [
    Variable(numbers.uniform([4096, 1024], bound: 2).value, requiresGradient: true),
    Variable((1 + numbers.uniform([1024], bound: 0.1)).value, requiresGradient: true),
    numbers.parameter([1024], bound: 0.1),
  ]
  return [
    valueAndGradients("elementwise", [x]) {
      (tanh(2 * $0[0] + 1) * sigmoid($0[0]) - $0[0]).sum()
    },
    valueAndGradients("normsoftmax", rows) {
      square(softmax(layerNorm($0[0], weight: $0[1], bias: $0[2]), axis: -1)).sum()
    },
  ]
}

/// A function of some leaves with its gradients by all of them, the first of which is checked.
private func valueAndGradients(
  _ name: String, _ leaves: [Variable], _ function: @escaping ([Variable]) -> Variable
) -> Function {
  Function(
    name: name,
    body: {
      let value = function(leaves)
      return [value] + gradients(of: value, withRespectTo: leaves).map { $0! }
    }, checked: 1)
}
