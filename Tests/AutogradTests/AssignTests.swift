import Autograd
import Testing

@Suite struct AssignTests {
  @Test(arguments: [2, 100])
  func replacesTheValue(count: Int) {
    let x = Variable(Tensor.zeros([count], dtype: .float64), requiresGradient: true)
    x.assign(Variable(Tensor.full(3, [count], dtype: .float64)))
    #expect(x.array(of: Double.self) == Array(repeating: 3, count: count))
    #expect(x.requiresGradient && x.isLeaf)
  }

  // Small values lie in the node, large ones in shared memory.
  @Test(arguments: [2, 100])
  func snapshotsStay(count: Int) {
    let x = Variable(Tensor.ones([count], dtype: .float64), requiresGradient: true)
    let (value, detached) = (x.value, x.detached())
    let view = x.detached().reshaped(count, 1)
    x.assign(2 * detached)
    let ones = [Double](repeating: 1, count: count)
    #expect(value.doubles() == ones)
    #expect(detached.array(of: Double.self) == ones)
    #expect(view.array(of: Double.self) == ones)
    #expect(x.array(of: Double.self) == ones.map { 2 * $0 })
  }

  @Test(arguments: [2, 100])
  func sourceAndTargetStayIndependent(count: Int) {
    let source = Variable(Tensor.ones([count], dtype: .float64))
    let (a, b) = (source.copied(), source.copied())
    a.assign(source)
    b.assign(source)
    source.assign(Variable(Tensor.zeros([count], dtype: .float64)))
    a.assign(a + 1)
    #expect(a.array(of: Double.self) == Array(repeating: 2, count: count))
    #expect(b.array(of: Double.self) == Array(repeating: 1, count: count))
  }

  @Test func takesStridedValues() {
    let x = Variable(Tensor([[1, 2], [3, 4]]))
    x.assign(x.transposed())
    #expect(x.array(of: Float.self) == [1, 3, 2, 4])
    let large = Variable(Tensor.range(to: 144).reshapedForTest([12, 12]))
    let expected = large.transposed().array(of: Float.self)
    large.assign(large.transposed())
    #expect(large.array(of: Float.self) == expected)
  }

  @Test func takesLiterals() {
    let rate = scalar(1)
    rate.assign(0.125)
    #expect(rate.item() == 0.125)
  }

  @Test func newGraphsUseTheNewValue() {
    let x = scalar(2)
    #expect(gradient(of: x * x, withRespectTo: x).item() == 4)
    x.assign(5)
    #expect(gradient(of: x * x, withRespectTo: x).item() == 10)
  }

  @Test func gradientStepWithAccumulatedGradient() {
    let x = leaf(1, 2)
    square(x).sum().backward()
    if let g = x.gradient { x.assign(withoutRecording { x - 0.25 * g }) }
    #expect(x.array(of: Double.self) == [0.5, 1])
    #expect(x.isLeaf)
  }

  @Test func oldGraphsAreAnError() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Variable([1, 2], requiresGradient: true)
      let y = (x * x).sum()
      x.assign(Variable([3, 4]))
      y.backward()
    }
    let message = "an input of multiply was changed by assign(_:) after it was used"
    #expect(errors(of: result).contains(message))
  }

  @Test func changedConstantIsAnErrorToo() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (x, c) = (Variable([1, 2], requiresGradient: true), Variable([3, 4]))
      let y = select(Variable([true, false]), x, c).sum()
      c.assign(Variable([5, 6]))
      y.backward()
    }
    #expect(errors(of: result).contains("an input of select was changed"))
  }

  @Test func onlyLeavesChange() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Variable([1, 2], requiresGradient: true, name: "encoder.weight")
      (2 * x).assign(x)
    }
    #expect(errors(of: result).contains("assign: only a leaf can change"))
  }

  @Test func shapeAndTypeMustAgree() async {
    let shape = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Variable([1, 2], name: "encoder.weight").assign(Variable([1, 2, 3])) }
    #expect(
      errors(of: shape).contains(
        "assign: float32 [3] does not fit float32 [2] (in encoder)"))
    let type = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Variable([1, 2]).assign(Variable(Tensor([1, 2], dtype: .float64))) }
    #expect(errors(of: type).contains("assign: float64 [2] does not fit float32 [2]"))
  }
}

extension Tensor {
  fileprivate func reshapedForTest(_ shape: Shape) -> Tensor {
    Variable(self).reshaped(to: shape).value
  }
}
