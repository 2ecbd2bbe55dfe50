// What a compiled function takes from outside of the graph at each call: random numbers, counters.

/// A constant that Swift code makes, anew at each call of a compiled function.
///
/// Outside of one it is simply the constant. The code must give the same shape and type each time.
package func recomputed(_ make: @escaping () -> Tensor) -> Variable {
  let result = Context.untraced { Variable(make()) }
  if Context.isTracing {
    Recorder.current?.note(result.node, host: []) { _, memory in write(make(), to: memory) }
  }
  return result
}

/// Runs Swift code that changes something outside of the graph, at each call of a compiled function.
package func repeatedEffect(_ body: @escaping () -> Void) {
  Context.untraced(body)
  if Context.isTracing {
    Recorder.current?.note(nil, host: [], isEffect: true) { _, _ in body() }
  }
}

/// Copies the elements of a tensor to memory of their size.
func write(_ tensor: Tensor, to memory: UnsafeMutableRawPointer) {
  let dense = tensor.contiguous()
  memory.copyMemory(from: dense.data, byteCount: dense.count * dense.dtype.size)
  withExtendedLifetime(dense) {}
}
