import Testing

@testable import Autograd

@Suite struct CompiledEffectTests {
  /// The same training, eager and compiled: leaves, gradients and losses must agree at each step.
  private func expectSameTraining(
    of shapes: [Shape], steps: Int = 6, sourceLocation: SourceLocation = #_sourceLocation,
    _ step: @escaping (_ leaves: [Variable], _ x: Variable) -> Variable
  ) {
    for fuses in [true, false] {
      func leaves() -> [Variable] {
        shapes.enumerated().map { numbers($1, seed: UInt64($0), requiresGradient: true) }
      }
      let (eager, compiled) = (leaves(), leaves())
      let function = PlanCache(fuses: fuses, poisons: true) { [step(compiled, $0[0])] }
      for number in 0..<steps {
        let x = numbers([5, 3], seed: UInt64(100 + number))
        let loss = step(eager, x)
        #expect(
          hasSameBits(loss.value, function([x])[0].value), "step \(number)",
          sourceLocation: sourceLocation)
        for (a, b) in zip(eager, compiled) {
          #expect(
            hasSameBits(a.value, b.value), "step \(number)", sourceLocation: sourceLocation)
          #expect(
            a.gradient.map(\.value.shape) == b.gradient.map(\.value.shape),
            sourceLocation: sourceLocation)
          if let ours = a.gradient, let theirs = b.gradient {
            #expect(
              hasSameBits(ours.value, theirs.value), "step \(number)",
              sourceLocation: sourceLocation)
          }
        }
      }
    }
  }

  private func loss(_ w: Variable, _ x: Variable) -> Variable { square(tanh(matmul(x, w))).mean() }

  @Test func `Leaves are updated in place`() {
    expectSameTraining(of: [[3, 40]]) { leaves, x in
      let loss = loss(leaves[0], x)
      let slope = gradient(of: loss, withRespectTo: leaves[0])
      withoutRecording { leaves[0].assign(leaves[0] - 0.1 * slope) }
      return loss
    }
  }

  @Test func `Momentum in a leaf of its own`() {
    expectSameTraining(of: [[3, 40], [3, 40]]) { leaves, x in
      let loss = loss(leaves[0], x)
      let slope = gradient(of: loss, withRespectTo: leaves[0])
      withoutRecording {
        leaves[1].assign(0.9 * leaves[1] + slope)
        leaves[0].assign(leaves[0] - 0.1 * leaves[1])
      }
      return loss
    }
  }

  @Test func `Leaves exchange their values`() {
    expectSameTraining(of: [[3, 40], [3, 40], [3, 40]]) { leaves, x in
      let result = loss(leaves[0], x)
      withoutRecording {
        let first = leaves[0].detached()
        leaves[0].assign(leaves[1])
        leaves[1].assign(leaves[2].transposed().contiguous().reshaped(3, 40))
        leaves[2].assign(first)
      }
      return result + loss(leaves[0], x)
    }
  }

  @Test func `A leaf that is assigned twice keeps the last value and shows both`() {
    expectSameTraining(of: [[3, 2]]) { leaves, x in
      withoutRecording {
        leaves[0].assign(leaves[0] * 0.5)
        let half = leaves[0] + 1
        leaves[0].assign(leaves[0] + 0.25)
        return loss(half, x) + loss(leaves[0], x)
      }
    }
  }

  @Test func `backward accumulates gradients from call to call`() {
    expectSameTraining(of: [[3, 40], [40]]) { leaves, x in
      let loss = square(matmul(x, leaves[0]) + leaves[1]).mean()
      loss.backward()
      return loss
    }
  }

  @Test func `Gradients are cleared and set within a call`() {
    expectSameTraining(of: [[3, 40], [40]]) { leaves, x in
      for leaf in leaves { leaf.gradient = nil }
      let loss = square(matmul(x, leaves[0]) + leaves[1]).mean()
      loss.backward()
      withoutRecording {
        for leaf in leaves { leaf.assign(leaf - 0.1 * leaf.gradient!) }
      }
      return loss
    }
  }

  @Test func `What was read from a leaf before a call is not changed by it`() {
    let w = numbers([3, 40], seed: 1, requiresGradient: true)
    let function = compile { factor in
      withoutRecording { w.assign(w * factor) }
      return [Variable]()
    }
    let factor = Variable([2] as [Float], shape: [])
    _ = function(factor)
    let (tensor, view) = (w.value, w.detached())
    let before = tensor.doubles()
    _ = function(factor)
    #expect(tensor.doubles() == before)
    #expect(view.value.doubles() == before)
    #expect(w.value.doubles() == before.map { $0 * 2 })
  }

  @Test func `Changes of leaves from outside are seen`() {
    let w = numbers([300], seed: 1)
    let rate: Variable = 0.5
    let function = compile { (v: [Variable]) in [w * v[0] * rate.cast(to: .float32) * (2 * rate)] }
    let x = numbers([300], seed: 2)
    for number in 0..<4 {
      if number == 2 { w.assign(numbers([300], seed: 3)) }
      if number == 3 { rate.assign(Variable(0.25)) }
      let expected = w * x * rate.cast(to: .float32) * (2 * rate)
      #expect(hasSameBits(function([x])[0].value, expected.value), "call \(number)")
    }
  }

  @Test func `A literal from outside may be assigned to`() {
    let (ours, theirs): (Variable, Variable) = (0.5, 0.5)
    func step(_ rate: Variable, _ x: Variable) -> Variable {
      let y = x * rate
      rate.assign(rate * 2 + 0.25)
      return y + rate
    }
    let function = compile { x in step(theirs, x) }
    let x = numbers([3], seed: 1)
    for _ in 0..<4 {
      #expect(hasSameBits(function(x).value, step(ours, x).value))
      #expect(ours.item() == theirs.item())
    }
  }

  @Test func `Freezing a leaf records anew`() {
    let w = numbers([3], seed: 1, requiresGradient: true)
    let function = compile { (v: [Variable]) in
      let y = (w * v[0]).sum()
      return [y.requiresGradient ? gradient(of: y, withRespectTo: w) : y]
    }
    let x = numbers([3], seed: 2)
    #expect(function([x])[0].shape == [3])
    w.requiresGradient = false
    #expect(function([x])[0].shape == [])
  }

  @Test func `Code from outside runs at each call, and calls are counted`() {
    var counter = 0
    let calls = CallCount()
    let function = compile { (v: [Variable]) in
      let number = recomputed {
        counter += 1
        return Tensor([Float(counter)], shape: [])
      }
      calls.note()
      return [v[0] * number]
    }
    let x = Variable([1, 2] as [Float])
    for call in 1...4 {
      #expect(function([x])[0].value.doubles() == [Double(call), Double(2 * call)])
    }
    #expect(calls.value == 3)
  }

  @Test func `Functions on raw memory run at each call`() {
    let cube = DifferentiableFunction("cube", of: Float.self, shape: { $0[0] }) { inputs, output in
      for i in output.indices { output[i] = inputs[0][i] * inputs[0][i] * inputs[0][i] }
    } derivative: { inputs, _, g in
      [3 * square(inputs[0]) * g]
    }
    let w = numbers([4], seed: 1, requiresGradient: true)
    let function = compile { (v: [Variable]) in
      let y = cube(w * v[0]).sum()
      return [y, gradient(of: y, withRespectTo: w)]
    }
    for seed in 2..<5 as Range<UInt64> {
      let x = numbers([4], seed: seed)
      let y = cube(w * x).sum()
      let results = function([x])
      #expect(hasSameBits(results[0].value, y.value))
      #expect(hasSameBits(results[1].value, gradient(of: y, withRespectTo: w).value))
    }
  }
}

