import Kernels
import Testing

@testable import Autograd

/// The convolution's primitives against the composition of windows and matrix products.
@Suite(.serialized) struct ConvolutionPrimitiveTests {
  struct Geometry: Sendable {
    var x: Shape
    var weight: Shape
    var stride = 1
    var dilation = 1
    var padding = 0
    var groups = 1

    func primitive(_ x: Variable, _ weight: Variable) -> Variable {
      let (s, d, p) = (SpatialSizes(stride), SpatialSizes(dilation), SpatialSizes(padding))
      switch x.rank {
      case 3:
        return conv1d(
          x, weight, stride: s, padding: .explicit(p), dilation: d, groups: groups)
      case 4:
        return conv2d(
          x, weight, stride: s, padding: .explicit(p), dilation: d, groups: groups)
      default:
        return conv3d(
          x, weight, stride: s, padding: .explicit(p), dilation: d, groups: groups)
      }
    }

    func composition(_ x: Variable, _ weight: Variable) -> Variable {
      let widths = (2..<x.rank).map { _ in (before: padding, after: padding) }
      return Convolution(
        "conv", x.rank - 2, weight, nil, SpatialSizes(stride), SpatialSizes(dilation), groups
      ).multiplyWindows(of: x.paddedSpatially(widths, mode: .zeros))
    }
  }

  static let geometries = [
    Geometry(x: [2, 3, 9], weight: [4, 3, 3], stride: 2, padding: 1),
    Geometry(x: [2, 3, 6, 5], weight: [4, 3, 3, 2], padding: 1),
    Geometry(
      x: [1, 4, 7, 8], weight: [6, 2, 2, 3], stride: 2, dilation: 2, padding: 2, groups: 2),
    Geometry(x: [2, 3, 5, 9], weight: [3, 1, 3, 3], padding: 1, groups: 3),
    Geometry(x: [1, 2, 1, 1], weight: [9, 2, 1, 1]),
    Geometry(x: [1, 1, 3, 4, 5], weight: [2, 1, 2, 3, 2], stride: 2, padding: 1),
  ]

  /// Value, gradients, and the gradients of a function of the gradients.
  private func results(
    _ geometry: Geometry, _ f: (Geometry) -> (Variable, Variable) -> Variable
  ) -> [[Double]] {
    let (x, weight) = (sample(geometry.x, 1), sample(geometry.weight, 2))
    let y = f(geometry)(x, weight)
    let seed = sample(y.shape, 3)
    let first = gradients(
      of: (y * y * seed).sum(), withRespectTo: [x, weight, seed], createGraph: true)
    let sum = first.map { ($0! * sample($0!.shape, 4).detached()).sum() }.reduce(0, +)
    let second = gradients(of: sum, withRespectTo: [x, weight, seed])
    return [y.value.doubles()] + (first + second).map { $0!.value.doubles() }
  }

  @Test(arguments: geometries) func derivativesAgreeWithTheComposition(_ geometry: Geometry) {
    let own = results(geometry) { $0.primitive }
    let expected = results(geometry) { $0.composition }
    for (index, (own, expected)) in zip(own, expected).enumerated() {
      expectClose(own, expected, 1e-12, "result \(index)")
    }
  }

  @Test func usedTwiceAndWithABias() {
    let (x, weight, bias) = (sample([1, 2, 4, 4], 1), sample([2, 2, 3, 3], 2), sample([2], 3))
    let y = conv2d(conv2d(x, weight, bias: bias, padding: 1), weight, bias: bias)
    let padded = conv2d(x, weight, padding: 1) + bias.reshaped(to: [2, 1, 1])
    let z = conv2d(padded, weight) + bias.reshaped(to: [2, 1, 1])
    expectClose(y.value.doubles(), z.value.doubles(), 1e-15)
    let inputs = [x, weight, bias]
    let own = gradients(of: square(y).sum(), withRespectTo: inputs)
    let expected = gradients(of: square(z).sum(), withRespectTo: inputs)
    for (own, expected) in zip(own, expected) {
      expectClose(own!.value.doubles(), expected!.value.doubles(), 1e-13)
    }
  }

