import Testing

@testable import Autograd

@Suite struct TensorPrintingTests {
  private func text(_ literal: Tensor.Literal) -> String { Tensor(literal).description }

  @Test func wholeNumbers() {
    #expect(text([2, 4, 6]) == "[2, 4, 6]")
    #expect(text([-1, 10, 0]) == "[-1, 10,  0]")
    #expect(text([[1, 2], [30, 4]]) == "[[ 1,  2],\n [30,  4]]")
    #expect(text([-0.0]) == "[-0]")
    #expect(text(7) == "7")
  }

  @Test func higherRanks() {
    #expect(text([[[1], [2]], [[3], [4]]]) == "[[[1],\n  [2]],\n\n [[3],\n  [4]]]")
    #expect(text([]) == "[]")
    #expect(Tensor.zeros([0, 3]).description == "[] of shape [0, 3]")
  }

  @Test func fractions() {
    #expect(text([0.5, 0.25, -1]) == "[ 0.50,  0.25, -1.00]")
    #expect(text([0.1, 0.33333333]) == "[0.1000, 0.3333]")
    #expect(text([0.99996, 0.12345]) == "[1.0000, 0.1235]")
    #expect(text([0.00012, 0.1]) == "[0.0001, 0.1000]")
    #expect(Tensor([0.1, 0.2] as [Double]).description == "[0.1, 0.2]")
    #expect(Tensor([1 / 3.0] as [Double]).description == "[0.3333]")
  }

  @Test func scalarsHaveAllDigits() {
    #expect(Tensor(0.1).description == "0.1")
    #expect(Tensor([1 / 3.0], shape: []).description == "0.3333333333333333")
    #expect(Tensor([Float(1) / 3], shape: []).description == "0.33333334")
    #expect(Tensor([1.5e-7], shape: []).description == "1.5e-07")
  }

  @Test func scientificNotation() {
    #expect(text([1e-5, 1]) == "[1e-05, 1e+00]")
    #expect(text([0.001, 1234.5]) == "[1.0000e-03, 1.2345e+03]")
    #expect(text([2e10, -3.14159e10]) == "[ 2.0000e+10, -3.1416e+10]")
    #expect(text([1e30]) == "[1e+30]")
    #expect(text([9.99999e-7, 1.5]) == "[1.0000e-06, 1.5000e+00]")
    #expect(Tensor([1e-300, 2.5e300] as [Double]).description == "[1.0e-300, 2.5e+300]")
    #expect(text([99_999_999, 1]).hasPrefix("[1e+08"))
    #expect(text([1_234_567, 1]) == "[1234567,       1]")
  }

  @Test func notFinite() {
    let values: [Float] = [.nan, .infinity, -.infinity, 1.5]
    #expect(Tensor(values).description == "[ nan,  inf, -inf,  1.5]")
    #expect(Tensor([.nan] as [Double]).description == "[nan]")
  }

  @Test func integersAndTruthValues() {
    #expect(Tensor([1, -20], dtype: .int64).description == "[  1, -20]")
    #expect(Tensor([1, 255], dtype: .uint8).description == "[  1, 255]")
    #expect(text([true, false]) == "[ true, false]")
  }

  @Test func viewsPrintTheirElements() {
    let x = Tensor.range(to: 6).reshaped(2, 3)
    #expect(x.transposed().description == "[[0, 3],\n [1, 4],\n [2, 5]]")
    #expect(x[1, every(-1)].description == "[5, 4, 3]")
  }

  @Test func largeTensorsAreCut() {
    #expect(Tensor.range(to: 1001).description == "[   0,    1,    2, ...,  998,  999, 1000]")
    #expect(
      Tensor.range(to: 2000).reshaped(1000, 2).description
        == """
        [[   0,    1],
         [   2,    3],
         [   4,    5],
         ...,
         [1994, 1995],
         [1996, 1997],
         [1998, 1999]]
        """)
  }

  @Test func longRowsAreWrapped() {
    let lines = Tensor.range(to: 40).description.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[0].hasSuffix(" 18,"))
    #expect(lines[1].hasPrefix(" 19, 20,"))
  }

  @Test func variables() {
    #expect(Variable([2, 4]).description == "[2, 4]")
    let x = Variable([[1, 2], [3, 4]], requiresGradient: true)
    #expect(x.description == "Variable([[1, 2],\n          [3, 4]], requiresGradient)")
    #expect((x[0] * 2).description == "Variable([2, 4], operation: multiply, requiresGradient)")
    let w = Variable(Tensor([1], dtype: .float64), requiresGradient: true, name: "net.weight")
    #expect(w.description == "Variable([1], float64, \"net.weight\", requiresGradient)")
    #expect(x.argmax().description == "Variable(3, int64)")
  }
}
