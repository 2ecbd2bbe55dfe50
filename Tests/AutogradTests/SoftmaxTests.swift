import Testing

@testable import Autograd

@Suite struct SoftmaxTests {
  let x = sample([2, 3, 4], 1)

  @Test func softmaxAgreesWithPyTorch() {
    expectPyTorch("softmax 1", of: softmaxValues, x) { softmax($0[0], axis: 1) }
    expectPyTorch("softmax -1", of: softmaxValues, x) { softmax($0[0], axis: -1) }
    expectPyTorch("logSoftmax 0", of: softmaxValues, x) { logSoftmax($0[0], axis: 0) }
    expectPyTorch("logSoftmax 2", of: softmaxValues, x) { logSoftmax($0[0], axis: 2) }
  }

  @Test func logSumExpAgreesWithPyTorch() {
    expectPyTorch("logSumExp 0 2", of: softmaxValues, x) { logSumExp($0[0], axes: [0, 2]) }
    expectPyTorch("logSumExp 1 kept", of: softmaxValues, x) {
      logSumExp($0[0], axis: 1, keepingAxes: true)
    }
    expectPyTorch("logSumExp all", of: softmaxValues, x) { logSumExp($0[0]) }
  }

  @Test func primitivesAgreeWithTheirCompositions() {
    let pairs: [(String, (Variable) -> Variable, (Variable) -> Variable)] = [
      ("softmax", { softmax($0, axis: 1) }, { exp($0) / exp($0).sum(axis: 1, keepingAxes: true) }),
      (
        "logSoftmax", { logSoftmax($0, axis: 1) },
        { $0 - log(exp($0).sum(axis: 1, keepingAxes: true)) }
      ),
      ("logSumExp", { logSumExp($0, axes: [0, 1]) }, { log(exp($0).sum(axes: [0, 1])) }),
    ]
    for (name, primitive, composition) in pairs {
      expectClose(derivatives(primitive), derivatives(composition), 1e-12, name)
    }
  }

  /// Value, first and second derivative, one after the other.
  private func derivatives(_ function: (Variable) -> Variable) -> [Double] {
    let value = function(x)
    let seed = sample(value.shape, 3).detached()
    let first = gradient(of: value, withRespectTo: x, seed: seed, createGraph: true)
    let second = gradient(of: square(first).sum(), withRespectTo: x)
    return [value, first, second].flatMap { $0.value.doubles() }
  }

  @Test func stridedInputs() {
    let transposed = x.transposed(0, 2)
    let copy = transposed.copied()
    expectClose(
      softmax(transposed, axis: -1).value.doubles(), softmax(copy, axis: -1).value.doubles(), 0)
    expectClose(
      logSumExp(transposed, axis: 0).value.doubles(), logSumExp(copy, axis: 0).value.doubles(), 0)
  }

  @Test func largeElementsDoNotOverflow() {
    let x = constant([1000, 1000, -1000])
    expectClose(softmax(x, axis: 0).value.doubles(), [0.5, 0.5, 0])
    expectClose(
      logSoftmax(x, axis: 0).value.doubles(),
      [-0.693147180559945, -0.693147180559945, -2000.693147180559945])
    expectClose(logSumExp(x).value.doubles(), [1000.693147180559945])
  }

  @Test func minusInfinityHasNoInfluence() {
    let infinity = Double.infinity
    let x = leaf([0, -infinity, 1])
    let y = constant([0, 1])
    let weights = constant([1, 2, 3])
    let p = softmax(x, axis: 0)
    let first = gradient(of: (p * weights).sum(), withRespectTo: x, createGraph: true)
    let second = gradient(of: square(first).sum(), withRespectTo: x)
    let q = 1 / (1 + 2.718281828459045)
    expectClose(p.value.doubles(), [q, 0, 1 - q])
    expectClose(first.value.doubles(), [-2 * q * (1 - q), 0, 2 * q * (1 - q)])
    #expect(second.value.doubles()[1] == 0)
    let isFinite = second.value.doubles().allSatisfy(\.isFinite)
    #expect(isFinite)
    expectClose(logSumExp(x).value.doubles(), logSumExp(y).value.doubles())
  }

  @Test func logSumExpOfARowOfMinusInfinity() {
    let x = leaf([-Double.infinity, -.infinity, 0, 0], [2, 2])
    let y = logSumExp(x, axis: 1)
    #expect(y.value.doubles()[0] == -Double.infinity)
    let seed = constant([1, 1])
    let first = gradient(of: y, withRespectTo: x, seed: seed, createGraph: true)
    #expect(first.value.doubles() == [0, 0, 0.5, 0.5])
    let second = gradient(of: (first * constant([1, 2, 3, 4], [2, 2])).sum(), withRespectTo: x)
    expectClose(second.value.doubles(), [0, 0, -0.25, 0.25])
    let strict = withStrictGradients { gradient(of: y, withRespectTo: x, seed: seed) }
    #expect(strict.value.doubles() == [0, 0, 0.5, 0.5])
  }

  @Test func emptyAxes() {
    let empty = Variable(Tensor.zeros([2, 0], dtype: .float64))
    #expect(logSumExp(empty, axis: 1).value.doubles() == [-.infinity, -.infinity])
    #expect(softmax(empty, axis: 1).shape == [2, 0])
    #expect(logSumExp(x, axes: [], keepingAxes: true).shape == x.shape)
  }

  @Test func integersAreAnError() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = softmax(Variable(Tensor([1, 2] as [Int64])), axis: 0)
    }
    expectSentence(result, "softmax: not defined for int64")
  }
}
