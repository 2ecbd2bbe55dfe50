import Autograd
import NN
import Testing

@Suite struct WindowTests {
  @Test func `Windows are followed by what is to be forecast`() {
    let data = WindowDataset(series: Tensor.range(to: 10), size: 3, horizon: 2, stride: 2)
    // 0 1 2 | 3 4,  2 3 4 | 5 6,  4 5 6 | 7 8
    #expect(data.count == 3)
    let batch = data.batch(at: [2, 0])
    #expect(batch.inputs.shape == [2, 3] && batch.targets.shape == [2, 2])
    #expect(batch.inputs.doubles() == [4, 5, 6, 0, 1, 2])
    #expect(batch.targets.doubles() == [7, 8, 3, 4])
  }

  @Test(arguments: [
    (4, 3, 1, 1, 1), (5, 3, 1, 1, 2), (10, 3, 1, 1, 7), (10, 3, 1, 4, 2), (9, 2, 3, 2, 3),
  ])
  func `The number of windows`(steps: Int, size: Int, horizon: Int, stride: Int, count: Int) {
    let data = WindowDataset(
      series: Tensor.range(to: Double(steps)), size: size, horizon: horizon, stride: stride)
    #expect(data.count == count)
    let last = data.batch(at: [count - 1]).targets.doubles()
    #expect(last.last ?? -1 <= Double(steps - 1) && last.last ?? -1 > Double(steps - 1 - stride))
  }

  @Test func `Features of a step stay together`() {
    let series = Tensor.range(to: 12, dtype: .float64).reshaped(6, 2)
    let batch = WindowDataset(series: series, size: 2).batch(at: [1])
    #expect(batch.inputs.shape == [1, 2, 2] && batch.targets.shape == [1, 1, 2])
    #expect(batch.inputs.doubles() == [2, 3, 4, 5])
    #expect(batch.targets.doubles() == [6, 7])
    #expect(WindowDataset(series: series, size: 2).batch(at: []).inputs.shape == [0, 2, 2])
  }

  @Test func `Tokens are followed by the next`() {
    let tokens = Tensor(Array(10..<20))
    let data = NextTokenDataset(tokens: tokens, length: 4)
    #expect(data.count == 2)
    let batch = data.batch(at: [0, 1])
    #expect(batch.inputs.dtype == .int64)
    #expect(batch.inputs.array(of: Int.self) == [10, 11, 12, 13, 14, 15, 16, 17])
    #expect(batch.targets.array(of: Int.self) == [11, 12, 13, 14, 15, 16, 17, 18])
    #expect(NextTokenDataset(tokens: tokens, length: 4, stride: 1).count == 6)
    #expect(NextTokenDataset(tokens: tokens, length: 9).count == 1)
  }

  @Test func `Impossible windows stop with an error`() async {
    let short = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WindowDataset(series: Tensor.zeros([4]), size: 3, horizon: 2)
    }
    expect(short, says: "WindowDataset: the series has 4 steps, fewer than the 3")
    let zero = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = WindowDataset(series: Tensor.zeros([4]), size: 0)
    }
    expect(zero, says: "in windows of 0")
    let tokens = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NextTokenDataset(tokens: Tensor([1, 2] as [Int]), length: 2)
    }
    expect(tokens, says: "2 tokens are too few for a piece of 2")
    let place = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NextTokenDataset(tokens: Tensor([1, 2] as [Int]), length: 1).batch(at: [1])
    }
    expect(place, says: "NextTokenDataset: there is no example 1")
  }
}
