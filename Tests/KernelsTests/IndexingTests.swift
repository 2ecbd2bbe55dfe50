import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct IndexingTests {
    static let shapes: [(outer: Int, n: Int, count: Int, inner: Int)] = [
      (1, 5, 7, 1), (3, 4, 9, 1), (1, 100, 3000, 1), (2, 17, 33, 5), (1, 10, 300, 16),
      (1, 50, 600, 129), (40, 6, 60, 20), (3, 1, 2, 3), (1, 3, 0, 4), (0, 3, 2, 2), (2, 3, 4, 0),
      (100, 9, 11, 8), (1, 400, 3000, 2),
    ]

    private func check<Number: KernelNumber>(_ type: Number.Type) {
      for (outer, n, count, inner) in Self.shapes {
        var draw = Draw(outer + n + count + inner)
        let size = MemoryLayout<Number>.size
        let (o, m, c, i) = (Int64(outer), Int64(n), Int64(count), Int64(inner))
        let table: [Number] = randomNumbers(outer * n * inner, &draw)
        let values: [Number] = randomNumbers(outer * count * inner, &draw)
        let rows = (0..<count).map { _ in Int64(draw(n)) }
        let each = values.map { _ in Int64(draw(n)) }

        var selected = values
        var gathered = values
        var added = table
        var scattered = table
        var scatterAdded = table
        for place in values.indices {
          let (row, column) = (place / inner, place % inner)
          let (block, j) = (row / count, row % count)
          let shared = (block * n + Int(rows[j])) * inner + column
          let own = (block * n + Int(each[place])) * inner + column
          selected[place] = table[shared]
          gathered[place] = table[own]
          added[shared] = added[shared].plus(values[place])
          scattered[own] = values[place]
          scatterAdded[own] = scatterAdded[own].plus(values[place])
        }

        forEachKernelSetting(threads: [1, 3]) { setting in
          let message = "\(Number.self) \(outer), \(n), \(count), \(inner), \(setting)"
          var out = values.map { _ in Number(small: 3) }
          k_select_indices(size, &out, table, rows, o, m, c, i)
          #expect(haveSameBits(out, selected), "select \(message)")
          out = values.map { _ in Number(small: 3) }
          k_gather(size, &out, table, each, o, m, c, i)
          #expect(haveSameBits(out, gathered), "gather \(message)")
          out = table
          k_add_at_indices(Number.kernelType, &out, values, rows, o, m, c, i)
          #expect(haveSameBits(out, added), "add at \(message)")
          out = table
          k_scatter(size, &out, values, each, o, m, c, i)
          #expect(haveSameBits(out, scattered), "scatter \(message)")
          out = table
          k_scatter_add(Number.kernelType, &out, values, each, o, m, c, i)
          #expect(haveSameBits(out, scatterAdded), "scatter add \(message)")
        }
      }
    }

    @Test func float32() { check(Float.self) }
    @Test func float64() { check(Double.self) }
    @Test func int32() { check(Int32.self) }
    @Test func int64() { check(Int64.self) }
    @Test func uint8() { check(UInt8.self) }

    @Test func invalidIndices() {
      for count in [0, 1, 511, 512, 513, 1500] {
        let valid = (0..<count).map { Int64($0 % 10) }
        #expect(k_find_invalid_index(valid, Int64(count), 10) == -1)
        for wrong: Int64 in [-1, 10, .min, .max] {
          for place in [0, count / 2, count - 1] where place >= 0 && place < count {
            var indices = valid
            indices[place] = wrong
            indices[count - 1] = wrong
            #expect(k_find_invalid_index(indices, Int64(count), 10) == Int64(place))
          }
        }
      }
    }

    @Test func positionsOfTrue() {
      for count in [0, 1, 31, 512, 3000] {
        for every in [1, 2, 7, 100_000] {
          var draw = Draw(count + every)
          let x = (0..<count).map { _ in UInt8(draw(every) == 0 ? 1 : 0) }
          var out = [Int64](repeating: -1, count: count)
          let found = k_find_true(&out, x, Int64(count))
          #expect(
            Array(out.prefix(Int(found))) == x.indices.filter { x[$0] == 1 }.map { Int64($0) })
        }
      }
    }
  }
}
