import Testing

@testable import Autograd

@Suite struct CompileErrorTests {
  private func message(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `Reading a value inside is an error that names the line`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let function = compile { (v: [Variable]) in
        let y = v[0].sum()
        return y.item() > 0 ? [y] : [-y]
      }
      _ = function([Variable([1, 2] as [Float])])
    }
    #expect(message(result).contains("CompileErrorTests.swift:"))
    #expect(message(result).contains("the result of sum, float32 []"))
  }

  @Test func `Reading a leaf inside is an error`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let rate = Variable([0.5] as [Float])
      let function = compile { (v: [Variable]) in [v[0] * Variable(rate.value.doubles()[0])] }
      _ = function([Variable([1, 2] as [Float])])
    }
    #expect(message(result).contains("a value is read inside of the compiled function"))
  }

  @Test func `Drawing random numbers inside is an error`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RandomGenerator(seed: 1)
      let function = compile { (v: [Variable]) in
        [v[0] + Variable(Tensor.normal([2], using: &generator))]
      }
      _ = function([Variable([1, 2] as [Float])])
    }
    #expect(message(result).contains("random numbers are drawn inside of the compiled function"))
  }

  @Test func `Assigning to a leaf that is made inside is an error`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let function = compile { x in
        let total = Variable(Tensor.zeros([2]))
        total.assign(total + x)
        return total
      }
      _ = function(Variable([1, 2] as [Float]))
    }
    #expect(message(result).contains("is made and then assigned to inside"))
  }

  @Test func `Indices that are constants are checked before they are used`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let function = compile { x in
        let table = Variable([1, 2] as [Float]) * 2
        return x + indexSelect(table, at: Variable([0, 1 << 40] as [Int]))
      }
      _ = function(Variable([1, 2] as [Float]))
    }
    #expect(message(result).contains("at position 1 is not in 0..<2"))
  }

  @Test func `Indices are checked at each call`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let function = compile { (v: [Variable]) in [indexSelect(v[0], at: v[1])] }
      let x = Variable([1, 2] as [Float])
      _ = function([x, Variable([0, 1] as [Int])])
      _ = function([x, Variable([0, 2] as [Int])])
    }
    #expect(message(result).contains("index 2 at position 1 is not in 0..<2"))
  }
}
