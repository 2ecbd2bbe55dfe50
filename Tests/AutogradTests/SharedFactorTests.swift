import Testing

@testable import Autograd

/// The cotangents of a matrix from several products are computed in one.
@Suite struct SharedFactorTests {
  /// How often each primitive occurs below a variable.
  private func counts(below variable: Variable) -> [String: Int] {
    let nodes = Order(below: variable.node).nodes.map { $0.takeUnretainedValue() }
    return Dictionary(grouping: nodes.compactMap { $0.primitive?.name }) { $0 }.mapValues(\.count)
  }

  /// A chain in which each step multiplies by the same weights.
  private func chain(_ weights: Variable, steps: Int, transposed: Bool) -> Variable {
    var state = sample([2, 5], 9).detached()
    for step in 0..<steps {
      let x = sample([2, 5], Double(20 + step)).detached()
      state = tanh(x + matmul(state, weights, transposingSecond: transposed))
    }
    return square(state).sum()
  }

  @Test(arguments: [false, true]) func `A chain has the gradient of its unrolled form`(
    transposed: Bool
  ) {
    let shared = sample([5, 5], 3)
    let joined = gradient(
      of: chain(shared, steps: 6, transposed: transposed), withRespectTo: shared)
    // The same with weights of its own for each step.
    let copies = (0..<6).map { _ in Variable(shared.value, requiresGradient: true) }
    var state = sample([2, 5], 9).detached()
    for (step, copy) in copies.enumerated() {
      let x = sample([2, 5], Double(20 + step)).detached()
      state = tanh(x + matmul(state, copy, transposingSecond: transposed))
    }
    let separate = gradients(of: square(state).sum(), withRespectTo: copies).map { $0! }
    let sum = separate.dropFirst().reduce(separate[0], +)
    expectClose(joined.value.doubles(), sum.value.doubles(), 1e-14)
  }

  @Test func `Six steps need one product`() {
    let shared = sample([5, 5], 3)
    let loss = chain(shared, steps: 6, transposed: true)
    let slope = gradient(of: loss, withRespectTo: shared, createGraph: true)
    // Six forward, five back through the states, one for the weights.
    #expect(counts(below: slope)["matmul"] == 12)
    #expect(counts(below: slope)["add"] == 6)
  }

  @Test func `First and second derivatives`() {
    for transposed in [false, true] {
      let report = gradCheck(
        { v in
          chain(v[0], steps: 3, transposed: transposed)
        }, at: [sample([5, 5], 3)])
      #expect(report.passed, "\(report)")
    }
  }

  @Test func `Products of other sizes, orientations and uses`() {
    let square5 = sample([5, 5], 4)
    let (a, b, c) = (sample([1, 5], 5), sample([2, 5], 6), sample([30, 5], 7))
    let report = gradCheck(
      { v in
        let w = v[0]
        let products = [
          matmul(v[1], w), matmul(v[2], w), matmul(v[2], w, transposingSecond: true),
          matmul(v[3], w), matmul(w, w), w,
        ]
        return products.reduce(Variable(0)) { $0 + square($1).sum() }
      }, at: [square5, a, b, c])
    #expect(report.passed, "\(report)")
  }

  @Test func `A hook sees the whole gradient once`() {
    let shared = sample([5, 5], 3)
    var calls = 0
    shared.addGradientHook { gradient in
      calls += 1
      return gradient * 2
    }
    let loss = chain(shared, steps: 4, transposed: false)
    let plain = Variable(shared.value, requiresGradient: true)
    let expected = gradient(
      of: chain(plain, steps: 4, transposed: false), withRespectTo: plain)
    loss.backward()
    #expect(calls == 1)
    expectClose(
      shared.gradient!.value.doubles(), expected.value.doubles().map { $0 * 2 }, 1e-15)
  }

  @Test func `Dead elements stay out of it`() {
    let shared = sample([5, 5], 3)
    let x = Variable(Tensor([[0.0, 1, 2, 3, 4], [1, 0, 1, 0, 1]], dtype: .float64))
    let report = gradCheck(
      { v in
        let y = matmul(tanh(matmul(x, v[0])), v[0])
        return select(y .> 0, sqrt(select(y .> 0, y, 1)), 0).sum() + y[0].sum()
      }, at: [shared])
    #expect(report.passed, "\(report)")
  }
}
