import Autograd
import Kernels
import Testing

import struct Oracles.SplitMix64

/// The same program has the same bits, at any number of threads and in every run.
@Suite(.serialized) struct DeterminismTests {
  /// A perceptron of middling size: large enough that every kernel uses several threads.
  private struct Perceptron {
    let parameters: [Variable]

    init() {
      var generator = SplitMix64(seed: 1)
      func random(_ sizes: Int..., scale: Float) -> Variable {
        let elements = (0..<sizes.reduce(1, *)).map { _ in generator.uniform(-scale, scale) }
        return Variable(Tensor(elements, shape: Shape(sizes)), requiresGradient: true)
      }
      parameters = [
        random(784, 300, scale: 0.06), random(300, scale: 0.06), random(300, 100, scale: 0.1),
        random(100, scale: 0.1), random(100, 10, scale: 0.17), random(10, scale: 0.17),
      ]
    }

    func loss(_ x: Variable, _ y: Variable) -> Variable {
      var h = x
      for layer in 0..<3 {
        h = matmul(h, parameters[2 * layer]) + parameters[2 * layer + 1]
        if layer == 0 { h = relu(h) }
        if layer == 1 { h = tanh(h) }
      }
      let shifted = h - h.max(axis: 1, keepingAxes: true)
      let logits = shifted - log(exp(shifted).sum(axis: 1, keepingAxes: true))
      return -(y * logits).sum() / 256
    }
  }

  /// The bits of the loss and of all gradients, after three steps of gradient descent.
  private func bits() -> [UInt32] {
    let model = Perceptron()
    var generator = SplitMix64(seed: 2)
    let x = Variable(
      Tensor((0..<(256 * 784)).map { _ in generator.uniform(0, 1) }, shape: [256, 784]))
    var classes = [Float](repeating: 0, count: 2_560)
    for row in 0..<256 { classes[10 * row + row * row % 10] = 1 }
    let y = Variable(Tensor(classes, shape: [256, 10]))
    var result: [UInt32] = []
    for _ in 0..<3 {
      let loss = model.loss(x, y)
      let all = gradients(of: loss, withRespectTo: model.parameters)
      result += loss.array(of: Float.self).map(\.bitPattern)
      for (parameter, gradient) in zip(model.parameters, all) {
        guard let gradient else { continue }
        result += gradient.array(of: Float.self).map(\.bitPattern)
        parameter.assign(withoutRecording { parameter - 0.02 * gradient })
      }
    }
    return result
  }

  @Test func threadsDoNotChangeTheBits() {
    let threads = k_thread_count()
    defer { k_set_thread_count(threads) }
    k_set_thread_count(1)
    let expected = bits()
    #expect(expected.count == 3 * (1 + 784 * 300 + 300 + 300 * 100 + 100 + 1_000 + 10))
    #expect(expected.allSatisfy { Float(bitPattern: $0).isFinite })
    // Training: the loss falls.
    let step = expected.count / 3
    #expect(Float(bitPattern: expected[2 * step]) < Float(bitPattern: expected[0]))
    for count in [2, 3, 8] as [Int32] {
      k_set_thread_count(count)
      #expect(bits() == expected, "\(count) threads")
    }
  }

  @Test func runsAreIdentical() {
    let first = bits()
    for _ in 0..<2 { #expect(bits() == first) }
  }

  @Test func recordedBackwardHasTheSameBits() {
    let model = Perceptron()
    let x = Variable(Tensor.ones([256, 784])), y = Variable(Tensor.full(0.1, [256, 10]))
    let loss = model.loss(x, y)
    let plain = gradients(of: loss, withRespectTo: model.parameters)
    let recorded = gradients(of: loss, withRespectTo: model.parameters, createGraph: true)
    for (plain, recorded) in zip(plain, recorded) {
      #expect(plain?.array(of: Float.self) == recorded?.array(of: Float.self))
    }
  }
}
