import Kernels

/// Runs `body` for every instruction set that the processor has with 1, 2, 3 and 8 threads.
func forEachKernelSetting(threads: [Int32] = [1, 2, 3, 8], _ body: (String) -> Void) {
  let set = k_instruction_set()
  let count = k_thread_count()
  defer {
    k_set_instruction_set(set)
    k_set_thread_count(count)
  }
  for set in [KInstructionSet.baseline, .AVX2, .AVX512] where k_set_instruction_set(set) == set {
    for count in threads {
      k_set_thread_count(count)
      body("instruction set \(set.rawValue), \(count) threads")
    }
  }
}

/// Numbers for test data: a linear congruential generator with Knuth's constants.
struct Draw {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A number in 0..<limit.
  mutating func callAsFunction(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[self(values.count)] }
}
