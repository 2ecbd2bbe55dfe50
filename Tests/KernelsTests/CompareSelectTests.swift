import Kernels
import Testing

@Suite struct CompareSelectTests {
  @Test func comparisonsOfFloats() { check(Float.self, [1, 2, .nan, -0.0, .infinity, -1]) }

  @Test func comparisonsOfDoubles() { check(Double.self, [1, 2, .nan, -0.0, .infinity, -1]) }

  @Test func comparisonsOfIntegers() {
    check(Int32.self, [1, -2, 0, .max, .min])
    check(Int64.self, [1, -2, 0, .max, .min])
    check(UInt8.self, [1, 254, 0, 127, 128])
  }

  private func check<T: Element & Comparable>(_ type: T.Type, _ values: [T]) {
    // All pairs, more than one vector of them.
    let a = values.flatMap { v in values.map { _ in v } } + values
    let b = values.flatMap { _ in values } + values
    let cases: [(KCompare, (T, T) -> Bool)] = [
      (.equal, { $0 == $1 }), (.notEqual, { $0 != $1 }), (.less, { $0 < $1 }),
      (.lessOrEqual, { $0 <= $1 }), (.greater, { $0 > $1 }), (.greaterOrEqual, { $0 >= $1 }),
    ]
    for (op, relation) in cases {
      for count in 1...a.count {
        let (left, right) = (Array(a[..<count]), Array(b[..<count]))
        let expected = zip(left, right).map { relation($0, $1) ? UInt8(1) : 0 }
        #expect(compare(op, left, right) == expected, "\(T.self) \(op.rawValue)")
      }
      let second = values[1]
      #expect(compare(op, a, [second]) == a.map { relation($0, second) ? 1 : 0 })
      #expect(compare(op, [second], b) == b.map { relation(second, $0) ? 1 : 0 })
    }
  }

  @Test func testsOfFloats() {
    let x: [Float] = [0, -0.0, 1, .nan, .infinity, -.infinity, Float.leastNonzeroMagnitude, -3]
    for count in [x.count, 3 * x.count] {
      let many = (0..<count).map { x[$0 % x.count] }
      #expect(test(.naN, many) == many.map { $0.isNaN ? 1 : 0 })
      #expect(test(.infinite, many) == many.map { $0.isInfinite ? 1 : 0 })
      #expect(test(.finite, many) == many.map { $0.isFinite ? 1 : 0 })
      #expect(test(.zero, many) == many.map { $0.isZero ? 1 : 0 })
    }
    #expect(test(.infinite, [1, -Double.infinity, .nan]) == [0, 1, 0])
  }

  @Test func testsOfIntegers() {
    #expect(test(.naN, [Int32(0), 1]) == [0, 0])
    #expect(test(.infinite, [Int64(0), 1]) == [0, 0])
    #expect(test(.finite, [UInt8(0), 1]) == [1, 1])
    #expect(test(.zero, [UInt8(0), 1, 200]) == [1, 0, 0])
    #expect(test(.zero, [Int64(0), 1 << 40]) == [1, 0])
  }

  private func test<T: Element>(_ op: KTest, _ x: [T]) -> [UInt8] {
    var out = [UInt8](repeating: 7, count: x.count)
    k_test(op, T.kernelType, &out, x, Int64(x.count))
    return out
  }

  @Test func selection() {
    checkSelection(UInt8.self) { UInt8(truncatingIfNeeded: $0) }
    checkSelection(Float.self) { Float($0) }
    checkSelection(Int64.self) { Int64($0) << 33 }
  }

  private func checkSelection<T: Element>(_ type: T.Type, _ value: (Int) -> T) {
    for count in [1, 3, 16, 70] {
      let a = (0..<count).map(value)
      let b = (0..<count).map { value($0 + 100) }
      // Any nonzero byte is true.
      let c = (0..<count).map { UInt8(($0 * 7 % 3) * 100) }
      for steps in 0..<8 {
        let (cs, at, bt) = (steps >> 2, steps >> 1 & 1, steps & 1)
        var out = a
        k_select(
          MemoryLayout<T>.size, &out, c, Int64(cs), a, Int64(at), b, Int64(bt), Int64(count))
        let expected = (0..<count).map { c[$0 * cs] != 0 ? a[$0 * at] : b[$0 * bt] }
        #expect(out == expected, "\(T.self), steps \(cs)\(at)\(bt), count \(count)")
      }
    }
  }
}
