import Dispatch
import Kernels
import Testing

@Suite struct MemoryTests {
  @Test func isAlignedAndWritable() {
    for bytes in [0, 1, 63, 64, 65, 1000, 131_071, 131_072, 131_073, 3_000_001] {
      let memory = k_allocate(bytes)!
      #expect(UInt(bitPattern: memory) % 64 == 0)
      memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: bytes)
      k_free(memory, bytes)
    }
    k_free(nil, 0)
  }

  @Test func blocksDoNotOverlap() {
    let sizes = (0..<12).map { 1000 + $0 * 40_000 }
    let blocks = sizes.map { k_allocate($0)! }
    for (index, block) in blocks.enumerated() {
      block.initializeMemory(as: UInt8.self, repeating: UInt8(index), count: sizes[index])
    }
    for (index, block) in blocks.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: block, count: sizes[index])
      #expect(bytes.allSatisfy { $0 == UInt8(index) })
      k_free(block, sizes[index])
    }
  }

  @Test func threadsShareTheCache() {
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for turn in 0..<200 {
        let bytes = 100_000 + (turn * 7919 + thread * 104_729) % 400_000
        let memory = k_allocate(bytes)!
        memory.storeBytes(of: UInt64(thread), as: UInt64.self)
        memory.storeBytes(of: UInt64(turn), toByteOffset: bytes / 8 * 8 - 8, as: UInt64.self)
        #expect(memory.load(as: UInt64.self) == UInt64(thread))
        k_free(memory, bytes)
      }
    }
  }
}

extension GlobalStateTests {
  /// The cache belongs to the process: other suites allocate and free beside these tests, so sizes
  /// are chosen that nothing else uses, and bounds that nothing else comes near.
  @Suite struct Memory {
    @Test func largeBlocksAreReused() {
      let bytes = 700 << 20
      // What others have freed must not fill the cache.
      k_trim_memory()
      let first = k_allocate(bytes)!
      k_free(first, bytes)
      #expect(k_cached_bytes() >= bytes)
      // A little less than before is the same class; a kept block serves it.
      let second = k_allocate(bytes - 1000)!
      #expect(second == first)
      k_free(second, bytes - 1000)
    }

    @Test func trimmingReturnsBlocks() {
      let bytes = 600 << 20
      k_free(k_allocate(bytes), bytes)
      #expect(k_cached_bytes() >= bytes)
      k_trim_memory()
      #expect(k_cached_bytes() < bytes)
    }

    @Test func keptBytesAreBounded() {
      k_trim_memory()
      // One block at a time, each of its own class: less than 1 GiB in use, 6 GiB in all.
      for megabytes in stride(from: 256, through: 896, by: 64) {
        k_free(k_allocate(megabytes << 20), megabytes << 20)
      }
      #expect(k_cached_bytes() <= 1536 << 20)
      k_trim_memory()
    }
  }
}
