import Kernels

/// A type of elements of which there are matrix products.
protocol MatmulScalar: Element, Comparable {
  /// What no test computes: it marks memory that must not be written.
  static var canary: Self { get }
  init(testValue: Int)
  var asDouble: Double { get }
  /// `self + a * b`, wrapping.
  func adding(_ a: Self, times b: Self) -> Self
  /// Whether `self` is right where the exact result is `exact`, a sum of `count` terms whose
  /// absolute values have the sum `magnitude`; `wrapped` is the result in the type's own
  /// arithmetic.
  func isRight(exact: Double, magnitude: Double, count: Int, wrapped: Self) -> Bool
}

extension MatmulScalar where Self: BinaryFloatingPoint {
  static var canary: Self { 12345.5 }
  init(testValue: Int) { self = Self(testValue) / 1000 }
  var asDouble: Double { Double(self) }
  func adding(_ a: Self, times b: Self) -> Self { self + a * b }
  func isRight(exact: Double, magnitude: Double, count: Int, wrapped: Self) -> Bool {
    // Each of `count` additions and products is off by half a unit in the last place at most.
    abs(Double(self) - exact) <= Double(Self.ulpOfOne) * Double(count + 1) * magnitude
  }
}

extension MatmulScalar where Self: FixedWidthInteger {
  static var canary: Self { 91 }
  init(testValue: Int) { self.init(truncatingIfNeeded: testValue &* 0x1234_5678_9ABC) }
  var asDouble: Double { Double(self) }
  func adding(_ a: Self, times b: Self) -> Self { self &+ a &* b }
  func isRight(exact: Double, magnitude: Double, count: Int, wrapped: Self) -> Bool {
    self == wrapped
  }
}

extension Float: MatmulScalar {}
extension Double: MatmulScalar {}
extension Int32: MatmulScalar {}
extension Int64: MatmulScalar {}
extension UInt8: MatmulScalar {}

/// How the elements of a matrix lie in memory.
enum MatrixLayout: CaseIterable {
  case rows, columns, paddedRows, paddedColumns, gaps, backwards, backwardColumns
  /// All rows are the same memory; a product reads it as any other.
  case repeatedRow
}

/// A matrix with strides, filled with test values that depend on row and column alone.
struct StridedMatrix<Scalar: MatmulScalar> {
  var storage: [Scalar]
  let rows: Int
  let columns: Int
  let rowStride: Int
  let columnStride: Int
  let start: Int

  init(_ layout: MatrixLayout, _ rows: Int, _ columns: Int, seed: Int = 0) {
    let (rowStride, columnStride) =
      switch layout {
      case .rows: (columns, 1)
      case .columns: (1, rows)
      case .paddedRows: (columns + 3, 1)
      case .paddedColumns: (1, rows + 3)
      case .gaps: (2 * columns + 1, 2)
      case .backwards: (-columns, -1)
      case .backwardColumns: (1, -rows)
      case .repeatedRow: (0, 1)
      }
    let last = (max(rows, 1) - 1, max(columns, 1) - 1)
    let corners = [0, last.0 * rowStride, last.1 * columnStride]
    let both = last.0 * rowStride + last.1 * columnStride
    let lowest = min(corners.min()!, both)
    let highest = max(corners.max()!, both)
    (self.rows, self.columns) = (rows, columns)
    (self.rowStride, self.columnStride) = (rowStride, columnStride)
    start = -lowest
    storage = [Scalar](repeating: .canary, count: highest - lowest + 1)
    let values = (-1001...1001).map { Scalar(testValue: $0) }
    // Through pointers, because tests run unoptimized.
    let first = start
    values.withUnsafeBufferPointer { values in
      storage.withUnsafeMutableBufferPointer { storage in
        for i in 0..<rows {
          var index = first + i * rowStride
          var value = ((layout == .repeatedRow ? 0 : i) * 7919 + seed * 31) % 2003
          for _ in 0..<columns {
            storage[index] = values[value]
            index += columnStride
            value += 573
            if value >= 2003 { value -= 2003 }
          }
        }
      }
    }
  }

  subscript(i: Int, j: Int) -> Scalar {
    get { storage[start + i * rowStride + j * columnStride] }
    set { storage[start + i * rowStride + j * columnStride] = newValue }
  }
}

/// The matrix product by k_matmul, in rows with `padding` canaries behind each.
func kernelProduct<Scalar: MatmulScalar>(
  _ a: StridedMatrix<Scalar>, _ b: StridedMatrix<Scalar>, adding c: Scalar? = nil, padding: Int = 0
) -> [Scalar] {
  let width = b.columns + padding
  var result = [Scalar](repeating: .canary, count: a.rows * width)
  if let c {
    for i in 0..<a.rows {
      for j in 0..<b.columns { result[i * width + j] = c }
    }
  }
  a.storage.withUnsafeBufferPointer { aBuffer in
    b.storage.withUnsafeBufferPointer { bBuffer in
      result.withUnsafeMutableBufferPointer { out in
        k_matmul(
          Scalar.kernelType, Int64(a.rows), Int64(b.columns), Int64(a.columns),
          aBuffer.baseAddress! + a.start, Int64(a.rowStride), Int64(a.columnStride),
          bBuffer.baseAddress! + b.start, Int64(b.rowStride), Int64(b.columnStride),
          out.baseAddress, Int64(width), c != nil)
      }
    }
  }
  return result
}

/// Elements of a product by the plain loop, to compare with.
struct ReferenceProduct<Scalar: MatmulScalar> {
  private struct Element {
    let row, column: Int
    var exact, magnitude: Double
    var wrapped: Scalar
  }
  private let rows, columns, depth: Int
  private var elements: [Element] = []

  /// The elements of a x b (plus c): about `limit` of them, the last one included.
  init(
    _ a: StridedMatrix<Scalar>, _ b: StridedMatrix<Scalar>, adding c: Scalar? = nil, limit: Int
  ) {
    (rows, columns, depth) = (a.rows, b.columns, a.columns)
    let step = rows * columns / limit | 1
    let start = c ?? Scalar(testValue: 0)
    for index in stride(from: rows * columns - 1, through: 0, by: -step) {
      let (i, j) = (index / columns, index % columns)
      var element = Element(
        row: i, column: j, exact: start.asDouble, magnitude: abs(start.asDouble), wrapped: start)
      for p in 0..<depth {
        let (left, right) = (a[i, p], b[p, j])
        let term = left.asDouble * right.asDouble
        element.exact += term
        element.magnitude += abs(term)
        element.wrapped = element.wrapped.adding(left, times: right)
      }
      elements.append(element)
    }
  }

  /// What is wrong in a product with `padding` canaries behind each row, or nil.
  func firstError(in result: [Scalar], padding: Int = 0) -> String? {
    let width = columns + padding
    for i in 0..<rows where padding > 0 {
      for j in columns..<width where result[i * width + j] != .canary {
        return "written behind row \(i)"
      }
    }
    for element in elements {
      let found = result[element.row * width + element.column]
      let isRight = found.isRight(
        exact: element.exact, magnitude: element.magnitude, count: depth + 1,
        wrapped: element.wrapped)
      if !isRight {
        return "[\(rows), \(depth)] x [\(depth), \(columns)]: \(found) instead of "
          + "\(element.exact) at [\(element.row), \(element.column)]"
      }
    }
    return nil
  }
}
