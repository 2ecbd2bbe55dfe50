import Autograd
import Testing

@Suite struct DifferentiableFunctionTests {
  static var cube: DifferentiableFunction {
    DifferentiableFunction("cube") {
      $0[0] * $0[0] * $0[0]
    } derivative: { x, _, g in
      [3 * square(x[0]) * g]
    }
  }

  /// a · b, on raw memory.
  static var product: DifferentiableFunction {
    DifferentiableFunction("product", of: Double.self) {
      $0[0]
    } kernel: { inputs, output in
      for i in output.indices { output[i] = inputs[0][i] * inputs[1][i] }
    } derivative: { x, _, g in
      [g * x[1], g * x[0]]
    }
  }

  @Test func valueAndDerivatives() {
    let x = leaf(2, -1)
    let y = Self.cube(x)
    #expect(y.array(of: Double.self) == [8, -1])
    #expect(y.operationName == "cube")
    let first = gradient(of: y.sum(), withRespectTo: x, createGraph: true)
    #expect(first.array(of: Double.self) == [12, 3])
    let second = gradient(of: first.sum(), withRespectTo: x, createGraph: true)
    #expect(second.array(of: Double.self) == [12, -6])
    #expect(gradient(of: second.sum(), withRespectTo: x).array(of: Double.self) == [6, 6])
  }

  @Test func kernelOnRawMemory() {
    let (a, b) = (leaf(2, 3), leaf(5, 7))
    let y = Self.product(a, b)
    #expect(y.array(of: Double.self) == [10, 21])
    let all = gradients(of: y.sum(), withRespectTo: [a, b])
    #expect(all.map { $0?.array(of: Double.self) } == [[5, 7], [2, 3]])
    #expect(gradCheck({ Self.product($0[0], $0[1]) }, at: [a, b]).passed)
  }

  @Test func kernelReadsStridedInputsRowByRow() {
    let a = Variable(Tensor([1.0, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])).transposed()
    let b = Variable(Tensor.ones([3, 2], dtype: .float64))
    #expect(Self.product(a, b).array(of: Double.self) == [1, 4, 2, 5, 3, 6])
  }

  @Test func nilStopsTheGradient() {
    let gate = DifferentiableFunction("gate") {
      $0[0] * $0[1]
    } derivative: { x, _, g in
      [g * x[1], nil]
    }
    let (a, b) = (leaf(2), leaf(3))
    let all = gradients(of: gate(a, b).sum(), withRespectTo: [a, b])
    #expect(all[0]?.item() == 3)
    #expect(all[1] == nil)
  }

  @Test func cotangentsMayBeBroadcast() {
    let sum = DifferentiableFunction("rows") {
      $0[0] + $0[1]
    } derivative: { _, _, g in
      [g, g]
    }
    let x = Variable(Tensor.zeros([2, 3], dtype: .float64), requiresGradient: true)
    let bias = leaf(1, 2, 3)
    let g = gradient(of: sum(x, bias).sum(), withRespectTo: bias)
    #expect(g.array(of: Double.self) == [2, 2, 2])
  }

  @Test func manyInputs() {
    let sum = DifferentiableFunction("sum") { x in
      x.dropFirst().reduce(x[0], +)
    } derivative: { x, _, g in
      x.indices.map { Variable(Double($0)) * g }
    }
    let x = (0..<4).map { leaf(Double($0)) }
    let y = sum(x[0], x[1], x[2], x[3])
    #expect(y.item() == 6)
    let all = gradients(of: y.sum(), withRespectTo: x)
    #expect(all.map { $0?.item() } == [0, 1, 2, 3])
  }

  @Test func isNotRecordedWithoutNeed() {
    #expect(Self.cube(Variable([2])).isLeaf)
    let x = leaf(2)
    #expect(withoutRecording { Self.cube(x) }.isLeaf)
    // The closure's own operations are not recorded: the graph is one node deep.
    #expect(graphDescription(of: Self.cube(x)).split(separator: "\n").count == 2)
  }

  @Test func identityIsAllowed() {
    let identity = DifferentiableFunction("identity") {
      $0[0]
    } derivative: { _, _, g in
      [-g]
    }
    let x = leaf(1, 2)
    #expect(gradient(of: identity(x).sum(), withRespectTo: x).array(of: Double.self) == [-1, -1])
    #expect(x.isLeaf)
  }

  @Test func wrongCountOfCotangents() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let f = DifferentiableFunction("pair") {
        $0[0] * $0[1]
      } derivative: { _, _, g in
        [g]
      }
      let x = Variable([1, 2], requiresGradient: true)
      f(x, x).sum().backward()
    }
    let message = "pair: the derivative returned 1 cotangents for 2 inputs"
    #expect(errors(of: result).contains(message))
  }

  @Test func wrongShapeOfACotangent() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let f = DifferentiableFunction("half") {
        $0[0]
      } derivative: { _, _, _ in
        [Variable([1, 2])]
      }
      let x = Variable([1, 2, 3], requiresGradient: true)
      f(x).sum().backward()
    }
    let message = "half: cotangent 0 is float32 [2], its input float32 [3]"
    #expect(errors(of: result).contains(message))
  }

  @Test func wrongTypeOfAnInput() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Self.product(Variable([1]), Variable([2])) }
    #expect(errors(of: result).contains("product: the input is float32 [1], not float64"))
  }
}
