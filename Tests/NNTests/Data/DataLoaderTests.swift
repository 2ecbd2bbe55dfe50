import Autograd
import Dispatch
import NN
import Testing

/// A dataset whose batch is the list of indices, so that orders can be compared.
struct Numbers: Dataset {
  var count: Int
  func batch(at indices: [Int]) -> [Int] { indices }
}

@Suite struct DataLoaderTests {
  private func shuffled(
    _ count: Int, batchSize: Int = 4, seed: UInt64 = 0, dropsLast: Bool = false, prefetch: Int = 0
  ) -> DataLoader<Numbers> {
    var generator = RandomGenerator(seed: seed)
    return DataLoader(
      Numbers(count: count), batchSize: batchSize, shuffle: true, dropsLast: dropsLast,
      prefetch: prefetch, using: &generator)
  }

  @Test func `A loop is one epoch in order, with a shorter last batch`() {
    let loader = DataLoader(Numbers(count: 10), batchSize: 4)
    #expect(loader.batchCount == 3)
    for _ in 0..<2 { #expect(Array(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]) }
    #expect(loader.position == DataLoaderPosition(epoch: 2, batch: 0))
  }

  @Test func `The last batch can be left out`() {
    let loader = DataLoader(Numbers(count: 10), batchSize: 4, dropsLast: true)
    #expect(loader.batchCount == 2)
    #expect(Array(loader) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(Array(DataLoader(Numbers(count: 8), batchSize: 4, dropsLast: true)).count == 2)
    #expect(Array(DataLoader(Numbers(count: 3), batchSize: 4, dropsLast: true)) == [])
  }

  @Test(arguments: [0, 3]) func `Sizes at the edges`(prefetch: Int) {
    #expect(Array(DataLoader(Numbers(count: 0), batchSize: 4, prefetch: prefetch)) == [])
    #expect(Array(DataLoader(Numbers(count: 1), batchSize: 4, prefetch: prefetch)) == [[0]])
    #expect(Array(DataLoader(Numbers(count: 4), batchSize: 4, prefetch: prefetch)).count == 1)
    #expect(Array(DataLoader(Numbers(count: 3), batchSize: 1, prefetch: prefetch)).count == 3)
    #expect(Array(shuffled(0, prefetch: prefetch)) == [])
  }

  @Test func `Each epoch visits all examples once in an order of its own`() {
    let loader = shuffled(100)
    let first = Array(loader.joined()), second = Array(loader.joined())
    #expect(first.sorted() == Array(0..<100))
    #expect(second.sorted() == Array(0..<100))
    #expect(first != second)
    #expect(first != Array(0..<100))
  }

  @Test func `The order depends on seed and epoch alone`() {
    let loader = shuffled(50, seed: 7)
    let epochs = (0..<3).map { _ in Array(loader) }
    #expect(Array(shuffled(50, seed: 7)) == epochs[0])
    #expect(Array(shuffled(50, seed: 8)) != epochs[0])
    let late = shuffled(50, seed: 7)
    late.position = DataLoaderPosition(epoch: 2)
    #expect(Array(late) == epochs[2])
    late.position.epoch = 1
    #expect(Array(late) == epochs[1])
  }

  @Test(arguments: [1, 2, 5, 100]) func `Reading ahead changes nothing`(prefetch: Int) {
    let plain = shuffled(41), ahead = shuffled(41, prefetch: prefetch)
    for _ in 0..<3 { #expect(Array(ahead) == Array(plain)) }
    let x = TensorDataset(
      inputs: Tensor.range(to: 400).reshaped(100, 4), targets: Tensor.range(to: 100))
    var one = RandomGenerator(seed: 3), two = one
    let a = DataLoader(x, batchSize: 7, shuffle: true, using: &one)
    let b = DataLoader(x, batchSize: 7, shuffle: true, prefetch: prefetch, using: &two)
    for (a, b) in zip(a, b) {
      #expect(a.inputs.doubles() == b.inputs.doubles())
      #expect(a.targets.doubles() == b.targets.doubles())
    }
  }

  @Test(arguments: [0, 2])
  func `A saved position continues anywhere with the same batches`(prefetch: Int) throws {
    let reference = shuffled(23)
    let all = (0..<3).flatMap { _ in Array(reference) }
    for stop in 0...all.count {
      let first = shuffled(23, prefetch: prefetch)
      var seen: [[Int]] = []
      while seen.count < stop { if let batch = try first.next() { seen.append(batch) } }
      let saved = first.savedState()
      let second = shuffled(23, prefetch: prefetch)
      try second.load(saved)
      #expect(second.position == first.position)
      while second.position.epoch < 3 { for batch in second { seen.append(batch) } }
      #expect(seen == all)
    }
  }

  @Test(arguments: [0, 2]) func `A loop that was left is continued by the next`(prefetch: Int) {
    let loader = shuffled(20, prefetch: prefetch)
    var seen: [Int] = []
    for batch in loader {
      seen += batch
      if seen.count == 8 { break }
    }
    #expect(loader.position == DataLoaderPosition(epoch: 0, batch: 2))
    for batch in loader { seen += batch }
    #expect(seen.sorted() == Array(0..<20))
    #expect(loader.position == DataLoaderPosition(epoch: 1, batch: 0))
  }

  @Test func `Going elsewhere drops what was read ahead`() throws {
    let loader = shuffled(40, prefetch: 5)
    let batches = Array(loader)
    loader.position = DataLoaderPosition()
    #expect(try loader.next() == batches[0])
    loader.position.batch = 7
    #expect(try loader.next() == batches[7])
    loader.position.batch = 2
    #expect(try loader.next() == batches[2])
  }

  @Test func `Saved positions of other loaders are refused`() throws {
    let loader = shuffled(20)
    _ = try loader.next()
    let saved = loader.savedState()
    let others = [
      shuffled(20, seed: 1), shuffled(24), shuffled(20, batchSize: 5),
      DataLoader(Numbers(count: 20), batchSize: 4),
    ]
    for other in others {
      let error = try #require(throws: StateError.self) { try other.load(saved) }
      #expect(error.description.contains("order of examples is another"))
      #expect(other.position == DataLoaderPosition())
    }
    for (key, value) in [("epoch", -1), ("batch", 6), ("batch", -1)] {
      var wrong = saved
      wrong[key] = Tensor([value], shape: [])
      let error = try #require(throws: StateError.self) { try loader.load(wrong) }
      #expect(error.description.contains("there is no batch"))
    }
    #expect(throws: StateError.self) { try loader.load(["epoch": Tensor([0], shape: [])]) }
    #expect(loader.position == DataLoaderPosition(epoch: 0, batch: 1))
  }

  @Test func `Impossible loaders and positions stop with an error`() async {
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader(Numbers(count: 3), batchSize: 0)
    }
    expect(size, says: "DataLoader: batches of 0 examples")
    let place = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let loader = DataLoader(Numbers(count: 3), batchSize: 1)
      loader.position.batch = 4
    }
    expect(place, says: "there is no batch 4 of epoch 0; an epoch has 3 batches")
    let sampler = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let loader = DataLoader(
        Numbers(count: 3), batchSize: 1, sampler: SequentialSampler(count: 4))
      _ = Array(loader)
    }
    expect(sampler, says: "DataLoader: there is no example 3; there are 3")
  }
}
