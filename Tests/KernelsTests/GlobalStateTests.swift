import Kernels

/// The suite of all tests that change the instruction set or the number of threads, by another
/// name.
///
/// There is only one such suite, lest two of them run side by side.
typealias GlobalStateTests = KernelSettings

let instructionSets: [KInstructionSet] = [.AVX512, .AVX2, .baseline]

/// Runs `body` for each instruction set that the processor has, and goes back to the best.
func forEachInstructionSet(_ body: (KInstructionSet) -> Void) {
  let before = k_instruction_set()
  for set in instructionSets where k_set_instruction_set(set) == set { body(set) }
  k_set_instruction_set(before)
}

/// Runs `body` with `count` threads and then with the number there was before.
func withThreads<Result>(_ count: Int32, _ body: () -> Result) -> Result {
  let before = k_thread_count()
  k_set_thread_count(count)
  defer { k_set_thread_count(before) }
  return body()
}
