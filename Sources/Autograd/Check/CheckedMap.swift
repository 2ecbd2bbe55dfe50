/// The point at which a function is checked: the elements of all floating-point inputs as one
/// vector.
struct CheckPoint {
  let inputs: [Variable]
  let elements: [Double]
  /// Where each input's elements lie in the vector; empty for inputs that are not floating-point.
  let ranges: [Range<Int>]
  /// The size of a step that is neither large nor small for each element: at least 1.
  let scales: [Double]

  init(_ inputs: [Variable]) {
    self.inputs = inputs
    var elements: [Double] = []
    var ranges: [Range<Int>] = []
    var scales: [Double] = []
    for input in inputs {
      let own = input.dtype.isFloatingPoint ? input.value.doubles() : []
      ranges.append(elements.count..<(elements.count + own.count))
      elements += own
      let squares = own.reduce(0) { $0 + $1 * $1 }
      let rootMeanSquare = own.isEmpty ? 0 : (squares / Double(own.count)).squareRoot()
      scales += own.map { Swift.max(1, Swift.abs($0), rootMeanSquare) }
    }
    self.elements = elements
    self.ranges = ranges
    self.scales = scales
    if !inputs.contains(where: \.dtype.isFloatingPoint) {
      fatalError("gradCheck: none of the \(inputs.count) inputs has a floating-point type")
    }
  }

  /// New float64 leaves with the elements of `vector`.
  func leaves(_ vector: [Double]) -> [Variable] {
    zip(inputs, ranges).map { input, range in
      guard input.dtype.isFloatingPoint else { return input }
      let value = Tensor(Array(vector[range]), shape: input.shape)
      return Variable(value, requiresGradient: true, name: input.name)
    }
  }

  /// Several variables, one an input, as one vector; nil counts as zeros.
  func flattened(_ parts: [Variable?]) -> [Double] {
    zip(parts, ranges).flatMap { part, range in
      part.map { $0.value.doubles() } ?? Array(repeating: 0, count: range.count)
    }
  }

  /// Which element of which input a place in the vector is.
  func place(_ position: Int) -> GradCheckReport.Place {
    let input = ranges.firstIndex { $0.contains(position) } ?? 0
    return GradCheckReport.Place(
      input: input, name: inputs[input].name,
      index: inputs[input].shape.index(ofElement: position - ranges[input].lowerBound))
  }
}

/// A function from vectors to vectors, with its vector–Jacobian product at the point.
struct CheckedMap {
  let evaluate: ([Double]) -> [Double]
  /// The value at the point.
  let center: [Double]
  /// Jᵀv at the point, by the derivatives that are checked.
  let pullback: (_ v: [Double]) -> [Double]
  let place: (_ output: Int) -> GradCheckReport.Place

  /// The function itself.
  init(values function: @escaping ([Variable]) -> Variable, at point: CheckPoint) {
    evaluate = { checked(function(point.leaves($0))).value.doubles() }
    let leaves = point.leaves(point.elements)
    let result = checked(function(leaves))
    center = result.value.doubles()
    pullback = { v in
      let seed = Variable(Tensor(v, shape: result.shape))
      return point.flattened(
        gradientsOfFloats(result, leaves, seed: seed, createGraph: false))
    }
    place = { GradCheckReport.Place(index: result.shape.index(ofElement: $0)) }
  }

  /// The gradient of ⟨weights, f(x)⟩.
  init(
    gradientOf function: @escaping ([Variable]) -> Variable, weights: [Double],
    at point: CheckPoint
  ) {
    let gradients: ([Variable]) -> [Variable?] = { leaves in
      let result = checked(function(leaves))
      let seed = Variable(Tensor(weights, shape: result.shape))
      return gradientsOfFloats(result, leaves, seed: seed, createGraph: true)
    }
    evaluate = { point.flattened(gradients(point.leaves($0))) }
    let leaves = point.leaves(point.elements)
    let first = gradients(leaves)
    center = point.flattened(first)
    pullback = { v in
      var sum = Variable(Tensor([0.0], shape: []))
      for (part, range) in zip(first, point.ranges) {
        guard let part else { continue }
        sum += (Variable(Tensor(Array(v[range]), shape: part.shape)) * part).sum()
      }
      return point.flattened(gradientsOfFloats(sum, leaves, seed: nil, createGraph: false))
    }
    place = { point.place($0) }
  }

  func place(ofOutput position: Int) -> GradCheckReport.Place { place(position) }
}

private func checked(_ result: Variable) -> Variable {
  guard result.dtype == .float64 else {
    fatalError(
      "gradCheck: the function returns \(describe(result)), not float64; its inputs are float64")
  }
  return result
}

/// The gradients by those inputs that have one; nil for others.
private func gradientsOfFloats(
  _ result: Variable, _ leaves: [Variable], seed: Variable?, createGraph: Bool
) -> [Variable?] {
  let all = gradients(
    of: result, withRespectTo: leaves, seed: seed, createGraph: createGraph)
  return zip(all, leaves).map { $1.dtype.isFloatingPoint ? $0 : nil }
}

extension Shape {
  /// The indices of the element at a place in row-major order.
  func index(ofElement position: Int) -> [Int] {
    var rest = position
    return zip(self, rowMajorStrides).map { size, stride in
      defer { rest %= stride }
      return size == 0 ? 0 : rest / stride
    }
  }
}
