import Autograd
import Foundation
import NN
import Testing

/// A dataset that counts its reads, and fails where it is told to.
private struct Counting: Dataset {
  struct Failure: Error, CustomStringConvertible {
    let description = "the disk is on fire"
  }

  /// Shared by threads: all access is behind the lock.
  final class Log: @unchecked Sendable {
    private let lock = NSLock()
    private var reads: [[Int]] = []
    private var failures: [Int: Int] = [:]

    func note(_ indices: [Int]) { lock.withLock { reads.append(indices) } }
    var all: [[Int]] { lock.withLock { reads } }
    func fail(_ count: Int, at index: Int) { lock.withLock { failures[index] = count } }

    /// Whether this read is to fail.
    func takesFailure(_ indices: [Int]) -> Bool {
      lock.withLock {
        guard let index = indices.first(where: { failures[$0] ?? 0 > 0 }) else { return false }
        failures[index]! -= 1
        return true
      }
    }
  }

  var count = 10
  let log = Log()

  func batch(at indices: [Int]) throws -> [Int] {
    log.note(indices)
    if log.takesFailure(indices) { throw Failure() }
    return indices
  }
}

@Suite struct PrefetchTests {
  /// Waits until a condition holds, which it should soon.
  private func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<2000 {
      if condition() { return true }
      usleep(2000)
    }
    return false
  }

  @Test func `Batches are read ahead, as many as allowed`() throws {
    let data = Counting()
    let loader = DataLoader(data, batchSize: 1, prefetch: 3)
    #expect(try loader.next() == [0])
    #expect(wait { data.log.all.count == 4 })
    usleep(20_000)
    #expect(data.log.all == [[0], [1], [2], [3]])
    #expect(try loader.next() == [1])
    #expect(wait { data.log.all.count == 5 })
    #expect(Array(loader) == (2..<10).map { [$0] })
    // Each was read once.
    #expect(data.log.all == (0..<10).map { [$0] })
  }

  @Test(arguments: [0, 1, 4])
  func `An error comes at its batch, and the batch can be tried again`(prefetch: Int) throws {
    let data = Counting()
    data.log.fail(2, at: 3)
    let loader = DataLoader(data, batchSize: 1, prefetch: prefetch)
    for index in 0..<3 { #expect(try loader.next() == [index]) }
    for _ in 0..<2 {
      #expect(throws: Counting.Failure.self) { try loader.next() }
      #expect(loader.position.batch == 3)
    }
    #expect(Array(loader) == (3..<10).map { [$0] })
  }

  @Test func `A loop stops the program with the error's text`() async {
    for prefetch in [0, 2] {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { [prefetch = prefetch as Int] in
        let data = Counting()
        data.log.fail(1, at: 5)
        for _ in DataLoader(data, batchSize: 2, prefetch: prefetch) {}
      }
      expect(result, says: "DataLoader: batch 2 of epoch 0 cannot be read: the disk is on fire")
    }
  }

  @Test func `A consumer that stops early leaves nothing behind`() {
    final class Resource: Sendable {}
    struct Slow: Dataset {
      let resource: Resource
      let count = 1000
      func batch(at indices: [Int]) -> Int {
        usleep(1000)
        return indices[0]
      }
    }
    weak var resource: Resource?
    do {
      let held = Resource()
      resource = held
      let loader = DataLoader(Slow(resource: held), batchSize: 1, prefetch: 500)
      for value in loader where value == 2 { break }
    }
    #expect(wait { resource == nil })
  }

  @Test func `Many loaders read side by side`() async {
    await withTaskGroup(of: Bool.self) { group in
      for seed in 0..<8 {
        group.addTask {
          let x = TensorDataset(
            inputs: Tensor.range(to: 3000).reshaped(1000, 3), targets: Tensor.range(to: 1000))
          var one = RandomGenerator(seed: UInt64(seed)), two = one
          let plain = DataLoader(x, batchSize: 64, shuffle: true, using: &one)
          let ahead = DataLoader(x, batchSize: 64, shuffle: true, prefetch: 4, using: &two)
          return zip(plain, ahead).allSatisfy { $0.inputs.doubles() == $1.inputs.doubles() }
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }
}