  @Test func noExamples() {
    let x = sample([0, 2, 4, 4], 1)
    let weight = sample([3, 2, 3, 3], 2)
    let y = conv2d(x, weight)
    #expect(y.shape == [0, 3, 2, 2])
    let all = gradients(of: y.sum(), withRespectTo: [x, weight])
    #expect(all[0]!.shape == x.shape)
    #expect(all[1]!.value.doubles() == [Double](repeating: 0, count: 54))
    #expect(maxPool2d(x, size: 2).shape == [0, 2, 2, 2])
    #expect(convTranspose2d(sample([0, 3, 2, 2], 1), weight).shape == [0, 2, 4, 4])
  }

  @Test func wholeNumbersKeepTheirType() {
    let x = Variable(Array(0..<9), shape: [1, 1, 3, 3])
    let weight = Variable([1, 0, 0, 1], shape: [1, 1, 2, 2])
    expectArray(conv2d(x, weight), [1, 1, 2, 2], integers: [4, 6, 10, 12])
    expectArray(
      convTranspose2d(weight, weight), [1, 1, 3, 3], integers: [1, 0, 0, 0, 2, 0, 0, 0, 1])
  }

  @Test func nonFiniteElementsReachTheWindowsThatHoldThem() {
    var values = [Float](repeating: 1, count: 25)
    values[0] = .infinity
    values[24] = .nan
    let y = conv2d(
      Variable(values, shape: [1, 1, 5, 5]), Variable(Tensor.ones([1, 1, 3, 3])))
    expectClose(
      y.value.converted(to: .float64).doubles(), [.infinity, 9, 9, 9, 9, 9, 9, 9, .nan])
  }

  @Test func paddingThatIsNotEven() {
    let (x, weight) = (sample([1, 2, 5], 1), sample([3, 2, 4], 2))
    let y = conv1d(x, weight, padding: .same)
    let z = conv1d(x.padded([(0, 0), (0, 0), (before: 1, after: 2)]), weight)
    expectClose(y.value.doubles(), z.value.doubles(), 1e-15)
  }

  @Test func typesThatDifferAreAnError() async {
    expectSentence(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = conv1d(
          Variable(Tensor.zeros([1, 1, 4])), Variable(Tensor.zeros([1, 1, 2], dtype: .float64)))
      }, "conv1d: types differ: the input is float32 [1, 1, 4], the weight float64 [1, 1, 2]")
  }

  /// Training steps of a small network of images, at any number of threads, eager and compiled.
  @Test func compiledStepsHaveTheSameBits() async {
    await #expect(processExitsWith: .success) {
      requireSameBitsOnAnyNumberOfThreads {
        let eager = ConvolutionPrimitiveTests.trainedBits(isCompiled: false)
        if eager != ConvolutionPrimitiveTests.trainedBits(isCompiled: true) {
          fatalError("compiled steps have other bits")
        }
        return [eager]
      }
    }
  }

  private static func trainedBits(isCompiled: Bool) -> [UInt32] {
    func make(_ shape: Shape, _ seed: Double) -> Variable {
      let values = sample(shape, seed, low: -0.3, high: 0.3).value.doubles().map { Float($0) }
      return Variable(Tensor(values, shape: shape), requiresGradient: true)
    }
    let parameters = [
      make([8, 1, 3, 3], 1), make([8], 2), make([17, 8, 3, 3], 3), make([17], 4),
      make([17, 4, 2, 2], 5),
    ]
    let x = make([6, 1, 22, 22], 6).detached()
    let step: () -> Variable = {
      var h = relu(conv2d(x, parameters[0], bias: parameters[1], padding: 1))
      h = maxPool2d(
        relu(conv2d(h, parameters[2], bias: parameters[3], stride: 2)), size: 3, stride: 2)
      h = averagePool2d(convTranspose2d(h, parameters[4], stride: 2), size: 2)
      let loss = square(h).mean()
      let slopes = gradients(of: loss, withRespectTo: parameters)
      for (parameter, slope) in zip(parameters, slopes) {
        parameter.assign(withoutRecording { parameter - 0.1 * slope! })
      }
      return loss
    }
    let compiled = compile(step)
    var bits: [UInt32] = []
    for _ in 0..<3 {
      bits += (isCompiled ? compiled() : step()).array(of: Float.self).map(\.bitPattern)
    }
    return bits + parameters.flatMap { $0.array(of: Float.self).map(\.bitPattern) }
  }
}
