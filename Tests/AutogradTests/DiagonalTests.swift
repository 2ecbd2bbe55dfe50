import Testing

@testable import Autograd

@Suite struct DiagonalTests {
  // [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
  private let x = Variable(Tensor.range(to: 12)).reshaped(3, 4)

  @Test func triangles() {
    expectArray(x.lowerTriangle(), [3, 4], [0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0])
    expectArray(x.lowerTriangle(diagonal: -1), [3, 4], [0, 0, 0, 0, 4, 0, 0, 0, 8, 9, 0, 0])
    expectArray(x.upperTriangle(diagonal: 1), [3, 4], [0, 1, 2, 3, 0, 0, 6, 7, 0, 0, 0, 11])
    #expect(x.cast(to: .int64).upperTriangle().array(of: Int.self)[4] == 0)
    let (g, h) = derivatives(at: [[4, 0], [0, 4]]) { sqrt($0).lowerTriangle()[0] }
    #expect(g == [0.25, 0, 0, 0])
    #expect(h == [-0.03125, 0, 0, 0])
  }

  @Test func diagonals() {
    expectArray(x.diagonal(), [3], [0, 5, 10])
    expectArray(x.diagonal(offset: 2), [2], [2, 7])
    expectArray(x.diagonal(offset: -2), [1], [8])
    expectArray(x.diagonal(offset: 4), [0], [])
    let z = Variable(Tensor.range(to: 24)).reshaped(2, 3, 4)
    expectArray(z.diagonal(offset: 1, axes: (1, 2)), [2, 3], [1, 6, 11, 13, 18, 23])
    expectArray(z.diagonal(offset: -1, axes: (0, 2)), [3, 1], [12, 16, 20])
    let m = Variable([[1, 2], [3, 4]], requiresGradient: true)
    let y = square(m.diagonal()).sum()
    #expect(gradient(of: y, withRespectTo: m).array(of: Float.self) == [2, 0, 0, 8])
  }

  @Test func traces() {
    expectArray(x.trace(), [], [15])
    expectArray(Variable([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]).trace(), [2], [5, 13])
  }

  @Test func diagonalMatrices() {
    expectArray(Variable([1, 2]).diagonalMatrix(), [2, 2], [1, 0, 0, 2])
    expectArray(Variable([1]).diagonalMatrix(offset: -1), [2, 2], [0, 0, 1, 0])
    expectArray(
      Variable([[1], [2]]).diagonalMatrix(offset: 1), [2, 2, 2], [0, 1, 0, 0, 0, 2, 0, 0])
    let (g, h) = derivatives(at: [2, 3]) { square($0.diagonalMatrix()) }
    #expect(g == [4, 6])
    #expect(h == [2, 2])
  }
}
