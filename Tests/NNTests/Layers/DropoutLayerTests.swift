import Autograd
import NN
import Testing

@Suite struct DropoutLayerTests {
  /// One layer of each kind, from the same seed.
  private func layers(seed: UInt64 = 1) -> [any Layer] {
    var generator = RandomGenerator(seed: seed)
    return [
      Dropout(probability: 0.2, using: &generator),
      SpatialDropout(probability: 0.2, using: &generator),
      AlphaDropout(probability: 0.2, using: &generator),
      AlphaDropout(probability: 0.2, dropsChannels: true, using: &generator),
      GaussianNoise(standardDeviation: 0.5, using: &generator),
      GaussianDropout(probability: 0.2, using: &generator),
    ]
  }

  @Test func `Evaluating returns the input itself`() {
    let x = numbers([2, 3, 4])
    for layer in layers() {
      layer.isTraining = false
      #expect(layer(x).isIdentical(to: x), "\(layer.label)")
    }
  }

  @Test func `Each call draws other numbers, and a seed decides all of them`() {
    let x = Variable(Tensor.ones([10, 10, 3]))
    for (layer, same) in zip(layers(), layers()) {
      let (first, second) = (layer(x).value.doubles(), layer(x).value.doubles())
      #expect(first != second, "\(layer.label)")
      #expect(same(x).value.doubles() == first, "\(layer.label)")
      #expect(same(x).value.doubles() == second, "\(layer.label)")
      #expect(layer.namedRandomSources.map(\.name) == ["random"])
    }
    for (layer, other) in zip(layers(), layers(seed: 2)) {
      #expect(layer(x).value.doubles() != other(x).value.doubles(), "\(layer.label)")
    }
  }

  @Test func `A saved source of numbers goes on where it was`() {
    let x = Variable(Tensor.ones([50]))
    let (layer, other) = (layers()[0], layers(seed: 2)[0])
    _ = layer(x)
    other.namedRandomSources[0].source.generator = layer.namedRandomSources[0].source.generator
    #expect(other(x).value.doubles() == layer(x).value.doubles())
  }

  @Test func `Mean and variance are those of the formulas`() {
    // x is normal with mean 0 and variance 1. Variances of the results by their definitions:
    // E[x²] / (1 − p) for dropout and its Gaussian form, kept by alpha dropout, plus σ² for noise.
    let expected = [1.25, 1.25, 1, 1, 1.25, 1.25]
    var generator = RandomGenerator(seed: 9)
    let x = Variable(Tensor.normal([400, 50, 5], dtype: .float64, using: &generator))
    for (layer, variance) in zip(layers(), expected) {
      let y = layer(x)
      // 20,000 channels at least are independent, so the errors are about 0.007 and 0.015.
      #expect(abs(y.mean().item()) < 0.04, "\(layer.label)")
      #expect(abs(y.variance().item() - variance) < 0.08, "\(layer.label)")
    }
  }

  @Test func `Whole channels are dropped together, and others not`() {
    let x = Variable(Tensor.ones([20, 30, 2, 2]))
    for index in [1, 3] {
      let channels = layers()[index](x).reshaped(600, 4).value.doubles()
      let rows = (0..<600).map { Array(channels[(4 * $0)..<(4 * $0 + 4)]) }
      #expect(rows.allSatisfy { Set($0).count == 1 })
      #expect(Set(rows.map { $0[0] }).count == 2)
    }
    #expect(Set(layers()[0](x).value.doubles()).count == 2)
  }

  @Test func `Dropped elements get no gradient`() {
    for layer in layers().prefix(4) {
      let x = Variable(Tensor.ones([4, 5, 3], dtype: .float64), requiresGradient: true)
      let y = layer(x)
      let slopes = gradient(of: y.sum(), withRespectTo: x).value.doubles()
      #expect(Set(slopes).count == 2 && slopes.contains(0), "\(layer.label)")
      let values = y.value.doubles()
      let kept = values[slopes.firstIndex { $0 != 0 }!]
      for (slope, value) in zip(slopes, values) { #expect((slope != 0) == (value == kept)) }
    }
  }

  @Test(arguments: 0..<6)
  func `Derivatives are those of differences`(index: Int) {
    // The same numbers at each evaluation.
    let report = gradCheck({ layers()[index]($0[0]) }, at: [numbers([2, 3, 2])])
    #expect(report.passed, "\(report)")
  }

  @Test func `Probabilities of 0 and 1 keep and drop everything`() {
    var generator = RandomGenerator(seed: 0)
    let x = numbers([2, 3, 2])
    #expect(Dropout(probability: 0, using: &generator)(x).isIdentical(to: x))
    let zeros = [Double](repeating: 0, count: 12)
    expect(Dropout(probability: 1, using: &generator)(x), equals: zeros)
    expect(SpatialDropout(probability: 1, using: &generator)(x), equals: zeros)
    expect(AlphaDropout(probability: 1, using: &generator)(x), equals: zeros)
    let same = GaussianDropout(probability: 0, using: &generator)(x)
    expect(same, equals: x.value.doubles())
    #expect(Dropout(using: &generator)(Variable(Tensor.zeros([0, 3]))).shape == [0, 3])
  }

  @Test func `What does not fit is an error`() async {
    let probability = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 0)
      _ = Dropout(probability: 1.5, using: &generator)
    }
    expect(probability, says: "Dropout: the probability 1.5 is not in 0...1")
    let one = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = GaussianDropout(probability: 1, using: &generator)
    }
    expect(one, says: "GaussianDropout: the probability 1.0 is not below 1")
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      _ = GaussianNoise(standardDeviation: -1, using: &generator)
    }
    expect(noise, says: "GaussianNoise: the standard deviation -1.0 is negative")
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 0)
      let model = Sequential {
        Identity()
        SpatialDropout(using: &generator)
      }
      _ = model(Variable(Tensor.zeros([2, 3])))
    }
    expect(shape, says: "SpatialDropout(0.5): the input float32 [2, 3]", "(in 1)")
  }
}
