import Kernels
import Testing

/// The tests that change the number of threads, which belongs to the whole process, or the
/// instruction set, which belongs to the thread.
///
/// They run one after the other, so that each sees the number of threads that it has set. Bits depend
/// on neither other tests nor the number of threads.
@Suite(.serialized) struct GlobalStateTests {}

/// Runs `body` once for each instruction set that the processor has.
func forEachInstructionSet(_ body: (KInstructionSet) throws -> Void) rethrows {
  let before = k_instruction_set()
  defer { k_set_instruction_set(before) }
  for set in [KInstructionSet.baseline, .AVX2, .AVX512] where k_set_instruction_set(set) == set {
    try body(set)
  }
}

/// Runs `body` once for each number of threads.
func forEachThreadCount(
  _ counts: [Int32] = [1, 2, 3, 8], _ body: (Int32) throws -> Void
) rethrows {
  for count in counts { try withThreads(count) { try body(count) } }
}

/// Runs `body` for every instruction set that the processor has, on each number of threads.
func forEachKernelSetting(threads: [Int32] = [1, 2, 3, 8], _ body: (String) -> Void) {
  forEachInstructionSet { set in
    forEachThreadCount(threads) { body("instruction set \(set.rawValue), \($0) threads") }
  }
}

/// Runs `body` with `count` threads and then with the number there was before.
func withThreads<Result>(_ count: Int32, _ body: () throws -> Result) rethrows -> Result {
  let before = k_thread_count()
  k_set_thread_count(count)
  defer { k_set_thread_count(before) }
  return try body()
}
