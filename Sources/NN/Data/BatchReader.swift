import Dispatch

/// Reads batches, ahead of time on another thread if they were requested.
///
/// Requests are answered one after the other on a serial queue, in the order in which they came.
/// Requests that were forgotten, because the consumer stopped or went elsewhere, are passed over.
final class BatchReader<Source: Dataset> {
  private let dataset: Source
  private let queue = DispatchQueue(label: "DataLoader")
  private var pending: [(batch: Int, answer: Answer<Source.Element>)] = []

  init(_ dataset: Source) { self.dataset = dataset }

  /// Asks for a batch, unless it was asked for before.
  func request(_ batch: Int, at indices: @autoclosure () -> [Int]) {
    if pending.contains(where: { $0.batch == batch }) { return }
    let answer = Answer<Source.Element>(), indices = indices()
    pending.append((batch, answer))
    queue.async { [dataset, weak answer] in
      // Nobody waits for an answer that is gone.
      guard let answer else { return }
      answer.give(Result { try dataset.batch(at: indices) })
    }
  }

  /// The batch: waited for if it was requested, else read here.
  func read(_ batch: Int, at indices: [Int]) throws -> Source.Element {
    guard let place = pending.firstIndex(where: { $0.batch == batch }) else {
      return try dataset.batch(at: indices)
    }
    return try pending.remove(at: place).answer.wait()
  }

  /// Drops all requests.
  func forget() { pending = [] }
}

/// A value that one thread gives and another waits for, each once.
///
/// It is safe to share: the value is written before the semaphore is raised and read after it was
/// waited for.
private final class Answer<Value: Sendable>: @unchecked Sendable {
  private var result: Result<Value, any Error>?
  private let isReady = DispatchSemaphore(value: 0)

  func give(_ result: Result<Value, any Error>) {
    self.result = result
    isReady.signal()
  }

  func wait() throws -> Value {
    isReady.wait()
    return try result!.get()
  }
}
