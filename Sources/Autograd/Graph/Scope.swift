import Kernels

/// The call of a module that is under way: a link of a chain that lives on the call stack.
///
/// Errors say by it where they arose, and summaries listen through it. A link costs a few stores.
package struct Scope {
  /// Turns the owners of a chain, the outermost first, into a path such as "encoder.hidden".
  package typealias Describe = @Sendable ([Any]) -> String

  private let outer: UnsafePointer<Scope>?
  private let owner: UnsafeRawPointer
  private let ownerType: Any.Type
  private let describe: Describe
  private let observer: AnyObject?

  /// The innermost link of the calling thread, in the third of its words.
  private static var current: UnsafePointer<Scope>? {
    get { UnsafePointer(bitPattern: UInt(k_thread_words()[2])) }
    set { k_thread_words()[2] = UInt64(UInt(bitPattern: newValue)) }
  }

  /// Who listens to the calls under way, if anybody does.
  package static var observer: AnyObject? { current?.pointee.observer }

  /// Who is being called, the outermost first.
  package static var owners: [Any] {
    var owners: [Any] = []
    var link = current
    while let scope = link?.pointee {
      func load<Owner>(_ type: Owner.Type) -> Any {
        scope.owner.assumingMemoryBound(to: type).pointee
      }
      owners.append(_openExistential(scope.ownerType, do: load))
      link = scope.outer
    }
    return owners.reversed()
  }

  /// Where the calling thread is, or nil outside of any call.
  package static var path: String? {
    guard let current else { return nil }
    return current.pointee.describe(owners)
  }

  /// Runs `body` as a part of a call of `owner`.
  ///
  /// - Parameter observer: Who listens from here on; nil for who listened before.
  @inline(__always)
  package static func run<Owner, Result, Failure: Error>(
    _ owner: Owner, observer: AnyObject? = nil, describe: @escaping Describe,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = current
    // The closure may not suspend, so it ends on the thread on which it began.
    defer { current = outer }
    return try withUnsafePointer(to: owner) { owner throws(Failure) in
      let link = Scope(
        outer: outer, owner: UnsafeRawPointer(owner), ownerType: Owner.self, describe: describe,
        observer: observer ?? outer?.pointee.observer)
      return try withUnsafePointer(to: link) { link throws(Failure) in
        current = link
        return try body()
      }
    }
  }
}
