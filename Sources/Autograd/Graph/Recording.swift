import Kernels

/// What holds for the calling thread while a closure runs: one word of flags.
struct Context {
  static let recordingOff: UInt64 = 1
  static let strictGradients: UInt64 = 2
  /// Everything that happens is written down by a Recorder.
  static let tracing: UInt64 = 4
  /// Nothing is computed: values are left to the plan that is being recorded.
  static let deferring: UInt64 = 8

  @inline(__always) static var flags: UnsafeMutablePointer<UInt64> { k_thread_words() }

  @inline(__always) static var isRecording: Bool { flags.pointee & recordingOff == 0 }

  @inline(__always) static var isTracing: Bool { flags.pointee & tracing != 0 }

  @inline(__always) static var isDeferring: Bool { flags.pointee & deferring != 0 }

  /// What marks the nodes that are made under a recorder: the highest 16 bits, 0 without one.
  @inline(__always) static var birthTag: UInt16 {
    UInt16(truncatingIfNeeded: flags.pointee >> 48)
  }

  /// Runs `body` under a recorder whose nodes are marked by a tag.
  static func traced<Result>(
    tag: UInt16, defers: Bool, _ body: () throws -> Result
  ) rethrows -> Result {
    let flags = self.flags
    let before = flags.pointee
    flags.pointee = before | tracing | (defers ? deferring : 0) | UInt64(tag) << 48
    defer { flags.pointee = before }
    return try body()
  }

  /// Runs `body` without the recorder's noticing: what it computes has values.
  @inline(__always) static func untraced<Result>(_ body: () -> Result) -> Result {
    if !isTracing { return body() }
    return with(tracing | deferring, false, body)
  }

  /// Runs `body` with one flag on or off, and restores it.
  @inline(__always) static func with<Result, Failure: Error>(
    _ flag: UInt64, _ isOn: Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let flags = self.flags
    let before = flags.pointee
    flags.pointee = isOn ? before | flag : before & ~flag
    // The closure may not suspend, so it ends on the thread on which it began.
    defer { flags.pointee = before }
    return try body()
  }
}

/// Runs a closure without recording: results have no inputs and require no gradient.
///
/// Use it to evaluate a model, or to compute with parameters outside of the graph. It holds for the
/// calling thread, and nests.
///
/// ```swift
/// let accuracy = withoutRecording { evaluate(model) }
/// ```
public func withoutRecording<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try Context.with(Context.recordingOff, true, body)
}

/// Runs a closure whose gradients follow IEEE 754 to the letter: 0 × ∞ in a derivative is NaN even
/// for elements that a mask, a selection or a slice has discarded.
///
/// Without it, discarded elements get the exact derivative 0; see the article on gradients. It
/// holds for gradients that are *computed* in the closure, on the calling thread.
public func withStrictGradients<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try Context.with(Context.strictGradients, true, body)
}

/// The number of graph nodes that were made on the calling thread and are still alive.
///
/// A training loop whose number grows keeps graphs alive, typically by summing losses without
/// ``Variable/detached()``.
public func liveNodeCount() -> Int { Int(truncatingIfNeeded: Node.liveNodes.pointee) }
