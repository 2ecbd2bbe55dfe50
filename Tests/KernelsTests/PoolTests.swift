import Dispatch
import Kernels
import Testing

/// How often each of `count` tasks has run; each task also runs `nested` tasks of its own.
private func visits(count: Int, nested: Int = 0) -> [Int32] {
  struct Context {
    var visits: UnsafeMutablePointer<Int32>
    var nested: Int64
  }
  var visits = [Int32](repeating: 0, count: max(count, 1))
  visits.withUnsafeMutableBufferPointer { buffer in
    var context = Context(visits: buffer.baseAddress!, nested: Int64(nested))
    k_run_tasks(
      Int64(count),
      { pointer, index in
        let context = pointer!.assumingMemoryBound(to: Context.self).pointee
        var inner: Int32 = 0
        k_run_tasks(
          context.nested,
          { counter, _ in counter!.assumingMemoryBound(to: Int32.self).pointee += 1 }, &inner)
        // All nested tasks run here, one after the other, so the plain counter is exact.
        context.visits[Int(index)] += 1 + inner
      }, &context)
  }
  return Array(visits.prefix(count))
}

@Suite struct PoolTests {
  @Test func eachTaskRunsOnce() {
    for count in [0, 1, 2, 3, 10, 1000] {
      #expect(visits(count: count) == [Int32](repeating: 1, count: count))
    }
  }

  @Test func nestedCallsRunOnTheirThread() {
    for _ in 0..<50 {
      #expect(visits(count: 20, nested: 5) == [Int32](repeating: 6, count: 20))
    }
  }

  @Test func concurrentCalls() {
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for count in 0..<200 {
        #expect(visits(count: count).allSatisfy { $0 == 1 })
      }
    }
  }
}

extension GlobalStateTests {
  @Suite struct Pool {
    @Test func anyNumberOfThreads() {
      forEachThreadCount { threads in
        #expect(k_thread_count() == threads)
        for count in 0..<300 {
          #expect(visits(count: count) == [Int32](repeating: 1, count: count))
        }
        #expect(visits(count: 20, nested: 5) == [Int32](repeating: 6, count: 20))
      }
    }

    @Test func parkedHelpersComeBack() async throws {
      let before = k_thread_count()
      defer { k_set_thread_count(before) }
      k_set_thread_count(3)
      for _ in 0..<5 {
        // Far longer than a helper spins.
        try await Task.sleep(for: .milliseconds(5))
        #expect(visits(count: 100) == [Int32](repeating: 1, count: 100))
      }
    }

    @Test func threadCountIsAtLeastOne() {
      let before = k_thread_count()
      defer { k_set_thread_count(before) }
      k_set_thread_count(-3)
      #expect(k_thread_count() == 1)
    }
  }
}