@Suite struct CompiledAliasTests {
  @Test func `A leaf may be an argument of a function that assigns to it`() {
    for shape in [[3], [300]] as [Shape] {
      func make() -> (Variable, (Variable) -> Variable) {
        let w = numbers(shape, seed: 1)
        return (
          w,
          { x in
            withoutRecording { w.assign(w * 0.5 + 1) }
            return x * 3
          }
        )
      }
      let ((ours, eager), (theirs, other)) = (make(), make())
      let function = compile(other)
      for _ in 0..<4 { #expect(hasSameBits(eager(ours.detached()).value, function(theirs).value)) }
      for _ in 0..<2 { _ = eager(ours.detached()) }
      #expect(hasSameBits(eager(ours.detached()).value, function.run(times: 3, theirs).value))
      #expect(hasSameBits(ours.value, theirs.value))
    }
  }

  @Test func `Results that were made leaves or got gradients are not used again`() {
    let function = compile { x in x * 2 }
    let x = numbers([4], seed: 1)
    for _ in 0..<3 {
      let y = function(x)
      #expect(!y.requiresGradient)
      #expect(y.gradient == nil)
      #expect(y.name == nil)
      y.requiresGradient = true
      y.name = "y"
      (y * y).sum().backward()
    }
  }

  @Test func `Gradients left in arguments and local leaves are results only if returned`() {
    var recordings = 0
    let function = compile { x in
      recordings += 1
      let w = Variable(Tensor.ones([4]), requiresGradient: true)
      square(w * x).sum().backward()
      return [w.gradient!, x.gradient!]
    }
    for seed in 1...4 as ClosedRange<UInt64> {
      let x = numbers([4], seed: seed, requiresGradient: true)
      let results = function(x)
      #expect(hasSameBits(results[0].value, (2 * x * x).value))
      #expect(hasSameBits(results[1].value, (2 * x).value))
      #expect(x.gradient == nil)
    }
    #expect(recordings == 1)
  }

  @Test func `A leaf with gaps that is assigned to is recorded again`() {
    let tensor = numbers([20, 30], seed: 1).value.transposed()
    let (ours, theirs) = (Variable(tensor), Variable(tensor))
    let function = compile { x in
      theirs.assign(theirs.detached())
      return theirs + x
    }
    for seed in 2...4 as ClosedRange<UInt64> {
      let x = numbers([30, 20], seed: seed)
      #expect(hasSameBits(function(x).value, (ours + x).value))
      #expect(hasSameBits(ours.value, theirs.value))
    }
  }
}
