import Kernels
import Testing

/// The tests that change what belongs to the whole process: instruction set and thread count.
///
/// They run one after the other. Suites that change either must be nested here; all others may run
/// beside them and must not depend on bits staying the same from one call to the next.
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
