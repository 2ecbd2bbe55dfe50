import Kernels
import Testing

extension GlobalStateTests {
  @Suite struct CopyTests {
    private func check<Number: KernelNumber>(
      _ type: Number.Type, _ shape: [Int], _ draw: inout Draw
    ) {
      let x = StridedArray(shape: shape, mayRepeat: true, &draw) { Number(small: $0(128) - 64) }
      var out = StridedArray(shape: shape, mayRepeat: false, &draw) { Number(small: $0(128) - 64) }
      var expected = out.memory
      for (place, element) in zip(out.places, x.elements) { expected[place] = element }
      let offset = out.offset
      x.withPointer { source in
        out.memory.withUnsafeMutableBufferPointer { memory in
          k_copy_strided(
            MemoryLayout<Number>.size, memory.baseAddress! + offset, out.strides, source, x.strides,
            shape.map { Int64($0) }, Int32(shape.count))
        }
      }
      // All of the memory: what lies between the elements stays.
      #expect(
        haveSameBits(out.memory, expected), "\(Number.self) \(shape) \(x.strides) \(out.strides)")
    }

    @Test func randomLayouts() {
      forEachKernelSetting { setting in
        var draw = Draw(setting.count)
        for _ in 0..<12 {
          check(Float.self, randomShape(&draw), &draw)
          check(Double.self, randomShape(&draw), &draw)
          check(UInt8.self, randomShape(&draw), &draw)
        }
      }
    }

    @Test func joins() {
      forEachKernelSetting(threads: [1, 3]) { setting in
        var draw = Draw(setting.count)
        for (rows, sizes) in [
          (1, [3]), (5, [64, 0, 7]), (300, [200, 1000, 64]), (1, [9000, 70_000]),
        ] {
          let parts = sizes.map { size in (0..<(rows * size)).map { _ in UInt8(draw(256)) } }
          var starts: [Int64] = [0]
          for size in sizes { starts.append(starts[starts.count - 1] + Int64(size)) }
          var out = [UInt8](repeating: 0, count: rows * sizes.reduce(0, +))
          let memory = parts.map { UnsafeMutablePointer<UInt8>.allocate(capacity: $0.count + 1) }
          defer { for part in memory { part.deallocate() } }
          for (target, part) in zip(memory, parts) {
            target.initialize(from: part, count: part.count)
          }
          let pointers = memory.map { UnsafeRawPointer($0) as UnsafeRawPointer? }
          k_join(&out, Int64(rows), Int64(parts.count), pointers, starts)
          let expected = (0..<rows).flatMap { row in
            zip(parts, sizes).flatMap { part, size in part[(row * size)..<((row + 1) * size)] }
          }
          #expect(out == expected, "\(rows) rows of \(sizes)")
        }
      }
    }

    @Test(arguments: [1, 4, 8]) func transposes(itemSize: Int) {
      forEachKernelSetting(threads: [1, 3]) { setting in
        for rows in [1, 2, 15, 16, 17, 33, 257] {
          for columns in [1, 3, 16, 31, 256, 259, 513] {
            let x = (0..<(rows * columns * itemSize)).map { UInt8(truncatingIfNeeded: $0 * 7 / 3) }
            var out = x.map { _ in UInt8(0) }
            k_copy_strided(
              itemSize, &out, [Int64(columns), 1], x, [1, Int64(rows)],
              [Int64(rows), Int64(columns)], 2)
            let isRight = out.indices.allSatisfy { byte in
              let (item, part) = byte.quotientAndRemainder(dividingBy: itemSize)
              let (row, column) = item.quotientAndRemainder(dividingBy: columns)
              return out[byte] == x[(column * rows + row) * itemSize + part]
            }
            #expect(isRight, "\(rows) x \(columns), \(setting)")
          }
        }
      }
    }
  }
}
