import Kernels
import Testing

/// The tests that change the number of threads, which belongs to the whole process, or the
/// instruction set, which belongs to the thread.
///
/// They run one after the other, so that each sees the number of threads that it has set. Bits depend
/// on neither other tests nor the number of threads.
@Suite(.serialized) struct KernelSettings {
  static let threadCounts: [Int32] = [1, 2, 3, 8]

  /// Runs `body` once for each instruction set that the processor has.
  static func forEachInstructionSet(_ body: (KInstructionSet) throws -> Void) rethrows {
    let before = k_instruction_set()
    defer { k_set_instruction_set(before) }
    for set in [KInstructionSet.baseline, .AVX2, .AVX512] where k_set_instruction_set(set) == set {
      try body(set)
    }
  }

  /// Runs `body` once for each number of threads.
  static func forEachThreadCount(_ body: (Int32) throws -> Void) rethrows {
    let before = k_thread_count()
    defer { k_set_thread_count(before) }
    for count in threadCounts {
      k_set_thread_count(count)
      try body(count)
    }
  }
}
