import Autograd
import NN
import Testing

@Suite struct InitializerTests {
  private func draw(
    _ initializer: Initializer, _ shape: Shape, dtype: DType = .float64, seed: UInt64 = 1
  ) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return initializer(shape, dtype: dtype, using: &generator)
  }

  private func expectMoments(
    _ initializer: Initializer, _ shape: Shape, deviation: Double, bound: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let values = draw(initializer, shape).doubles()
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count
    // Five standard errors; the variance's is at most √2/n of a normal one.
    #expect(abs(mean) < 5 * deviation / count.squareRoot(), sourceLocation: sourceLocation)
    #expect(
      abs(variance / (deviation * deviation) - 1) < 5 * (2 / count).squareRoot(),
      sourceLocation: sourceLocation)
    let largest = values.map { abs($0) }.max()!
    #expect(largest <= bound && largest > 0.8 * bound, sourceLocation: sourceLocation)
  }

  @Test func `Fans and gains are PyTorch's`() throws {
    let references = try References(topic: "initializers")
    for index in 0..<4 {
      let reference = try references("fan \(index)")
      let shape = Shape(reference["shape"].array(of: Int.self))
      let (input, output) = (reference["in"].item(), reference["out"].item())
      #expect(Fan.input(shape) == input)
      #expect(Fan.output(shape) == output)
      #expect(Fan.average(shape) == (input + output) / 2)
    }
    let kinds: [Nonlinearity] = [
      .linear, .sigmoid, .tanh, .relu, .leakyRelu(slope: 0.2), .selu,
    ]
    expect(double(kinds.map(\.gain)), equals: try references("gains")["gains"].doubles())
  }

  @Test func `Uniform weights have their variance and their bound`() {
    let shape: Shape = [120, 80, 3]
    let (inputs, outputs) = (240.0, 360.0)
    func expectUniform(_ initializer: Initializer, variance: Double) {
      expectMoments(
        initializer, shape, deviation: variance.squareRoot(), bound: (3 * variance).squareRoot())
    }
    expectUniform(.xavierUniform(), variance: 2 / (inputs + outputs))
    expectUniform(.xavierUniform(gain: 3), variance: 18 / (inputs + outputs))
    expectUniform(.kaimingUniform(), variance: 2 / inputs)
    expectUniform(.kaimingUniform(for: .tanh, fan: .output), variance: 25 / 9 / outputs)
    expectUniform(.lecunUniform(), variance: 1 / inputs)
    expectUniform(
      .varianceScaling(scale: 5, fan: .average, distribution: .uniform), variance: 10 / 600)
  }

  @Test func `Normal weights have their variance`() {
    let shape: Shape = [200, 100]
    // The largest of 20,000 normal numbers lies near 4 standard deviations.
    func expectNormal(_ initializer: Initializer, variance: Double) {
      let deviation = variance.squareRoot()
      expectMoments(initializer, shape, deviation: deviation, bound: 4.8 * deviation)
    }
    expectNormal(.normal(standardDeviation: 0.3), variance: 0.09)
    expectNormal(.xavierNormal(gain: 2), variance: 8 / 300)
    expectNormal(.kaimingNormal(for: .leakyRelu(slope: 2)), variance: 2 / 5 / 100)
    expectNormal(.kaimingNormal(for: .linear, fan: .output), variance: 1 / 200)
  }

  @Test func `Truncated normal weights keep the variance within two deviations`() {
    let deviation = (1.0 / 100).squareRoot()
    expectMoments(
      .lecunNormal(), [200, 100], deviation: deviation, bound: 2 * deviation / 0.8796)
    expectMoments(
      .truncatedNormal(standardDeviation: 3), [200, 100], deviation: 3 * 0.8796, bound: 6)
  }

  @Test func `Constants fill any shape and type`() {
    #expect(draw(.zeros, [2]).doubles() == [0, 0])
    #expect(draw(.ones, [], dtype: .float32).array(of: Float.self) == [1])
    #expect(draw(.constant(0.25), [0, 3]).shape == [0, 3])
    #expect(draw(.uniform(low: 2, high: 3), [50]).doubles().allSatisfy { (2..<3).contains($0) })
  }

  @Test func `The same seed gives the same weights`() {
    for initializer in [Initializer.kaimingNormal(), .orthogonal(), .sparse(zeros: 0.3)] {
      let first = draw(initializer, [7, 5], seed: 3).doubles()
      #expect(draw(initializer, [7, 5], seed: 3).doubles() == first)
      #expect(draw(initializer, [7, 5], seed: 4).doubles() != first)
    }
  }

  @Test(arguments: [
    [6, 6], [3, 8], [8, 3], [1, 5], [5, 1], [70, 90], [90, 70], [4, 3, 2, 2],
  ])
  func `Orthogonal weights are orthogonal`(sizes: [Int]) {
    let shape = Shape(sizes)
    let weight = Variable(draw(.orthogonal(gain: 2), shape)).flattened(from: 1)
    #expect(draw(.orthogonal(), shape).shape == shape)
    let rows = weight.shape[0] <= weight.shape[1] ? weight : weight.transposed()
    let gram = matmul(rows, rows, transposingSecond: true)
    let error = abs(gram / 4 - Variable(Tensor.identity(rows.shape[0], dtype: .float64)))
    #expect(error.max().item() < 1e-12)
  }

  @Test func `All orthogonal matrices are equally likely`() {
    // The trace of a random orthogonal matrix has mean 0 and variance 1.
    let traces = (0..<400).map { seed in
      Variable(draw(.orthogonal(), [4, 4], seed: UInt64(seed))).trace().item()
    }
    let mean = traces.reduce(0, +) / 400
    let variance = traces.map { $0 * $0 }.reduce(0, +) / 400
    #expect(abs(mean) < 0.25 && abs(variance - 1) < 0.35)
  }

  @Test func `Identity, dirac and sparse weights have their zeros`() throws {
    #expect(draw(.identity(gain: 2), [2, 3]).doubles() == [2, 0, 0, 0, 2, 0])
    let references = try References(topic: "initializers")
    for name in ["1d", "2d", "3d"] {
      let reference = try references("dirac \(name)")
      let value = draw(.dirac(groups: Int(reference["groups"].item())), reference["value"].shape)
      reference.expect(value, equals: "value")
    }
    let sparse = Variable(draw(.sparse(zeros: 0.35), [10, 6]))
    let zeros = (sparse .== 0).cast(to: .int64).sum(axis: 0)
    #expect(zeros.array(of: Int.self) == [4, 4, 4, 4, 4, 4])
  }

  @Test func `A model's parameters can be chosen and initialized`() {
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Linear(inputs: 3, outputs: 4, using: &generator)
      Linear(inputs: 4, outputs: 2, dtype: .float64, using: &generator)
    }
    let before = model.state()
    model.initialize(with: .ones, using: &generator) { name, parameter in
      name.hasPrefix("1") && parameter.rank == 2
    }
    let after = model.state()
    #expect(after["1.weight"]!.doubles() == [Double](repeating: 1, count: 8))
    #expect(after["1.weight"]!.dtype == .float64)
    for name in ["0.weight", "0.bias", "1.bias"] {
      #expect(after[name]!.doubles() == before[name]!.doubles())
    }
    model.initialize(with: .zeros, using: &generator)
    #expect(model.parameters.allSatisfy { abs($0).sum().item() == 0 })
  }

  @Test func `Shapes without a meaning are errors`() async {
    let fan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Initializer.xavierUniform()([3], using: &generator)
    }
    expect(fan, says: "Fan: the shape [3] has no inputs and outputs")
    let rank = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = Initializer.dirac()([3, 3], using: &generator)
    }
    expect(rank, says: "dirac: not defined for the shape [3, 3]")
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Initializer.sparse(zeros: 1.5)
    }
    expect(share, says: "sparse: the share 1.5 is not in 0...1")
  }
}
