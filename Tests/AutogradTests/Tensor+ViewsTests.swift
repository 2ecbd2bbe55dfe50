import Testing

@testable import Autograd

@Suite struct TensorViewsTests {
  // [[0, 1, 2], [3, 4, 5]]
  private let t = Tensor.range(to: 6).reshaped(2, 3)

  @Test func viewsShareMemory() {
    for view in [t.reshaped(3, -1), t.transposed(), t.permuted([1, 0]), t[1], t[..., every(-1)]] {
      #expect(view.storage === t.storage)
    }
    #expect(t.expanded(to: [4, 2, 3]).storage === t.storage)
  }

  @Test func viewsReadTheRightElements() {
    #expect(t.reshaped(3, -1).shape == [3, 2])
    #expect(t.transposed().array(of: Float.self) == [0, 3, 1, 4, 2, 5])
    #expect(t.transposed().reshaped(to: [6]).array(of: Float.self) == [0, 3, 1, 4, 2, 5])
    #expect(t.permuted([1, 0])[-1].array(of: Float.self) == [2, 5])
    #expect(t[..., every(-1)].array(of: Float.self) == [2, 1, 0, 5, 4, 3])
    #expect(t[every(-1), every(-2)].transposed()[1...].array(of: Float.self) == [3, 0])
    #expect(t[1, newAxis].shape == [1, 3])
    #expect(t[0, ..., 1].item() == 1)
    #expect(t[1].expanded(to: [2, 3]).array(of: Float.self) == [3, 4, 5, 3, 4, 5])
    #expect(t[..., 1..<2].expanded(to: [2, 2]).array(of: Float.self) == [1, 1, 4, 4])
  }

  @Test func elementsAndPartsAreToldApartByType() {
    let element: Float = t[1, 2]
    let part: Tensor = t[1, 2]
    #expect(element == 5)
    #expect(part.shape == [])
    #expect(part.item() == 5)
  }

  @Test func writingToAViewCopies() {
    var row = t[1]
    row[0] = Float(9)
    #expect(row.array(of: Float.self) == [9, 4, 5])
    #expect(t.array(of: Float.self) == [0, 1, 2, 3, 4, 5])
    var repeated = Tensor([1, 2]).expanded(to: [2, 2])
    repeated[0, 0] = Float(7)
    #expect(repeated.array(of: Float.self) == [7, 2, 1, 2])
  }

  @Test func errors() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor([1, 2, 3]).expanded(to: [3, 2])
    }
    expectSentence(result, "expanded: [3] does not broadcast to [3, 2]")
    let second = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Variable([[1, 2], [3, 4]]).named("net.weight").permuted([0, 0])
    }
    expectSentence(second, "permuted: [0, 0] is not a permutation of the 2 axes of [2, 2] (in net)")
  }
}
