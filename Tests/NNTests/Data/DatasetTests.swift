import Autograd
import NN
import Testing

@Suite struct DatasetTests {
  private let data = TensorDataset(
    inputs: Tensor.range(to: 12).reshaped(6, 2), targets: Tensor([0, 1, 2, 3, 4, 5], dtype: .int64))

  @Test func `Rows are gathered in the order asked for`() {
    let batch = data.batch(at: [4, 0, 4])
    #expect(batch.count == 3)
    #expect(batch.inputs.shape == [3, 2])
    #expect(batch.inputs.doubles() == [8, 9, 0, 1, 8, 9])
    #expect(batch.targets.array(of: Int.self) == [4, 0, 4])
    #expect(batch.input.value.doubles() == batch.inputs.doubles())
    #expect(!batch.input.requiresGradient)
    #expect(batch.target.dtype == .int64)
  }

  @Test(arguments: [[], [5], [2, 3, 4], [0, 1, 2, 3, 4, 5], [5, 4, 3], [1, 3, 5]])
  func `Runs of neighbours give the same as any other rows`(indices: [Int]) {
    let batch = data.batch(at: indices)
    #expect(batch.count == indices.count)
    #expect(batch.inputs.isContiguous)
    let rows = indices.flatMap { [2 * $0, 2 * $0 + 1] }
    #expect(batch.inputs.doubles() == rows.map(Double.init))
    #expect(batch.targets.array(of: Int.self) == indices)
  }

  @Test(arguments: DType.allCases)
  func `Rows of any type and rank are gathered`(dtype: DType) {
    let x = Tensor.range(to: 24).converted(to: dtype).reshaped(3, 2, 4)
    let data = TensorDataset(inputs: x, targets: Tensor.zeros([3]))
    #expect(data.batch(at: [2, 0]).inputs.dtype == dtype)
    #expect(data.batch(at: [2, 0]).inputs.doubles() == x[2].doubles() + x[0].doubles())
    let transposed = TensorDataset(inputs: x.permuted([1, 0, 2]), targets: Tensor.zeros([2]))
    #expect(transposed.batch(at: [1]).inputs.doubles() == x[0..<3, 1].doubles())
  }

  @Test func `A subset counts its own examples`() throws {
    let odd = Subset(data, at: [5, 3, 1])
    #expect(odd.count == 3)
    #expect(try odd.batch(at: [2, 0]).targets.array(of: Int.self) == [1, 5])
    let first = Subset(odd, at: [0])
    #expect(try first.batch(at: [0]).targets.array(of: Int.self) == [5])
    #expect(Subset(data, at: []).count == 0)
  }

  @Test func `A function is applied to each batch`() throws {
    let sums = data.map { batch in batch.inputs.doubles().reduce(0, +) }
    #expect(sums.count == 6)
    #expect(try sums.batch(at: [0, 1]) == 6)
    struct Failure: Error {}
    let failing = data.map { _ -> Int in throw Failure() }
    #expect(throws: Failure.self) { try failing.batch(at: [0]) }
  }

  @Test func `Unequal numbers of rows stop with an error`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = TensorDataset(inputs: Tensor.zeros([3, 2]), targets: Tensor.zeros([4]))
    }
    expect(result, says: "TensorDataset: the inputs [3, 2] and the targets [4]", "axis 0")
    let scalar = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Batch(inputs: Tensor.zeros([]), targets: Tensor.zeros([]))
    }
    expect(scalar, says: "Batch: the inputs [] and the targets []")
  }

  @Test func `Examples that are not there stop with an error`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let data = TensorDataset(inputs: Tensor.zeros([3, 2]), targets: Tensor.zeros([3]))
      _ = data.batch(at: [0, 3])
    }
    expect(result, says: "there is no example 3; there are 3")
    let subset = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let data = TensorDataset(inputs: Tensor.zeros([3, 2]), targets: Tensor.zeros([3]))
      _ = Subset(data, at: [-1])
    }
    expect(subset, says: "Subset: there is no example -1; there are 3")
  }
}
