import Kernels
import Testing

@testable import Autograd

/// Random programs give the same bits eager and compiled; AUTOGRAD_PROGRAMS sets how many.
@Suite(.serialized) struct RandomProgramTests {
  @Test func `Random programs give the same bits compiled, freed memory poisoned`() {
    let count = Platform.environment("AUTOGRAD_PROGRAMS").flatMap { Int($0) } ?? 500
    let before = k_thread_count()
    defer { k_set_thread_count(before) }
    for seed in 0..<UInt64(count) {
      let eager = RandomProgram(seed: seed)
      let copy = RandomProgram(seed: seed)
      var random = SplitMix(state: seed &+ 2)
      let threads: Int32 = [1, 2, 3, 8].randomElement(using: &random) ?? 1
      let fuses = Int.random(in: 0..<4, using: &random) > 0
      let compiled = PlanCache(fuses: fuses, poisons: true) { copy($0) }
      for call in 0..<3 {
        k_set_thread_count(1)
        let expected = eager(eager.arguments(call: call))
        k_set_thread_count(threads)
        let results = compiled(copy.arguments(call: call))
        let outputs = zip(expected + eager.leaves, results + copy.leaves)
        for (number, pair) in outputs.enumerated() where !agrees(pair.0, pair.1) {
          Issue.record("program \(seed), call \(call), output \(number), \(threads) threads")
          return
        }
      }
    }
  }

  /// NaN may have any bits.
  private func agrees(_ a: Variable, _ b: Variable) -> Bool {
    if hasSameBits(a.value, b.value) { return true }
    guard a.shape == b.shape, a.dtype == b.dtype else { return false }
    return zip(a.value.doubles(), b.value.doubles()).allSatisfy {
      $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN)
    }
  }
}
