import Autograd
import NN
import Testing

@Suite struct ConvolutionTests {
  @Test func `Initial values are uniform with PyTorch's bound, by the seed`() {
    func layer(_ seed: UInt64) -> Conv2d {
      var generator = RandomGenerator(seed: seed)
      return Conv2d(
        inputs: 32, outputs: 64, kernelSize: [5, 2], groups: 2, dtype: .float64, using: &generator)
    }
    // √(16 channels · 10 elements) in the denominator.
    let bound = 1 / 160.0.squareRoot()
    let weights = layer(1).weight.value.doubles()
    #expect(layer(1).weight.shape == [64, 16, 5, 2] && layer(1).bias?.shape == [64])
    #expect(weights.allSatisfy { abs($0) <= bound })
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(variance - bound * bound / 3) < 0.05 * bound * bound)
    let biases = layer(1).bias?.value.doubles() ?? []
    #expect(biases.allSatisfy { abs($0) <= bound } && biases.contains { abs($0) > 0.8 * bound })
    #expect(weights == layer(1).weight.value.doubles())
    #expect(weights != layer(2).weight.value.doubles())
    var generator = RandomGenerator(seed: 1)
    let transposed = ConvTranspose1d(
      inputs: 6, outputs: 4, kernelSize: 3, groups: 2, using: &generator)
    #expect(transposed.weight.shape == [6, 2, 3] && transposed.weight.dtype == .float32)
    let transposedBound = 1 / Float(6).squareRoot()
    #expect(transposed.weight.value.array(of: Float.self).allSatisfy { abs($0) <= transposedBound })
  }

  @Test func `A label names channels and whatever is not as by default`() {
    var generator = RandomGenerator(seed: 0)
    let plain = Conv2d(inputs: 3, outputs: 16, kernelSize: 3, using: &generator)
    #expect(plain.label == "Conv2d(3 → 16, kernel 3×3)")
    let other = Conv1d(
      inputs: 2, outputs: 4, kernelSize: 5, stride: 2, padding: 2, paddingMode: .reflect,
      dilation: 3, groups: 2, bias: false, using: &generator)
    #expect(
      other.label
        == "Conv1d(2 → 4, kernel 5, stride 2, padding 2, reflect, dilation 3, groups 2, no bias)")
    let same = Conv3d(inputs: 1, outputs: 1, kernelSize: 3, padding: .same, using: &generator)
    #expect(same.label == "Conv3d(1 → 1, kernel 3×3×3, padding same)")
    let transposed = ConvTranspose2d(
      inputs: 4, outputs: 2, kernelSize: 4, stride: [2, 1], padding: 1, outputPadding: [1, 0],
      groups: 2, using: &generator)
    #expect(
      transposed.label == "ConvTranspose2d(4 → 2, kernel 4×4, stride 2×1, padding 1, "
        + "output padding 1×0, groups 2)")
  }

  @Test func `Lazy layers take channels and type from the first input`() {
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Conv2d.lazy(outputs: 4, kernelSize: 3, padding: 1, using: &generator)
      SeparableConv2d.lazy(outputs: 6, kernelSize: 3, stride: 2, padding: .valid, using: &generator)
      ConvTranspose2d.lazy(outputs: 2, kernelSize: 2, stride: 2, using: &generator)
    }
    model.build(inputShape: [1, 3, 8, 8], dtype: .float64)
    #expect(
      model.namedParameters.map(\.name) == [
        "0.weight", "0.bias", "1.depthwise.weight", "1.pointwise.weight", "1.pointwise.bias",
        "2.weight", "2.bias",
      ])
    #expect(
      model.parameters.map(\.shape) == [
        [4, 3, 3, 3], [4], [4, 1, 3, 3], [6, 4, 1, 1], [6], [6, 2, 2, 2], [2],
      ])
    #expect(model(Variable(Tensor.zeros([2, 3, 8, 8], dtype: .float64))).shape == [2, 2, 6, 6])
  }

  @Test func `Derivatives of both orders are right`() {
    let x = sample([2, 2, 4, 3], 1)
    let pointwise = gradCheck(
      { Conv2d(weight: $0[1], bias: $0[2])($0[0]) },
      at: [x, sample([3, 2, 1, 1], 2), sample([3], 3)])
    #expect(pointwise.passed, "\(pointwise)")
    for mode in [PaddingMode.zeros, .reflect, .replicate, .circular] {
      let geometry = ConvolutionGeometry(
        stride: [2, 1], padding: 1, paddingMode: mode, groups: 2)
      let report = gradCheck(
        { Conv2d(weight: $0[1], bias: $0[2], geometry: geometry)($0[0]) },
        at: [x, sample([2, 1, 2, 3], 2), sample([2], 3)])
      #expect(report.passed, "\(mode): \(report)")
    }
    let geometry = TransposedConvolutionGeometry(stride: 2, padding: 1, outputPadding: 1)
    let transposed = gradCheck(
      { ConvTranspose2d(weight: $0[1], bias: $0[2], geometry: geometry)($0[0]) },
      at: [x, sample([2, 1, 3, 2], 2), sample([1], 3)])
    #expect(transposed.passed, "\(transposed)")
  }

  @Test func `One element, and a batch of none`() {
    var generator = RandomGenerator(seed: 0)
    let layer = Conv2d(inputs: 1, outputs: 1, kernelSize: 1, dtype: .float64, using: &generator)
    let y = layer(double([2], [1, 1, 1, 1]))
    expect(y, equals: [2 * layer.weight.value.doubles()[0] + layer.bias!.value.doubles()[0]])
    let none = layer(double([], [0, 1, 4, 5], requiresGradient: true))
    #expect(none.shape == [0, 1, 4, 5])
    let slopes = gradients(of: none.sum(), withRespectTo: layer.parameters)
    #expect(slopes.allSatisfy { $0?.value.doubles() == [0] })
  }

  @Test func `Frozen filters get no gradient, the layers below them do`() {
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Conv1d(inputs: 1, outputs: 2, kernelSize: 3, using: &generator)
      Conv1d(inputs: 2, outputs: 1, kernelSize: 2, using: &generator)
    }
    let frozen = model.namedParameters.filter { $0.name.hasPrefix("1.") }
    model.freeze { name, _ in name.hasPrefix("1.") }
    square(model(Variable(Tensor.ones([1, 1, 6])))).sum().backward()
    #expect(model.parameters.count == 2 && model.parameters.allSatisfy { $0.gradient != nil })
    #expect(frozen.count == 2 && frozen.allSatisfy { $0.value.gradient == nil })
  }

  @Test func `A summary counts the multiply-adds`() {
    var generator = RandomGenerator(seed: 0)
    let model = Sequential {
      Conv2d(inputs: 3, outputs: 8, kernelSize: 3, padding: 1, using: &generator)
      Conv2d(inputs: 8, outputs: 4, kernelSize: 1, using: &generator)
      Conv2d(inputs: 4, outputs: 4, kernelSize: 3, groups: 4, using: &generator)
    }
    let rows = model.summary(inputShape: [2, 3, 6, 5]).rows
    #expect(rows.map(\.multiplyAdds) == [0, 2 * 30 * 8 * 27, 2 * 30 * 4 * 8, 2 * 12 * 4 * 9])
    #expect(rows.map(\.parameterCount) == [0, 8 * 27 + 8, 36, 40])
  }
}

/// Numbers without a pattern.
func sample(_ shape: Shape, _ seed: UInt64) -> Variable {
  var generator = RandomGenerator(seed: seed)
  return Variable(
    Tensor.uniform(shape, low: -1, high: 1, dtype: .float64, using: &generator),
    requiresGradient: true)
}
