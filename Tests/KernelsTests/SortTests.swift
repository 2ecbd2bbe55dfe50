import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct SortTests {
    /// Swift's sort is stable in practice but not by contract: positions decide.
    private func reference<Number: KernelNumber>(_ x: [Number], descending: Bool) -> [Int64] {
      func precedes(_ a: Number, _ b: Number) -> Bool { a < b || (b.isNaN && !a.isNaN) }
      return x.indices.sorted { i, j in
        if precedes(x[i], x[j]) { return !descending }
        if precedes(x[j], x[i]) { return descending }
        return i < j
      }.map { Int64($0) }
    }

    private func check<Number: KernelNumber>(_ rows: [[Number]]) {
      let n = rows[0].count
      for descending in [false, true] {
        let expected = rows.flatMap { reference($0, descending: descending) }
        forEachKernelSetting(threads: [1, 3]) { setting in
          var out = [Int64](repeating: -1, count: rows.count * n)
          k_argsort(
            Number.kernelType, &out, rows.flatMap { $0 }, Int64(rows.count), Int64(n), descending)
          #expect(out == expected, "\(Number.self) \(rows.count) x \(n), \(setting)")
        }
      }
    }

    private func checkSizes<Number: KernelNumber>(_ type: Number.Type) {
      for (rows, n) in [(1, 1), (3, 2), (5, 31), (2, 63), (2, 64), (2, 65), (40, 513), (1, 20_000)]
      {
        var draw = Draw(n)
        check((0..<rows).map { _ in randomNumbers(n, &draw) as [Number] })
      }
    }

    @Test func manyEqualKeys() {
      for type in kernelNumbers { checkSizes(type) }
    }

    @Test func floatsOfAllKinds() {
      for n in [40, 1000] {
        var draw = Draw(n)
        let special: [Double] = [
          0, -0.0, .nan, -.nan, .infinity, -.infinity, .leastNonzeroMagnitude,
          -.leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1,
        ]
        let x = (0..<n).map { _ in
          draw(3) == 0 ? draw.pick(special) : Double(bitPattern: UInt64(draw(1 << 31)) << 33)
        }
        check([x])
        check([x.map { Float($0) }])
      }
    }

    @Test func integersOfFullRange() {
      let x = (0..<500).map { Int64(bitPattern: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
      check([x + [.min, .max, 0, -1]])
      check([x.map { Int32(truncatingIfNeeded: $0) } + [.min, .max, 0, -1]])
    }

    @Test func emptyRows() {
      var out: [Int64] = [5]
      k_argsort(.float32, &out, [Float](), 3, 0, false)
      k_argsort(.float32, &out, [Float](), 0, 3, false)
      #expect(out == [5])
    }
  }
}
