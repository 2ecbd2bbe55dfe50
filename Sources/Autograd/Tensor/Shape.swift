/// The sizes of the axes of a ``Tensor`` or ``Variable``: at most eight axes, each shorter than
/// 2³¹.
///
/// A shape is a collection of `Int` and is written as an array literal:
///
/// ```swift
/// let x = Variable(Tensor.zeros([2, 3]))
/// x.shape == [2, 3]      // true
/// x.shape[0]             // 2
/// ```
///
/// The sizes lie in the value itself: copying a shape neither allocates nor counts references,
/// which matters because every node of a graph has one.
public struct Shape: Sendable, Hashable {
  // Vectors of two, not of eight: for an alignment above 8 Swift allocates by the slow
  // posix_memalign.
  private var sizes01 = SIMD2<Int32>()
  private var sizes23 = SIMD2<Int32>()
  private var sizes45 = SIMD2<Int32>()
  private var sizes67 = SIMD2<Int32>()
  private var rankByte: UInt8 = 0

  /// The largest number of axes.
  public static let maximumRank = 8

  /// The shape of a scalar: no axes.
  public static let scalar = Shape()

  init() {}

  /// Creates a shape from sizes; stops with an error if one is negative or too large, or there are
  /// more than eight.
  public init(_ sizes: some Sequence<Int>) {
    for size in sizes { append(size) }
  }

  /// The number of axes.
  public var rank: Int { Int(rankByte) }

  /// Whether the sizes are equal.
  @inline(__always) public static func == (a: Shape, b: Shape) -> Bool {
    a.rankByte == b.rankByte && a.sizes01 == b.sizes01 && a.sizes23 == b.sizes23
      && (a.rankByte <= 4 || (a.sizes45 == b.sizes45 && a.sizes67 == b.sizes67))
  }

  /// The number of elements: the product of the sizes, 1 for a scalar.
  public var elementCount: Int {
    if rankByte == 0 { return 1 }
    var count = 1
    for axis in 0..<rank {
      let (product, hasOverflowed) = count.multipliedReportingOverflow(by: self[axis])
      // The elements' bytes must be countable, too.
      if hasOverflowed || product > Int.max / 8 { failForSize() }
      count = product
    }
    return count
  }

  @inline(never) private func failForSize() -> Never {
    fatalError("shape: \(self) has too many elements")
  }

  mutating func append(_ size: Int) {
    guard rank < Shape.maximumRank else {
      fatalError("shape: more than \(Shape.maximumRank) axes: \(self) and \(size)")
    }
    rankByte += 1
    self[rank - 1] = size
  }

  mutating func insert(_ size: Int, at axis: Int) {
    var sizes = Array(self)
    sizes.insert(size, at: axis)
    self = Shape(sizes)
  }

  mutating func remove(at axis: Int) {
    var sizes = Array(self)
    sizes.remove(at: axis)
    self = Shape(sizes)
  }

  func appending(_ size: Int) -> Shape {
    var result = self
    result.append(size)
    return result
  }

  func replacing(axis: Int, with size: Int) -> Shape {
    var result = self
    result[axis] = size
    return result
  }

  /// The distance between neighbours along each axis, in elements, of a row-major array of this
  /// shape.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * self[axis + 1]
    }
    return strides
  }

  /// The product of the sizes of some axes.
  func elementCount(of axes: Range<Int>) -> Int {
    var count = 1
    for axis in axes { count *= self[axis] }
    return count
  }

  /// The shape that two shapes broadcast to by NumPy's rules, or nil if they do not: aligned at the
  /// last axis, sizes are equal or one of them is 1.
  func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    let rank = Swift.max(self.rank, other.rank)
    var result = Shape()
    for axis in 0..<rank {
      let mine = axis - (rank - self.rank)
      let theirs = axis - (rank - other.rank)
      let a = mine < 0 ? 1 : self[mine]
      let b = theirs < 0 ? 1 : other[theirs]
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return result
  }
}

extension Shape: RandomAccessCollection, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of axes.
  public var endIndex: Int { rank }

  /// The size of an axis; the axis counts from 0.
  public internal(set) subscript(axis: Int) -> Int {
    get {
      guard axis >= 0, axis < rank else {
        fatalError("shape: axis \(axis) is out of range for \(self)")
      }
      switch axis >> 1 {
      case 0: return Int(sizes01[axis])
      case 1: return Int(sizes23[axis - 2])
      case 2: return Int(sizes45[axis - 4])
      default: return Int(sizes67[axis - 6])
      }
    }
    set {
      guard newValue >= 0, newValue <= Int32.max else {
        fatalError("shape: size \(newValue) is not in 0...\(Int32.max)")
      }
      let size = Int32(truncatingIfNeeded: newValue)
      switch axis >> 1 {
      case 0: sizes01[axis] = size
      case 1: sizes23[axis - 2] = size
      case 2: sizes45[axis - 4] = size
      default: sizes67[axis - 6] = size
      }
    }
  }

  /// Creates a shape from sizes.
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  /// The sizes in brackets, for example "[2, 3]"; "[]" for a scalar.
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
