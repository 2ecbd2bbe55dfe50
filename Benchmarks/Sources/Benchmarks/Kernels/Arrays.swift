import Autograd

/// Functions of each element, and sums.
func benchmarkElementwise(_ bench: Bench, _ numbers: inout Numbers) {
  let count = 10_000_000
  let x = numbers.uniform([count], bound: 3)
  let functions: [(String, (Variable) -> Variable)] = [
    ("exp", exp), ("tanh", tanh), ("sigmoid", sigmoid), ("gelu", { gelu($0) }),
    ("add", { $0 + $0 }),
  ]
  for (name, function) in functions {
    bench.kernel("\(name) 10⁷", .floats(2 * count)) { function(x) }
  }
  bench.kernel("sum 10⁷", .floats(count)) { x.sum() }
  let rows = numbers.uniform([4096, 1024])
  bench.kernel("sum of rows 4096×1024", .floats(rows.count)) { rows.sum(axes: [1]) }
  bench.kernel("sum of columns 4096×1024", .floats(rows.count)) { rows.sum(axes: [0]) }
}

/// Softmax, normalization and tables.
func benchmarkRows(_ bench: Bench, _ numbers: inout Numbers) {
  let x = numbers.leaf([4096, 1024])
  let (weight, bias) = (numbers.leaf([1024]), numbers.leaf([1024]))
  bench.kernel("softmax 4096×1024", .floats(2 * x.count)) { softmax(x, axis: -1) }
  bench.backward(
    "softmax 4096×1024, gradient", .floats(3 * x.count), softmax(x, axis: -1), by: [x])
  func normalized() -> Variable { layerNorm(x, weight: weight, bias: bias) }
  bench.kernel("layer norm 4096×1024", .floats(2 * x.count)) { normalized() }
  bench.backward(
    "layer norm 4096×1024, gradient", .floats(3 * x.count), normalized(), by: [x, weight, bias])

  for rows in [65, 50_000] {
    let table = numbers.leaf([rows, 128])
    let indices = numbers.integers([4096], below: rows)
    bench.backward(
      "embedding \(rows)×128 of 4096, gradient", .floats(table.count + 4096 * 128),
      embedding(indices, table), by: [table])
  }
}

/// Causal attention; half of the products are needed.
func benchmarkAttention(_ bench: Bench, _ numbers: inout Numbers) {
  for shape: Shape in [[16, 4, 64, 32], [1, 8, 1024, 64]] {
    let parts = (0..<3).map { _ in numbers.leaf(shape) }
    let products = shape.elementCount * shape[2]
    let name = "attention \(shape.map(String.init).joined(separator: "×"))"
    func attention() -> Variable {
      scaledDotProductAttention(query: parts[0], key: parts[1], value: parts[2], isCausal: true)
    }
    bench.kernel(name, .operations(2 * products)) { attention() }
    bench.backward("\(name), gradient", .operations(5 * products), attention(), by: parts)
  }
}
