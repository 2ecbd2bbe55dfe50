import Kernels

/// Memory that tensors and nodes share.
///
/// It is written only while one owner holds it.
final class Storage: @unchecked Sendable {
  let memory: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    memory = k_allocate(byteCount)
  }

  deinit { k_free(memory, byteCount) }
}
