import Testing

@testable import Autograd

@Suite struct DropoutTests {
  @Test func expectationStays() {
    var random = RandomGenerator(seed: 1)
    let x = Variable(Tensor.ones([100, 1000]), requiresGradient: true)
    let y = dropout(x, probability: 0.2, using: &random)
    #expect(Set(y.array(of: Float.self)) == [0, 1.25])
    // The standard error of the mean is 0.5 / √10⁵.
    #expect(Swift.abs(y.mean().item() - 1) < 5 * 0.0016)
    let g = gradient(of: y.sum(), withRespectTo: x)
    #expect(g.array(of: Float.self) == y.array(of: Float.self))
  }

  @Test func boundaries() {
    var random = RandomGenerator(seed: 1)
    let x = Variable([0, 4], requiresGradient: true)
    #expect(dropout(x, probability: 0, using: &random).isIdentical(to: x))
    let y = dropout(sqrt(x), probability: 1, using: &random)
    expectArray(y, [2], [0, 0])
    #expect(gradient(of: y.sum(), withRespectTo: x).array(of: Float.self) == [0, 0])
  }

  @Test func probabilityOutOfRange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var random = RandomGenerator(seed: 1)
      _ = dropout(Variable([1, 2]), probability: 1.5, using: &random)
    }
    expectSentence(result, "dropout: the probability 1.5 is not in 0...1")
  }
}
