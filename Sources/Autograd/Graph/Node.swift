import Kernels

/// One value of the graph and how it came about.
///
/// What a node costs is what a small model costs, so there is one allocation a node: a header, and
/// behind it the elements if they are few. Inputs are retained by hand so that release can be
/// iterative (Release.swift), and the operation is plain data: a ``Primitive`` that lives for ever,
/// and its attributes.
final class Node: ManagedBuffer<Node.Header, UInt64> {
  /// The order of the fields matters: with them, a scalar's node takes 120 bytes, the largest block
  /// that malloc serves from its fast bins.
  struct Header {
    var shape: Shape
    var flags: Flags
    /// The sum of the inputs' versions when this was recorded; for a leaf, the tag of the recorder
    /// under which it was made, or 0.
    var inputVersions: UInt16 = 0

    /// The traversal that last saw this node, and its place in that traversal's order.
    var mark: UInt32 = 0
    var position: Int32 = 0

    var count32: UInt32
    /// The address of the first element, in the node itself or in `storage`.
    var data: UnsafeMutableRawPointer
    /// The memory of a value that does not lie in the node itself.
    var storage: Storage? = nil
    var extras: Extras? = nil

    /// What made the value, if it was recorded; its inputs are `first`, `second` and
    /// `extras.inputs`.
    var primitive: Unmanaged<Primitive>? = nil
    var first: Unmanaged<Node>? = nil
    var second: Unmanaged<Node>? = nil
  }

  /// One byte: the element type, and what else is true of the node.
  struct Flags: OptionSet {
    var rawValue: UInt8
    /// The lowest three bits number the element type.
    static let dtypeMask: UInt8 = 7
    static let requiresGradient = Flags(rawValue: 8)
    /// A literal or Swift scalar, which adapts to the other operand.
    static let weak = Flags(rawValue: 16)
    /// The weak value was written as an integer.
    static let wholeNumber = Flags(rawValue: 32)
    /// A matrix product reads its first or second operand transposed.
    static let transposesFirst = Flags(rawValue: 64)
    static let transposesSecond = Flags(rawValue: 128)
  }

  /// What few nodes have.
  final class Extras {
    /// Distances between neighbours along each axis; nil if row-major without gaps.
    var strides: [Int]?
    var attributes = Attributes.none
    /// The inputs from the third on.
    var inputs: [Variable] = []
    /// How often `assign` changed the value.
    var version: UInt16 = 0
    var gradient: Variable?
    var hooks: [(Variable) -> Variable?] = []
    var name: String?
    var function: DifferentiableFunction?
  }

  /// Values of up to this many bytes lie in the node itself.
  static let inlineByteLimit = 256

  /// The header, in place: no exclusivity checks, no copies.
  @inline(__always) var fields: UnsafeMutablePointer<Header> {
    withUnsafeMutablePointerToHeader { $0 }
  }

  @inline(__always) static func make(
    shape: Shape, count: Int, dtype: DType, storage: Storage? = nil
  ) -> Node {
    guard count <= UInt32.max else {
      fatalError("shape: \(shape) has more than \(UInt32.max) elements")
    }
    let bytes = count &* dtype.size
    let isInline = storage == nil && bytes <= inlineByteLimit
    let memory = isInline ? nil : storage ?? Storage(byteCount: Context.isDeferring ? 0 : bytes)
    let buffer = Node.create(minimumCapacity: isInline ? (bytes &+ 7) &>> 3 : 0) { buffer in
      let elements = buffer.withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
      return Header(
        shape: shape, flags: Flags(rawValue: dtype.rawValue), inputVersions: Context.birthTag,
        count32: UInt32(truncatingIfNeeded: count),
        data: memory?.memory ?? elements, storage: memory)
    }
    liveNodes.pointee &+= 1
    return unsafeDowncast(buffer, to: Node.self)
  }

  deinit {
    Node.liveNodes.pointee &-= 1
    let fields = self.fields
    if fields.pointee.primitive != nil { Node.releaseInputs(of: fields) }
  }

  /// Nodes made minus nodes released on this thread.
  @inline(__always) static var liveNodes: UnsafeMutablePointer<UInt64> {
    k_thread_words().advanced(by: 1)
  }

  /// The box for what few nodes have, made when first needed.
  func ensureExtras() -> Extras { fields.pointee.ensureExtras() }

  @inline(__always) var isRecorded: Bool { fields.pointee.primitive != nil }

  var primitive: Primitive? { fields.pointee.primitive?.takeUnretainedValue() }

  var inputCount: Int { fields.pointee.inputCount }

  /// Input `index`, counted.
  @inline(__always) func input(_ index: Int) -> Node {
    fields.pointee.inputReference(index).takeUnretainedValue()
  }
}

extension Unmanaged<Node> {
  /// The header, without counting the reference.
  @inline(__always) var fields: UnsafeMutablePointer<Node.Header> {
    _withUnsafeGuaranteedRef { $0.fields }
  }
}

extension Node.Header {
  @inline(__always) var inputCount: Int {
    if second == nil { return first == nil ? 0 : 1 }
    return extras == nil ? 2 : 2 + extras.unsafelyUnwrapped.inputs.count
  }

  /// Input `index`, without counting the reference: the first two lie here, others in the extras.
  @inline(__always) func inputReference(_ index: Int) -> Unmanaged<Node> {
    switch index {
    case 0: first.unsafelyUnwrapped
    case 1: second.unsafelyUnwrapped
    default: .passUnretained(extras.unsafelyUnwrapped.inputs[index - 2].node)
    }
  }

  /// The header of input `index`.
  @inline(__always) func input(_ index: Int) -> UnsafeMutablePointer<Node.Header> {
    inputReference(index).fields
  }

  mutating func ensureExtras() -> Node.Extras {
    if let extras { return extras }
    let new = Node.Extras()
    extras = new
    return new
  }

  @inline(__always) var strides: [Int]? {
    get { extras == nil ? nil : extras.unsafelyUnwrapped.strides }
    set { if newValue != nil || extras != nil { ensureExtras().strides = newValue } }
  }

  var attributes: Attributes {
    get { extras?.attributes ?? .none }
    set {
      if case .none = newValue {
        extras?.attributes = .none
      } else {
        ensureExtras().attributes = newValue
      }
    }
  }

  @inline(__always) var version: UInt16 {
    get { extras == nil ? 0 : extras.unsafelyUnwrapped.version }
    set { ensureExtras().version = newValue }
  }

  @inline(__always) var requiresGradient: Bool {
    get { flags.contains(.requiresGradient) }
    set { if newValue { flags.insert(.requiresGradient) } else { flags.remove(.requiresGradient) } }
  }

  @inline(__always) var isWeak: Bool {
    get { flags.contains(.weak) }
    set { if newValue { flags.insert(.weak) } else { flags.remove(.weak) } }
  }

  @inline(__always) var count: Int { Int(count32) }

  @inline(__always) var dtype: DType {
    unsafeBitCast(flags.rawValue & Node.Flags.dtypeMask, to: DType.self)
  }

  var isWholeNumber: Bool { flags.contains(.wholeNumber) }
}

/// The parameters of one use of a primitive: plain data for the common ones.
enum Attributes {
  case none
  /// An axis, a set of axes (bit by bit), or a permutation (four bits an axis).
  case integer(Int)
  case box(AttributeBox)
}

/// Larger parameters; each operation that has some declares a subclass beside itself.
class AttributeBox {}
