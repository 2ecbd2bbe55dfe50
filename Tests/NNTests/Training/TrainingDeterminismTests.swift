import Autograd
import Kernels
import NN
import Testing

/// The same seeds make the same bits, in every run and on any number of threads.
@Suite(.serialized) struct TrainingDeterminismTests {
  /// Wide enough that kernels use several threads.
  private func train(seed: UInt64 = 1) throws -> (weights: [String: [UInt32]], history: [[UInt64]])
  {
    var generator = RandomGenerator(seed: seed)
    let x = Tensor.normal([200, 64], using: &generator)
    let y = Tensor.integers([200], in: 0..<10, using: &generator)
    let model = Sequential {
      Linear(inputs: 64, outputs: 256, using: &generator)
      ReLU()
      Noise(using: &generator)
      Linear(inputs: 256, outputs: 10, using: &generator)
    }
    let history = try model.fit(
      x, y, batchSize: 64, loss: classLoss,
      optimizer: Adam(model.namedParameters, learningRate: 0.01), epochs: 2,
      metrics: [CategoricalAccuracy()], validation: .split(0.2), accumulating: 2,
      progress: .silent, using: &generator)
    return (model.bits, history.bits)
  }

  @Test func `Threads do not change a training`() throws {
    let threads = k_thread_count()
    defer { k_set_thread_count(threads) }
    k_set_thread_count(1)
    let expected = try train()
    for count in [2, 3, 8] as [Int32] {
      k_set_thread_count(count)
      let result = try train()
      #expect(result.weights == expected.weights, "\(count) threads")
      #expect(result.history == expected.history, "\(count) threads")
    }
  }

  @Test func `Equal seeds are equal trainings, others are others`() throws {
    let first = try train(), second = try train(), other = try train(seed: 2)
    #expect(first.weights == second.weights)
    #expect(first.history == second.history)
    #expect(first.history != other.history)
  }
}
